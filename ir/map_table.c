/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/map_table.h"

#include "base/mem.h"
#include "ir/poison.h"
#include "ir/program.h"

struct ebpf_map_table *ebpf_map_table_new(const struct ebpf_mem *mem)
{
    struct ebpf_mem m = ebpf_mem_or_default(mem);
    struct ebpf_map_table *table = ebpf_mem_zalloc(&m, 1, sizeof(*table));
    if (!table)
        return NULL;
    atomic_init(&table->refs, 1);
    ebpf_arena_init(&table->arena, &m);
    ebpf_vec_init(&table->maps, &m, sizeof(struct ebpf_map_decl));
    ebpf_vec_init(&table->notes, &m, sizeof(const char *));
    return table;
}

struct ebpf_map_table *ebpf_map_table_ref(struct ebpf_map_table *table)
{
    atomic_fetch_add_explicit(&table->refs, 1, memory_order_relaxed);
    return table;
}

void ebpf_map_table_unref(struct ebpf_map_table *table)
{
    if (!table || atomic_fetch_sub_explicit(&table->refs, 1, memory_order_acq_rel) != 1)
        return;
    struct ebpf_mem mem = table->arena.mem;
    ebpf_vec_free(&table->maps);
    ebpf_vec_free(&table->notes);
    ebpf_arena_reset(&table->arena);
    ebpf_mem_free(&mem, table, sizeof(*table));
}

struct ebpf_map_decl *ebpf_map_table_push(struct ebpf_map_table *table)
{
    struct ebpf_map_decl *map = ebpf_vec_push(&table->maps, 1);
    if (map)
        *map = (struct ebpf_map_decl){.inner = EBPF_MAP_NONE};
    return map;
}

void ebpf_program_set_maps(struct ebpf_program *program, struct ebpf_map_table *table)
{
    ebpf_map_table_unref(program->maps);
    program->maps = ebpf_map_table_ref(table);
}

const struct ebpf_map_decl *ebpf_program_maps(const struct ebpf_program *program, uint32_t *count)
{
    *count = program->maps ? (uint32_t)program->maps->maps.count : 0;
    return program->maps ? program->maps->maps.data : NULL;
}

const char *ebpf_program_missing(const struct ebpf_program *program, uint32_t id)
{
    size_t note = id - EBPF_POISON_FIRST;
    if (!ebpf_is_poison(id) || !program->maps || note >= program->maps->notes.count)
        return NULL;
    return ((const char *const *)program->maps->notes.data)[note];
}

uint32_t ebpf_insn_map(const struct ebpf_program *program, uint32_t insn)
{
    uint32_t count;
    ebpf_program_maps(program, &count);
    if (insn >= ebpf_program_count(program))
        return EBPF_MAP_NONE;
    const struct ebpf_insn *i = ebpf_program_at(program, insn);
    if (i->op != EBPF_OP_LDDW_MAP_FD && i->op != EBPF_OP_LDDW_MAP_VAL_FD)
        return EBPF_MAP_NONE;
    return (uint32_t)i->imm < count ? (uint32_t)i->imm : EBPF_MAP_NONE;
}
