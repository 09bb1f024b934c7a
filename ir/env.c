/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The tables of program types, contexts and kernel helpers as structs, and look-ups in them. */
#include "ir/env.h"

#include <string.h>

#include <ebpfvm/backend.h>

enum {
    CTX_PLAIN, CTX_SKB, CTX_XDP_MD, CTX_PT_REGS, CTX_TRACE, CTX_RAW_TRACE, CTX_PERF, CTX_SOCK,
    CTX_SOCK_OPS, CTX_DEVICE, CTX_SK_MSG, CTX_SOCK_ADDR, CTX_LIRC, CTX_REUSEPORT, CTX_SYSCTL,
    CTX_SK_LOOKUP, CTX_TCP_SOCK, CTX_XDP_SOCK, CTX_CUSTOM
};

enum { READS = EBPF_TYPE_READS_PACKET, WRITES = EBPF_TYPE_WRITES_PACKET,
       LEGACY = EBPF_TYPE_LEGACY_LOADS, UNPRIV = EBPF_TYPE_UNPRIVILEGED,
       PACKET = EBPF_TYPE_PACKET_ARG, NOTHING = EBPF_TYPE_NO_ARGS,
       HELPERS = EBPF_TYPE_ANY_HELPER };

/* Variants of a context. */
enum { F = 1 << 0, G = 1 << 1, T = 1 << 2, L = 1 << 3, K = 1 << 4, D = 1 << 5, A = 1 << 6,
       C = 1 << 7 };

