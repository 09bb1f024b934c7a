/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Calls of the system that fail once, linked into a second `ebpfvm`: allocations, mappings,
 * threads, and what opens, reads, closes and renames files.  FAULT_AT=N makes the N-th of these
 * calls fail, 0 none; FAULT_REPORT=FILE gets a line when the process ends:
 *
 *     CALLS BLOCKS MAPPINGS DESCRIPTORS NAME
 *
 * how many of these calls there were; how many blocks of memory, mappings and descriptors were
 * never given back; and which call failed, or `-`.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* glibc's own names: they are there before anything is looked up. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

/* For the libraries as well, whatever the compiler is told. */
#pragma GCC visibility push(default)

static bool started;
static long fail_at, calls, blocks, mappings;
static const char *failed = "-";

/* Whether this call is the one to fail. */
static bool fails(const char *name, int error)
{
    if (!started || __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) != fail_at)
        return false;
    failed = name;
    errno = error;
    return true;
}

static void count(long *what, long by)
{
    if (started)
        __atomic_add_fetch(what, by, __ATOMIC_RELAXED);
}

void *malloc(size_t size)
{
    if (fails("malloc", ENOMEM))
        return NULL;
    count(&blocks, 1);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    if (fails("calloc", ENOMEM))
        return NULL;
    count(&blocks, 1);
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size)
{
    if (size != 0 && fails("realloc", ENOMEM))
        return NULL;
    count(&blocks, (size != 0) - (old != NULL));
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    if (fails("aligned_alloc", ENOMEM))
        return NULL;
    count(&blocks, 1);
    return __libc_memalign(alignment, size);
}

void free(void *block)
{
    count(&blocks, -(block != NULL));
    __libc_free(block);
}

void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    if (fails("mmap", ENOMEM))
        return MAP_FAILED;
    count(&mappings, !(flags & MAP_FIXED));
    return (void *)syscall(SYS_mmap, at, size, protection, flags, fd, offset);
}

int munmap(void *at, size_t size)
{
    count(&mappings, -1);
    return (int)syscall(SYS_munmap, at, size);
}

int mprotect(void *at, size_t size, int protection)
{
    return fails("mprotect", ENOMEM) ? -1 : (int)syscall(SYS_mprotect, at, size, protection);
}

int madvise(void *at, size_t size, int advice)
{
    return fails("madvise", EINVAL) ? -1 : (int)syscall(SYS_madvise, at, size, advice);
}

int memfd_create(const char *name, unsigned flags)
{
    return fails("memfd_create", ENOSYS) ? -1 : (int)syscall(SYS_memfd_create, name, flags);
}

int fallocate(int fd, int mode, off_t offset, off_t size)
{
    return fails("fallocate", ENOSPC) ? -1 : (int)syscall(SYS_fallocate, fd, mode, offset, size);
}

int fsync(int fd)
{
    return fails("fsync", EIO) ? -1 : (int)syscall(SYS_fsync, fd);
}

/* The rest is called by what the next library has. */
static FILE *(*next_fopen)(const char *path, const char *mode);
static FILE *(*next_fdopen)(int fd, const char *mode);
static size_t (*next_fread)(void *to, size_t size, size_t number, FILE *file);
static int (*next_fclose)(FILE *file);
static int (*next_mkstemp)(char *template);
static int (*next_rename)(const char *from, const char *to);
static int (*next_pthread_create)(pthread_t *thread, const pthread_attr_t *attributes,
                                  void *(*start)(void *), void *arg);

FILE *fopen(const char *path, const char *mode)
{
    return fails("fopen", EMFILE) ? NULL : next_fopen(path, mode);
}

FILE *fdopen(int fd, const char *mode)
{
    return fails("fdopen", ENOMEM) ? NULL : next_fdopen(fd, mode);
}

/* A stream that failed stays so: ferror() looks at this bit. */
size_t fread(void *to, size_t size, size_t number, FILE *file)
{
    enum { ERROR_SEEN = 0x20 };
    if (!fails("fread", EIO))
        return next_fread(to, size, number, file);
    file->_flags |= ERROR_SEEN;
    return 0;
}

int fclose(FILE *file)
{
    bool bad = fails("fclose", EIO);
    int result = next_fclose(file);
    if (bad)
        errno = EIO;
    return bad ? EOF : result;
}

int mkstemp(char *template)
{
    return fails("mkstemp", ENOSPC) ? -1 : next_mkstemp(template);
}

int rename(const char *from, const char *to)
{
    return fails("rename", EACCES) ? -1 : next_rename(from, to);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                   void *arg)
{
    return fails("pthread_create", EAGAIN) ? EAGAIN
                                           : next_pthread_create(thread, attributes, start, arg);
}

#define FIND(name) (*(void **)&next_##name = dlsym(RTLD_NEXT, #name))

static void __attribute__((constructor)) begin(void)
{
    const char *at = getenv("FAULT_AT");
    FIND(fopen), FIND(fdopen), FIND(fread), FIND(fclose), FIND(mkstemp), FIND(rename);
    FIND(pthread_create);
    fail_at = at ? atol(at) : 0;
    started = true;
}

static int descriptors(void)
{
    int number = 0;
    for (int fd = 0; fd < 256; fd++)
        number += fcntl(fd, F_GETFD) >= 0;
    return number;
}

static void __attribute__((destructor)) end(void)
{
    const char *path = getenv("FAULT_REPORT");
    started = false;
    if (!path)
        return;
    char line[200];
    int length = snprintf(line, sizeof(line), "%ld %ld %ld %d %s\n", calls, blocks, mappings,
                          descriptors(), failed);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, line, (size_t)length) != length)
        _exit(99);
}
