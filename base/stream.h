/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Formatted output with a sticky error: write, write, write, then one check. */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include <ebpfvm/stream.h>

struct ebpf_out {
    const struct ebpf_stream *stream;
    ebpf_status status; /* the first error */
    size_t used;
    char buffer[1024];
};

void ebpf_out_init(struct ebpf_out *out, const struct ebpf_stream *stream);
void ebpf_out_write(struct ebpf_out *out, const char *data, size_t length);
void ebpf_out_puts(struct ebpf_out *out, const char *text);
void ebpf_out_char(struct ebpf_out *out, char c);

/* A number in hexadecimal, lower case, with at least `digits` digits; in decimal.  Programs have
 * millions of them: this is ten times as fast as a format. */
void ebpf_out_hex(struct ebpf_out *out, uint64_t value, unsigned digits);
void ebpf_out_decimal(struct ebpf_out *out, int64_t value);

void ebpf_out_printf(struct ebpf_out *out, const char *format, ...) EBPF_PRINTF(2, 3);

/* A JSON string with its quotes; `length` bytes, whatever they are: what is not UTF-8 becomes
 * U+FFFD. */
void ebpf_out_json(struct ebpf_out *out, const char *text, size_t length);

/* Hands on what is buffered.  Returns the first error. */
ebpf_status ebpf_out_flush(struct ebpf_out *out);

#endif
