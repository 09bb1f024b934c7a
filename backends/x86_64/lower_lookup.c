/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Lookups whose map is known when code is made, and whose key need not be checked: those in arrays
 * are done in place, others call the map's own function.
 */
#include <ebpfvm/map_ops.h>

#include "backends/x86_64/lower.h"

enum { MAP_ARG = EBPF_R1, KEY_ARG = EBPF_R2 };

/* The instruction that defines a register before `*at`, which moves there; NULL if it is not in the
 * same block. */
static const struct ebpf_insn *definition(const struct x64_lower *l, uint32_t *at, unsigned reg)
{
    while (!(l->plan.flags[*at] & X64_LEADER)) {
        const struct ebpf_insn *insn = ebpf_program_at(l->in->program, --*at);
        if (ebpf_defs(insn) >> reg & 1)
            return insn;
    }
    return NULL;
}

static const struct ebpf_map *known_map(const struct x64_lower *l)
{
    uint32_t at = l->at;
    const struct ebpf_insn *insn = definition(l, &at, MAP_ARG);
    uint64_t address;
    if (!insn || insn->op != EBPF_OP_LDDW_MAP_FD || insn->dst != MAP_ARG ||
        ebpf_env_constant(l->in->env, insn, &address))
        return NULL;
    return (const struct ebpf_map *)(uintptr_t)address;
}

/* Where a key of `size` bytes is, if that is in the frame of the function. */
static bool key_in_frame(const struct x64_lower *l, uint32_t size, struct x64_mem *key)
{
    unsigned reg = KEY_ARG;
    int64_t offset = 0;
    uint32_t at = l->at;
    const struct ebpf_insn *insn;
    while (reg != EBPF_REG_FP && (insn = definition(l, &at, reg))) {
        if (insn->op == EBPF_OP_ADD64_IMM)
            offset += insn->imm;
        else if (insn->op == EBPF_OP_MOV64_REG)
            reg = insn->src;
        else
            return false;
    }
    if (reg != EBPF_REG_FP || offset < -(int64_t)l->frame_size || offset + (int64_t)size > 0)
        return false;
    *key = x64_at(X64_RBP, (int32_t)offset);
    return true;
}

/* The key, where it is known to be memory of the run. */
static bool find_key(const struct x64_lower *l, uint32_t size, struct x64_mem *key)
{
    *key = x64_at(x64_reg(KEY_ARG), 0);
    return key_in_frame(l, size, key) || l->in->policy == EBPF_POLICY_TRUSTED;
}

static bool is_array(const struct ebpf_map *map)
{
    return map->values && map->copies == 1 && map->def.key_size == 4 &&
           map->element_size <= INT32_MAX;
}

/* rax = the address of element eax, which is in range. */
static void address_of(struct x64_lower *l, const struct ebpf_map *map)
{
    uint64_t size = map->element_size;
    bool is_power = (size & (size - 1)) == 0;
    x64_mov_ri(&l->e, TMP, (uintptr_t)map->values);
    if (size == 8) {
        x64_lea_rm(&l->e, 64, X64_RAX, x64_at_index(TMP, X64_RAX, 3, 0));
        return;
    }
    if (is_power)
        x64_shl_ri(&l->e, 64, X64_RAX, (unsigned)__builtin_ctzll(size));
    else
        x64_imul_rri(&l->e, 64, X64_RAX, X64_RAX, (int32_t)size);
    x64_add_rr(&l->e, 64, X64_RAX, TMP);
}

static void look_up_in_array(struct x64_lower *l, const struct ebpf_map *map, struct x64_mem key)
{
    uint32_t done = x64_labels(&l->e, 1);
    uint32_t none = x64_stub(l, (struct x64_stub){.kind = X64_STUB_NULL, .resume = done});
    x64_mov_rm(&l->e, 32, X64_RAX, key);
    x64_cmp_ri(&l->e, 32, X64_RAX, (int32_t)map->def.max_entries);
    x64_jcc(&l->e, X64_AE, none);
    address_of(l, map);
    x64_bind(&l->e, done);
}

bool x64_lower_lookup(struct x64_lower *l)
{
    const struct ebpf_map *map = known_map(l);
    struct x64_mem key;
    if (!map || map->def.flags & EBPF_MAP_WRONLY_PROG || !map->ops->lookup ||
        map->ops->traits & EBPF_MAP_HOST_ONLY || !find_key(l, map->def.key_size, &key))
        return false;
    if (is_array(map))
        look_up_in_array(l, map, key);
    else
        x64_call_lookup(l, map, key);
    return true;
}
