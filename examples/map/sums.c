/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A kind of map of one's own, see docs/howto/add-a-map-kind.md: an array whose elements are sums.
 * An update adds to an element instead of replacing it, and sums stop at the largest number instead
 * of starting again from 0.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

/* With `values` set, engines look elements up in place, and they are memory that programs reach. */
static ebpf_status sums_open(struct ebpf_map *map, struct ebpf_diag *diag)
{
    (void)diag;
    map->values_size = map->element_size * map->def.max_entries;
    map->values = map->mem.resize(map->mem.ctx, NULL, 0, map->values_size);
    if (!map->values)
        return EBPF_ERR_NOMEM;
    memset(map->values, 0, map->values_size);
    map->region = (struct ebpf_region){.base = (uintptr_t)map->values, .size = map->values_size,
                                       .kind = EBPF_REGION_MAP, .writable = 0};
    return EBPF_OK;
}

static void sums_close(struct ebpf_map *map)
{
    if (map->values)
        map->mem.resize(map->mem.ctx, map->values, map->values_size, 0);
}

static void *sums_lookup(struct ebpf_map *map, const void *key)
{
    uint32_t index;
    memcpy(&index, key, sizeof(index));
    return index < map->def.max_entries ? map->values + index * map->element_size : NULL;
}

static int sums_update(struct ebpf_map *map, const void *key, const struct ebpf_map_value *value,
                       uint64_t mode)
{
    uint64_t *sum = sums_lookup(map, key), add, old, new_sum;
    if (mode != EBPF_UPDATE_ANY)
        return -EINVAL;
    if (!sum)
        return -E2BIG;
    memcpy(&add, value->data, sizeof(add));
    old = __atomic_load_n(sum, __ATOMIC_RELAXED);
    do
        new_sum = add > UINT64_MAX - old ? UINT64_MAX : old + add;
    while (!__atomic_compare_exchange_n(sum, &old, new_sum, 1, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED));
    return 0;
}

static int sums_next(struct ebpf_map *map, const void *key, void *next)
{
    uint32_t index = UINT32_MAX;
    if (key)
        memcpy(&index, key, sizeof(index));
    index = index < map->def.max_entries ? index + 1 : 0;
    if (index >= map->def.max_entries)
        return -ENOENT;
    memcpy(next, &index, sizeof(index));
    return 0;
}

static const struct ebpf_map_ops sums = {
    .name = "sums",
    .size = sizeof(struct ebpf_map),
    .key_min = 4, .key_max = 4, .value_min = 8, .value_max = 8,
    .open = sums_open, .close = sums_close,
    .lookup = sums_lookup, .update = sums_update, .next = sums_next,
};

/* Adds the length of the packet to element 1. */
static const char program[] = "stw [r10-4], 1\n"
                              "stxdw [r10-16], r2\n"
                              "lddw r1, map_by_fd(1)\n"
                              "mov r2, r10\n"
                              "add r2, -4\n"
                              "mov r3, r10\n"
                              "add r3, -16\n"
                              "mov r4, 0\n"
                              "call 2\n"
                              "exit\n";

/* A VM that knows the map under the id 1; NULL if something fails. */
static struct ebpf_vm *make_vm(struct ebpf_map *map)
{
    const struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_RAW};
    struct ebpf_program *text = NULL;
    struct ebpf_vm *vm;
    if (ebpf_vm_new(&options, NULL, &vm))
        return NULL;
    if (ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()) || ebpf_vm_add_map(vm, 1, map) ||
        ebpf_assemble(program, strlen(program), NULL, NULL, &text) ||
        ebpf_vm_set_program(vm, text, NULL) || ebpf_vm_compile(vm, NULL)) {
        ebpf_vm_free(vm);
        vm = NULL;
    }
    ebpf_program_unref(text);
    return vm;
}

int main(void)
{
    const struct ebpf_map_def def = {.name = "lengths", .key_size = 4, .value_size = 8,
                                     .max_entries = 4};
    struct ebpf_map *map;
    if (ebpf_map_new_of(&sums, &def, NULL, NULL, &map))
        return EXIT_FAILURE;
    struct ebpf_vm *vm = make_vm(map);
    uint8_t packet[60] = {0};
    uint64_t most = UINT64_MAX - 100, sum = 0;
    uint32_t key = 1;
    for (int i = 0; vm && i < 3; i++) {
        const struct ebpf_input in = {.size = sizeof(in), .mem = packet,
                                      .mem_size = sizeof(packet)};
        ebpf_vm_run(vm, &in, NULL);
    }
    ebpf_map_lookup(map, &key, &sum);
    printf("after three packets: %" PRIu64 "\n", sum);
    int right = sum == 3 * sizeof(packet);
    ebpf_map_update(map, &key, &most, EBPF_UPDATE_ANY);
    ebpf_map_lookup(map, &key, &sum);
    right &= sum == UINT64_MAX;
    ebpf_vm_free(vm);
    ebpf_map_unref(map);
    return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
