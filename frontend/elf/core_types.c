/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Comparing types of two sets of type information, as CO-RE relocations ask for it. */
#include <string.h>

#include "frontend/elf/core.h"

/* Deeper than types go; ends cycles. */
enum { DEPTH_MAX = 32 };

/* How long a name is without its flavour, which starts at the last "___" between other letters. */
static size_t essential_length(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = length; i-- > 1;)
        if (i + 4 < length && memcmp(name + i, "___", 3) == 0 && name[i - 1] != '_' &&
            name[i + 3] != '_')
            return i;
    return length;
}

bool ebpf_core_same_name(const char *a, const char *b)
{
    size_t length = essential_length(a);
    return length == essential_length(b) && memcmp(a, b, length) == 0;
}

bool ebpf_core_same_kind(const struct btf_type *a, const struct btf_type *b)
{
    return btf_kind(a) == btf_kind(b) || (btf_is_any_enum(a) && btf_is_any_enum(b));
}

/* Two types that are being compared, without qualifiers. */
struct pair {
    const struct btf *a_btf, *b_btf;
    const struct btf_type *a, *b;
    int depth;
    uint64_t *work;
};

static bool make_pair(struct pair *pair, const struct pair *from, uint32_t a, uint32_t b)
{
    *pair = (struct pair){from->a_btf, from->b_btf, ebpf_btf_plain(from->a_btf, a),
                          ebpf_btf_plain(from->b_btf, b), from->depth + 1, from->work};
    return pair->a && pair->b && pair->depth <= DEPTH_MAX && core_may_work(pair->work);
}

static bool same_names(const struct pair *p)
{
    const char *a = btf__name_by_offset(p->a_btf, p->a->name_off);
    const char *b = btf__name_by_offset(p->b_btf, p->b->name_off);
    return a && b && ebpf_core_same_name(a, b);
}

/* Both are whole numbers, as they are meant for bit fields of old compilers. */
static bool plain_ints(const struct pair *p)
{
    return btf_int_offset(p->a) == 0 && btf_int_offset(p->b) == 0;
}

typedef bool compare_fn(const struct pair *from, uint32_t a, uint32_t b);

/* Parameters and results of two prototypes. */
static bool compare_protos(const struct pair *p, compare_fn *compare)
{
    if (btf_vlen(p->a) != btf_vlen(p->b))
        return false;
    for (unsigned i = 0; i < btf_vlen(p->a); i++)
        if (!compare(p, btf_params(p->a)[i].type, btf_params(p->b)[i].type))
            return false;
    return compare(p, p->a->type, p->b->type);
}

/* `void` is type 0, and has no kind. */
static bool both_void(uint32_t a, uint32_t b)
{
    return a == 0 && b == 0;
}

static bool compatible(const struct pair *from, uint32_t a, uint32_t b)
{
    struct pair p;
    if (both_void(a, b))
        return true;
    if (!make_pair(&p, from, a, b) || !ebpf_core_same_kind(p.a, p.b))
        return false;
    switch (btf_kind(p.a)) {
    case BTF_KIND_INT:
        return plain_ints(&p);
    case BTF_KIND_PTR:
        return compatible(&p, p.a->type, p.b->type);
    case BTF_KIND_ARRAY:
        return compatible(&p, btf_array(p.a)->type, btf_array(p.b)->type);
    case BTF_KIND_FUNC_PROTO:
        return compare_protos(&p, compatible);
    case BTF_KIND_UNKN: case BTF_KIND_STRUCT: case BTF_KIND_UNION: case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64: case BTF_KIND_FWD: case BTF_KIND_FLOAT:
        return true;
    default:
        return false;
    }
}

bool ebpf_core_compatible(const struct core_spec *a, const struct core_spec *b)
{
    const struct pair from = {.a_btf = a->btf, .b_btf = b->btf, .work = a->work};
    return compatible(&from, a->root, b->root);
}

static bool matches(const struct pair *from, uint32_t a, uint32_t b);

