/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Maps in files: they come back as they were, and files that are damaged do not. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ebpfvm/ebpfvm.h>

#include "tests/unit/failing_mem.h"

static char path[64];

static void name_file(void)
{
    snprintf(path, sizeof(path), "test-map-save.%ld.map", (long)getpid());
}

static void remove_file(void)
{
    remove(path);
}

static const struct ebpf_map_def defs[] = {
    {.name = "hits", .kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 5, .max_entries = 20},
    {.kind = EBPF_MAP_PERCPU_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 20},
    {.name = "flows", .kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 8, .max_entries = 50},
    {.kind = EBPF_MAP_PERCPU_HASH, .key_size = 4, .value_size = 8, .max_entries = 50},
    {.kind = EBPF_MAP_LRU_HASH, .key_size = 4, .value_size = 8, .max_entries = 50},
    {.kind = EBPF_MAP_LPM_TRIE, .key_size = 8, .value_size = 8, .max_entries = 50,
     .flags = EBPF_MAP_NO_PREALLOC},
    {.kind = EBPF_MAP_DEVMAP, .key_size = 4, .value_size = 4, .max_entries = 50},
    {.kind = EBPF_MAP_DEVMAP_HASH, .key_size = 4, .value_size = 8, .max_entries = 50},
};
enum { DEFS = sizeof(defs) / sizeof(defs[0]) };

/* With 20 elements. */
static struct ebpf_map *full_map(const struct ebpf_map_def *def)
{
    struct ebpf_map *map;
    uint32_t values[512];
    ck_assert_int_eq(ebpf_map_new(def, NULL, NULL, &map), EBPF_OK);
    for (uint32_t i = 0; i < 20; i++) {
        const uint32_t key[2] = {def->key_size == 8 ? 32 : i, i};
        for (uint32_t n = 0; n < 512; n++)
            values[n] = i * 1000 + n;
        ck_assert_int_eq(ebpf_map_update(map, key, values, 0), 0);
    }
    return map;
}

static int compare(void *other, const void *key, const void *value)
{
    uint32_t found[512];
    return ebpf_map_lookup(other, key, found) == 0 &&
                   memcmp(found, value, ebpf_map_host_size(other)) == 0
               ? 0 : 1;
}

START_TEST(maps_come_back)
{
    struct ebpf_map *map = full_map(&defs[_i]), *loaded;
    ck_assert_int_eq(ebpf_map_save(map, path, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_map_save(map, path, NULL), EBPF_OK); /* takes the place of the first */
    ck_assert_int_eq(ebpf_map_load(path, NULL, NULL, &loaded), EBPF_OK);
    const struct ebpf_map_def *def = ebpf_map_definition(loaded);
    ck_assert_int_eq(def->kind, defs[_i].kind);
    ck_assert_uint_eq(def->max_entries, defs[_i].max_entries);
    ck_assert_uint_eq(def->flags, defs[_i].flags);
    ck_assert(defs[_i].name ? strcmp(def->name, defs[_i].name) == 0 : def->name == NULL);
    ck_assert_int_eq(ebpf_map_each(map, compare, loaded), 0);
    ck_assert_int_eq(ebpf_map_each(loaded, compare, map), 0);
    ebpf_map_unref(map);
    ebpf_map_unref(loaded);
}
END_TEST

static size_t read_file(uint8_t *bytes, size_t room)
{
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    size_t size = fread(bytes, 1, room, file);
    fclose(file);
    return size;
}

static void write_file(const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void must_be_refused(const uint8_t *bytes, size_t size)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_map *map;
    write_file(bytes, size);
    ck_assert_int_ne(ebpf_map_load(path, NULL, diag, &map), EBPF_OK);
    ck_assert_ptr_null(map);
    ck_assert_uint_ge(ebpf_diag_count(diag), 1);
    ebpf_diag_free(diag);
}

/* Cut anywhere, or with any byte changed; few bits, as the largest maps would be made otherwise. */
START_TEST(damaged_files_are_refused)
{
    static uint8_t bytes[8192];
    struct ebpf_map *map = full_map(&defs[_i]);
    ck_assert_int_eq(ebpf_map_save(map, path, NULL), EBPF_OK);
    size_t size = read_file(bytes, sizeof(bytes));
    ck_assert_uint_gt(size, 100);
    for (size_t i = 0; i < size; i += 1 + i / 50)
        must_be_refused(bytes, i);
    for (size_t i = 0; i < size; i += 1 + i / 50) {
        bytes[i] ^= 1;
        must_be_refused(bytes, size);
        bytes[i] ^= 1;
    }
    must_be_refused(bytes, size + 1);
    ebpf_map_unref(map);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    struct ebpf_map *map = full_map(&defs[_i]);
    ck_assert_int_eq(ebpf_map_save(map, path, NULL), EBPF_OK);
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_map *loaded;
        ebpf_status status = ebpf_map_load(path, &f.mem, NULL, &loaded);
        failing_mem_check(&f, status);
        ebpf_map_unref(loaded);
    }
    ebpf_map_unref(map);
}
END_TEST

