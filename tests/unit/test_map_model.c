/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Every kind of map against a plain model, from four threads at once.  Each thread has keys of its
 * own, so that its model says exactly what the map must answer, whatever the others do; what has no
 * keys is compared as a whole.  EBPF_TEST_RUNS sets the number of operations.
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

#include "tests/unit/failing_mem.h"

enum { THREADS = 4, KEYS = 64, ALL_KEYS = THREADS * KEYS, KEY_MAX = 24 };

/* Kinds with keys; there is always room for all of these. */
static const struct ebpf_map_def keyed[] = {
    {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 16, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_PERCPU_ARRAY, .key_size = 4, .value_size = 8, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 16, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 8, .max_entries = ALL_KEYS,
     .flags = EBPF_MAP_NO_PREALLOC},
    {.kind = EBPF_MAP_HASH, .key_size = 3, .value_size = 8, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_HASH, .key_size = 8, .value_size = 8, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_HASH, .key_size = 16, .value_size = 8, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_HASH, .key_size = 21, .value_size = 8, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_PERCPU_HASH, .key_size = 4, .value_size = 8, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_LRU_HASH, .key_size = 4, .value_size = 16, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_LRU_HASH, .key_size = 16, .value_size = 16, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_LRU_PERCPU_HASH, .key_size = 4, .value_size = 8, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_LPM_TRIE, .key_size = 8, .value_size = 16, .max_entries = ALL_KEYS,
     .flags = EBPF_MAP_NO_PREALLOC},
    {.kind = EBPF_MAP_DEVMAP, .key_size = 4, .value_size = 8, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_DEVMAP_HASH, .key_size = 4, .value_size = 8, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_CPUMAP, .key_size = 4, .value_size = 8, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_XSKMAP, .key_size = 4, .value_size = 4, .max_entries = ALL_KEYS},
    {.kind = EBPF_MAP_CGROUP_ARRAY, .key_size = 4, .value_size = 4, .max_entries = ALL_KEYS},
};
enum { KEYED = sizeof(keyed) / sizeof(keyed[0]) };

static int operations(void)
{
    const char *text = getenv("EBPF_TEST_RUNS");
    return text ? atoi(text) : 5000;
}

static uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(*state >> 33);
}

static struct ebpf_map *make(const struct ebpf_map_def *def)
{
    struct ebpf_map *map;
    ck_assert_int_eq(ebpf_map_new(def, NULL, NULL, &map), EBPF_OK);
    return map;
}

/* What a thread knows of its keys. */
struct worker {
    struct ebpf_map *map;
    uint32_t number;
    bool there[KEYS];
    uint32_t values[KEYS];
    const char *wrong; /* what was not as the model says */
};

/* Arrays have all elements at all times; whether elements of arrays of places may be replaced
 * depends on nothing. */
static bool is_array(const struct ebpf_map *map)
{
    enum ebpf_map_kind kind = ebpf_map_definition(map)->kind;
    return kind == EBPF_MAP_ARRAY || kind == EBPF_MAP_PERCPU_ARRAY;
}

static bool has_places(const struct ebpf_map *map)
{
    enum ebpf_map_kind kind = ebpf_map_definition(map)->kind;
    return kind == EBPF_MAP_DEVMAP || kind == EBPF_MAP_CPUMAP || kind == EBPF_MAP_XSKMAP ||
           kind == EBPF_MAP_CGROUP_ARRAY;
}

static bool is_trie(const struct ebpf_map *map)
{
    return ebpf_map_definition(map)->kind == EBPF_MAP_LPM_TRIE;
}

/* Whole keys, which start with a number; as prefixes, all bits count. */
static void make_key(const struct worker *w, uint32_t i, uint8_t key[KEY_MAX])
{
    uint32_t number = w->number * KEYS + i, bits = 32;
    memset(key, 0xee, KEY_MAX);
    memcpy(key, is_trie(w->map) ? &bits : &number, 4);
    memcpy(key + 4, &number, 4);
}

