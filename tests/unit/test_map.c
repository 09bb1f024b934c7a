/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Maps and the host: definitions, every kind with keys against a plain model, threads, failing
 * allocations. */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include <ebpfvm/map.h>

#include "tests/unit/failing_mem.h"

enum { KEYS = 48, ROOM = 32, CPUS_MAX = 256 };

/* How a kind differs, in the model's eyes. */
enum traits { ARRAY = 1, LRU = 2, PER_CPU = 4, TRIE = 8 };

static const struct {
    struct ebpf_map_def def;
    int traits;
} kinds[] = {
    {{.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 16, .max_entries = ROOM}, ARRAY},
    {{.kind = EBPF_MAP_PERCPU_ARRAY, .key_size = 4, .value_size = 12, .max_entries = ROOM},
     ARRAY | PER_CPU},
    {{.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 16, .max_entries = ROOM}, 0},
    {{.kind = EBPF_MAP_HASH, .key_size = 8, .value_size = 24, .max_entries = ROOM,
      .flags = EBPF_MAP_NO_PREALLOC}, 0},
    {{.kind = EBPF_MAP_HASH, .key_size = 13, .value_size = 13, .max_entries = ROOM,
      .flags = EBPF_MAP_ZERO_SEED}, 0},
    {{.kind = EBPF_MAP_PERCPU_HASH, .key_size = 6, .value_size = 12, .max_entries = ROOM},
     PER_CPU},
    {{.kind = EBPF_MAP_LRU_HASH, .key_size = 8, .value_size = 16, .max_entries = ROOM}, LRU},
    {{.kind = EBPF_MAP_LRU_PERCPU_HASH, .key_size = 4, .value_size = 16, .max_entries = ROOM},
     LRU | PER_CPU},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static struct ebpf_map *make(const struct ebpf_map_def *def)
{
    struct ebpf_map *map;
    ck_assert_int_eq(ebpf_map_new(def, NULL, NULL, &map), EBPF_OK);
    return map;
}

static uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(*state >> 33);
}

/* Keys and values that a number stands for.  All bytes of a value are alike, so that a mixture of
 * two shows. */
static void key_of(uint8_t *key, size_t size, uint32_t number)
{
    memset(key, (int)(number & 0x55), size);
    memcpy(key, &number, 4);
}

static size_t fill_value(const struct ebpf_map *map, uint8_t *value, uint32_t number)
{
    size_t size = ebpf_map_host_size(map), one = ebpf_map_definition(map)->value_size;
    memset(value, 0, size);
    for (size_t at = 0; at + one <= size; at += (one + 7) & ~(size_t)7)
        memset(value + at, (int)(number + at / 8 * 3), one);
    return size;
}

/* What a map should hold. */
struct model {
    bool there[KEYS];
    uint32_t value[KEYS];
    uint32_t count;
};

/* What the model says of an update. */
static int model_update(struct model *m, int traits, uint32_t key, uint32_t value, uint64_t mode)
{
    if (mode > EBPF_UPDATE_EXIST)
        return -EINVAL;
    if (traits & ARRAY && key >= ROOM)
        return -E2BIG;
    bool there = traits & ARRAY || m->there[key];
    if (there && mode == EBPF_UPDATE_NOEXIST)
        return -EEXIST;
    if (!there && mode == EBPF_UPDATE_EXIST)
        return -ENOENT;
    if (!there && m->count == ROOM && !(traits & LRU))
        return -E2BIG;
    m->count += !m->there[key];
    m->there[key] = true;
    m->value[key] = value;
    return 0;
}

static int model_delete(struct model *m, int traits, uint32_t key)
{
    if (traits & ARRAY)
        return -EINVAL;
    if (!m->there[key])
        return -ENOENT;
    m->there[key] = false;
    m->count--;
    return 0;
}

/* What a map has, and by the way whether iteration finds each key once. */
struct census {
    const struct ebpf_map *map;
    struct model *model;
    uint32_t count;
    bool array;
};

static int count_element(void *ctx, const void *key, const void *value)
{
    struct census *c = ctx;
    uint32_t number;
    uint8_t want[64 * CPUS_MAX];
    memcpy(&number, key, 4);
    ck_assert_uint_lt(number, KEYS);
    ck_assert(c->array || c->model->there[number]);
    size_t size = fill_value(c->map, want, c->model->value[number]);
    if (c->model->there[number])
        ck_assert_mem_eq(value, want, size);
    c->count++;
    return 0;
}

