/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Text to bytes and to reports, for the tests of the assembler. */
#ifndef TESTS_ASM_UNIT_H
#define TESTS_ASM_UNIT_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <ebpfvm/asm.h>

#include "tests/unit/unit.h"

enum { ASM_UNIT_SLOTS = 64 };

static inline struct ebpf_program *assemble_bytes(const char *text, size_t length)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program;
    ebpf_status status = ebpf_assemble(text, length, NULL, diag, &program);
    const struct ebpf_diag_entry *entry = ebpf_diag_at(diag, 0);
    ck_assert_msg(status == EBPF_OK, "%s\nline %u:%u: %s; %s", text, entry ? entry->line : 0,
                  entry ? entry->column : 0, entry ? entry->message : "",
                  entry && entry->advice ? entry->advice : "");
    ck_assert_uint_eq(ebpf_diag_count(diag), 0);
    ebpf_diag_free(diag);
    return program;
}

static inline struct ebpf_program *assemble(const char *text)
{
    return assemble_bytes(text, strlen(text));
}

/* The bytes of a short program as hex; blanks in `expected` do not count. */
static inline void check_hex(const char *text, const char *expected)
{
    struct ebpf_program *program = assemble(text);
    uint8_t bytes[ASM_UNIT_SLOTS * 8];
    char hex[2 * sizeof(bytes) + 1] = "", want[2 * sizeof(bytes) + 1] = "";
    size_t length = 0;
    ck_assert_int_eq(ebpf_program_encode(program, bytes, sizeof(bytes)), EBPF_OK);
    for (size_t i = 0; i < ebpf_program_size(program); i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    for (const char *p = expected; *p && length + 1 < sizeof(want); p++)
        if (*p != ' ')
            want[length++] = *p;
    want[length] = '\0';
    ck_assert_msg(strcmp(hex, want) == 0, "%s\ngives %s\n not  %s", text, hex, want);
    ebpf_program_unref(program);
}

/* An error that is expected. */
struct asm_error {
    const char *text;
    ebpf_status status;
    uint32_t line, column, width;
    const char *message, *advice; /* parts of them, or NULL */
};

static inline struct ebpf_diag *assemble_badly(const char *text, size_t length,
                                               ebpf_status expected)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program = (void *)diag;
    ebpf_status status = ebpf_assemble(text, length, NULL, diag, &program);
    ck_assert_msg(status == expected, "%s\nis %s, not %s", text, ebpf_status_name(status),
                  ebpf_status_name(expected));
    ck_assert_ptr_null(program);
    return diag;
}

static inline void check_entry(const struct ebpf_diag_entry *entry, const struct asm_error *e)
{
    ck_assert_ptr_nonnull(entry);
    ck_assert_msg(entry->status == e->status && entry->line == e->line &&
                      entry->column == e->column && entry->width == e->width,
                  "%s\nis reported as %d at %u:%u, width %u: %s", e->text, (int)entry->status,
                  entry->line, entry->column, entry->width, entry->message);
    ck_assert_msg(!e->message || strstr(entry->message, e->message), "%s\nsays: %s", e->text,
                  entry->message);
    ck_assert_msg(!e->advice || (entry->advice && strstr(entry->advice, e->advice)),
                  "%s\nadvises: %s", e->text, entry->advice);
}

/* Checks the first error of a text. */
static inline void check_error(const struct asm_error *e)
{
    struct ebpf_diag *diag = assemble_badly(e->text, strlen(e->text), e->status);
    check_entry(ebpf_diag_at(diag, 0), e);
    ebpf_diag_free(diag);
}

#endif
