/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Reading numbers from text that need not end in a NUL, as the kernel's strtol helpers do. */
#ifndef VM_NUMBER_H
#define VM_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

struct ebpf_number {
    uint64_t magnitude;
    uint64_t length; /* how many bytes were read: blanks, sign, prefix and digits */
    bool negative;
    bool overflow; /* the magnitude has more than 64 bits */
};

/* `flags` is the base: 8, 10, 16, or 0 to go by a prefix 0 or 0x.  Returns 0, or EINVAL for other
 * flags and for text without digits; `out` is set in any case. */
int ebpf_number_read(const char *text, uint64_t size, uint64_t flags, struct ebpf_number *out);

#endif
