/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "backends/registry.h"

#include <string.h>

static const struct ebpf_backend *const backends[] = {
#define EBPF_BACKEND(name) &ebpf_backend_##name,
#include "backends/backends.def"
#undef EBPF_BACKEND
};

const struct ebpf_backend *ebpf_backend_at(size_t index)
{
    return index < sizeof(backends) / sizeof(backends[0]) ? backends[index] : NULL;
}

const struct ebpf_backend *ebpf_backend_find(const char *name)
{
    const struct ebpf_backend *backend;
    for (size_t i = 0; (backend = ebpf_backend_at(i)); i++)
        if (name ? strcmp(backend->name, name) == 0 : backend->probe() == EBPF_OK)
            return backend;
    return NULL;
}
