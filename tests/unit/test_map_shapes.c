/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Maps that are no tables, against plain models and from threads: prefixes, queues, stacks, bloom
 * filters, arrays of programs and of maps. */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include <ebpfvm/map.h>

#include "tests/unit/failing_mem.h"

static const struct ebpf_map_def inner_def = {.kind = EBPF_MAP_ARRAY, .key_size = 4,
                                              .value_size = 4, .max_entries = 2};
static const struct ebpf_map_def defs[] = {
    {.kind = EBPF_MAP_LPM_TRIE, .key_size = 6, .value_size = 4, .max_entries = 200,
     .flags = EBPF_MAP_NO_PREALLOC},
    {.kind = EBPF_MAP_QUEUE, .value_size = 4, .max_entries = 7},
    {.kind = EBPF_MAP_STACK, .value_size = 4, .max_entries = 7},
    {.kind = EBPF_MAP_BLOOM_FILTER, .value_size = 4, .max_entries = 100},
    {.kind = EBPF_MAP_DEVMAP, .key_size = 4, .value_size = 4, .max_entries = 8},
    {.kind = EBPF_MAP_ARRAY_OF_MAPS, .key_size = 4, .value_size = 4, .max_entries = 8,
     .inner = &inner_def},
    {.kind = EBPF_MAP_HASH_OF_MAPS, .key_size = 4, .value_size = 4, .max_entries = 8,
     .inner = &inner_def},
};
enum { TRIE, QUEUE, STACK, BLOOM, DEVICES, ARRAY_OF_MAPS, DEFS = 7 };

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

/* Prefixes of up to 16 bits. */
struct prefix {
    uint32_t length;
    uint8_t bytes[2];
};
enum { MOST = 17 << 6 };

/* Few bits vary, so that prefixes meet. */
static struct prefix random_prefix(uint64_t *state)
{
    struct prefix p = {next_random(state) % 17, {0, 0}};
    p.bytes[0] = (uint8_t)(next_random(state) & 0x83);
    p.bytes[1] = (uint8_t)(next_random(state) & 0x81);
    return p;
}

static uint32_t bits_of(const struct prefix *p, uint32_t length)
{
    uint32_t bits = (uint32_t)p->bytes[0] << 8 | p->bytes[1];
    return length ? bits >> (16 - length) : 0;
}

struct trie_model {
    struct prefix prefixes[200];
    uint32_t values[200], count;
};

/* Where the model has a prefix; else `count`. */
static uint32_t model_find(const struct trie_model *m, const struct prefix *p)
{
    uint32_t i = 0;
    while (i < m->count && (m->prefixes[i].length != p->length ||
                            bits_of(&m->prefixes[i], p->length) != bits_of(p, p->length)))
        i++;
    return i;
}

/* The longest prefix that holds a key; else `count`. */
static uint32_t model_match(const struct trie_model *m, const struct prefix *key)
{
    uint32_t best = m->count;
    for (uint32_t i = 0; i < m->count; i++) {
        const struct prefix *p = &m->prefixes[i];
        if (p->length <= key->length && bits_of(p, p->length) == bits_of(key, p->length) &&
            (best == m->count || p->length > m->prefixes[best].length))
            best = i;
    }
    return best;
}

static int model_update(struct trie_model *m, const struct prefix *p, uint32_t value,
                        uint64_t mode)
{
    uint32_t at = model_find(m, p);
    if (mode > EBPF_UPDATE_EXIST)
        return -EINVAL;
    if (at < m->count && mode == EBPF_UPDATE_NOEXIST)
        return -EEXIST;
    if (at == m->count && mode == EBPF_UPDATE_EXIST)
        return -ENOENT;
    if (at == m->count && m->count == 200)
        return -ENOSPC;
    m->count += at == m->count;
    m->prefixes[at] = *p;
    m->values[at] = value;
    return 0;
}

static int model_delete(struct trie_model *m, const struct prefix *p)
{
    uint32_t at = model_find(m, p);
    if (at == m->count)
        return -ENOENT;
    m->count--;
    m->prefixes[at] = m->prefixes[m->count];
    m->values[at] = m->values[m->count];
    return 0;
}

static int count_prefix(void *ctx, const void *key, const void *value)
{
    struct trie_model *m = ctx;
    struct prefix p;
    memcpy(&p.length, key, 4);
    memcpy(p.bytes, (const uint8_t *)key + 4, 2);
    uint32_t at = model_find(m, &p);
    ck_assert_uint_lt(at, m->count);
    ck_assert_mem_eq(&m->values[at], value, 4);
    return 0;
}

