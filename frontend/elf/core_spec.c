/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What one CO-RE relocation asks, and what is answered. */
#include <stdlib.h>
#include <string.h>

#include "frontend/elf/core.h"

/* Deeper than members without names go. */
enum { DEPTH_MAX = 16 };

/* Bits of offsets that are believed. */
#define OFFSET_MAX (UINT64_C(1) << 40)

static bool add_step(struct core_spec *spec, uint32_t type, uint32_t index, const char *name)
{
    if (spec->count == CORE_STEPS_MAX)
        return false;
    spec->steps[spec->count++] = (struct core_step){type, index, name};
    return true;
}

/* Moves to an element of a type. */
static bool add_elements(struct core_spec *spec, uint32_t type, uint32_t index)
{
    int64_t size = btf__resolve_size(spec->btf, type);
    if (size < 0)
        return index == 0;
    spec->bit_offset += (uint64_t)size * 8 * index;
    return spec->bit_offset < OFFSET_MAX;
}

/* An array at the end of a structure may have more elements than it says. */
static bool is_flexible(const struct core_spec *spec, const struct btf_type *array)
{
    const struct core_step *last = &spec->steps[spec->count - 1];
    const struct btf_type *owner = ebpf_btf_plain(spec->btf, last->type);
    return last->name && owner && btf_is_composite(owner) && btf_array(array)->nelems == 0 &&
           last->index + 1u == btf_vlen(owner);
}

/* From the field at hand to an element of it. */
static bool step_into_array(struct core_spec *spec, const struct btf_type *array, uint32_t index)
{
    uint32_t element = btf_array(array)->type;
    if (index >= btf_array(array)->nelems && !is_flexible(spec, array))
        return false;
    spec->field = element;
    return add_step(spec, element, index, NULL) && add_elements(spec, element, index);
}

static const char *enumerator_name(const struct core_spec *spec, const struct btf_type *t,
                                   uint32_t i)
{
    uint32_t at = btf_is_enum(t) ? btf_enum(t)[i].name_off : btf_enum64(t)[i].name_off;
    return btf__name_by_offset(spec->btf, at);
}

/* From the field at hand to a member of the object's own types. */
static bool step_into_member(struct core_spec *spec, uint32_t type, const struct btf_type *t,
                             uint32_t index)
{
    if (index >= btf_vlen(t))
        return false;
    const struct btf_member *m = btf_members(t) + index;
    const char *name = btf__name_by_offset(spec->btf, m->name_off);
    spec->bit_offset += btf_member_bit_offset(t, index);
    spec->field = m->type;
    return name && (!*name || add_step(spec, type, index, name));
}

static bool step(struct core_spec *spec, uint32_t index)
{
    uint32_t type = ebpf_btf_plain_id(spec->btf, spec->field);
    const struct btf_type *t = btf__type_by_id(spec->btf, type);
    if (t && btf_is_composite(t))
        return step_into_member(spec, type, t, index);
    return t && btf_is_array(t) && step_into_array(spec, t, index);
}

/* Reads the next number of a text such as "0:1:2". */
static bool read_step(const char **text, uint32_t *index)
{
    char *end;
    if (**text < '0' || **text > '9')
        return false;
    unsigned long value = strtoul(*text, &end, 10);
    if (value > INT32_MAX || (*end && *end != ':'))
        return false;
    *index = (uint32_t)value;
    *text = *end ? end + 1 : end;
    return true;
}

bool ebpf_core_parse(struct core_spec *spec, const char *steps)
{
    uint32_t index;
    uint32_t root = ebpf_btf_plain_id(spec->btf, spec->root); /* which a typedef may name */
    const struct btf_type *t = btf__type_by_id(spec->btf, root);
    if (!t || !read_step(&steps, &index))
        return false;
    if (core_is_enum(spec->kind))
        return btf_is_any_enum(t) && index < btf_vlen(t) && !*steps &&
               add_step(spec, root, index, enumerator_name(spec, t, index)) &&
               spec->steps[0].name;
    if (!core_is_field(spec->kind))
        return index == 0 && !*steps;
    spec->field = spec->root;
    bool good = add_step(spec, root, index, NULL) && add_elements(spec, root, index);
    for (unsigned i = 0; good && *steps; i++)
        good = i < CORE_STEPS_MAX && read_step(&steps, &index) && step(spec, index);
    return good;
}

