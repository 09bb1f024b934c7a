/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include <ebpfvm/map.h>

const char *ebpf_map_kind_name(enum ebpf_map_kind kind)
{
    switch (kind) {
    case EBPF_MAP_UNSPEC:
        return NULL;
#define EBPF_MAP_KIND(id, number, name)                                                            \
    case EBPF_MAP_##id:                                                                            \
        return name;
#include "ir/map_kinds.def"
#undef EBPF_MAP_KIND
    }
    return NULL;
}

enum ebpf_map_kind ebpf_map_kind_find(const char *name)
{
#define EBPF_MAP_KIND(id, number, name_)                                                           \
    if (strcmp(name, name_) == 0)                                                                  \
        return EBPF_MAP_##id;
#include "ir/map_kinds.def"
#undef EBPF_MAP_KIND
    return EBPF_MAP_UNSPEC;
}
