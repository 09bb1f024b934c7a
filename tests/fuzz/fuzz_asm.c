/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Feeds any bytes to the assembler.  What it accepts must print, in both dialects, to text that it
 * reads back to the same bytes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/asm.h>
#include <ebpfvm/program.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytecode, to be freed. */
static uint8_t *encode(const struct ebpf_program *program)
{
    size_t size = ebpf_program_size(program);
    uint8_t *bytes = malloc(size + 1);
    if (!bytes || ebpf_program_encode(program, bytes, size) != EBPF_OK)
        abort();
    return bytes;
}

static void check_round_trip(const struct ebpf_program *program, enum ebpf_dialect dialect)
{
    struct ebpf_print_options options = {.size = sizeof(options), .dialect = dialect};
    struct ebpf_text text = {0};
    struct ebpf_stream stream = ebpf_stream_text(&text);
    struct ebpf_program *again;
    if (ebpf_program_print(program, &options, &stream) != EBPF_OK ||
        ebpf_assemble(text.data, text.length, NULL, NULL, &again) != EBPF_OK ||
        ebpf_program_size(program) != ebpf_program_size(again))
        abort();
    uint8_t *a = encode(program), *b = encode(again);
    if (memcmp(a, b, ebpf_program_size(again)) != 0)
        abort();
    free(a);
    free(b);
    ebpf_program_unref(again);
    ebpf_text_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program;
    ebpf_status status = ebpf_assemble((const char *)data, size, NULL, diag, &program);
    if ((status == EBPF_OK) != (ebpf_diag_count(diag) == 0))
        abort();
    if (status == EBPF_OK) {
        check_round_trip(program, EBPF_DIALECT_MNEMONIC);
        check_round_trip(program, EBPF_DIALECT_PSEUDOC);
    }
    ebpf_program_unref(program);
    ebpf_diag_free(diag);
    return 0;
}
