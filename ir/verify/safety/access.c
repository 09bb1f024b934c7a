/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Is an access within its region?  One function per kind of region. */
#include <string.h>

#include <ebpfvm/backend.h>

#include "ir/verify/safety/safety.h"

/* REGION_SOCKET stands beside those of enum ebpf_region_kind: no engine has any. */
enum { REGION_SOCKET = EBPF_REGION_RECORD + 1 };

/* The offsets of the first byte that the access may touch, and of the last. */
struct span {
    int64_t least, most;
};

static bool get_span(struct ebpf_safety *s, const struct ebpf_state *state,
                     const struct ebpf_access *a, struct span *span)
{
    const struct ebpf_scalar *n = &a->base->number;
    if (n->smin < -EBPF_FAR || n->smax > EBPF_FAR) {
        ebpf_unproven(s, state, a->store ? EBPF_ERR_STORE : EBPF_ERR_LOAD,
                      "compare the offset with constants on both sides before it is added",
                      "%s has an offset that is not bounded", a->what);
        return false;
    }
    span->least = n->smin + a->offset;
    span->most = n->smax + a->offset;
    return true;
}

/* Where memory of a kind is, for those who read facts. */
static unsigned region_of(const struct ebpf_value *base)
{
    switch ((enum ebpf_value_kind)base->kind) {
    case EBPF_V_CTX: return EBPF_REGION_CONTEXT;
    case EBPF_V_STACK: return EBPF_REGION_STACK;
    case EBPF_V_RECORD: return EBPF_REGION_RECORD;
    case EBPF_V_MAP_VALUE: return EBPF_REGION_MAP;
    case EBPF_V_LENT: return EBPF_REGION_LENT;
    case EBPF_V_SOCKET: return REGION_SOCKET;
    default: return EBPF_REGION_PACKET;
    }
}

static void note(struct ebpf_safety *s, const struct ebpf_access *a, int64_t least, int64_t most)
{
    struct ebpf_fact *f = &s->facts[s->insn];
    bool first = f->regions == 0;
    f->regions |= (uint8_t)(1u << region_of(a->base));
    if (first || least < f->least)
        f->least = (int32_t)least;
    if (first || most > f->most)
        f->most = (int32_t)most;
}

/* Within `size` bytes. */
static bool check_sized(struct ebpf_safety *s, const struct ebpf_state *state,
                        const struct ebpf_access *a, uint32_t size)
{
    struct span span;
    if (!get_span(s, state, a, &span))
        return false;
    if (span.least < 0 || span.most + a->size > size) {
        ebpf_unproven(s, state, a->store ? EBPF_ERR_STORE : EBPF_ERR_LOAD,
                      "check the offset against the size first",
                      "%u byte%s at offset %lld to %lld of a %s of %u bytes", a->size,
                      a->size == 1 ? "" : "s", (long long)span.least, (long long)span.most,
                      ebpf_value_kind_name(a->base), size);
        return false;
    }
    note(s, a, span.least, span.most);
    return true;
}

static bool check_map_value(struct ebpf_safety *s, const struct ebpf_state *state,
                            const struct ebpf_access *a)
{
    const struct ebpf_map_def *map = a->base->map;
    if ((a->store && map->flags & EBPF_MAP_RDONLY_PROG) ||
        (a->load && map->flags & EBPF_MAP_WRONLY_PROG)) {
        ebpf_unproven(s, state, EBPF_ERR_READ_ONLY, "change the flags of the map",
                      "programs may not %s values of this map", a->store ? "write" : "read");
        return false;
    }
    return check_sized(s, state, a, map->value_size);
}

static bool check_stack(struct ebpf_safety *s, const struct ebpf_state *state,
                        const struct ebpf_access *a)
{
    struct span span;
    if (!get_span(s, state, a, &span))
        return false;
    if (s->contract->unprivileged && span.least != span.most) {
        ebpf_unproven(s, state, EBPF_ERR_LOAD, "use constant offsets",
                      "the unprivileged may not use variable offsets on the stack");
        return false;
    }
    if (span.least < -(int64_t)s->contract->frame_size || span.most + a->size > 0) {
        ebpf_unproven(s, state, a->store ? EBPF_ERR_STORE : EBPF_ERR_LOAD,
                      "the stack is from r10-512 to r10-1",
                      "%u byte%s at r10%+lld not within the stack", a->size,
                      a->size == 1 ? "" : "s",
                      (long long)(span.most + a->size > 0 ? span.most : span.least));
        return false;
    }
    note(s, a, span.least, span.most);
    uint32_t function = ebpf_program_function_of(s->program, s->insn), depth = state->depth;
    uint32_t context = state->context;
    const struct ebpf_call_chain *all = s->contexts.data;
    for (; depth > a->base->frame; depth--) {
        const struct ebpf_call_chain *c = &all[context];
        function = ebpf_program_function_of(s->program, c->call);
        context = c->parent;
    }
    if (s->frame_use[function] < -span.least)
        s->frame_use[function] = (uint32_t)-span.least;
    return true;
}

