/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The assembler's life: copy, parse, link. */
#include <string.h>

#include "base/mem.h"
#include "frontend/asm/tokens.h"

enum { DEFAULT_MAX_ERRORS = 20 };

static const char byte_order_mark[] = "\xef\xbb\xbf";
enum { BYTE_ORDER_MARK_LENGTH = sizeof(byte_order_mark) - 1 };

static void init(struct ebpf_asm *as, const struct ebpf_asm_options *options,
                 struct ebpf_diag *diag)
{
    *as = (struct ebpf_asm){.diag = diag, .held = -1, .mnemonic = UINT32_MAX};
    as->mem = ebpf_mem_or_default(options ? options->mem : NULL);
    as->max_errors = options && options->max_errors ? options->max_errors : DEFAULT_MAX_ERRORS;
    ebpf_intern_init(&as->words, &as->mem);
    ebpf_intern_init(&as->names, &as->mem);
    ebpf_vec_init(&as->mnemonics, &as->mem, sizeof(struct ebpf_asm_mnemonic));
    ebpf_vec_init(&as->symbols, &as->mem, sizeof(struct ebpf_asm_symbol));
    ebpf_vec_init(&as->fixups, &as->mem, sizeof(struct ebpf_asm_fixup));
    ebpf_vec_init(&as->raw, &as->mem, sizeof(struct ebpf_asm_raw));
}

static void free_text(struct ebpf_asm *as)
{
    if (as->text)
        ebpf_mem_free(&as->mem, as->text, (size_t)as->length + 2);
    as->text = NULL;
}

static void destroy(struct ebpf_asm *as)
{
    free_text(as);
    ebpf_intern_free(&as->words);
    ebpf_intern_free(&as->names);
    ebpf_vec_free(&as->mnemonics);
    ebpf_vec_free(&as->symbols);
    ebpf_vec_free(&as->fixups);
    ebpf_vec_free(&as->raw);
    ebpf_program_unref(as->program);
}

/* The program keeps a copy for reports; the scanner needs its own, which it writes to. */
static bool copy_text(struct ebpf_asm *as, const char *file, const char *text, size_t length)
{
    as->length = (uint32_t)length;
    as->text = ebpf_mem_alloc(&as->mem, length + 2);
    as->program = ebpf_program_new(&as->mem);
    if (!as->text || !as->program)
        return false;
    memcpy(as->text, text, length);
    memset(as->text + length, 0, 2);
    return ebpf_program_set_source(as->program, file, text, length) && ebpf_asm_scan_open(as);
}

static ebpf_status link_program(struct ebpf_asm *as)
{
    ebpf_asm_flush_raw(as);
    if (as->status != EBPF_ERR_NOMEM && !as->stopped)
        ebpf_asm_resolve(as);
    if (as->status)
        return as->status;
    ebpf_status status = ebpf_program_finish(as->program, as->diag);
    if (status)
        return status;
    ebpf_asm_check_targets(as);
    return as->status;
}

ebpf_status ebpf_assemble(const char *text, size_t length, const struct ebpf_asm_options *options,
                          struct ebpf_diag *diag, struct ebpf_program **out)
{
    const char *file = options && options->file ? options->file : "<input>";
    struct ebpf_asm as;
    *out = NULL;
    if (length > INT32_MAX - 2) {
        struct ebpf_diag_entry entry = {.status = EBPF_ERR_LIMIT, .file = file,
                                        .pc = EBPF_PC_NONE, .advice = "split the text"};
        ebpf_diag_add(diag, &entry, "the text has %zu bytes; the limit is 2 GiB", length);
        return EBPF_ERR_LIMIT;
    }
    if (length >= BYTE_ORDER_MARK_LENGTH &&
        memcmp(text, byte_order_mark, BYTE_ORDER_MARK_LENGTH) == 0) {
        text += BYTE_ORDER_MARK_LENGTH;
        length -= BYTE_ORDER_MARK_LENGTH;
    }
    init(&as, options, diag);
    ebpf_status status = EBPF_ERR_NOMEM;
    if (copy_text(&as, file, length ? text : "", length)) {
        ebpf_asm_yyparse(&as);
        free_text(&as);
        status = link_program(&as);
    }
    if (status == EBPF_OK) {
        *out = as.program;
        as.program = NULL;
    }
    destroy(&as);
    return status;
}
