/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The inside of a program, and how front ends make one:
 *
 *     ebpf_program_new → ebpf_program_push …, _add_symbol …, _set_source → ebpf_program_finish
 *
 * Until it is finished a program belongs to its maker; then it does not change any more.
 */
#ifndef IR_PROGRAM_H
#define IR_PROGRAM_H

#include <stdatomic.h>
#include <stdbool.h>

#include <ebpfvm/program.h>

#include "base/arena.h"
#include "base/vec.h"
#include "ir/map_table.h"

/* A place in the source; ebpf_insn.loc counts these from 1. */
struct ebpf_loc {
    uint32_t line;   /* from 1 */
    uint16_t column; /* from 1; 0 if beyond 65535 */
    uint16_t width;
    uint32_t origin; /* counts `origins` from 1; 0 is the program's own source */
};

/* A line of a source that is not kept as a whole. */
struct ebpf_origin {
    const char *file; /* NULL if unknown */
    const char *text; /* of the line, or NULL */
};

struct ebpf_program {
    atomic_uint refs;
    struct ebpf_mem mem;
    struct ebpf_arena arena;   /* names and source text */
    struct ebpf_vec insns;     /* struct ebpf_insn */
    struct ebpf_vec symbols;   /* struct ebpf_symbol, sorted by insn when finished */
    struct ebpf_vec functions; /* struct ebpf_function, sorted by first when finished */
    struct ebpf_vec locs;      /* struct ebpf_loc */
    struct ebpf_vec origins;   /* struct ebpf_origin */
    struct ebpf_map_table *maps; /* NULL if none are declared */
    uint32_t slots;            /* length of the bytecode */
    uint32_t *pcs;             /* pc of each instruction and of the end; NULL if all are 1:1 */
    const char *file;          /* name of the source, or NULL */
    const char *source;        /* its text, or NULL */
    size_t source_length;
    struct ebpf_vec lines;     /* uint32_t: where each line of the source starts */
};

/* An empty, unfinished program; NULL if there is no memory. */
struct ebpf_program *ebpf_program_new(const struct ebpf_mem *mem);

/* Appends an instruction: the caller fills it in.  NULL if there is no memory. */
struct ebpf_insn *ebpf_program_push(struct ebpf_program *program);

/* A new source location.  0 if there is no memory. */
uint32_t ebpf_program_add_loc(struct ebpf_program *program, uint32_t line, uint32_t column,
                              uint32_t width);

/* The same, in a file and with a line that are not the program's; both are copied, unless they are
 * those of the location before. */
uint32_t ebpf_program_add_foreign_loc(struct ebpf_program *program, const char *file,
                                      const char *text, uint32_t line, uint32_t column);

/* Declares maps; the program takes a reference. */
void ebpf_program_set_maps(struct ebpf_program *program, struct ebpf_map_table *table);

/* Names the instruction `insn` (the count for the end). */
bool ebpf_program_add_symbol(struct ebpf_program *program, const char *name, size_t length,
                             uint32_t insn);

/* Declares that a function starts at `insn`; a later declaration of the same place wins. */
bool ebpf_program_add_function(struct ebpf_program *program, const char *name, size_t length,
                               uint32_t insn);

/* Keeps the name of the source and, if `text` is not NULL, a copy of it for reports. */
bool ebpf_program_set_source(struct ebpf_program *program, const char *file, const char *text,
                             size_t length);

/*
 * Completes a program: numbers the slots, turns the offsets of instructions that have no target
 * yet (counted in slots, where bytecode has them) into targets, finds the functions, sorts the
 * tables.  An offset that leads to no instruction stays one, for the verifier to refuse.
 * EBPF_ERR_TOO_LONG or EBPF_ERR_NOMEM leave the program unfinished.
 */
ebpf_status ebpf_program_finish(struct ebpf_program *program, struct ebpf_diag *diag);

/* An unfinished copy of a finished program, without its source: to be changed instruction by
 * instruction, then finished.  NULL if there is no memory. */
struct ebpf_program *ebpf_program_clone(const struct ebpf_program *program,
                                        const struct ebpf_mem *mem);

/* The instructions, without a call. */
static inline const struct ebpf_insn *ebpf_program_at(const struct ebpf_program *program,
                                                      uint32_t insn)
{
    return (const struct ebpf_insn *)program->insns.data + insn;
}

static inline uint32_t ebpf_program_count(const struct ebpf_program *program)
{
    return (uint32_t)program->insns.count;
}

/* Adds a report that points at an instruction; EBPF_TARGET_NONE for the whole program. */
void ebpf_program_report(const struct ebpf_program *program, struct ebpf_diag *diag,
                         enum ebpf_severity severity, ebpf_status status, uint32_t insn,
                         const char *advice, const char *message, ...) EBPF_PRINTF(7, 8);

/* Whether encoding keeps every field of the instruction: no reserved field is set that text in
 * any dialect would lose.  What is not canonical prints as data. */
bool ebpf_insn_is_canonical(const struct ebpf_insn *insn);

/* An instruction of a form, with what tells it apart in its fields and all else zero. */
void ebpf_insn_init(struct ebpf_insn *insn, enum ebpf_op op);

/* The field that holds the offset of a form's target: EBPF_FIELD_OFF, EBPF_FIELD_IMM, or 0 if the
 * form has none. */
enum ebpf_field ebpf_target_field(enum ebpf_op op);

/* From the slot behind the first of `insn` to `target`, in slots: the offset as encoded. */
int64_t ebpf_insn_distance(const struct ebpf_program *program, uint32_t insn, uint32_t target);

/* The offset of a form that has a target, in slots from the one behind its first, as encoded; also
 * where it leads nowhere. */
int64_t ebpf_insn_offset(const struct ebpf_program *program, uint32_t insn);

/* The bytes of one instruction, 8 or 16.  EBPF_ERR_RANGE if its target is too far. */
ebpf_status ebpf_insn_encode(const struct ebpf_program *program, uint32_t insn,
                             uint8_t bytes[16]);

#endif
