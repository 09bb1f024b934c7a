/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Maps in files.  Numbers are little-endian:
 *
 *     "EBPFMAP" and a version            8 bytes
 *     kind, key_size, value_size, max_entries, flags, processors, length of the name, 0
 *                                        4 bytes each
 *     extra                              8 bytes
 *     the name                           without a NUL
 *     elements: key, then value          the values of all processors, each rounded up to 8 bytes
 *     a checksum of all that             8 bytes
 *
 * How many elements there are follows from the size of the file.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/maps/hash_key.h"
#include "vm/maps/map.h"

enum { NUMBERS = 8, HEADER = 8 + 4 * NUMBERS + 8, CHECKSUM = 8, NAME_MAX_LENGTH = 255 };
enum { KIND, KEY_SIZE, VALUE_SIZE, MAX_ENTRIES, FLAGS, PROCESSORS, NAME_LENGTH, RESERVED };

static const char magic[8] = "EBPFMAP\1";

/* A file that is written or read, and what can be said about it. */
struct file {
    FILE *stream;
    const char *path;
    uint64_t sum;
    struct ebpf_diag *diag;
};

/* A call of the system has failed, which `errno` tells. */
static ebpf_status refuse_system(const struct file *f, const char *what)
{
    const struct ebpf_diag_entry entry = {.status = EBPF_ERR_IO, .pc = EBPF_PC_NONE,
                                          .file = f->path,
                                          .advice = ebpf_status_advice(EBPF_ERR_IO)};
    ebpf_diag_add(f->diag, &entry, "%s: %s", what, strerror(errno));
    return EBPF_ERR_IO;
}

static ebpf_status refuse(const struct file *f, ebpf_status status, const char *why)
{
    if (f->stream && ferror(f->stream)) /* that is why there is less than there should be */
        return refuse_system(f, "the file cannot be read");
    const struct ebpf_diag_entry entry = {.status = status, .pc = EBPF_PC_NONE, .file = f->path,
                                          .advice = ebpf_status_advice(status)};
    ebpf_diag_add(f->diag, &entry, "%s", why);
    return status;
}

static void add_to_sum(struct file *f, const void *data, size_t size)
{
    for (const uint8_t *at = data; size; at++, size--)
        f->sum = (f->sum ^ *at) * UINT64_C(0x100000001b3);
}

static bool put(struct file *f, const void *data, size_t size)
{
    add_to_sum(f, data, size);
    return fwrite(data, 1, size, f->stream) == size;
}

static bool get(struct file *f, void *data, size_t size)
{
    bool all = fread(data, 1, size, f->stream) == size;
    if (all)
        add_to_sum(f, data, size);
    return all;
}

static void to_bytes(uint8_t *bytes, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(number >> 8 * i);
}

static uint64_t from_bytes(const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;
    for (size_t i = size; i-- > 0;)
        number = number << 8 | bytes[i];
    return number;
}

/* Whether all there is of a map are its keys and values. */
static bool can_be_kept(const struct ebpf_map_ops *ops)
{
    return ops && ops->lookup && ops->update && ops->next &&
           !(ops->traits & (EBPF_MAP_OF_MAPS | EBPF_MAP_OF_PROGRAMS));
}

static bool put_header(struct file *f, const struct ebpf_map *map)
{
    const struct ebpf_map_def *def = &map->def;
    size_t length = def->name ? strlen(def->name) : 0;
    length = length < NAME_MAX_LENGTH ? length : NAME_MAX_LENGTH;
    const uint64_t numbers[NUMBERS] = {
        [KIND] = (uint64_t)def->kind,       [KEY_SIZE] = def->key_size,
        [VALUE_SIZE] = def->value_size,     [MAX_ENTRIES] = def->max_entries,
        [FLAGS] = def->flags,               [PROCESSORS] = map->copies,
        [NAME_LENGTH] = length};
    uint8_t header[HEADER];
    memcpy(header, magic, sizeof(magic));
    for (size_t i = 0; i < NUMBERS; i++)
        to_bytes(header + 8 + 4 * i, numbers[i], 4);
    to_bytes(header + HEADER - 8, def->extra, 8);
    return put(f, header, sizeof(header)) && put(f, length ? def->name : "", length);
}