/* Each prefix once, and all of them. */
static uint32_t count_keys(struct ebpf_map *map)
{
    uint8_t key[6];
    uint32_t count = 0;
    for (int error = ebpf_map_next_key(map, NULL, key); !error && count <= MOST; count++)
        error = ebpf_map_next_key(map, key, key);
    return count;
}

START_TEST(trie_does_what_a_model_does)
{
    struct ebpf_map *map = make(&defs[TRIE]);
    static struct trie_model m;
    uint64_t state = 3;
    m.count = 0;
    for (int i = 0; i < 30000; i++) {
        struct prefix p = random_prefix(&state);
        uint32_t value = next_random(&state), found = 0, want;
        uint64_t mode = next_random(&state) % 4;
        switch (next_random(&state) % 5) {
        case 0:
        case 1:
            ck_assert_int_eq(ebpf_map_update(map, &p, &value, mode),
                             model_update(&m, &p, value, mode));
            break;
        case 2:
            ck_assert_int_eq(ebpf_map_delete(map, &p), model_delete(&m, &p));
            break;
        default:
            want = model_match(&m, &p);
            ck_assert_int_eq(ebpf_map_lookup(map, &p, &found), want < m.count ? 0 : -ENOENT);
            ck_assert(want == m.count || found == m.values[want]);
        }
        if (i % 100 == 0) {
            ck_assert_int_eq(ebpf_map_each(map, count_prefix, &m), 0);
            ck_assert_uint_eq(count_keys(map), m.count);
        }
    }
    struct prefix long_one = {17, {0, 0}};
    ck_assert_int_eq(ebpf_map_update(map, &long_one, &state, 0), -EINVAL);
    ck_assert_int_eq(ebpf_map_delete(map, &long_one), -EINVAL);
    ck_assert_int_eq(ebpf_map_lookup(map, &long_one, &state), -ENOENT);
    ck_assert_int_eq(ebpf_map_clear(map), 0);
    ck_assert_uint_eq(count_keys(map), 0);
    ebpf_map_unref(map);
}
END_TEST

START_TEST(queues_do_what_a_model_does)
{
    struct ebpf_map *map = make(&defs[QUEUE + _i]);
    uint32_t values[7] = {0}, count = 0;
    uint64_t state = 5;
    for (int i = 0; i < 20000; i++) {
        uint32_t value = next_random(&state), got = 1, last = _i == 0 ? 0 : count - 1;
        uint64_t mode = next_random(&state) % 4;
        int error;
        switch (next_random(&state) % 4) {
        case 0:
        case 1:
            error = ebpf_map_update(map, NULL, &value, mode);
            if (mode == EBPF_UPDATE_NOEXIST || mode > EBPF_UPDATE_EXIST) {
                ck_assert_int_eq(error, -EINVAL);
            } else if (count == 7 && mode == EBPF_UPDATE_ANY) {
                ck_assert_int_eq(error, -E2BIG);
            } else {
                ck_assert_int_eq(error, 0);
                if (count == 7)
                    memmove(values, values + 1, --count * sizeof(values[0]));
                values[count++] = value;
            }
            break;
        case 2:
            ck_assert_int_eq(ebpf_map_lookup(map, NULL, &got), count ? 0 : -ENOENT);
            ck_assert_uint_eq(got, count ? values[last] : 0);
            break;
        default:
            ck_assert_int_eq(ebpf_map_take(map, NULL, &got), count ? 0 : -ENOENT);
            ck_assert_uint_eq(got, count ? values[last] : 0);
            count -= count > 0;
            if (_i == 0)
                memmove(values, values + 1, count * sizeof(values[0]));
        }
    }
    ck_assert_int_eq(ebpf_map_update(map, &count, &count, 0), -EINVAL); /* there are no keys */
    ck_assert_int_eq(ebpf_map_clear(map), 0);
    ck_assert_int_eq(ebpf_map_take(map, NULL, &count), -ENOENT);
    ebpf_map_unref(map);
}
END_TEST