static bool check_packet(struct ebpf_safety *s, const struct ebpf_state *state,
                         const struct ebpf_access *a)
{
    int64_t from = a->base->delta + a->offset;
    uint32_t range = ebpf_packet_range(state, a->base);
    uint8_t need = a->store ? EBPF_TYPE_WRITES_PACKET : EBPF_TYPE_READS_PACKET;
    if (!(s->type->flags & need)) {
        ebpf_unproven(s, state, EBPF_ERR_READ_ONLY, "use a helper such as skb_load_bytes",
                      "programs of type %s may not %s packet data directly", s->type->name,
                      a->store ? "write" : "read");
        return false;
    }
    bool inside = from >= 0 && a->base->number.smin >= 0;
    /* How many bytes the packet must have for that, whatever was compared. */
    uint64_t wants = a->base->kind == EBPF_V_PACKET && inside && a->base->number.umax < EBPF_FAR
                         ? a->base->number.umax + (uint64_t)from + a->size : UINT64_MAX;
    if (!inside || (from + a->size > range && !ebpf_assume_packet(s, wants))) {
        ebpf_unproven(s, state, a->store ? EBPF_ERR_STORE : EBPF_ERR_LOAD,
                      "compare the address behind the last byte with data_end first",
                      "%u byte%s at offset %lld of the packet, of which %u bytes are proven",
                      a->size, a->size == 1 ? "" : "s", (long long)from, range);
        return false;
    }
    note(s, a, from, from);
    return true;
}

static bool check_context(struct ebpf_safety *s, const struct ebpf_state *state,
                          const struct ebpf_access *a)
{
    const struct ebpf_scalar *n = &a->base->number;
    if (!ebpf_scalar_is_const(n) || n->umin != 0 || a->helper) {
        ebpf_unproven(s, state, EBPF_ERR_LOAD, "use r1 as it was at the start",
                      "%s is the context with something added, or used as memory", a->what);
        return false;
    }
    bool special = s->type->flags & EBPF_TYPE_OF_KIND;
    const struct ebpf_ctx_field *f =
        ebpf_ctx_find(&s->contract->ctx, a->offset, a->size, a->store);
    /* Of the fields that can be written, the unprivileged may not write those of 8 bytes. */
    special |= s->contract->unprivileged && a->store && f && f->kind == EBPF_FIELD_FULL;
    if (special || !f) {
        ebpf_unproven(s, state, a->store ? EBPF_ERR_STORE : EBPF_ERR_LOAD,
                      "access whole fields that programs of this type may use",
                      "invalid %s of %u bytes at offset %lld of the context of %s",
                      a->store ? "store" : "load", a->size, (long long)a->offset, s->type->name);
        return false;
    }
    if (s->contract->ctx.type == EBPF_TYPE_UNSPEC ||
        a->offset + a->size > s->contract->context_size)
        s->facts[s->insn].flags |= EBPF_FACT_UNPROVEN;
    note(s, a, a->offset, a->offset);
    return true;
}

/* The stack has to be accessed aligned, for it is looked at piece by piece; so have atomics; the
 * rest if that was asked for. */
static bool check_alignment(struct ebpf_safety *s, const struct ebpf_state *state,
                            const struct ebpf_access *a)
{
    bool strict = s->contract->strict_align && !s->contract->any_align;
    const struct ebpf_value *base = a->base;
    bool must = a->helper ? a->aligned : strict || a->atomic || base->kind == EBPF_V_STACK;
    if (!must || a->size == 1)
        return true;
    struct ebpf_tnum at = ebpf_tnum_add(base->number.bits, ebpf_tnum_const((uint64_t)a->offset));
    if (ebpf_value_is_packet(base)) /* the packet starts 2 bytes behind a multiple of 4 */
        at = ebpf_tnum_add(at, ebpf_tnum_const((uint64_t)base->delta + 2));
    if (ebpf_tnum_is_aligned(at, a->size))
        return true;
    ebpf_unproven(s, state, EBPF_ERR_ALIGNMENT, NULL, "misaligned access of %u bytes to %s",
                  a->size, ebpf_value_kind_name(base));
    return false;
}

