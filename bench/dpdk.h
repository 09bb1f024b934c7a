/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* DPDK's librte_bpf, without its headers: they use some of our names for other things. */
#ifndef BENCH_DPDK_H
#define BENCH_DPDK_H

#include <stddef.h>
#include <stdint.h>

struct rte_bpf;

/* Loads and compiles bytecode for `mem_size` bytes of memory.  @return NULL if it is refused. */
struct rte_bpf *dpdk_load(const uint8_t *code, size_t size, uint32_t mem_size);
void dpdk_free(struct rte_bpf *bpf);

/* The machine code, and its size; NULL if there is none. */
typedef uint64_t dpdk_fn(void *mem);
dpdk_fn *dpdk_function(const struct rte_bpf *bpf, size_t *size);

#endif
