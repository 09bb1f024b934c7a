/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the parts of the benchmark share. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdint.h>

/* Bytes of memory that a program works on, and how many of them it is told are the packet. */
enum { BENCH_MEM = 8192, BENCH_PACKET = 1514 };

/* Fills the memory as it is before the first run. */
void bench_fill(uint8_t *mem);

#endif
