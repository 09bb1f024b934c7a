/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The life of a map, and what a definition must be. */
#include "config.h"

#include "vm/maps/map.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "vm/maps/hash_key.h"
#include "vm/maps/readers.h"

const struct ebpf_map_ops *ebpf_map_kind_ops(enum ebpf_map_kind kind)
{
    switch ((int)kind) {
#define EBPF_MAP_OPS(id, ops)                                                                      \
    case EBPF_MAP_##id:                                                                            \
        return &ops;
#include "vm/maps/kinds.def"
#undef EBPF_MAP_OPS
    default:
        return NULL;
    }
}

uint32_t ebpf_map_cpus(void)
{
    long count = sysconf(_SC_NPROCESSORS_CONF);
    return count > 0 && count < 65536 ? (uint32_t)count : 1;
}

uint64_t ebpf_hash_seed(const struct ebpf_map *map)
{
    struct timespec now = {0};
    if (map->def.flags & EBPF_MAP_ZERO_SEED)
        return 0;
    clock_gettime(CLOCK_REALTIME, &now);
    return ebpf_hash_mix(ebpf_hash_mix((uint64_t)now.tv_nsec) ^ (uintptr_t)map);
}

static ebpf_status report(const char *kind, const char *name, struct ebpf_diag *diag,
                          ebpf_status status, const char *text)
{
    const struct ebpf_diag_entry entry = {
        .status = status, .pc = EBPF_PC_NONE, .advice = "docs/maps.md has what each kind takes"};
    ebpf_diag_add(diag, &entry, "map %s%s%s: %s", name ? name : "", name ? " of kind " : "of kind ",
                  kind, text);
    return status;
}

ebpf_status ebpf_map_refuse(const struct ebpf_map *map, struct ebpf_diag *diag, ebpf_status status,
                            const char *format, ...)
{
    char text[200];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return report(map->ops->name, map->def.name, diag, status, text);
}

static ebpf_status check_size(const struct ebpf_map *map, struct ebpf_diag *diag, const char *what,
                              uint32_t size, const uint32_t range[2])
{
    if (size >= range[0] && size <= range[1])
        return EBPF_OK;
    ebpf_status status = size > range[1] && range[1] >= EBPF_MAP_ITEM_MAX ? EBPF_ERR_LIMIT
                                                                          : EBPF_ERR_INVALID;
    if (range[0] == range[1])
        return ebpf_map_refuse(map, diag, status, "%s is %u, it must be %u", what, size, range[0]);
    return ebpf_map_refuse(map, diag, status, "%s is %u, it must be %u to %u", what, size, range[0],
                           range[1]);
}

/* What holds for all kinds; the rest is for open(). */
static ebpf_status check(const struct ebpf_map *map, struct ebpf_diag *diag)
{
    const struct ebpf_map_def *def = &map->def;
    const struct ebpf_map_ops *ops = map->ops;
    ebpf_status status = check_size(map, diag, "key_size", def->key_size,
                                    (const uint32_t[]){ops->key_min, ops->key_max});
    if (!status)
        status = check_size(map, diag, "value_size", def->value_size,
                            (const uint32_t[]){ops->value_min, ops->value_max});
    if (status)
        return status;
    if (def->flags & ~ops->flags)
        return ebpf_map_refuse(map, diag, EBPF_ERR_INVALID, "it does not take the flags 0x%x",
                               def->flags & ~ops->flags);
    const uint32_t host = EBPF_MAP_RDONLY | EBPF_MAP_WRONLY;
    const uint32_t programs = EBPF_MAP_RDONLY_PROG | EBPF_MAP_WRONLY_PROG;
    if ((def->flags & host) == host || (def->flags & programs) == programs)
        return ebpf_map_refuse(map, diag, EBPF_ERR_INVALID, "read-only and write-only at once");
    if (def->max_entries == 0 && !(ops->traits & EBPF_MAP_HOST_ONLY && ops->key_max))
        return ebpf_map_refuse(map, diag, EBPF_ERR_INVALID, "max_entries is 0");
    if (map->element_size && !(ops->traits & EBPF_MAP_SIZE_IS_BYTES) &&
        def->max_entries > EBPF_MAP_SIZE_MAX / (map->element_size + def->key_size))
        return ebpf_map_refuse(map, diag, EBPF_ERR_LIMIT, "it would have more than %llu bytes",
                               (unsigned long long)EBPF_MAP_SIZE_MAX);
    return EBPF_OK;
}

/* Maps of maps keep what their values are. */
static ebpf_status copy_inner(struct ebpf_map *map, const struct ebpf_map_def *inner,
                              struct ebpf_diag *diag)
{
    map->def.inner = NULL;
    if (!(map->ops->traits & EBPF_MAP_OF_MAPS))
        return EBPF_OK;
    const struct ebpf_map_ops *ops = inner ? ebpf_map_kind_ops(inner->kind) : NULL;
    if (!ops || ops->traits & (EBPF_MAP_OF_MAPS | EBPF_MAP_OF_PROGRAMS))
        return ebpf_map_refuse(map, diag, EBPF_ERR_INVALID,
                               inner ? "its inner maps are of a kind that cannot be one"
                                     : "it has no definition of its inner maps");
    struct ebpf_map_def *copy = ebpf_mem_zalloc(&map->mem, 1, sizeof(*copy));
    if (!copy)
        return EBPF_ERR_NOMEM;
    *copy = *inner;
    copy->name = NULL;
    copy->inner = NULL;
    map->def.inner = copy;
    return EBPF_OK;
}

