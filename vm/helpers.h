/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the built-in helpers share, and how the rows of helpers.def become structs. */
#ifndef VM_HELPERS_H
#define VM_HELPERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/backend.h>

/* The next number of the VM's generator; any thread. */
uint64_t ebpf_host_random(struct ebpf_host *host);

/* Nanoseconds of a clock of the system, a CLOCK_ of <time.h>. */
uint64_t ebpf_host_clock(int clock);

/* Hands text to the embedder.  Returns its length, or -EIO. */
uint64_t ebpf_run_trace(const struct ebpf_run *run, const char *text, size_t length);

/* Ends the run because of an argument, counted from 0, of a helper with a name. */
void ebpf_run_refuse(struct ebpf_run *run, const char *helper, size_t arg, const char *why,
                     uint64_t value);

/* A sum of 16-bit words in ones' complement (RFC 1071) as one of them. */
static inline uint16_t ebpf_sum_fold(uint64_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)sum;
}

/* Memory that a helper is about to touch. */
struct ebpf_access {
    uint64_t address, size;
    int store;
};

/* Whether the program may touch it as well; if not, the run is ended. */
bool ebpf_run_require(struct ebpf_run *run, const char *helper, size_t arg,
                      const struct ebpf_access *access);

/* A formatted text: what fits stands in the buffer, with a NUL if the size is not 0. */
struct ebpf_formatted {
    char *buffer;
    size_t size;   /* of the buffer */
    size_t length; /* of all text, without the NUL, whether it fits or not */
};

/*
 * Formats as the kernel's helpers do: flags `-+ 0`, a width, %c %s %d %i %u %x %X with l and ll,
 * %p %px %pK in hexadecimal, %pks %pus as %s, %%.  Returns 0; -EINVAL for a format that is none of
 * these, has bytes that are not ASCII text, or takes more than `count` values.  Ends the run if a
 * string cannot be read.
 */
int ebpf_run_format(struct ebpf_run *run, struct ebpf_formatted *out, const char *format,
                    const uint64_t *values, size_t count);

/* Columns of helpers.def. */
#define NONE {.kind = EBPF_ARG_UNUSED}
#define SCALAR {.kind = EBPF_ARG_SCALAR}
#define SIZE(largest) {.kind = EBPF_ARG_SIZE, .size = largest}
#define STRING {.kind = EBPF_ARG_STRING}
#define STRING_OR_NULL {.kind = EBPF_ARG_STRING, .nullable = 1}
#define READ(arg) {.kind = EBPF_ARG_READ, .size_arg = arg}
#define READ_OR_NULL(arg) {.kind = EBPF_ARG_READ, .size_arg = arg, .nullable = 1}
#define UPDATE(arg) {.kind = EBPF_ARG_UPDATE, .size_arg = arg}
#define WRITE(arg) {.kind = EBPF_ARG_WRITE, .size_arg = arg}
#define WRITE_OR_NULL(arg) {.kind = EBPF_ARG_WRITE, .size_arg = arg, .nullable = 1}
#define WRITE_FIXED(bytes) {.kind = EBPF_ARG_WRITE, .size = bytes}
#define UPDATE_FIXED(bytes) {.kind = EBPF_ARG_UPDATE, .size = bytes}

#define MAP {.kind = EBPF_ARG_MAP}
#define KEY {.kind = EBPF_ARG_KEY}
#define VALUE {.kind = EBPF_ARG_VALUE}
#define VALUE_OUT {.kind = EBPF_ARG_VALUE_OUT}
#define RECORD {.kind = EBPF_ARG_RECORD}

/* A row as a struct; the functions are helper_<name>. */
#define HELPER_FN(name) .fn = helper_##name
#define HELPER_RUN(name) .run_fn = helper_##name
#define HELPER_ROW(number, form, symbol, summary, ...)                                             \
    {.id = number, .name = #symbol, HELPER_##form(symbol),                                         \
     .proto = &(const struct ebpf_prototype){.args = {__VA_ARGS__}}},

#endif