/* LRU maps forget: the model forgets what is gone, which can only be some if it was full. */
static void forget_evicted(struct ebpf_map *map, struct model *m)
{
    uint8_t key[16], value[64 * CPUS_MAX];
    uint32_t gone = 0;
    for (uint32_t k = 0; k < KEYS && m->count > ROOM; k++) {
        key_of(key, sizeof(key), k);
        if (m->there[k] && ebpf_map_lookup(map, key, value) == -ENOENT) {
            m->there[k] = false;
            gone++;
        }
    }
    m->count -= gone;
    ck_assert_uint_le(gone, 1);
    ck_assert_uint_le(m->count, ROOM);
}

static void compare(struct ebpf_map *map, struct model *m, int traits)
{
    struct census c = {map, m, 0, traits & ARRAY};
    ck_assert_int_eq(ebpf_map_each(map, count_element, &c), 0);
    ck_assert_uint_eq(c.count, traits & ARRAY ? ROOM : m->count);
}

static void step(struct ebpf_map *map, struct model *m, int traits, uint64_t *state)
{
    uint8_t key[16], value[64 * CPUS_MAX], want[64 * CPUS_MAX];
    uint32_t k = next_random(state) % KEYS, v = next_random(state);
    uint64_t mode = next_random(state) % 8 ? next_random(state) % 3 : 5;
    key_of(key, sizeof(key), k);
    switch (next_random(state) % 4) {
    case 0:
    case 1:
        fill_value(map, value, v);
        ck_assert_int_eq(ebpf_map_update(map, key, value, mode),
                         model_update(m, traits, k, v, mode));
        if (traits & LRU)
            forget_evicted(map, m);
        break;
    case 2:
        ck_assert_int_eq(ebpf_map_delete(map, key), model_delete(m, traits, k));
        break;
    default:
        if (traits & ARRAY && k < ROOM && !m->there[k])
            break;
        ck_assert_int_eq(ebpf_map_lookup(map, key, value), m->there[k] ? 0 : -ENOENT);
        if (m->there[k])
            ck_assert_mem_eq(value, want, fill_value(map, want, m->value[k]));
    }
}

START_TEST(does_what_a_model_does)
{
    uint64_t state = 7;
    struct ebpf_map *map = make(&kinds[_i].def);
    struct model m = {0};
    for (int i = 0; i < 20000; i++) {
        step(map, &m, kinds[_i].traits, &state);
        if (i % 256 == 0)
            compare(map, &m, kinds[_i].traits);
    }
    ck_assert_int_eq(ebpf_map_clear(map), 0);
    m = (struct model){0};
    compare(map, &m, kinds[_i].traits);
    ebpf_map_unref(map);
}
END_TEST

/* Each thread has keys of its own, and looks at those of others, whose values must be whole. */
struct worker {
    struct ebpf_map *map;
    int traits;
    uint32_t number;
    const char *wrong;
};

static void look(struct worker *w, uint32_t k)
{
    uint8_t key[16], value[64 * CPUS_MAX], want[64 * CPUS_MAX];
    key_of(key, sizeof(key), k);
    int error = ebpf_map_lookup(w->map, key, value);
    if (error && error != -ENOENT)
        w->wrong = "lookup";
    if (error || w->traits & (ARRAY | PER_CPU))
        return;
    if (memcmp(value, want, fill_value(w->map, want, value[0])) != 0)
        w->wrong = "a value is torn";
}

static void *work(void *arg)
{
    struct worker *w = arg;
    uint64_t state = w->number;
    uint8_t key[16], value[64 * CPUS_MAX], next[16];
    for (int i = 0; i < 5000; i++) {
        uint32_t k = next_random(&state) % 32 * 4;
        if (w->traits & ARRAY)
            k %= ROOM;
        key_of(key, sizeof(key), k + (w->traits & ARRAY ? 0 : w->number));
        switch (next_random(&state) % 4) {
        case 0:
            fill_value(w->map, value, next_random(&state));
            if (ebpf_map_update(w->map, key, value, 0) > 0)
                w->wrong = "update";
            break;
        case 1:
            ebpf_map_delete(w->map, key);
            break;
        case 2:
            look(w, next_random(&state) % 128 % (w->traits & ARRAY ? ROOM : 128));
            break;
        default:
            if (ebpf_map_next_key(w->map, key, next) > 0)
                w->wrong = "next_key";
        }
    }
    return NULL;
}

