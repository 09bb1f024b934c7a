/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the two halves of the search for wide accesses share; see wide.h. */
#ifndef IR_OPT_WIDE_IMPL_H
#define IR_OPT_WIDE_IMPL_H

#include "ir/opt/lanes.h"
#include "ir/opt/wide.h"

enum {
    EBPF_WIDE_EVENTS = 64, /* accesses of a piece; a longer piece is cut */
    EBPF_WIDE_SOURCES = 32
};

/* What there is at an instruction, as bits: most have nothing. */
enum ebpf_wide_mark {
    EBPF_WIDE_LEADER = 1, /* a jump leads there */
    EBPF_WIDE_WORD = 2,   /* a word is made in its place */
    EBPF_WIDE_ACCESS = 4,
    EBPF_WIDE_BASE = 8,   /* a word's base is what it was before it */
    EBPF_WIDE_START = 16  /* words are checked before it */
};

/* What a register holds as an address: an unknown number plus a known distance. */
struct ebpf_place {
    uint32_t number;
    int32_t delta;
};

/* Memory behind one unknown number, as long as nothing is stored. */
struct ebpf_wide_source {
    uint32_t number;
    uint32_t epoch;
    int32_t origin; /* distance from the number to position 0 */
};

/* A load or store of the program. */
struct ebpf_wide_access {
    uint32_t insn;
    uint32_t source; /* of a load; UINT32_MAX if unknown */
    int32_t offset;  /* from the number that the address is made of */
    uint8_t size;
    struct ebpf_place places[EBPF_REG_COUNT]; /* of all registers, before it */
};

/* A word that could be had at once. */
struct ebpf_wide_word {
    struct ebpf_wide wide;
    uint32_t first, end; /* the instructions from the first piece to the last */
    uint32_t number;     /* what the address is made of */
    int32_t offset;      /* its distance from that */
    uint32_t source;     /* of a load */
    uint32_t base_until; /* the base is what it was before this instruction: the load can only be
                            made if what defines it from there on is left out */
    bool taken;
};

/* Stores that follow each other without another access between them. */
struct ebpf_wide_run {
    uint32_t accesses[8];       /* indexes of accesses */
    struct ebpf_lanes bytes[8]; /* what each stores */
    unsigned count;
    struct ebpf_lanes lanes[EBPF_REG_COUNT]; /* of all registers, before the first */
};

/* The search, with what is known of the current piece of straight code. */
struct ebpf_wide_finder {
    const struct ebpf_program *program;
    const uint16_t *live;
    struct ebpf_wides *out;
    uint8_t *marks; /* enum ebpf_wide_mark of each instruction */

    uint32_t begin, end; /* the piece */
    uint32_t numbers;    /* how many there are */
    uint32_t epoch;      /* counts stores */
    struct ebpf_place places[EBPF_REG_COUNT];
    struct ebpf_lanes lanes[EBPF_REG_COUNT];
    struct ebpf_wide_source sources[EBPF_WIDE_SOURCES];
    struct ebpf_wide_access accesses[EBPF_WIDE_EVENTS];
    struct ebpf_wide_word words[EBPF_WIDE_EVENTS];
    unsigned source_count, access_count, word_count;
    struct ebpf_wide_run run;
};

/* The register that holds an address made of `number`, and how far from it the address is. */
bool ebpf_wide_find_base(const struct ebpf_place *places, uint32_t number, int32_t offset,
                         uint8_t *base, int32_t *off);

/* Whether an instruction only computes. */
bool ebpf_wide_is_arithmetic(const struct ebpf_insn *insn);

/* The second half: chooses among the words of a piece and writes the result.  False: no memory. */
bool ebpf_wide_select(struct ebpf_wide_finder *f);

#endif
