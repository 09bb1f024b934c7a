/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Names: each string once, with a 32-bit value that the owner may set. */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct ebpf_name {
    const char *text; /* NUL-terminated */
    uint32_t length;
    uint32_t hash;
    uint32_t value; /* the owner's; EBPF_NAME_NEW at first */
};

#define EBPF_NAME_NEW UINT32_MAX

struct ebpf_intern {
    struct ebpf_arena arena;
    struct ebpf_name **slots; /* open addressing; a power of two */
    size_t capacity, count;
};

void ebpf_intern_init(struct ebpf_intern *table, const struct ebpf_mem *mem);
void ebpf_intern_free(struct ebpf_intern *table);

/* The name, made if need be; stays where it is until the table is freed.  NULL: no memory. */
struct ebpf_name *ebpf_intern(struct ebpf_intern *table, const char *text, size_t length);

/* The name if it is known, or NULL. */
struct ebpf_name *ebpf_intern_find(const struct ebpf_intern *table, const char *text,
                                   size_t length);

#endif
