/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the programs of this folder need of the kernel's interface. */
#ifndef TESTS_OBJECTS_BPF_H
#define TESTS_OBJECTS_BPF_H

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name), used))
#define NOINLINE __attribute__((noinline))
#define UINT(name, value) int(*name)[value]
#define TYPE(name, type) type *name

enum { HASH = 1, ARRAY = 2, PROG_ARRAY = 3, PERCPU_ARRAY = 6, LRU_HASH = 9, ARRAY_OF_MAPS = 12 };

static void *(*const map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const map_update_elem)(void *map, const void *key, const void *value,
                                     u64 flags) = (void *)2;
static long (*const trace_printk)(const char *format, u32 size, ...) = (void *)6;
static long (*const tail_call)(void *ctx, void *map, u32 index) = (void *)12;

#define LICENSE char license_text[] SEC("license") = "Dual MIT/GPL"

#endif