static uint32_t number_of(const struct ebpf_map *map, const uint8_t *key)
{
    uint32_t number = 0, size = ebpf_map_definition(map)->key_size;
    memcpy(&number, is_trie(map) ? key + 4 : key, size < 4 ? size : 4);
    return number;
}

/* Values say their number in each 4 bytes. */
static void fill(const struct worker *w, uint32_t value, uint32_t *room)
{
    for (size_t i = 0; i < ebpf_map_host_size(w->map) / 4; i++)
        room[i] = value;
}

static int expected_update(const struct worker *w, uint32_t i, uint64_t mode)
{
    if (has_places(w->map))
        return mode == EBPF_UPDATE_ANY ? 0 : -EINVAL;
    if (mode > EBPF_UPDATE_EXIST)
        return -EINVAL;
    if (w->there[i] && mode == EBPF_UPDATE_NOEXIST)
        return -EEXIST;
    return !w->there[i] && mode == EBPF_UPDATE_EXIST ? -ENOENT : 0;
}

static void update(struct worker *w, uint32_t i, uint64_t *state)
{
    uint8_t key[KEY_MAX];
    uint32_t value = next_random(state), room[2048];
    uint64_t mode = next_random(state) % 8 < 5 ? EBPF_UPDATE_ANY : next_random(state) % 4;
    make_key(w, i, key);
    fill(w, value, room);
    int expected = expected_update(w, i, mode), error = ebpf_map_update(w->map, key, room, mode);
    if (error == -ENOMEM && !expected)
        return; /* a thread that is not running holds up what was removed */
    if (error != expected)
        w->wrong = "update";
    if (expected)
        return;
    w->there[i] = true;
    w->values[i] = value;
}

static void look_up(struct worker *w, uint32_t i)
{
    uint8_t key[KEY_MAX];
    uint32_t room[2048] = {0};
    make_key(w, i, key);
    int error = ebpf_map_lookup(w->map, key, room);
    if (error != (w->there[i] ? 0 : -ENOENT))
        w->wrong = "lookup";
    for (size_t n = 0; !error && n < ebpf_map_host_size(w->map) / 4; n++)
        if (room[n] != w->values[i])
            w->wrong = "value";
}

static void delete(struct worker *w, uint32_t i)
{
    uint8_t key[KEY_MAX];
    make_key(w, i, key);
    int expected = is_array(w->map) ? -EINVAL : w->there[i] ? 0 : -ENOENT;
    if (ebpf_map_delete(w->map, key) != expected)
        w->wrong = "delete";
    w->there[i] &= is_array(w->map);
}

/* Keys of anybody, but such as there can be. */
static void iterate(struct worker *w)
{
    uint8_t key[KEY_MAX];
    int error = ebpf_map_next_key(w->map, NULL, key);
    for (int i = 0; !error && i < 10; i++) {
        if (number_of(w->map, key) >= ALL_KEYS)
            w->wrong = "key";
        error = ebpf_map_next_key(w->map, key, key);
    }
    if (error && error != -ENOENT)
        w->wrong = "next key";
}

static void *work(void *arg)
{
    struct worker *w = arg;
    uint64_t state = w->number + 1;
    int count = operations();
    for (int i = 0; i < count && !w->wrong; i++) {
        uint32_t key = next_random(&state) % KEYS, what = next_random(&state) % 100;
        if (what < 40)
            update(w, key, &state);
        else if (what < 75)
            look_up(w, key);
        else if (what < 97)
            delete(w, key);
        else
            iterate(w);
    }
    return NULL;
}

START_TEST(keys_do_what_a_model_does)
{
    static struct worker workers[THREADS];
    pthread_t threads[THREADS];
    struct ebpf_map *map = make(&keyed[_i]);
    for (uint32_t t = 0; t < THREADS; t++) {
        workers[t] = (struct worker){.map = map, .number = t};
        for (int i = 0; i < KEYS; i++)
            workers[t].there[i] = is_array(map);
        ck_assert_int_eq(pthread_create(&threads[t], NULL, work, &workers[t]), 0);
    }
    for (uint32_t t = 0; t < THREADS; t++) {
        pthread_join(threads[t], NULL);
        ck_assert_msg(!workers[t].wrong, "%s: %s", ebpf_map_kind_name(keyed[_i].kind),
                      workers[t].wrong);
    }
    ebpf_map_unref(map);
}
END_TEST

