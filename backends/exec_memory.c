/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "config.h"

#include "backends/exec_memory.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TRAP = 0xcc, ALIGNMENT = 64 /* what code may align its loops to */ };

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

ebpf_status ebpf_exec_memory_share(struct ebpf_exec_memory *memory, size_t size)
{
    struct exec_piece piece;
    if (!exec_pool_take(&piece, size))
        return ebpf_exec_memory_new(memory, size);
    *memory = (struct ebpf_exec_memory){
        .code = piece.code, .write = piece.write, .size = size, .chunk = piece.chunk};
    return EBPF_OK;
}

ebpf_status ebpf_exec_memory_new(struct ebpf_exec_memory *memory, size_t size)
{
    size_t page = page_size(), pages = (size + page - 1) & ~(page - 1);
    *memory = (struct ebpf_exec_memory){.size = size};
    if (pages < size || pages > SIZE_MAX - 2 * page)
        return EBPF_ERR_NOMEM;
    void *map = mmap(NULL, pages + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED)
        return EBPF_ERR_NOMEM;
    memory->map = map;
    memory->map_size = pages + 2 * page;
    memory->code = memory->write = (uint8_t *)map + page;
    if (mprotect(memory->code, pages, PROT_READ | PROT_WRITE) != 0) {
        ebpf_exec_memory_free(memory);
        return EBPF_ERR_NOMEM;
    }
    memset(memory->code + size, TRAP, pages - size);
    return EBPF_OK;
}

ebpf_status ebpf_exec_memory_take(struct ebpf_exec_memory *memory, size_t size, void *given,
                                  size_t given_size)
{
    size_t skip = -(uintptr_t)given & (ALIGNMENT - 1);
    uint8_t *code = (uint8_t *)given + skip;
    *memory = (struct ebpf_exec_memory){.code = code, .write = code, .size = size};
    return skip <= given_size && size <= given_size - skip ? EBPF_OK : EBPF_ERR_LIMIT;
}

ebpf_status ebpf_exec_memory_seal(struct ebpf_exec_memory *memory)
{
    memory->write = NULL;
    if (memory->chunk)
        exec_pool_seal(memory->chunk);
    if (!memory->map)
        return EBPF_OK;
    size_t pages = memory->map_size - 2 * page_size();
    return mprotect(memory->code, pages, PROT_READ | PROT_EXEC) == 0 ? EBPF_OK
                                                                     : EBPF_ERR_UNSUPPORTED;
}

void ebpf_exec_memory_free(struct ebpf_exec_memory *memory)
{
    if (memory->chunk && memory->write)
        exec_pool_seal(memory->chunk);
    if (memory->chunk)
        exec_pool_give_back(memory->chunk);
    if (memory->map)
        munmap(memory->map, memory->map_size);
    *memory = (struct ebpf_exec_memory){.code = NULL};
}
