/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the two halves of the search for wide accesses share; see wide.h. */
#ifndef IR_OPT_WIDE_IMPL_H
#define IR_OPT_WIDE_IMPL_H

#include "ir/opt/lanes.h"
#include "ir/opt/wide.h"

enum {
    EBPF_WIDE_EVENTS = 256, /* accesses of a piece; a longer piece is cut */
    EBPF_WIDE_SOURCES = 32,
    EBPF_WIDE_SLOTS = 64 /* pieces of 8 bytes of a frame, whose contents are followed */
};

/* Sources of lanes: memory has odd numbers, values have even ones. */
static inline uint32_t ebpf_lanes_of_memory(uint32_t source)
{
    return source * 2 + 1;
}

static inline uint32_t ebpf_lanes_of_value(uint32_t number)
{
    return number * 2;
}

/* What there is at an instruction, as bits: most have nothing. */
enum ebpf_wide_mark {
    EBPF_WIDE_LEADER = 1, /* a piece starts there, whatever it is about; set behind the last */
    EBPF_WIDE_WORD = 2,   /* a word is made in its place */
    EBPF_WIDE_ACCESS = 4,
    EBPF_WIDE_BASE = 8,   /* the base of a word that is made later is what it was before it */
    EBPF_WIDE_START = 16, /* words are checked before it */
    EBPF_WIDE_PURE = 32,  /* it only computes; set in pieces that have been looked at */
    EBPF_WIDE_INVOLVED = EBPF_WIDE_WORD | EBPF_WIDE_ACCESS | EBPF_WIDE_BASE | EBPF_WIDE_START
};

/* What a register holds as an address: an unknown number plus a known distance. */
struct ebpf_place {
    uint32_t number;
    int32_t delta;
};

/* Positions in a source, as bits. */
struct ebpf_positions {
    uint64_t bits[2];
};

/* Memory behind one unknown number, as it was before whatever has been stored since. */
struct ebpf_wide_source {
    uint32_t number;
    int32_t origin; /* distance from the number to position 0 */
    struct ebpf_positions stored; /* where memory is not what it was */
    bool closed;    /* it may not be what it was anywhere */
    uint32_t first_access; /* nothing before this reads it */
};

/* A load or store of the program. */
struct ebpf_wide_access {
    uint32_t insn;
    uint32_t source; /* of a load; UINT32_MAX if unknown */
    int32_t offset;  /* from the number that the address is made of */
    uint8_t size;
    bool sure;       /* a load of what was stored before, so that it cannot fail */
    int16_t cover;   /* a taken word whose bytes this loads, or -1 */
    int16_t word;    /* the stored word that it is a piece of, or -1; loads: of a copy */
    struct ebpf_place places[EBPF_REG_COUNT]; /* of all registers, before it */
};

/* A word that could be had at once. */
struct ebpf_wide_word {
    struct ebpf_wide wide;
    uint32_t first, end; /* the instructions from the first piece to the last */
    uint32_t from, until; /* the same, with what else must be checked together with it */
    int16_t pair;        /* the other word of a copy, or -1 */
    uint32_t number;     /* what the address is made of */
    int32_t offset;      /* its distance from that */
    uint32_t source;     /* of a load */
    uint32_t base_until; /* the base is what it was before this instruction: the load can only be
                            made if what defines it from there on is left out */
    bool taken;
};

/* What was stored in 8 bytes of the frame: `size` bytes at `offset` from its end, or 0 if that is
 * not known. */
struct ebpf_wide_slot {
    int16_t offset;
    uint8_t size;
    struct ebpf_lanes lanes;
    struct ebpf_place place;
};

/* A store, and what was known before it. */
struct ebpf_wide_store {
    uint32_t access;            /* its index */
    struct ebpf_lanes bytes;    /* what it stores */
    struct ebpf_lanes lanes[EBPF_REG_COUNT];
    struct ebpf_positions stored; /* of the source of its bytes */
    bool closed;                  /* the same */
};

/* Stores that follow each other without another store between them, and without a load that may
 * read what they store. */
struct ebpf_wide_run {
    struct ebpf_wide_store stores[8];
    unsigned count;
};

/* The search, with what is known of the current piece of straight code. */
struct ebpf_wide_finder {
    const struct ebpf_program *program;
    const struct ebpf_reg_flow *flow;
    struct ebpf_wides *out;
    /* Of each instruction: bits of enum ebpf_wide_mark; which word is made there, and which access
     * it is, where the marks say so. */
    uint8_t *marks, *word_of, *access_of;

    uint32_t begin, end; /* the piece */
    uint32_t numbers;    /* how many there are */
    struct ebpf_place places[EBPF_REG_COUNT];
    struct ebpf_lanes lanes[EBPF_REG_COUNT];
    struct ebpf_wide_source sources[EBPF_WIDE_SOURCES];
    struct ebpf_wide_access accesses[EBPF_WIDE_EVENTS];
    struct ebpf_wide_word words[EBPF_WIDE_EVENTS];
    unsigned source_count, access_count, word_count;
    bool owns_frame; /* nothing but r10 leads to the frame, and r10 nowhere else */
    struct ebpf_wide_slot slots[EBPF_WIDE_SLOTS];
    struct ebpf_wide_run run;
};

/* The register that holds an address made of `number`, and how far from it the address is. */
bool ebpf_wide_find_base(const struct ebpf_place *places, uint32_t number, int32_t offset,
                         uint8_t *base, int32_t *off);

/* Notes an access; NULL if its offset is beyond all bounds. */
struct ebpf_wide_access *ebpf_wide_note(struct ebpf_wide_finder *f, uint32_t insn, unsigned base,
                                        int16_t off);

/* The positions in a source of `size` bytes at an offset; in `whole`, whether it has them all. */
struct ebpf_positions ebpf_wide_positions(const struct ebpf_wide_source *source, int64_t offset,
                                          unsigned size, bool *whole);

/* Whether memory at positions is as it was, but for what was stored at others. */
static inline bool ebpf_wide_is_intact(const struct ebpf_positions *stored,
                                       const struct ebpf_positions *at)
{
    return !((stored->bits[0] & at->bits[0]) | (stored->bits[1] & at->bits[1]));
}

/* Whether two numbers may lead to the same memory. */
static inline bool ebpf_wide_may_meet(const struct ebpf_wide_finder *f, uint32_t a, uint32_t b)
{
    uint32_t frame = f->places[EBPF_REG_FP].number;
    return !f->owns_frame || (a == frame) == (b == frame);
}

/* Stores, in wide_store.c.  A narrow store goes on with the run of stores, or starts one; a load or
 * whatever else changes memory may end it. */
void ebpf_wide_step_store(struct ebpf_wide_finder *f, uint32_t index);
void ebpf_wide_step_other(struct ebpf_wide_finder *f, uint32_t index);
void ebpf_wide_end_run(struct ebpf_wide_finder *f);

/* The second half: chooses among the words of a piece and writes the result.  False: no memory. */
bool ebpf_wide_select(struct ebpf_wide_finder *f);

#endif