/* What ebpf_map_each() calls. */
struct saving {
    struct file *file;
    size_t key_size, value_size;
};

static int put_element(void *ctx, const void *key, const void *value)
{
    const struct saving *s = ctx;
    return put(s->file, key, s->key_size) && put(s->file, value, s->value_size) ? 0 : -EIO;
}

static ebpf_status put_map(struct file *f, struct ebpf_map *map)
{
    struct saving saving = {f, map->def.key_size, ebpf_map_host_size(map)};
    uint8_t sum[CHECKSUM];
    int error = put_header(f, map) ? ebpf_map_each(map, put_element, &saving) : -EIO;
    to_bytes(sum, f->sum, sizeof(sum));
    if (error == -ENOMEM)
        return EBPF_ERR_NOMEM;
    if (error == -EPERM)
        return refuse(f, EBPF_ERR_UNSUPPORTED, "the host may not read this map");
    if (error || !put(f, sum, sizeof(sum)) || fflush(f->stream) || fsync(fileno(f->stream)))
        return refuse_system(f, "the map cannot be written");
    return EBPF_OK;
}

/* To another file first: whoever reads the old one never sees half of the new one. */
ebpf_status ebpf_map_save(struct ebpf_map *map, const char *path, struct ebpf_diag *diag)
{
    struct file f = {.path = path, .diag = diag};
    if (!can_be_kept(map->ops))
        return refuse(&f, EBPF_ERR_UNSUPPORTED, "maps of this kind cannot be written to files");
    size_t size = strlen(path) + 32;
    char *other = ebpf_mem_alloc(&map->mem, size);
    if (!other)
        return EBPF_ERR_NOMEM;
    snprintf(other, size, "%s.%ld.new", path, (long)getpid());
    f.stream = fopen(other, "wb");
    ebpf_status status =
        f.stream ? put_map(&f, map) : refuse_system(&f, "the file cannot be written");
    if (f.stream && fclose(f.stream) && !status)
        status = refuse_system(&f, "the map cannot be written");
    if (!status && rename(other, path))
        status = refuse_system(&f, "the file cannot be replaced");
    if (status && f.stream)
        remove(other);
    ebpf_mem_free(&map->mem, other, size);
    return status;
}

/* How many elements a file has; `size` is that of one.  False if it ends within one, or if there
 * are more than the map may have; arrays have all of theirs. */
static bool count_elements(const struct file *f, const struct ebpf_map_def *def, uint64_t size,
                           uint64_t *count)
{
    struct stat status;
    long at = ftell(f->stream);
    if (at < 0 || fstat(fileno(f->stream), &status) || status.st_size < at + CHECKSUM)
        return false;
    uint64_t bytes = (uint64_t)(status.st_size - at - CHECKSUM);
    bool array = def->kind == EBPF_MAP_ARRAY || def->kind == EBPF_MAP_PERCPU_ARRAY;
    *count = bytes / size;
    return bytes % size == 0 && (array ? *count == def->max_entries : *count <= def->max_entries);
}