/* Whether a structure has a member, be it inside of members without names. */
static bool has_member(const struct pair *p, const char *name, uint32_t type)
{
    for (unsigned i = 0; i < btf_vlen(p->b) && core_may_work(p->work); i++) {
        const struct btf_member *m = btf_members(p->b) + i;
        const char *other = btf__name_by_offset(p->b_btf, m->name_off);
        struct pair inner;
        if (other && *other) {
            if (strcmp(name, other) == 0 && matches(p, type, m->type))
                return true;
        } else if (make_pair(&inner, p, 0, m->type) && btf_is_composite(inner.b) &&
                   has_member(&inner, name, type)) {
            return true;
        }
    }
    return false;
}

/* Whether all members of `at`, of the first set, are in the second structure. */
static bool has_members(const struct pair *p, const struct btf_type *at, int depth)
{
    for (unsigned i = 0; i < btf_vlen(at); i++) {
        if (!core_may_work(p->work))
            return false;
        const struct btf_member *m = btf_members(at) + i;
        const char *name = btf__name_by_offset(p->a_btf, m->name_off);
        const struct btf_type *inner = ebpf_btf_plain(p->a_btf, m->type);
        bool found = name && *name ? has_member(p, name, m->type)
                                   : inner && btf_is_composite(inner) && depth < DEPTH_MAX &&
                                         has_members(p, inner, depth + 1);
        if (!found)
            return false;
    }
    return true;
}

static uint32_t enumerator_name(const struct btf_type *t, unsigned i)
{
    return btf_is_enum(t) ? btf_enum(t)[i].name_off : btf_enum64(t)[i].name_off;
}

static bool has_enumerators(const struct pair *p)
{
    for (unsigned i = 0; i < btf_vlen(p->a); i++) {
        const char *name = btf__name_by_offset(p->a_btf, enumerator_name(p->a, i));
        bool found = false;
        for (unsigned k = 0; k < btf_vlen(p->b) && name && !found && core_may_work(p->work); k++) {
            const char *other = btf__name_by_offset(p->b_btf, enumerator_name(p->b, k));
            found = other && ebpf_core_same_name(name, other);
        }
        if (!found)
            return false;
    }
    return true;
}

/* Behind a pointer only the kind and name of a structure count. */
static bool match_target(const struct pair *p)
{
    const struct btf_type *a = ebpf_btf_plain(p->a_btf, p->a->type);
    const struct btf_type *b = ebpf_btf_plain(p->b_btf, p->b->type);
    if (!a || !b || !(btf_is_composite(a) || btf_is_fwd(a)))
        return matches(p, p->a->type, p->b->type);
    const struct pair target = {p->a_btf, p->b_btf, a, b, p->depth, p->work};
    bool kinds = ebpf_core_same_kind(a, b) || btf_is_fwd(a) || btf_is_fwd(b);
    return kinds && (btf_is_composite(b) || btf_is_fwd(b)) && same_names(&target);
}

static bool matches(const struct pair *from, uint32_t a, uint32_t b)
{
    struct pair p;
    if (both_void(a, b))
        return true;
    if (!make_pair(&p, from, a, b) || !ebpf_core_same_kind(p.a, p.b) || !same_names(&p))
        return false;
    switch (btf_kind(p.a)) {
    case BTF_KIND_UNKN: /* `const void` */
        return true;
    case BTF_KIND_INT:
        return p.a->size == p.b->size && btf_int_encoding(p.a) == btf_int_encoding(p.b);
    case BTF_KIND_PTR:
        return match_target(&p);
    case BTF_KIND_ARRAY:
        return btf_array(p.a)->nelems == btf_array(p.b)->nelems &&
               matches(&p, btf_array(p.a)->type, btf_array(p.b)->type);
    case BTF_KIND_FUNC_PROTO:
        return compare_protos(&p, matches);
    case BTF_KIND_STRUCT: case BTF_KIND_UNION:
        return has_members(&p, p.a, 0);
    case BTF_KIND_ENUM: case BTF_KIND_ENUM64:
        return p.a->size == p.b->size && has_enumerators(&p);
    case BTF_KIND_FLOAT:
        return p.a->size == p.b->size;
    case BTF_KIND_FWD:
        return btf_kflag(p.a) == btf_kflag(p.b);
    default:
        return false;
    }
}

bool ebpf_core_type_matches(const struct core_spec *a, const struct core_spec *b)
{
    const struct pair from = {.a_btf = a->btf, .b_btf = b->btf, .work = a->work};
    return matches(&from, a->root, b->root);
}