/* Whether a field of the target may stand for one of the object. */
static bool fields_compatible(const struct btf *a, uint32_t a_id, const struct btf *b,
                              uint32_t b_id)
{
    for (int i = 0; i < DEPTH_MAX; i++) {
        const struct btf_type *x = ebpf_btf_plain(a, a_id), *y = ebpf_btf_plain(b, b_id);
        if (!x || !y)
            return false;
        if (btf_is_composite(x) && btf_is_composite(y))
            return true;
        if (!ebpf_core_same_kind(x, y))
            return false;
        if (btf_is_any_enum(x) || btf_is_fwd(x)) {
            const char *p = btf__name_by_offset(a, x->name_off);
            const char *q = btf__name_by_offset(b, y->name_off);
            return p && q && (!*p || !*q || ebpf_core_same_name(p, q));
        }
        if (!btf_is_array(x))
            return btf_is_ptr(x) || btf_is_float(x) ||
                   (btf_is_int(x) && btf_int_offset(x) == 0 && btf_int_offset(y) == 0);
        a_id = btf_array(x)->type;
        b_id = btf_array(y)->type;
    }
    return false;
}

/* A step to a member by name, into a structure of the target at some offset. */
static bool find_member(const struct core_spec *local, const struct core_step *from,
                        struct core_spec *target, uint32_t type, int depth)
{
    type = ebpf_btf_plain_id(target->btf, type);
    const struct btf_type *t = btf__type_by_id(target->btf, type);
    const struct btf_type *owner = btf__type_by_id(local->btf, from->type);
    uint64_t start = target->bit_offset;
    if (!t || !btf_is_composite(t) || depth > DEPTH_MAX)
        return false;
    for (unsigned i = 0; i < btf_vlen(t) && core_may_work(target->work); i++) {
        const struct btf_member *m = btf_members(t) + i;
        const char *name = btf__name_by_offset(target->btf, m->name_off);
        target->bit_offset = start + btf_member_bit_offset(t, i);
        if (name && *name && strcmp(name, from->name) == 0 &&
            fields_compatible(local->btf, btf_members(owner)[from->index].type, target->btf,
                              m->type)) {
            target->field = m->type;
            return add_step(target, type, i, name);
        }
        if (name && !*name && find_member(local, from, target, m->type, depth + 1))
            return true;
    }
    target->bit_offset = start;
    return false;
}

static bool match_step(const struct core_spec *local, unsigned i, struct core_spec *target)
{
    const struct core_step *from = &local->steps[i];
    if (from->name)
        return find_member(local, from, target, target->field, 0);
    if (i == 0)
        return add_step(target, target->root, from->index, NULL) &&
               add_elements(target, target->root, from->index);
    const struct btf_type *t = ebpf_btf_plain(target->btf, target->field);
    return t && btf_is_array(t) && step_into_array(target, t, from->index);
}

static bool match_enumerator(const struct core_spec *local, struct core_spec *target)
{
    const struct btf_type *t = ebpf_btf_plain(target->btf, target->root);
    bool listed = t && btf_is_any_enum(t);
    for (unsigned i = 0; listed && i < btf_vlen(t) && core_may_work(target->work); i++) {
        const char *name = enumerator_name(target, t, i);
        if (name && ebpf_core_same_name(name, local->steps[0].name))
            return add_step(target, target->root, i, name);
    }
    return false;
}

bool ebpf_core_match(const struct core_spec *local, struct core_spec *target)
{
    if (core_is_enum(local->kind))
        return match_enumerator(local, target);
    if (local->kind == CORE_TYPE_MATCHES)
        return ebpf_core_type_matches(local, target);
    if (!core_is_field(local->kind))
        return ebpf_core_compatible(local, target);
    target->field = target->root;
    for (unsigned i = 0; i < local->count; i++)
        if (!match_step(local, i, target))
            return false;
    return true;
}

