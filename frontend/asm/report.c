/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Errors with their place in the text, and the names that may have been meant. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "frontend/asm/assembler.h"

enum { LINE_MAX_SHOWN = 400 };

/* The index of the line that holds an offset. */
static uint32_t line_of(const struct ebpf_asm *as, uint32_t offset)
{
    const uint32_t *starts = as->program->lines.data;
    uint32_t low = 0, high = (uint32_t)as->program->lines.count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Fills in the place; `line` receives the source line, if it is not too long to show. */
static void locate(const struct ebpf_asm *as, struct ebpf_asm_span span,
                   struct ebpf_diag_entry *entry, char line[LINE_MAX_SHOWN])
{
    const struct ebpf_program *program = as->program;
    entry->file = program->file;
    entry->pc = EBPF_PC_NONE;
    if (program->lines.count == 0)
        return;
    uint32_t index = line_of(as, span.start);
    uint32_t start = ((const uint32_t *)program->lines.data)[index];
    const char *text = program->source + start;
    const char *newline = memchr(text, '\n', program->source_length - start);
    size_t length = newline ? (size_t)(newline - text) : program->source_length - start;
    uint32_t column = span.start - start, width = span.end - span.start;
    if (length && text[length - 1] == '\r')
        length--;
    entry->line = index + 1;
    entry->column = column + 1;
    entry->width = column + width > length && column < length ? (uint32_t)length - column : width;
    if (entry->width == 0)
        entry->width = 1;
    if (length < LINE_MAX_SHOWN && !memchr(text, '\0', length)) {
        memcpy(line, text, length);
        line[length] = '\0';
        entry->source = line;
    }
}

static void add(struct ebpf_asm *as, struct ebpf_diag_entry *entry, struct ebpf_asm_span span,
                const char *message)
{
    char line[LINE_MAX_SHOWN];
    locate(as, span, entry, line);
    ebpf_diag_add(as->diag, entry, "%s", message);
}

void ebpf_asm_note(struct ebpf_asm *as, struct ebpf_asm_span span, const char *message)
{
    struct ebpf_diag_entry entry = {.severity = EBPF_SEVERITY_NOTE};
    add(as, &entry, span, message);
}

void ebpf_asm_error(struct ebpf_asm *as, ebpf_status status, struct ebpf_asm_span span,
                    const char *advice, const char *message, ...)
{
    if (as->stopped)
        return;
    char text[300];
    va_list args;
    va_start(args, message);
    vsnprintf(text, sizeof(text), message, args);
    va_end(args);
    struct ebpf_diag_entry entry = {.status = status,
                                    .advice = advice ? advice : ebpf_status_advice(status)};
    add(as, &entry, span, text);
    if (as->status == EBPF_OK)
        as->status = status;
    if (++as->errors >= as->max_errors) {
        as->stopped = true;
        ebpf_asm_note(as, span, as->errors == 1 ? "stopped at the first error"
                                                : "stopped here: too many errors");
    }
}

void ebpf_asm_nomem(struct ebpf_asm *as)
{
    as->status = EBPF_ERR_NOMEM;
    as->stopped = true;
}

struct ebpf_asm_text ebpf_asm_quote(const struct ebpf_asm *as, struct ebpf_asm_span span)
{
    return (struct ebpf_asm_text){as->text + span.start, span.end - span.start};
}

void ebpf_asm_syntax_error(struct ebpf_asm *as, struct ebpf_asm_span span, bool at_end,
                           const char *expected)
{
    char advice[300];
    const struct ebpf_asm_mnemonic *mnemonic = ebpf_asm_mnemonic_at(as, as->mnemonic);
    struct ebpf_asm_text text = ebpf_asm_quote(as, span);
    if (mnemonic->count)
        ebpf_asm_describe(mnemonic, advice, sizeof(advice));
    else
        snprintf(advice, sizeof(advice), "%s",
                 *expected ? expected : ebpf_status_advice(EBPF_ERR_SYNTAX));
    if (at_end)
        ebpf_asm_error(as, EBPF_ERR_SYNTAX, span, advice, "the statement is incomplete");
    else
        ebpf_asm_error(as, EBPF_ERR_SYNTAX, span, advice, "unexpected `%.*s`",
                       (int)(text.length < 40 ? text.length : 40), text.data);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The edit distance of two short strings, a swap of neighbours counting as one. */
static unsigned distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    unsigned rows[3][EBPF_ASM_NEAR_MAX + 1];
    for (unsigned j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a_length; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (unsigned j = 1; j <= b_length; j++) {
            unsigned change = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(change, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], above2[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

void ebpf_asm_offer(struct ebpf_asm_nearest *nearest, const char *name, size_t length)
{
    size_t wanted = nearest->word.length;
    size_t most = wanted <= 3 ? 1 : wanted <= 6 ? 2 : 3; /* edits that are still a slip */
    size_t difference = length > wanted ? length - wanted : wanted - length;
    if (length == 0 || length > EBPF_ASM_NEAR_MAX || wanted > EBPF_ASM_NEAR_MAX ||
        difference > most)
        return;
    unsigned found = distance(nearest->word.data, wanted, name, length);
    if (found > most || (nearest->distance && found >= nearest->distance))
        return;
    nearest->distance = found ? found : 1;
    memcpy(nearest->name, name, length);
    nearest->name[length] = '\0';
}