static ebpf_status copy_name(struct ebpf_map *map, const char *name)
{
    map->def.name = NULL;
    if (!name)
        return EBPF_OK;
    char *copy = ebpf_mem_alloc(&map->mem, strlen(name) + 1);
    if (!copy)
        return EBPF_ERR_NOMEM;
    memcpy(copy, name, strlen(name) + 1);
    map->def.name = copy;
    return EBPF_OK;
}

static ebpf_status set_up(struct ebpf_map *map, const struct ebpf_map_def *def,
                          struct ebpf_diag *diag)
{
    bool per_cpu = map->ops->traits & EBPF_MAP_PER_CPU;
    map->def = *def;
    map->copies = per_cpu ? ebpf_map_cpus() : 1;
    map->def.name = NULL;
    map->def.inner = NULL;
    ebpf_status status = copy_name(map, def->name);
    if (status)
        return status;
    map->value_stride = (def->value_size + 7) & ~7u;
    map->element_size = (uint64_t)map->value_stride * map->copies;
    if (ebpf_map_has_addresses(map))
        map->element_size = map->value_stride = sizeof(struct ebpf_map *);
    status = check(map, diag);
    if (!status)
        status = copy_inner(map, def->inner, diag);
    if (!status && per_cpu) {
        map->cpu_busy = ebpf_mem_zalloc(&map->mem, map->copies, sizeof(*map->cpu_busy));
        status = map->cpu_busy ? EBPF_OK : EBPF_ERR_NOMEM;
    }
    return status;
}

static void destroy(struct ebpf_map *map)
{
    struct ebpf_mem mem = map->mem;
    ebpf_mem_free(&mem, map->cpu_busy, map->copies * sizeof(*map->cpu_busy));
    ebpf_mem_free(&mem, (void *)(uintptr_t)map->def.inner, sizeof(*map->def.inner));
    if (map->def.name)
        ebpf_mem_free(&mem, (void *)(uintptr_t)map->def.name, strlen(map->def.name) + 1);
    ebpf_mem_free(&mem, map, map->ops->size);
}

ebpf_status ebpf_map_new_of(const struct ebpf_map_ops *ops, const struct ebpf_map_def *def,
                            const struct ebpf_mem *given, struct ebpf_diag *diag,
                            struct ebpf_map **out)
{
    struct ebpf_mem mem = ebpf_mem_or_default(given);
    struct ebpf_map *map = ebpf_mem_zalloc(&mem, 1, ops->size);
    *out = NULL;
    if (!map)
        return EBPF_ERR_NOMEM;
    map->ops = ops;
    map->mem = mem;
    map->refs = map->holders = 1;
    ebpf_status status = set_up(map, def, diag);
    if (!status && ops->open) {
        status = ops->open(map, diag);
        if (status)
            ops->close(map);
    }
    if (status)
        destroy(map);
    else
        *out = map;
    return status;
}

ebpf_status ebpf_map_new(const struct ebpf_map_def *def, const struct ebpf_mem *mem,
                         struct ebpf_diag *diag, struct ebpf_map **out)
{
    const struct ebpf_map_ops *ops = ebpf_map_kind_ops(def->kind);
    *out = NULL;
    if (!ops) {
        const char *name = ebpf_map_kind_name(def->kind);
        return report(name ? name : "?", def->name, diag, EBPF_ERR_UNSUPPORTED,
                      "there are no maps of this kind");
    }
    return ebpf_map_new_of(ops, def, mem, diag, out);
}

struct ebpf_map *ebpf_map_ref(struct ebpf_map *map)
{
    __atomic_fetch_add(&map->refs, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&map->holders, 1, __ATOMIC_RELAXED);
    return map;
}

/* The reference itself stays: what is dropped here may have the others. */
void ebpf_map_forsake(struct ebpf_map *map)
{
    bool was_last = __atomic_fetch_sub(&map->holders, 1, __ATOMIC_ACQ_REL) == 1;
    if (was_last && map->ops->abandon)
        map->ops->abandon(map);
}

void ebpf_map_drop(struct ebpf_map *map)
{
    if (__atomic_fetch_sub(&map->refs, 1, __ATOMIC_ACQ_REL) != 1)
        return;
    if (map->ops->close)
        map->ops->close(map);
    destroy(map);
}

void ebpf_map_unref(struct ebpf_map *map)
{
    if (!map)
        return;
    ebpf_map_forsake(map);
    ebpf_map_drop(map);
}

const struct ebpf_map_def *ebpf_map_definition(const struct ebpf_map *map)
{
    return &map->def;
}

size_t ebpf_map_host_size(const struct ebpf_map *map)
{
    if (map->ops->traits & EBPF_MAP_PER_CPU)
        return map->element_size;
    return map->def.value_size;
}

void ebpf_map_freeze(struct ebpf_map *map)
{
    __atomic_store_n(&map->frozen, 1, __ATOMIC_RELAXED);
}

bool ebpf_map_fits_inner(const struct ebpf_map *outer, const struct ebpf_map *inner)
{
    const struct ebpf_map_def *want = outer->def.inner, *have = &inner->def;
    if (!want || have->kind != want->kind || have->key_size != want->key_size ||
        have->value_size != want->value_size || have->flags != want->flags)
        return false;
    return !inner->values || have->flags & EBPF_MAP_INNER || have->max_entries == want->max_entries;
}
