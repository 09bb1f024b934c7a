/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Cases that stand for many: rows of numbers, and pairs of registers. */
#include "tests/filetests/filetest.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* r0 to r9: all that a program may write. */
#define WRITABLE 10

void *ft_alloc(void *old, size_t size)
{
    void *memory = realloc(old, size ? size : 1);
    if (!memory) {
        fputs("run-filetests: out of memory\n", stderr);
        exit(99);
    }
    return memory;
}

static void expand_rows(const struct ft_case *test,
                        void (*each)(const struct ft_case *test, void *ctx), void *ctx)
{
    if (test->row_count == 0)
        each(test, ctx);
    for (size_t i = 0; i < test->row_count; i++) {
        const struct ft_row *row = &test->rows[i];
        struct ft_case one = *test;
        uint8_t *bytes = ft_alloc(NULL, 8 * row->count);
        memcpy(bytes, row->in, 8 * row->count); /* numbers, in the byte order of the host */
        one.kind = EBPF_VM_RAW;
        one.mem = (struct ft_bytes){bytes, 8 * row->count, true};
        one.result = (struct ft_value){FT_NUMBER, row->result, true};
        one.line = row->line;
        each(&one, ctx);
        free(bytes);
    }
}

/* Writes registers for rA and rB, and their numbers for nA and nB.  The length stays. */
static void substitute(char *text, const char *from, unsigned a, unsigned b)
{
    bool inside = false;
    for (; *from; from++, text++) {
        *text = *from;
        if (!inside && (from[0] == 'r' || from[0] == 'n') && (from[1] == 'A' || from[1] == 'B') &&
            !isalnum((unsigned char)from[2])) {
            text[0] = from[0] == 'r' ? 'r' : ' ';
            *++text = (char)('0' + (from[1] == 'A' ? a : b));
            from++;
        }
        inside = isalnum((unsigned char)*from) || *from == '_';
    }
    *text = '\0';
}

void ft_expand_case(const struct ft_case *test,
                    void (*each)(const struct ft_case *test, void *ctx), void *ctx)
{
    if (test->pairs == FT_NO_PAIRS) {
        expand_rows(test, each, ctx);
        return;
    }
    struct ft_case one = *test;
    char name[200];
    one.text = ft_alloc(NULL, test->length + 1);
    one.name = name;
    for (unsigned a = 0; a < WRITABLE; a++) {
        for (unsigned b = 0; b < WRITABLE; b++) {
            if ((a == b) != (test->pairs == FT_SAME))
                continue;
            substitute(one.text, test->text, a, b);
            snprintf(name, sizeof(name), "%s, r%u and r%u", test->name, a, b);
            expand_rows(&one, each, ctx);
        }
    }
    free(one.text);
}