START_TEST(bloom_filters_forget_nothing)
{
    struct ebpf_map *map = make(&defs[BLOOM]);
    uint32_t wrong = 0;
    for (uint32_t v = 0; v < 100; v++)
        ck_assert_int_eq(ebpf_map_update(map, NULL, &v, 0), 0);
    for (uint32_t v = 0; v < 100; v++)
        ck_assert_int_eq(ebpf_map_lookup(map, NULL, &v), 0);
    for (uint32_t v = 1000; v < 11000; v++)
        wrong += ebpf_map_lookup(map, NULL, &v) == 0;
    ck_assert_uint_lt(wrong, 1000); /* a tenth; about 3 % are expected */
    ck_assert_int_eq(ebpf_map_update(map, NULL, &wrong, EBPF_UPDATE_NOEXIST), -EINVAL);
    ck_assert_int_eq(ebpf_map_take(map, NULL, &wrong), -EOPNOTSUPP);
    ck_assert_int_eq(ebpf_map_delete(map, &wrong), -EOPNOTSUPP);
    ebpf_map_unref(map);
}
END_TEST

START_TEST(arrays_of_devices_have_gaps)
{
    struct ebpf_map *map = make(&defs[DEVICES]);
    uint32_t key = 3, device = 42, out = 8;
    ck_assert_int_eq(ebpf_map_lookup(map, &key, &device), -ENOENT);
    ck_assert_int_eq(ebpf_map_update(map, &key, &device, 0), 0);
    ck_assert_int_eq(ebpf_map_lookup(map, &key, &device), 0);
    ck_assert_uint_eq(device, 42);
    ck_assert_int_eq(ebpf_map_update(map, &key, &device, EBPF_UPDATE_EXIST), -EINVAL);
    ck_assert_int_eq(ebpf_map_update(map, &out, &device, 0), -E2BIG);
    ck_assert_int_eq(ebpf_map_delete(map, &key), 0);
    ck_assert_int_eq(ebpf_map_delete(map, &key), -ENOENT);
    ck_assert_int_eq(ebpf_map_update(map, &key, &device, 0), 0);
    ck_assert_int_eq(ebpf_map_clear(map), 0);
    ck_assert_int_eq(ebpf_map_lookup(map, &key, &device), -ENOENT);
    ebpf_map_unref(map);
}
END_TEST

/* Whatever fits into any of the kinds, all at once; what is found must be some thread's. */
static void *work(void *map)
{
    uint64_t state = (uintptr_t)&state;
    struct ebpf_map *inner = make(&inner_def), *found;
    bool keys = ebpf_map_definition(map)->key_size, maps = ebpf_map_definition(map)->inner;
    for (int i = 0; i < 4000; i++) {
        struct prefix p = random_prefix(&state);
        uint32_t value = next_random(&state) % 100 * 65537;
        if (!maps && keys && ebpf_map_definition(map)->key_size == 4)
            p.length %= 8;
        const void *key = keys ? &p : NULL;
        switch (next_random(&state) % 4) {
        case 0:
        case 1:
            if (maps)
                ebpf_map_update_inner(map, key, inner, 0);
            else
                ebpf_map_update(map, key, &value, 0);
            break;
        case 2:
            if (keys)
                ebpf_map_delete(map, key);
            else
                ebpf_map_take(map, NULL, &value);
            break;
        default:
            if (maps && ebpf_map_lookup_inner(map, key, &found) == 0)
                ebpf_map_unref(found);
            else if (!maps)
                ebpf_map_lookup(map, key, &value);
        }
        if (value % 65537)
            return map;
    }
    ebpf_map_unref(inner);
    return NULL;
}

START_TEST(threads_share_a_map)
{
    pthread_t threads[4];
    void *wrong;
    struct ebpf_map *map = make(&defs[_i]);
    for (int t = 0; t < 4; t++)
        ck_assert_int_eq(pthread_create(&threads[t], NULL, work, map), 0);
    for (int t = 0; t < 4; t++) {
        pthread_join(threads[t], &wrong);
        ck_assert_ptr_null(wrong);
    }
    ebpf_map_unref(map);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_map *map;
        ebpf_status status = ebpf_map_new(&defs[_i], &f.mem, NULL, &map);
        failing_mem_check(&f, status);
        ebpf_map_unref(map);
    }
}
END_TEST

static TCase *shapes(void)
{
    TCase *tc = tcase_create("shapes");
    tcase_add_test(tc, trie_does_what_a_model_does);
    tcase_add_loop_test(tc, queues_do_what_a_model_does, 0, 2);
    tcase_add_test(tc, bloom_filters_forget_nothing);
    tcase_add_test(tc, arrays_of_devices_have_gaps);
    tcase_add_loop_test(tc, threads_share_a_map, 0, DEFS);
    tcase_add_loop_test(tc, every_allocation_may_fail, 0, DEFS);
    return tc;
}

RUN_SUITE("vm/maps-shapes", shapes)
