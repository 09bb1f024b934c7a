/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/verify/safety/value.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

_Static_assert(sizeof(struct ebpf_value) % 8 == 0, "no padding, so that bytes can be compared");

enum { FIRST_CAPACITY = 256 };

static size_t hash(const struct ebpf_value *v)
{
    uint64_t words[sizeof(*v) / 8], h = 0;
    memcpy(words, v, sizeof(*v));
    for (size_t i = 0; i < sizeof(*v) / 8; i++) {
        h = (h ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 29;
    }
    return (size_t)h;
}

static const struct ebpf_value **find(const struct ebpf_value **slots, size_t capacity,
                                      const struct ebpf_value *like)
{
    size_t at = hash(like) & (capacity - 1);
    while (slots[at] && memcmp(slots[at], like, sizeof(*like)) != 0)
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

static bool grow(struct ebpf_values *values)
{
    size_t capacity = values->capacity ? values->capacity * 2 : FIRST_CAPACITY;
    const struct ebpf_value **slots =
        ebpf_mem_zalloc(&values->arena.mem, capacity, sizeof(*slots));
    if (!slots)
        return false;
    for (size_t i = 0; i < values->capacity; i++)
        if (values->slots[i])
            *find(slots, capacity, values->slots[i]) = values->slots[i];
    ebpf_mem_free(&values->arena.mem, values->slots, values->capacity * sizeof(*slots));
    values->slots = slots;
    values->capacity = capacity;
    return true;
}

bool ebpf_values_init(struct ebpf_values *values, const struct ebpf_mem *mem)
{
    *values = (struct ebpf_values){.capacity = 0};
    ebpf_arena_init(&values->arena, mem);
    struct ebpf_scalar all = ebpf_scalar_unknown();
    if (grow(values))
        values->unknown = ebpf_value_scalar(values, &all);
    return values->unknown != NULL;
}

void ebpf_values_free(struct ebpf_values *values)
{
    ebpf_mem_free(&values->arena.mem, values->slots, values->capacity * sizeof(*values->slots));
    ebpf_arena_reset(&values->arena);
}

const struct ebpf_value *ebpf_value(struct ebpf_values *values, const struct ebpf_value *like)
{
    const struct ebpf_value **slot = find(values->slots, values->capacity, like);
    if (*slot)
        return *slot;
    struct ebpf_value *made = NULL;
    if (values->count * 2 < values->capacity || grow(values))
        made = ebpf_arena_alloc(&values->arena, sizeof(*made));
    if (!made) {
        values->failed = true;
        return values->unknown;
    }
    *made = *like;
    values->count++;
    return *find(values->slots, values->capacity, like) = made;
}

const struct ebpf_value *ebpf_value_scalar(struct ebpf_values *values,
                                           const struct ebpf_scalar *number)
{
    struct ebpf_value v;
    memset(&v, 0, sizeof(v));
    v.kind = EBPF_V_SCALAR;
    v.number = *number;
    return ebpf_value(values, &v);
}

const char *ebpf_value_kind_name(const struct ebpf_value *v)
{
    static const char *const names[] = {
        [EBPF_V_SCALAR] = "number", [EBPF_V_CTX] = "context", [EBPF_V_STACK] = "stack",
        [EBPF_V_MAP] = "map", [EBPF_V_MAP_VALUE] = "map value", [EBPF_V_PACKET] = "packet",
        [EBPF_V_META] = "packet metadata", [EBPF_V_END] = "packet end",
        [EBPF_V_RECORD] = "ring buffer record", [EBPF_V_LENT] = "lent memory",
        [EBPF_V_FUNCTION] = "function", [EBPF_V_SOCKET] = "socket"};
    return v ? names[v->kind] : "not initialised";
}

void ebpf_value_print(const struct ebpf_value *v, char *text, size_t size)
{
    if (!v) {
        snprintf(text, size, "not initialised");
        return;
    }
    const struct ebpf_scalar *n = &v->number;
    const char *name = v->kind == EBPF_V_SCALAR ? "" : ebpf_value_kind_name(v);
    const char *plus = v->kind == EBPF_V_SCALAR ? "" : "+", *null = v->nullable ? " or 0" : "";
    if (v->kind == EBPF_V_MAP || v->kind == EBPF_V_END)
        snprintf(text, size, "%s%s", name, null);
    else if (ebpf_value_is_packet(v))
        snprintf(text, size, "%s+%lld%s", name, (long long)v->delta,
                 ebpf_scalar_is_const(n) ? "" : " from a variable offset");
    else if (ebpf_scalar_is_const(n))
        snprintf(text, size, "%s%s%lld%s", name, plus, (long long)n->umin, null);
    else if (n->smin == INT64_MIN && n->smax == INT64_MAX)
        snprintf(text, size, "%s%sany number%s", name, plus, null);
    else
        snprintf(text, size, "%s%s[%lld, %lld]%s", name, plus, (long long)n->smin,
                 (long long)n->smax, null);
}
