/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What measurements of large programs share: making text, counting memory, taking the time. */
#ifndef TESTS_SCALE_SCALE_H
#define TESTS_SCALE_SCALE_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* A program's text, in one allocation. */
struct source {
    char *text;
    size_t length, room;
};

__attribute__((format(printf, 2, 3))) static inline void add(struct source *source,
                                                             const char *format, ...)
{
    va_list args;
    va_start(args, format);
    source->length += (size_t)vsnprintf(source->text + source->length,
                                        source->room - source->length, format, args);
    va_end(args);
}

/* Bytes that are in use, and were at most. */
struct memory_use {
    size_t now, peak;
};

/* An allocator (struct ebpf_mem) that counts into a struct memory_use. */
static inline void *count_memory(void *ctx, void *old, size_t old_size, size_t new_size)
{
    struct memory_use *use = ctx;
    void *block = NULL;
    if (new_size == 0)
        free(old);
    else if (!(block = realloc(old, new_size)))
        return NULL;
    use->now += new_size - old_size;
    if (use->now > use->peak)
        use->peak = use->now;
    return block;
}

/* Seconds of processor time of this process: a busy machine changes nothing. */
static inline double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

#endif
