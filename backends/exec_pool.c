/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#define _GNU_SOURCE /* memfd_create(), fallocate() */
#include "config.h"

#include "backends/exec_pool.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/lock.h"

enum { TRAP = 0xcc, LINE = 64, CHUNK = 65536 };

/*
 * A chunk is a reserved range of addresses:
 *
 *     | struct exec_chunk | guard page | code, CHUNK bytes | guard page |
 */
struct exec_chunk {
    uint32_t users;   /* pieces in use, and the pool while it hands out more; atomic */
    uint32_t writers; /* pieces that are not sealed yet, and the pool likewise; atomic */
    size_t used;      /* bytes handed out */
    uint8_t *write;   /* the mapping that is written, while there are writers */
};

/* On a page that is zero again in a child process. */
struct pool {
    struct ebpf_lock lock;
    struct exec_chunk *current;
};

/* Set once per process; atomic. */
static struct pool *the_pool;

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static uint8_t *code_of(struct exec_chunk *chunk)
{
    return (uint8_t *)chunk + 2 * page_size();
}

void exec_pool_seal(struct exec_chunk *chunk)
{
    if (__atomic_sub_fetch(&chunk->writers, 1, __ATOMIC_ACQ_REL) == 0)
        munmap(chunk->write, CHUNK);
}

void exec_pool_give_back(struct exec_chunk *chunk)
{
    if (__atomic_sub_fetch(&chunk->users, 1, __ATOMIC_ACQ_REL) == 0)
        munmap(chunk, CHUNK + 3 * page_size());
}

/* The pool is done with a chunk. */
static void retire(struct exec_chunk *chunk)
{
    exec_pool_seal(chunk);
    exec_pool_give_back(chunk);
}

/* Whether a file may have the size of a chunk: the system ends a process that tries without. */
static bool may_be_as_large(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur >= CHUNK;
}

/* Memory without a name, all of which is there; -1 if there is none.  Newer kernels want to know
 * that it is for code. */
static int open_memory(void)
{
#ifdef MFD_CLOEXEC
    enum { FOR_CODE = 0x10 }; /* MFD_EXEC */
    int fd = memfd_create("ebpfvm", MFD_CLOEXEC | FOR_CODE);
    if (fd < 0)
        fd = memfd_create("ebpfvm", MFD_CLOEXEC);
    if (fd >= 0 && may_be_as_large() && fallocate(fd, 0, 0, CHUNK) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
#endif
    return -1;
}

/* Maps the memory twice, into `chunk` to be executed. */
static bool map_twice(struct exec_chunk *chunk, int fd)
{
    void *write = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (write == MAP_FAILED)
        return false;
    memset(write, TRAP, CHUNK);
    chunk->write = write;
    return mmap(code_of(chunk), CHUNK, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, fd, 0) !=
           MAP_FAILED;
}

static struct exec_chunk *chunk_new(void)
{
    size_t page = page_size(), size = CHUNK + 3 * page;
    int fd = open_memory();
    if (fd < 0)
        return NULL;
    void *map = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool chunk_started = map != MAP_FAILED && mprotect(map, page, PROT_READ | PROT_WRITE) == 0;
    struct exec_chunk *chunk = map;
    bool mapped = chunk_started && map_twice(chunk, fd);
    if (mapped)
        chunk->users = chunk->writers = 1;
    close(fd);
    if (mapped)
        return chunk;
    if (map != MAP_FAILED) {
        if (chunk_started && chunk->write)
            munmap(chunk->write, CHUNK);
        munmap(map, size);
    }
    return NULL;
}

/* The pool; NULL if the system has none of the memory it needs. */
static struct pool *find_pool(void)
{
    struct pool *pool = __atomic_load_n(&the_pool, __ATOMIC_ACQUIRE), *expected = NULL;
#ifdef MADV_WIPEONFORK
    if (pool)
        return pool;
    pool = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pool == MAP_FAILED)
        return NULL;
    if (madvise(pool, page_size(), MADV_WIPEONFORK) == 0 &&
        __atomic_compare_exchange_n(&the_pool, &expected, pool, 0, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return pool;
    munmap(pool, page_size());
    return expected; /* another thread was faster, or NULL */
#else
    (void)expected;
    return pool; /* without it, nothing is shared */
#endif
}

/* From the current chunk, if there is room. */
static bool take_locked(struct pool *pool, struct exec_piece *piece, size_t size)
{
    struct exec_chunk *chunk = pool->current;
    if (!chunk || size > CHUNK - chunk->used)
        return false;
    *piece = (struct exec_piece){code_of(chunk) + chunk->used, chunk->write + chunk->used, chunk};
    chunk->used += size;
    __atomic_add_fetch(&chunk->users, 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&chunk->writers, 1, __ATOMIC_RELAXED);
    return true;
}

/* The same from a fresh chunk, unless another thread has brought one in the meantime. */
static bool take_fresh(struct pool *pool, struct exec_piece *piece, size_t size)
{
    struct exec_chunk *fresh = chunk_new(), *unused = fresh;
    if (!fresh)
        return false;
    ebpf_lock(&pool->lock);
    bool taken = take_locked(pool, piece, size);
    if (!taken) {
        unused = pool->current;
        pool->current = fresh;
        taken = take_locked(pool, piece, size);
    }
    ebpf_unlock(&pool->lock);
    if (unused)
        retire(unused);
    return taken;
}

bool exec_pool_take(struct exec_piece *piece, size_t size)
{
    struct pool *pool = size <= EXEC_PIECE_MAX ? find_pool() : NULL;
    if (!pool)
        return false;
    size = (size + LINE - 1) & ~(size_t)(LINE - 1);
    ebpf_lock(&pool->lock);
    bool taken = take_locked(pool, piece, size);
    ebpf_unlock(&pool->lock);
    return taken || take_fresh(pool, piece, size);
}
