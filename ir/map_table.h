/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The maps that an object declares: made once by a front end, then shared by its programs. */
#ifndef IR_MAP_TABLE_H
#define IR_MAP_TABLE_H

#include <stdatomic.h>

#include <ebpfvm/program.h>

#include "base/arena.h"
#include "base/vec.h"

struct ebpf_map_table {
    atomic_uint refs;
    struct ebpf_arena arena; /* what the declarations point to */
    struct ebpf_vec maps;    /* struct ebpf_map_decl */
    struct ebpf_vec notes;   /* const char *: what is missing, see ir/poison.h */
};

/* An empty table, one reference to it; NULL if there is no memory. */
struct ebpf_map_table *ebpf_map_table_new(const struct ebpf_mem *mem);

struct ebpf_map_table *ebpf_map_table_ref(struct ebpf_map_table *table);

/* NULL is allowed. */
void ebpf_map_table_unref(struct ebpf_map_table *table);

/* Appends a declaration, all zero; NULL if there is no memory. */
struct ebpf_map_decl *ebpf_map_table_push(struct ebpf_map_table *table);

#endif
