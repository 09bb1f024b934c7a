/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Saves a hash table with one entry, key 0x1f90 in the host's order and value 41, to a file. */
#include <stdint.h>

#include <ebpfvm/ebpfvm.h>

int main(int argc, char *argv[])
{
    const struct ebpf_map_def def = {.name = "ports", .kind = EBPF_MAP_HASH, .key_size = 2,
                                     .value_size = 8, .max_entries = 4};
    const uint16_t key = 0x1f90;
    const uint64_t value = 41;
    struct ebpf_map *map;
    if (argc != 2 || ebpf_map_new(&def, NULL, NULL, &map) != EBPF_OK)
        return 99;
    int failed = ebpf_map_update(map, &key, &value, EBPF_UPDATE_ANY) != 0 ||
                 ebpf_map_save(map, argv[1], NULL) != EBPF_OK;
    ebpf_map_unref(map);
    return failed;
}