/* The header as a definition; the name goes to name[NAME_MAX_LENGTH + 1]. */
static ebpf_status get_header(struct file *f, struct ebpf_map_def *def, char *name,
                              uint64_t *processors)
{
    uint8_t header[HEADER];
    uint64_t numbers[NUMBERS];
    if (!get(f, header, sizeof(header)) || memcmp(header, magic, sizeof(magic) - 1) != 0)
        return refuse(f, EBPF_ERR_INVALID, "this is no file of a map");
    if (header[7] != (uint8_t)magic[7])
        return refuse(f, EBPF_ERR_UNSUPPORTED, "the map was written by another version");
    for (size_t i = 0; i < NUMBERS; i++)
        numbers[i] = from_bytes(header + 8 + 4 * i, 4);
    uint64_t length = numbers[NAME_LENGTH];
    if (length > NAME_MAX_LENGTH || numbers[RESERVED] || !get(f, name, length))
        return refuse(f, EBPF_ERR_INVALID, "the file is damaged");
    name[length] = '\0';
    *def = (struct ebpf_map_def){.name = length ? name : NULL,
                                 .kind = (enum ebpf_map_kind)numbers[KIND],
                                 .key_size = (uint32_t)numbers[KEY_SIZE],
                                 .value_size = (uint32_t)numbers[VALUE_SIZE],
                                 .max_entries = (uint32_t)numbers[MAX_ENTRIES],
                                 .flags = (uint32_t)numbers[FLAGS],
                                 .extra = from_bytes(header + HEADER - 8, 8)};
    *processors = numbers[PROCESSORS];
    return EBPF_OK;
}

/* The elements, for the host's rights do not bind who loads. */
static ebpf_status get_elements(struct file *f, struct ebpf_map *map, uint64_t count)
{
    size_t key_size = map->def.key_size, size = key_size + ebpf_map_host_size(map);
    uint8_t *element = ebpf_mem_alloc(&map->mem, size), sum[CHECKSUM];
    ebpf_status status = element ? EBPF_OK : EBPF_ERR_NOMEM;
    for (uint64_t i = 0; i < count && !status; i++) {
        const struct ebpf_map_value value = {.data = element + key_size,
                                             .cpu = EBPF_MAP_ALL_CPUS};
        int error = get(f, element, size)
                        ? map->ops->update(map, element, &value, EBPF_UPDATE_ANY) : -EIO;
        if (error)
            status = error == -ENOMEM ? EBPF_ERR_NOMEM
                                      : refuse(f, EBPF_ERR_INVALID, "the file is damaged");
    }
    uint64_t wanted = f->sum;
    if (!status && (!get(f, sum, sizeof(sum)) || from_bytes(sum, sizeof(sum)) != wanted))
        status = refuse(f, EBPF_ERR_INVALID, "the file is damaged");
    ebpf_mem_free(&map->mem, element, size);
    return status;
}

static ebpf_status get_map(struct file *f, const struct ebpf_mem *mem, struct ebpf_map **out)
{
    char name[NAME_MAX_LENGTH + 1];
    struct ebpf_map_def def;
    uint64_t processors = 0, count;
    ebpf_status status = get_header(f, &def, name, &processors);
    if (status)
        return status;
    const struct ebpf_map_ops *ops = ebpf_map_kind_ops(def.kind);
    if (!can_be_kept(ops))
        return refuse(f, EBPF_ERR_INVALID, "maps of this kind cannot be read from files");
    bool per_cpu = ops->traits & EBPF_MAP_PER_CPU;
    if (processors != (per_cpu ? ebpf_map_cpus() : 1))
        return refuse(f, EBPF_ERR_UNSUPPORTED,
                      "the map was written on a host with another number of processors");
    uint64_t stride = per_cpu ? ((uint64_t)def.value_size + 7) & ~UINT64_C(7) : def.value_size;
    uint64_t size = def.key_size + stride * processors;
    if (size == 0 || !count_elements(f, &def, size, &count))
        return refuse(f, EBPF_ERR_INVALID, "the file is damaged");
    status = ebpf_map_new(&def, mem, f->diag, out);
    if (!status)
        status = get_elements(f, *out, count);
    return status;
}

ebpf_status ebpf_map_load(const char *path, const struct ebpf_mem *mem, struct ebpf_diag *diag,
                          struct ebpf_map **out)
{
    struct file f = {.stream = fopen(path, "rb"), .path = path, .diag = diag};
    *out = NULL;
    if (!f.stream)
        return refuse_system(&f, "the file cannot be read");
    ebpf_status status = get_map(&f, mem, out);
    fclose(f.stream);
    if (status) {
        ebpf_map_unref(*out);
        *out = NULL;
    }
    return status;
}
