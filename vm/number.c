/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "vm/number.h"

#include <errno.h>

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The value of a digit; 16 or more if it is none of any base. */
static unsigned digit(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

/* Goes by the prefix, if the base leaves that open, and skips 0x. */
static unsigned find_base(const char *text, uint64_t size, uint64_t flags, uint64_t *at)
{
    uint64_t i = *at;
    bool zero = i < size && text[i] == '0';
    bool hex = zero && size - i > 2 && (text[i + 1] | 0x20) == 'x' && digit(text[i + 2]) < 16;
    if (hex && (flags == 0 || flags == 16)) {
        *at += 2;
        return 16;
    }
    return flags ? (unsigned)flags : zero ? 8 : 10;
}

int ebpf_number_read(const char *text, uint64_t size, uint64_t flags, struct ebpf_number *out)
{
    uint64_t i = 0;
    *out = (struct ebpf_number){0};
    if (flags != 0 && flags != 8 && flags != 10 && flags != 16)
        return EINVAL;
    while (i < size && is_blank(text[i]))
        i++;
    if (i < size && text[i] == '-') {
        out->negative = true;
        i++;
    }
    unsigned base = find_base(text, size, flags, &i);
    uint64_t first = i;
    for (; i < size && digit(text[i]) < base; i++) {
        unsigned value = digit(text[i]);
        if (out->magnitude > (UINT64_MAX - value) / base)
            out->overflow = true;
        out->magnitude = out->magnitude * base + value;
    }
    out->length = i;
    return i == first ? EINVAL : 0;
}
