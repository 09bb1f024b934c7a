/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Programs as text: assembled, printed, and read back. */
#include "tests/filetests/session.h"

#include <stdio.h>
#include <stdlib.h>

struct ebpf_program *ft_assemble(const char *text, size_t length, const char *file,
                                 struct ebpf_diag *diag, ebpf_status *status)
{
    struct ebpf_asm_options options = {.size = sizeof(options), .file = file};
    struct ebpf_program *program;
    *status = ebpf_assemble(text, length, &options, diag, &program);
    return program;
}

static uint8_t *encode(struct session *s, const struct ebpf_program *program, size_t *size)
{
    *size = ebpf_program_size(program);
    uint8_t *bytes = malloc(*size + 1);
    ebpf_status status = bytes ? ebpf_program_encode(program, bytes, *size) : EBPF_ERR_NOMEM;
    if (status != EBPF_OK)
        ft_fail(s, "encoding: %s", ebpf_status_name(status));
    return bytes;
}

/* Whatever is printed reads back to the same bytes. */
static void check_round_trip(struct session *s, const uint8_t *bytes, size_t size,
                             const struct ebpf_print_options *options)
{
    struct ebpf_text text = {0};
    struct ebpf_stream out = ebpf_stream_text(&text);
    ebpf_status status = ebpf_program_print(s->program, options, &out);
    if (status != EBPF_OK)
        ft_fail(s, "printing: %s", ebpf_status_name(status));
    struct ebpf_program *again =
        status == EBPF_OK ? ft_assemble(text.data, text.length, "printed", s->diag, &status) : NULL;
    if (again) {
        struct ft_bytes want = {(uint8_t *)(uintptr_t)bytes, size, true};
        size_t got;
        uint8_t *encoded = encode(s, again, &got);
        ft_check_bytes(s, "printed and assembled again", &want, encoded, got);
        free(encoded);
        ebpf_program_unref(again);
    } else {
        ft_fail(s, "what was printed does not assemble: %s", ebpf_status_name(status));
        ft_print_diag(s);
    }
    if (s->failed)
        printf("%s", text.data ? text.data : "");
    ebpf_text_free(&text);
}

/* Also decodes the bytes: a program decoded prints as one assembled does. */
void ft_check_text(struct session *s)
{
    size_t size;
    uint8_t *bytes = encode(s, s->program, &size);
    ft_check_bytes(s, "bytes", &s->test->bytes, bytes, size);
    for (int form = 0; form < 4 && !s->failed; form++) {
        const struct ebpf_print_options options = {
            .size = sizeof(options),
            .dialect = form & 1 ? EBPF_DIALECT_PSEUDOC : EBPF_DIALECT_MNEMONIC,
            .labels = form >> 1};
        check_round_trip(s, bytes, size, &options);
    }
    struct ebpf_program *decoded;
    ebpf_status status = ebpf_program_decode(bytes, size, NULL, NULL, s->diag, &decoded);
    if (status != EBPF_OK) {
        ft_fail(s, "decoding: %s", ebpf_status_name(status));
    } else {
        struct ft_bytes want = {bytes, size, true};
        size_t got;
        uint8_t *again = encode(s, decoded, &got);
        ft_check_bytes(s, "decoded and encoded again", &want, again, got);
        free(again);
        ebpf_program_unref(decoded);
    }
    free(bytes);
}
