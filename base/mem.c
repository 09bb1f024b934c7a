/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *libc_resize(void *ctx, void *old, size_t old_size, size_t new_size)
{
    (void)ctx;
    (void)old_size;
    if (new_size == 0) {
        free(old);
        return NULL;
    }
    return realloc(old, new_size);
}

struct ebpf_mem ebpf_mem_or_default(const struct ebpf_mem *mem)
{
    return mem ? *mem : (struct ebpf_mem){.resize = libc_resize};
}

void *ebpf_mem_alloc(const struct ebpf_mem *mem, size_t size)
{
    return mem->resize(mem->ctx, NULL, 0, size ? size : 1);
}

void *ebpf_mem_zalloc(const struct ebpf_mem *mem, size_t count, size_t element)
{
    if (element && count > SIZE_MAX / element)
        return NULL;
    void *block = ebpf_mem_alloc(mem, count * element);
    if (block)
        memset(block, 0, count * element);
    return block;
}

void *ebpf_mem_resize(const struct ebpf_mem *mem, void *old, size_t old_size, size_t new_size)
{
    return mem->resize(mem->ctx, old, old ? old_size : 0, new_size ? new_size : 1);
}

void ebpf_mem_free(const struct ebpf_mem *mem, void *block, size_t size)
{
    if (block)
        mem->resize(mem->ctx, block, size ? size : 1, 0);
}