static bool check_lent(struct ebpf_safety *s, const struct ebpf_state *state,
                       const struct ebpf_access *a)
{
    if (!a->store)
        return check_sized(s, state, a, a->base->size);
    ebpf_unproven(s, state, EBPF_ERR_READ_ONLY, "copy it to the stack first",
                  "%s is memory that may only be read", a->what);
    return false;
}

/* Fields of sockets are the kernel's only: what reads them is checked at run time. */
static bool check_socket(struct ebpf_safety *s, const struct ebpf_state *state,
                         const struct ebpf_access *a)
{
    enum ebpf_socket socket = (enum ebpf_socket)a->base->frame;
    if (a->store || a->helper || !ebpf_socket_field(socket, a->offset, a->size)) {
        ebpf_unproven(s, state, a->store ? EBPF_ERR_STORE : EBPF_ERR_LOAD,
                      "load whole fields that such sockets have",
                      "invalid %s of %u bytes at offset %lld of a socket",
                      a->store ? "store" : "load", a->size, (long long)a->offset);
        return false;
    }
    note(s, a, socket, socket);
    s->facts[s->insn].flags |= EBPF_FACT_UNPROVEN;
    return true;
}

/* Contexts and sockets are not laid out as programs see them, so that an instruction that accesses
 * one accesses nothing else. */
static bool check_alone(struct ebpf_safety *s, const struct ebpf_state *state,
                        const struct ebpf_access *a)
{
    const uint8_t context = 1u << EBPF_REGION_CONTEXT, socket = 1u << REGION_SOCKET;
    const struct ebpf_fact *f = &s->facts[s->insn];
    bool several = (f->regions & (f->regions - 1)) != 0 && f->regions & (context | socket);
    bool unlike = f->regions == socket && f->least != f->most;
    const char *one = f->regions & context ? "context" : "socket", *other;
    other = unlike ? "socket of another type" : ebpf_value_kind_name(a->base);
    if (!strcmp(one, other))
        other = "stack or other memory";
    if (several || unlike)
        ebpf_unproven(s, state, a->store ? EBPF_ERR_STORE : EBPF_ERR_LOAD,
                      "use an instruction for each",
                      "one instruction accesses the %s and, on another path, the %s", one, other);
    return !several && !unlike;
}

static bool check_region(struct ebpf_safety *s, struct ebpf_state *state,
                         const struct ebpf_access *a)
{
    switch ((enum ebpf_value_kind)a->base->kind) {
    case EBPF_V_CTX: return check_context(s, state, a);
    case EBPF_V_STACK: return check_stack(s, state, a);
    case EBPF_V_MAP_VALUE: return check_map_value(s, state, a);
    case EBPF_V_PACKET:
    case EBPF_V_META: return check_packet(s, state, a);
    case EBPF_V_RECORD: return check_sized(s, state, a, a->base->size);
    case EBPF_V_LENT: return check_lent(s, state, a);
    case EBPF_V_SOCKET: return check_socket(s, state, a);
    case EBPF_V_FUNCTION:
    case EBPF_V_SCALAR:
    case EBPF_V_MAP:
    case EBPF_V_END: break;
    }
    ebpf_unproven(s, state, a->store ? EBPF_ERR_STORE : EBPF_ERR_LOAD,
                  "take the address from the context, the stack or a helper",
                  "%s is no address of memory, it is: %s", a->what, ebpf_value_kind_name(a->base));
    return false;
}

bool ebpf_check_access(struct ebpf_safety *s, struct ebpf_state *state,
                       const struct ebpf_access *a)
{
    bool special = a->base->kind == EBPF_V_CTX || ebpf_value_is_packet(a->base);
    if (a->base->nullable) {
        ebpf_unproven(s, state, a->store ? EBPF_ERR_STORE : EBPF_ERR_LOAD,
                      "compare it with 0 first", "%s may be 0", a->what);
        return false;
    }
    if (a->atomic && special) {
        ebpf_unproven(s, state, EBPF_ERR_STORE, "use memory of a map or the stack",
                      "atomic operation on the %s", ebpf_value_kind_name(a->base));
        return false;
    }
    return check_region(s, state, a) && check_alone(s, state, a) && check_alignment(s, state, a);
}