START_TEST(threads_share_a_map)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    struct worker workers[THREADS];
    struct ebpf_map *map = make(&kinds[_i].def);
    for (uint32_t t = 0; t < THREADS; t++) {
        workers[t] = (struct worker){map, kinds[_i].traits, t, NULL};
        ck_assert_int_eq(pthread_create(&threads[t], NULL, work, &workers[t]), 0);
    }
    for (int t = 0; t < THREADS; t++) {
        pthread_join(threads[t], NULL);
        ck_assert_msg(!workers[t].wrong, "%s", workers[t].wrong);
    }
    ck_assert_int_eq(ebpf_map_clear(map), 0);
    ebpf_map_unref(map);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_map *map;
        struct ebpf_map_def def = kinds[_i].def;
        def.name = "its name";
        ebpf_status status = ebpf_map_new(&def, &f.mem, NULL, &map);
        ck_assert_ptr_eq(map, status ? NULL : map);
        failing_mem_check(&f, status);
        ebpf_map_unref(map);
    }
}
END_TEST

/* Elements get their memory later, one slab after the other. */
START_TEST(later_allocations_may_fail)
{
    const struct ebpf_map_def def = {.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 8,
                                     .max_entries = 256, .flags = EBPF_MAP_NO_PREALLOC};
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_map *map;
        bool failed = false;
        uint64_t value = 1;
        ebpf_status status = ebpf_map_new(&def, &f.mem, NULL, &map);
        for (uint32_t k = 0; !status && k < 256; k++) {
            int error = ebpf_map_update(map, &k, &value, 0);
            ck_assert(error == 0 || error == -ENOMEM);
            failed |= error != 0;
        }
        ck_assert_int_eq(status == EBPF_ERR_NOMEM || failed, f.failed);
        ebpf_map_unref(map);
    }
}
END_TEST

START_TEST(definitions_are_checked)
{
    static const struct {
        struct ebpf_map_def def;
        ebpf_status status;
    } cases[] = {
        {{.kind = EBPF_MAP_SK_STORAGE, 0}, EBPF_ERR_UNSUPPORTED},
        {{.kind = (enum ebpf_map_kind)999, 0}, EBPF_ERR_UNSUPPORTED},
        {{.kind = EBPF_MAP_ARRAY, .key_size = 8, .value_size = 4, .max_entries = 1},
         EBPF_ERR_INVALID},
        {{.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 0, .max_entries = 1},
         EBPF_ERR_INVALID},
        {{.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 0},
         EBPF_ERR_INVALID},
        {{.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1,
          .flags = EBPF_MAP_NO_PREALLOC}, EBPF_ERR_INVALID},
        {{.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = EBPF_MAP_ITEM_MAX + 1,
          .max_entries = 1}, EBPF_ERR_LIMIT},
        {{.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 1 << 20, .max_entries = 1 << 20},
         EBPF_ERR_LIMIT},
        {{.kind = EBPF_MAP_HASH, .key_size = 0, .value_size = 4, .max_entries = 1},
         EBPF_ERR_INVALID},
        {{.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 4, .max_entries = 1u << 28},
         EBPF_ERR_LIMIT},
        {{.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 4, .max_entries = 1,
          .flags = EBPF_MAP_RDONLY_PROG | EBPF_MAP_WRONLY_PROG}, EBPF_ERR_INVALID},
        {{.kind = EBPF_MAP_LRU_HASH, .key_size = 4, .value_size = 4, .max_entries = 1,
          .flags = EBPF_MAP_NO_PREALLOC}, EBPF_ERR_INVALID},
        {{.kind = EBPF_MAP_HASH_OF_MAPS, .key_size = 4, .value_size = 4, .max_entries = 1},
         EBPF_ERR_INVALID},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct ebpf_map *map;
        struct ebpf_diag *diag = ebpf_diag_new(NULL);
        ck_assert_msg(ebpf_map_new(&cases[i].def, NULL, diag, &map) == cases[i].status,
                      "case %zu", i);
        ck_assert_ptr_null(map);
        ck_assert_uint_eq(ebpf_diag_count(diag), 1);
        ebpf_diag_free(diag);
    }
}
END_TEST