/* How a field is loaded: from `byte_offset`, `byte_size` bytes; and what of that it is. */
struct layout {
    uint64_t byte_offset, byte_size;
    uint64_t bit_size, bit_offset;
    const struct btf_type *type;
};

/* A member that is a bit field is loaded with the smallest aligned word that holds it. */
static bool lay_out(const struct core_spec *spec, struct layout *l)
{
    const struct core_step *last = &spec->steps[spec->count - 1];
    const struct btf_type *owner = last->name ? btf__type_by_id(spec->btf, last->type) : NULL;
    int64_t size = btf__resolve_size(spec->btf, spec->field);
    l->type = ebpf_btf_plain(spec->btf, spec->field);
    l->bit_offset = spec->bit_offset;
    l->bit_size = owner ? btf_member_bitfield_size(owner, last->index) : 0;
    if (!l->type || size < 0)
        return false;
    l->byte_size = (uint64_t)size;
    l->byte_offset = l->bit_offset / 8;
    if (l->bit_size == 0) {
        l->bit_size = l->byte_size * 8;
        return true;
    }
    for (; l->byte_size > 0 && l->byte_size <= 8; l->byte_size *= 2) {
        l->byte_offset = l->bit_offset / 8 / l->byte_size * l->byte_size;
        if (l->bit_offset + l->bit_size <= (l->byte_offset + l->byte_size) * 8)
            return true;
    }
    return false;
}

static bool is_signed(const struct btf_type *t)
{
    return btf_is_int(t) ? (btf_int_encoding(t) & BTF_INT_SIGNED) != 0
                         : btf_is_any_enum(t) && btf_kflag(t);
}

static bool answer_field(const struct core_spec *spec, struct core_answer *answer)
{
    struct layout l;
    if (!lay_out(spec, &l))
        return false;
    bool number = btf_is_int(l.type) || btf_is_any_enum(l.type) || btf_is_ptr(l.type);
    answer->size = number ? (uint32_t)l.byte_size : 0;
    answer->is_signed = is_signed(l.type);
    answer->is_address = btf_is_ptr(l.type);
    bool shifts = l.bit_size <= 64 && l.bit_size > 0;
    switch (spec->kind) {
    case CORE_FIELD_OFFSET: answer->value = l.byte_offset; return true;
    case CORE_FIELD_SIZE: answer->value = l.byte_size; return true;
    case CORE_FIELD_SIGNED: answer->value = is_signed(l.type); return true;
    case CORE_FIELD_LSHIFT:
        answer->value = 64 - (l.bit_offset + l.bit_size - l.byte_offset * 8);
        return shifts && answer->value < 64;
    case CORE_FIELD_RSHIFT:
        answer->value = 64 - l.bit_size;
        return shifts;
    default: return false;
    }
}

static uint64_t enumerator_value(const struct core_spec *spec)
{
    const struct btf_type *t = ebpf_btf_plain(spec->btf, spec->root);
    uint32_t i = spec->steps[0].index;
    if (!btf_is_enum(t))
        return btf_enum64_value(btf_enum64(t) + i);
    int32_t value = btf_enum(t)[i].val;
    return btf_kflag(t) ? (uint64_t)(int64_t)value : (uint32_t)value;
}

bool ebpf_core_answer(const struct core_spec *local, const struct core_spec *target,
                      struct core_answer *answer)
{
    *answer = (struct core_answer){0};
    switch (local->kind) {
    case CORE_FIELD_EXISTS: case CORE_TYPE_EXISTS: case CORE_ENUM_EXISTS: case CORE_TYPE_MATCHES:
        answer->value = target != NULL;
        return true;
    case CORE_TYPE_ID_LOCAL:
        answer->value = local->root;
        return true;
    default:
        break;
    }
    if (!target)
        return false;
    if (core_is_field(local->kind))
        return answer_field(target, answer);
    int64_t size;
    switch (local->kind) {
    case CORE_TYPE_ID_TARGET: answer->value = target->root; return true;
    case CORE_TYPE_SIZE:
        size = btf__resolve_size(target->btf, target->root);
        answer->value = (uint64_t)size;
        return size >= 0;
    case CORE_ENUM_VALUE: answer->value = enumerator_value(target); return true;
    default: return false;
    }
}