/* So many keys that some buckets of a table overflow. */
enum { CROWD = 20000 };

static void crowd_key(uint32_t i, uint8_t key[KEY_MAX])
{
    memset(key, 0, KEY_MAX);
    memcpy(key, &i, sizeof(i));
}

static int crowd_update(struct ebpf_map *map, uint32_t i, uint32_t value, uint64_t mode)
{
    uint8_t key[KEY_MAX];
    crowd_key(i, key);
    return ebpf_map_update(map, key, &value, mode);
}

/* Every key below CROWD is there with its number plus `more`, but that odd ones may be missing. */
static void check_crowd(struct ebpf_map *map, uint32_t more, bool odd)
{
    uint8_t key[KEY_MAX];
    for (uint32_t i = 0, value; i < CROWD; i++) {
        crowd_key(i, key);
        int error = ebpf_map_lookup(map, key, &value);
        ck_assert_int_eq(error, i % 2 == 0 || odd ? 0 : -ENOENT);
        ck_assert(error || value == i + more);
    }
}

/* Going on from key to key comes by each of them once. */
static void check_walk(struct ebpf_map *map, uint32_t count)
{
    static bool seen[CROWD];
    uint8_t key[KEY_MAX];
    memset(seen, 0, sizeof(seen));
    for (int error = ebpf_map_next_key(map, NULL, key); !error;
         error = ebpf_map_next_key(map, key, key)) {
        uint32_t number = number_of(map, key);
        ck_assert(number < CROWD && !seen[number]);
        seen[number] = true;
        count--;
    }
    ck_assert_uint_eq(count, 0);
}

static const uint32_t crowd_sizes[] = {3, 4, 8, 16, 21};

START_TEST(crowded_tables_lose_nothing)
{
    const struct ebpf_map_def def = {.kind = EBPF_MAP_HASH, .key_size = crowd_sizes[_i],
                                     .value_size = 4, .max_entries = CROWD};
    struct ebpf_map *map = make(&def);
    uint8_t key[KEY_MAX];
    for (uint32_t i = 0; i < CROWD; i++)
        ck_assert_int_eq(crowd_update(map, i, i, EBPF_UPDATE_NOEXIST), 0);
    ck_assert_int_eq(crowd_update(map, CROWD, 0, EBPF_UPDATE_ANY), -E2BIG);
    check_crowd(map, 0, true);
    check_walk(map, CROWD);
    for (uint32_t i = 0; i < CROWD; i++)
        ck_assert_int_eq(crowd_update(map, i, i + 7, EBPF_UPDATE_EXIST), 0);
    check_crowd(map, 7, true);
    for (uint32_t i = 1; i < CROWD; i += 2) {
        crowd_key(i, key);
        ck_assert_int_eq(ebpf_map_delete(map, key), 0);
        ck_assert_int_eq(ebpf_map_delete(map, key), -ENOENT);
    }
    check_crowd(map, 7, false);
    check_walk(map, CROWD / 2);
    for (uint32_t i = 1; i < CROWD; i += 2)
        ck_assert_int_eq(crowd_update(map, i, i + 7, EBPF_UPDATE_NOEXIST), 0);
    check_crowd(map, 7, true);
    ebpf_map_unref(map);
}
END_TEST

/* Queues and stacks: what is taken was added, and only once. */
struct mover {
    struct ebpf_map *map;
    uint32_t number;
    uint64_t added, taken; /* sums */
};