START_TEST(host_rights_are_kept)
{
    struct ebpf_map_def def = {.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 4,
                               .max_entries = 4, .flags = EBPF_MAP_RDONLY};
    uint32_t key = 1, value = 2;
    struct ebpf_map *map = make(&def);
    ck_assert_int_eq(ebpf_map_update(map, &key, &value, 0), -EPERM);
    ck_assert_int_eq(ebpf_map_delete(map, &key), -EPERM);
    ck_assert_int_eq(ebpf_map_clear(map), -EPERM);
    ck_assert_int_eq(ebpf_map_lookup(map, &key, &value), -ENOENT);
    ebpf_map_unref(map);
    def.flags = EBPF_MAP_WRONLY;
    map = make(&def);
    ck_assert_int_eq(ebpf_map_update(map, &key, &value, 0), 0);
    ck_assert_int_eq(ebpf_map_lookup(map, &key, &value), -EPERM);
    ck_assert_int_eq(ebpf_map_next_key(map, NULL, &key), -EPERM);
    ebpf_map_freeze(map);
    ck_assert_int_eq(ebpf_map_update(map, &key, &value, 0), -EPERM);
    ebpf_map_unref(map);
}
END_TEST

START_TEST(batches_and_taking)
{
    const struct ebpf_map_def def = {.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 8,
                                     .max_entries = 8};
    struct ebpf_map *map = make(&def);
    uint32_t keys[12], all = 0, last;
    uint64_t values[12];
    for (uint32_t i = 0; i < 12; i++) {
        keys[i] = i;
        values[i] = 100 + i;
    }
    size_t count = 12;
    ck_assert_int_eq(ebpf_map_update_batch(map, keys, values, 0, &count), -E2BIG);
    ck_assert_uint_eq(count, 8);
    count = 5;
    ck_assert_int_eq(ebpf_map_lookup_batch(map, NULL, keys, values, &count), 0);
    ck_assert_uint_eq(count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        ck_assert_uint_eq(values[i], 100 + keys[i]);
        all |= 1u << keys[i];
    }
    last = keys[4];
    count = 5;
    ck_assert_int_eq(ebpf_map_lookup_batch(map, &last, keys, values, &count), -ENOENT);
    ck_assert_uint_eq(count, 3);
    for (uint32_t i = 0; i < 3; i++)
        all |= 1u << keys[i];
    ck_assert_uint_eq(all, 0xff);
    ck_assert_int_eq(ebpf_map_take(map, &last, values), 0);
    ck_assert_uint_eq(values[0], 100 + last);
    ck_assert_int_eq(ebpf_map_take(map, &last, values), -ENOENT);
    ebpf_map_unref(map);
}
END_TEST

/* What was looked up since it came in stays; what was not makes room. */
START_TEST(lru_keeps_what_is_used)
{
    const struct ebpf_map_def def = {.kind = EBPF_MAP_LRU_HASH, .key_size = 4, .value_size = 4,
                                     .max_entries = 16};
    struct ebpf_map *map = make(&def);
    uint32_t value = 0;
    for (uint32_t k = 0; k < 200; k++) {
        uint32_t used = 3;
        ck_assert_int_eq(ebpf_map_update(map, &k, &k, 0), 0);
        if (k >= used)
            ck_assert_int_eq(ebpf_map_lookup(map, &used, &value), 0);
    }
    ck_assert_uint_eq(value, 3);
    ebpf_map_unref(map);
}
END_TEST

static TCase *maps(void)
{
    TCase *tc = tcase_create("maps");
    tcase_add_loop_test(tc, does_what_a_model_does, 0, KINDS);
    tcase_add_loop_test(tc, threads_share_a_map, 0, KINDS);
    tcase_add_loop_test(tc, every_allocation_may_fail, 0, KINDS);
    tcase_add_test(tc, later_allocations_may_fail);
    tcase_add_test(tc, definitions_are_checked);
    tcase_add_test(tc, host_rights_are_kept);
    tcase_add_test(tc, batches_and_taking);
    tcase_add_test(tc, lru_keeps_what_is_used);
    return tc;
}

RUN_SUITE("vm/maps", maps)
