/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Calls that stand for instructions which cannot be made, since the host lacks what they refer to.
 * They end the run that reaches them, and programs that do not are as good as any: compilers guard
 * them by asking first. */
#ifndef IR_POISON_H
#define IR_POISON_H

#include <stdbool.h>
#include <stdint.h>

/* The numbers of the helpers that they call: one for each note of the table of maps, which says
 * what is missing. */
#define EBPF_POISON_FIRST 0xbad20000u
#define EBPF_POISON_MAX 0x10000u

static inline bool ebpf_is_poison(uint32_t helper)
{
    return helper - EBPF_POISON_FIRST < EBPF_POISON_MAX;
}

#endif
