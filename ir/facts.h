/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the pass "safety" has proven, per instruction. */
#ifndef IR_FACTS_H
#define IR_FACTS_H

#include <stdint.h>

/* Bits of ebpf_facts.flags. */
enum ebpf_fact {
    EBPF_FACT_REACHED = 1 << 0,  /* some path leads here */
    EBPF_FACT_UNPROVEN = 1 << 1, /* what it does must be checked at run time */
    EBPF_FACT_TAKEN = 1 << 2,    /* jumps: the condition may hold */
    EBPF_FACT_NOT_TAKEN = 1 << 3 /* jumps: it may not hold */
};

struct ebpf_facts {
    uint8_t flags;
    uint8_t regions; /* accesses: bits 1 << enum ebpf_value_kind */
    uint16_t unused;
    int32_t least, most; /* accesses: offsets in the region, valid if least <= most */
};

#endif