START_TEST(what_cannot_be_kept_is_refused)
{
    static const struct ebpf_map_def others[] = {
        {.kind = EBPF_MAP_QUEUE, .value_size = 4, .max_entries = 5},
        {.kind = EBPF_MAP_RINGBUF, .max_entries = 4096},
        {.kind = EBPF_MAP_PROG_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 5},
    };
    struct ebpf_map *map;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        ck_assert_int_eq(ebpf_map_new(&others[i], NULL, NULL, &map), EBPF_OK);
        ck_assert_int_eq(ebpf_map_save(map, path, NULL), EBPF_ERR_UNSUPPORTED);
        ebpf_map_unref(map);
    }
    map = full_map(&defs[0]);
    ck_assert_int_eq(ebpf_map_save(map, "/no/such/folder/map", NULL), EBPF_ERR_IO);
    ebpf_map_unref(map);
    ck_assert_int_eq(ebpf_map_load("/no/such/folder/map", NULL, NULL, &map), EBPF_ERR_IO);
    ck_assert_ptr_null(map);
    /* A folder can be opened, but not read. */
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ck_assert_int_eq(ebpf_map_load("/", NULL, diag, &map), EBPF_ERR_IO);
    ck_assert_str_eq(ebpf_diag_at(diag, 0)->message, "the file cannot be read: Is a directory");
    ebpf_diag_free(diag);
}
END_TEST

/* Whether nothing is left of a file that was written in the place of `path`. */
static bool nothing_beside(void)
{
    char other[sizeof(path) + 32];
    snprintf(other, sizeof(other), "%s.%ld.new", path, (long)getpid());
    return access(other, F_OK) != 0;
}

/* A disk that is full, in the middle of the work: the old file stays. */
START_TEST(a_file_that_cannot_be_written_stays)
{
    static uint8_t before[8192], after[8192];
    struct rlimit limit, old;
    struct ebpf_map *map = full_map(&defs[_i]);
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ck_assert_int_eq(ebpf_map_save(map, path, NULL), EBPF_OK);
    size_t size = read_file(before, sizeof(before));
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    limit = (struct rlimit){64, old.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ebpf_status status = ebpf_map_save(map, path, diag);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    ck_assert_int_eq(status, EBPF_ERR_IO);
    ck_assert_str_eq(ebpf_diag_at(diag, 0)->message, "the map cannot be written: File too large");
    ck_assert(nothing_beside());
    ck_assert_uint_eq(read_file(after, sizeof(after)), size);
    ck_assert_mem_eq(before, after, size);
    ebpf_diag_free(diag);
    ebpf_map_unref(map);
}
END_TEST

START_TEST(what_is_no_file_is_not_replaced)
{
    struct ebpf_map *map = full_map(&defs[0]);
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    remove(path);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_int_eq(ebpf_map_save(map, path, diag), EBPF_ERR_IO);
    ck_assert_ptr_nonnull(strstr(ebpf_diag_at(diag, 0)->message, "cannot be replaced: "));
    ck_assert(nothing_beside());
    ck_assert_int_eq(rmdir(path), 0);
    ebpf_diag_free(diag);
    ebpf_map_unref(map);
}
END_TEST

START_TEST(what_the_host_may_not_read_is_not_written)
{
    struct ebpf_map_def def = defs[0];
    struct ebpf_map *map;
    def.flags |= EBPF_MAP_WRONLY;
    remove(path);
    ck_assert_int_eq(ebpf_map_new(&def, NULL, NULL, &map), EBPF_OK);
    ck_assert_int_eq(ebpf_map_save(map, path, NULL), EBPF_ERR_UNSUPPORTED);
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert(nothing_beside());
    ebpf_map_unref(map);
}
END_TEST

START_TEST(every_allocation_of_saving_may_fail)
{
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_map *map;
        remove(path);
        ebpf_status status = ebpf_map_new(&defs[_i], &f.mem, NULL, &map);
        if (!status)
            status = ebpf_map_save(map, path, NULL);
        failing_mem_check(&f, status);
        ck_assert_int_eq(access(path, F_OK) == 0, status == EBPF_OK);
        ck_assert(nothing_beside());
        ebpf_map_unref(map);
    }
}
END_TEST

static TCase *save(void)
{
    TCase *tc = tcase_create("save");
    tcase_add_checked_fixture(tc, name_file, remove_file);
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, maps_come_back, 0, DEFS);
    tcase_add_loop_test(tc, damaged_files_are_refused, 0, DEFS);
    tcase_add_loop_test(tc, every_allocation_may_fail, 0, DEFS);
    tcase_add_test(tc, what_cannot_be_kept_is_refused);
    tcase_add_loop_test(tc, a_file_that_cannot_be_written_stays, 0, DEFS);
    tcase_add_test(tc, what_is_no_file_is_not_replaced);
    tcase_add_test(tc, what_the_host_may_not_read_is_not_written);
    tcase_add_loop_test(tc, every_allocation_of_saving_may_fail, 0, DEFS);
    return tc;
}

RUN_SUITE("vm/maps/save", save)