static void *move(void *arg)
{
    struct mover *m = arg;
    uint64_t state = m->number + 1;
    int count = operations();
    for (int i = 0; i < count; i++) {
        uint32_t value = next_random(&state) % 1000000 + 1;
        if (next_random(&state) % 2)
            m->added += ebpf_map_update(m->map, NULL, &value, EBPF_UPDATE_ANY) == 0 ? value : 0;
        else if (ebpf_map_take(m->map, NULL, &value) == 0)
            m->taken += value;
    }
    return NULL;
}

static const enum ebpf_map_kind moving[] = {EBPF_MAP_QUEUE, EBPF_MAP_STACK};

START_TEST(values_are_taken_once)
{
    const struct ebpf_map_def def = {.kind = moving[_i], .value_size = 4, .max_entries = 50};
    struct ebpf_map *map = make(&def);
    struct mover movers[THREADS];
    pthread_t threads[THREADS];
    uint64_t balance = 0;
    for (uint32_t t = 0; t < THREADS; t++) {
        movers[t] = (struct mover){map, t, 0, 0};
        ck_assert_int_eq(pthread_create(&threads[t], NULL, move, &movers[t]), 0);
    }
    for (uint32_t t = 0; t < THREADS; t++) {
        pthread_join(threads[t], NULL);
        balance += movers[t].added - movers[t].taken;
    }
    for (uint32_t value; ebpf_map_take(map, NULL, &value) == 0;)
        balance -= value;
    ck_assert_uint_eq(balance, 0);
    ebpf_map_unref(map);
}
END_TEST

/* Bloom filters: what a thread has added it finds. */
static void *add_and_ask(void *arg)
{
    struct mover *m = arg;
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t value = m->number * 1000000 + i, earlier = m->number * 1000000 + i / 2;
        m->added += ebpf_map_update(m->map, NULL, &value, EBPF_UPDATE_ANY) != 0;
        m->added += ebpf_map_lookup(m->map, NULL, &earlier) != 0;
    }
    return NULL;
}

START_TEST(filters_forget_nothing)
{
    const struct ebpf_map_def def = {.kind = EBPF_MAP_BLOOM_FILTER, .value_size = 4,
                                     .max_entries = THREADS * 1000};
    struct ebpf_map *map = make(&def);
    struct mover movers[THREADS];
    pthread_t threads[THREADS];
    for (uint32_t t = 0; t < THREADS; t++) {
        movers[t] = (struct mover){map, t, 0, 0};
        ck_assert_int_eq(pthread_create(&threads[t], NULL, add_and_ask, &movers[t]), 0);
    }
    for (uint32_t t = 0; t < THREADS; t++) {
        pthread_join(threads[t], NULL);
        ck_assert_uint_eq(movers[t].added, 0);
    }
    ebpf_map_unref(map);
}
END_TEST

static const struct ebpf_map_def unkeyed[] = {
    {.kind = EBPF_MAP_RINGBUF, .max_entries = 4096},
    {.kind = EBPF_MAP_PERF_EVENT_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 2},
    {.kind = EBPF_MAP_PROG_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 2},
};
enum { UNKEYED = sizeof(unkeyed) / sizeof(unkeyed[0]) };

START_TEST(every_allocation_may_fail)
{
    const struct ebpf_map_def *def = _i < (int)KEYED ? &keyed[_i] : &unkeyed[_i - (int)KEYED];
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_map *map;
        ebpf_status status = ebpf_map_new(def, &f.mem, NULL, &map);
        failing_mem_check(&f, status);
        ebpf_map_unref(map);
    }
}
END_TEST

static TCase *model(void)
{
    TCase *tc = tcase_create("model");
    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, keys_do_what_a_model_does, 0, KEYED);
    tcase_add_loop_test(tc, crowded_tables_lose_nothing, 0,
                        sizeof(crowd_sizes) / sizeof(crowd_sizes[0]));
    tcase_add_loop_test(tc, values_are_taken_once, 0, 2);
    tcase_add_test(tc, filters_forget_nothing);
    tcase_add_loop_test(tc, every_allocation_may_fail, 0, KEYED + UNKEYED);
    return tc;
}

RUN_SUITE("vm/maps/model", model)