const struct ebpf_type_info ebpf_types[EBPF_TYPE_COUNT] = {
#define ANY .has_range = 0
#define BETWEEN(from, to) .has_range = 1, .least = from, .most = to
#define EBPF_TYPE(id, symbol, family, letter, range, bits)                                         \
    {.name = symbol, .context = CTX_##family, .variant = letter, .flags = bits, range},
#include "ir/program_types.def"
#undef EBPF_TYPE
#undef ANY
#undef BETWEEN
};

static const struct ebpf_ctx_field fields[] = {
#define EBPF_FIELD_OF(family, symbol, at, bytes, form, reads, writes)                              \
    {.context = CTX_##family, .kind = EBPF_FIELD_##form, .read = reads, .write = writes,           \
     .offset = at, .size = bytes, .name = #symbol},
#include "ir/contexts.def"
#undef EBPF_FIELD_OF
};

static const struct {
    const char *name;
    enum ebpf_type type;
} other_names[] = {
#define EBPF_TYPE(...)
#define EBPF_TYPE_ALSO(name, id) {name, EBPF_TYPE_##id},
#include "ir/program_types.def"
#undef EBPF_TYPE_ALSO
#undef EBPF_TYPE
};

enum ebpf_type ebpf_type_find(const char *name)
{
    for (unsigned type = 0; type < EBPF_TYPE_COUNT; type++)
        if (strcmp(name, ebpf_types[type].name) == 0)
            return (enum ebpf_type)type;
    for (size_t i = 0; i < sizeof(other_names) / sizeof(other_names[0]); i++)
        if (strcmp(name, other_names[i].name) == 0)
            return other_names[i].type;
    return EBPF_TYPE_COUNT;
}

static bool allows(const struct ebpf_ctx_field *f, int64_t offset, unsigned size, bool store)
{
    bool whole = offset == f->offset && size == f->size;
    switch ((enum ebpf_field_kind)f->kind) {
    case EBPF_FIELD_ARRAY: return true;
    case EBPF_FIELD_NARROW: return !store || whole;
    case EBPF_FIELD_HEAD: return whole || (!store && offset == f->offset);
    default: return whole;
    }
}

/* Whether a field is one that an access touches and programs of a variant may touch. */
static bool is_touched(const struct ebpf_ctx_field *f, uint8_t variant, int64_t offset,
                       unsigned size, bool store)
{
    return offset >= f->offset && offset + size <= f->offset + f->size &&
           (store ? f->write : f->read) & variant && allows(f, offset, size, store);
}

/* The next field of a type's context behind `f`, the first one for NULL; NULL behind the last. */
static const struct ebpf_ctx_field *next_field(const struct ebpf_ctx *ctx,
                                               const struct ebpf_ctx_field *f)
{
    const struct ebpf_ctx_field *first = ctx->own ? ctx->own : fields;
    size_t count = ctx->own ? ctx->own_count : sizeof(fields) / sizeof(fields[0]);
    for (f = f ? f + 1 : first; f < first + count; f++)
        if (f->context == ebpf_types[ctx->type].context)
            return f;
    return NULL;
}

const struct ebpf_ctx_field *ebpf_ctx_find(const struct ebpf_ctx *ctx, int64_t offset,
                                           unsigned size, bool store)
{
    const struct ebpf_ctx_field *f = NULL;
    if (offset < 0 || offset % size)
        return NULL;
    while ((f = next_field(ctx, f)))
        if (is_touched(f, ebpf_types[ctx->type].variant, offset, size, store))
            break;
    return f;
}

const struct ebpf_ctx_field *ebpf_socket_field(enum ebpf_socket socket, int64_t offset,
                                               unsigned size)
{
    static const struct {
        uint8_t context, variant;
    } kinds[] = {
        [EBPF_SOCKET_COMMON] = {CTX_SOCK, C}, [EBPF_SOCKET_FULL] = {CTX_SOCK, F},
        [EBPF_SOCKET_TCP] = {CTX_TCP_SOCK, A}, [EBPF_SOCKET_XDP] = {CTX_XDP_SOCK, A},
        [EBPF_SOCKET_OPAQUE] = {CTX_SOCK, 0}};
    const size_t count = sizeof(fields) / sizeof(fields[0]);
    if (offset < 0 || offset % size)
        return NULL;
    for (const struct ebpf_ctx_field *f = fields; f < fields + count; f++)
        if (f->context == kinds[socket].context &&
            is_touched(f, kinds[socket].variant, offset, size, false))
            return f;
    return NULL;
}

uint32_t ebpf_ctx_size(const struct ebpf_ctx *ctx)
{
    uint32_t size = 0;
    if (ebpf_types[ctx->type].context == CTX_PLAIN)
        return 0; /* how much there is only the caller knows */
    for (const struct ebpf_ctx_field *f = NULL; (f = next_field(ctx, f));)
        if (size < (uint32_t)f->offset + f->size)
            size = (uint32_t)f->offset + f->size;
    return size;
}

const struct ebpf_ctx_field *ebpf_ctx_field_of(const struct ebpf_ctx *ctx,
                                               enum ebpf_field_kind kind)
{
    const struct ebpf_ctx_field *f = NULL;
    while ((f = next_field(ctx, f)))
        if (f->kind == kind && f->read & ebpf_types[ctx->type].variant)
            break;
    return f;
}

const struct ebpf_ctx_field *ebpf_ctx_named(const struct ebpf_ctx *ctx, const char *name)
{
    const struct ebpf_ctx_field *f = NULL;
    while ((f = next_field(ctx, f)) && strcmp(f->name, name) != 0)
        ;
    return f;
}

/* Whether a field is where it may be, and none of the `count` before it is there. */
static bool field_fits(const struct ebpf_context_field *all, uint32_t count)
{
    const struct ebpf_context_field *f = &all[count];
    bool is_address = f->kind != EBPF_CONTEXT_NUMBER;
    if (!f->name || f->size == 0 || f->size > EBPF_CONTEXT_MAX ||
        f->offset > EBPF_CONTEXT_MAX - f->size || f->kind > EBPF_CONTEXT_DATA_META)
        return false;
    if (is_address && (f->size != 4 || f->offset % 4 || f->writable))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if ((f->offset < all[i].offset + all[i].size && all[i].offset < f->offset + f->size) ||
            (is_address && all[i].kind == f->kind) || !strcmp(all[i].name, f->name))
            return false;
    return true;
}

uint32_t ebpf_ctx_own(const struct ebpf_context *context, struct ebpf_ctx_field *own)
{
    static const uint8_t kinds[] = {
        [EBPF_CONTEXT_NUMBER] = EBPF_FIELD_ARRAY, [EBPF_CONTEXT_DATA] = EBPF_FIELD_DATA,
        [EBPF_CONTEXT_DATA_END] = EBPF_FIELD_END, [EBPF_CONTEXT_DATA_META] = EBPF_FIELD_META};
    uint32_t i = 0;
    for (; i < context->field_count && field_fits(context->fields, i); i++) {
        const struct ebpf_context_field *f = &context->fields[i];
        own[i] = (struct ebpf_ctx_field){
            .context = CTX_CUSTOM, .kind = kinds[f->kind], .read = A, .write = f->writable ? A : 0,
            .offset = (uint16_t)f->offset, .size = (uint16_t)f->size, .name = f->name};
    }
    return i;
}

/* Sets of program types. */
#define BIT(type) (1u << EBPF_TYPE_##type)
enum {
    TC = BIT(SCHED_CLS) | BIT(SCHED_ACT),
    LWT = BIT(LWT_IN) | BIT(LWT_OUT) | BIT(LWT_XMIT) | BIT(LWT_SEG6LOCAL),
    STREAM = BIT(SK_SKB),
    SKB = TC | BIT(SOCKET_FILTER) | BIT(CGROUP_SKB) | LWT,
    XDP = BIT(XDP),
    TRACE = BIT(KPROBE) | BIT(TRACEPOINT) | BIT(PERF_EVENT) | BIT(RAW_TRACEPOINT) |
            BIT(RAW_TRACEPOINT_WRITABLE) | BIT(TRACING),
    SOCK = BIT(CGROUP_SOCK) | BIT(CGROUP_SOCK_ADDR) | BIT(SOCK_OPS) | BIT(CGROUP_DEVICE) |
           BIT(CGROUP_SYSCTL),
    PERF = BIT(PERF_EVENT), MSG = BIT(SK_MSG), LIRC = BIT(LIRC_MODE2), REUSE = BIT(SK_REUSEPORT),
    SYSCTL = BIT(CGROUP_SYSCTL), CGROUP = BIT(CGROUP_SKB), LOOKUP = BIT(SK_LOOKUP),
    ANY = (1 << EBPF_TYPE_COUNT) - 1,
    NET = ANY & ~(TRACE | LIRC | BIT(CGROUP_DEVICE)),
    PRIVILEGED = 1 << EBPF_TYPE_COUNT,
    CAP = ANY | PRIVILEGED
};

static const struct ebpf_contract_helper helpers[] = {
#define ARG_0 {0}
#define ARG_NUM {.kind = EBPF_TAKES_NUM}
#define ARG_CTX {.kind = EBPF_TAKES_CTX}
#define ARG_CTX0 {.kind = EBPF_TAKES_CTX, .nullable = 1}
#define ARG_MAP {.kind = EBPF_TAKES_MAP}
#define ARG_KEY {.kind = EBPF_TAKES_KEY}
#define ARG_VALUE {.kind = EBPF_TAKES_VALUE}
#define ARG_VALUE0 {.kind = EBPF_TAKES_VALUE, .nullable = 1}
#define ARG_VALUE_OUT {.kind = EBPF_TAKES_VALUE_OUT}
#define ARG_MEM(arg) {.kind = EBPF_TAKES_MEM, .size_arg = arg}
#define ARG_MEM0(arg) {.kind = EBPF_TAKES_MEM, .size_arg = arg, .nullable = 1}
#define ARG_OUT(arg) {.kind = EBPF_TAKES_OUT, .size_arg = arg}
#define ARG_OUT0(arg) {.kind = EBPF_TAKES_OUT, .size_arg = arg, .nullable = 1}
#define ARG_OUT8 {.kind = EBPF_TAKES_OUT, .size = 8}
#define ARG_RW4 {.kind = EBPF_TAKES_OUT, .size = 4, .update = 1}
#define ARG_RWN(arg) {.kind = EBPF_TAKES_OUT, .size_arg = arg, .update = 1}
#define ARG_SIZE {.kind = EBPF_TAKES_SIZE}
#define ARG_SIZE0 {.kind = EBPF_TAKES_SIZE, .nullable = 1}
#define ARG_ZERO {.kind = EBPF_TAKES_ZERO}
#define ARG_CONST {.kind = EBPF_TAKES_CONST}
#define ARG_RECORD {.kind = EBPF_TAKES_RECORD, .releases = 1}
#define ARG_SOCK {.kind = EBPF_TAKES_SOCKET}
#define ARG_SOCK0 {.kind = EBPF_TAKES_SOCKET, .nullable = 1}
#define ARG_SOCK_BACK {.kind = EBPF_TAKES_SOCKET, .releases = 1}
#define ARG_STR {.kind = EBPF_TAKES_STR}
#define ARG_LOCK {.kind = EBPF_TAKES_LOCK}
#define ARG_FUNC {.kind = EBPF_TAKES_FUNC}
#define ARG_DATA {.kind = EBPF_TAKES_DATA}
#define TRAIT_0 0
#define TRAIT_PACKET EBPF_HELPER_PACKET
#define TRAIT_MOVES EBPF_HELPER_MOVES
#define TRAIT_SIZED EBPF_HELPER_SIZED
#define TRAIT_WRITES EBPF_HELPER_WRITES
#define EBPF_KERNEL(number, symbol, who, what, returns, r1, r2, r3, r4, r5)                        \
    {.id = number, .name = #symbol,                                                                \
     .types = (who) & ANY, .privileged = ((who) & PRIVILEGED) != 0,                                \
     .traits = TRAIT_##what, .ret = EBPF_GIVES_##returns,                                          \
     .args = {ARG_##r1, ARG_##r2, ARG_##r3, ARG_##r4, ARG_##r5}},
#include "ir/kernel_helpers.def"
#undef EBPF_KERNEL
};

const struct ebpf_contract_helper *ebpf_contract_helper(uint32_t id)
{
    size_t low = 0, high = sizeof(helpers) / sizeof(helpers[0]);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (helpers[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < sizeof(helpers) / sizeof(helpers[0]) && helpers[low].id == id;
    return found ? &helpers[low] : NULL;
}

bool ebpf_type_puts_sockets(enum ebpf_type type)
{
    const uint32_t may = TC | XDP | REUSE | LOOKUP | BIT(SOCKET_FILTER) | BIT(FLOW_DISSECTOR);
    return may >> type & 1;
}

bool ebpf_type_removes_sockets(enum ebpf_type type)
{
    return type == EBPF_TYPE_SOCK_OPS || ebpf_type_puts_sockets(type);
}

/* The helpers that work on some kinds of maps only, with those kinds; a kind that stands here is
 * not for other helpers. */
static const struct pairing {
    uint32_t helper;
    enum ebpf_map_kind kind;
} pairings[] = {
    {12, EBPF_MAP_PROG_ARRAY},
    {22, EBPF_MAP_PERF_EVENT_ARRAY}, {25, EBPF_MAP_PERF_EVENT_ARRAY},
    {55, EBPF_MAP_PERF_EVENT_ARRAY},
    {27, EBPF_MAP_STACK_TRACE},
    {33, EBPF_MAP_CGROUP_ARRAY}, {37, EBPF_MAP_CGROUP_ARRAY},
    {51, EBPF_MAP_DEVMAP}, {51, EBPF_MAP_DEVMAP_HASH}, {51, EBPF_MAP_CPUMAP},
    {51, EBPF_MAP_XSKMAP},
    {52, EBPF_MAP_SOCKMAP}, {53, EBPF_MAP_SOCKMAP}, {60, EBPF_MAP_SOCKMAP},
    {70, EBPF_MAP_SOCKHASH}, {71, EBPF_MAP_SOCKHASH}, {72, EBPF_MAP_SOCKHASH},
    {1, EBPF_MAP_SOCKMAP}, {2, EBPF_MAP_SOCKMAP}, {3, EBPF_MAP_SOCKMAP},
    {1, EBPF_MAP_SOCKHASH}, {2, EBPF_MAP_SOCKHASH}, {3, EBPF_MAP_SOCKHASH},
    {107, EBPF_MAP_SK_STORAGE}, {108, EBPF_MAP_SK_STORAGE},
    {82, EBPF_MAP_REUSEPORT_SOCKARRAY}, {82, EBPF_MAP_SOCKMAP}, {82, EBPF_MAP_SOCKHASH},
    {1, EBPF_MAP_DEVMAP}, {1, EBPF_MAP_DEVMAP_HASH}, {1, EBPF_MAP_CPUMAP}, {1, EBPF_MAP_XSKMAP},
    {1, EBPF_MAP_ARRAY_OF_MAPS}, {1, EBPF_MAP_HASH_OF_MAPS},
    {87, EBPF_MAP_QUEUE}, {88, EBPF_MAP_QUEUE}, {89, EBPF_MAP_QUEUE},
    {87, EBPF_MAP_STACK}, {88, EBPF_MAP_STACK}, {89, EBPF_MAP_STACK},
    {87, EBPF_MAP_BLOOM_FILTER}, {89, EBPF_MAP_BLOOM_FILTER},
    {130, EBPF_MAP_RINGBUF}, {131, EBPF_MAP_RINGBUF}, {134, EBPF_MAP_RINGBUF},
    {81, EBPF_MAP_CGROUP_STORAGE}, {81, EBPF_MAP_PERCPU_CGROUP_STORAGE},
    {164, EBPF_MAP_HASH}, {164, EBPF_MAP_ARRAY}, {164, EBPF_MAP_PERCPU_HASH},
    {164, EBPF_MAP_PERCPU_ARRAY}, {164, EBPF_MAP_LRU_HASH}, {164, EBPF_MAP_LRU_PERCPU_HASH},
};

/* The kinds that lookup, update and delete work on. */
static bool is_general(enum ebpf_map_kind kind)
{
    switch (kind) {
    case EBPF_MAP_HASH: case EBPF_MAP_ARRAY: case EBPF_MAP_PERCPU_HASH: case EBPF_MAP_PERCPU_ARRAY:
    case EBPF_MAP_LRU_HASH: case EBPF_MAP_LRU_PERCPU_HASH: case EBPF_MAP_LPM_TRIE:
        return true;
    default:
        return false;
    }
}

bool ebpf_helper_takes_map(uint32_t id, enum ebpf_map_kind kind)
{
    if (id <= 3 && is_general(kind))
        return true;
    for (size_t i = 0; i < sizeof(pairings) / sizeof(pairings[0]); i++)
        if (pairings[i].helper == id && pairings[i].kind == kind)
            return true;
    return false;
}

const struct ebpf_map_def *ebpf_contract_map(const struct ebpf_contract *contract,
                                             const struct ebpf_program *program, uint32_t id)
{
    uint32_t count;
    const struct ebpf_map_decl *declared = ebpf_program_maps(program, &count);
    for (uint32_t i = 0; contract && i < contract->map_count; i++)
        if (contract->maps[i].id == id)
            return &contract->maps[i].def;
    return contract && id < count ? &declared[id].def : NULL;
}

const struct ebpf_map_decl *ebpf_frozen_map(const struct ebpf_program *program,
                                            const struct ebpf_map_def *map)
{
    uint32_t count;
    const struct ebpf_map_decl *declared = ebpf_program_maps(program, &count);
    for (uint32_t i = 0; i < count; i++)
        if (&declared[i].def == map)
            return declared[i].is_data && declared[i].is_frozen ? &declared[i] : NULL;
    return NULL;
}

const char *ebpf_region_name(enum ebpf_region_kind kind)
{
    static const char *const names[] = {"stack",       "context",   "packet", "memory",
                                        "lent memory", "map value", "record"};
    return (unsigned)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "?";
}
