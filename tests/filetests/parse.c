/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Reads test files: finds the cases, and what their `;` lines say. */
#include "tests/filetests/filetest.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The file being read, and the case. */
struct reader {
    const char *file;
    unsigned line;
    bool failed;
    struct ft_case header; /* what stands before the first case holds for all */
    struct ft_case test;
};

static void complain(struct reader *reader, const char *what, const char *text)
{
    printf("%s:%u: %s '%s'\n", reader->file, reader->line, what, text);
    reader->failed = true;
}

static void trim(char **text)
{
    while (isspace((unsigned char)**text))
        ++*text;
    char *end = *text + strlen(*text);
    while (end > *text && isspace((unsigned char)end[-1]))
        *--end = '\0';
}

/* The end of a directive: the next `;` that is not quoted, or the end of the line. */
static char *directive_end(char *text)
{
    bool quoted = false;
    for (; *text && (*text != ';' || quoted); text++)
        quoted ^= *text == '"';
    return text;
}

static void append(struct ft_case *test, const char *text, size_t length)
{
    size_t needed = test->length + length + 2;
    if (needed > test->room) {
        test->room = 2 * needed;
        test->text = ft_alloc(test->text, test->room);
    }
    memcpy(test->text + test->length, text, length);
    test->length += length;
    test->text[test->length++] = '\n';
    test->text[test->length] = '\0';
}

/* `fill: 300 add64 r0, 1`: so many of these instructions stand here. */
static int fill(struct ft_case *test, const char *text)
{
    char *instruction;
    unsigned long count = strtoul(text, &instruction, 10);
    for (unsigned long i = 0; i < count; i++)
        append(test, instruction, strlen(instruction));
    return count > 0 && *instruction ? 1 : -1;
}

static void read_directives(struct reader *reader, char *line)
{
    while (*line == ';') {
        char *start = line + 1, *end = directive_end(start);
        bool last = *end == '\0';
        *end = '\0';
        trim(&start);
        char *whole = ft_keep(start), *colon = strchr(start, ':');
        int done = 0;
        if (colon) {
            *colon++ = '\0';
            trim(&start);
            trim(&colon);
            done = strcmp(start, "fill") == 0
                       ? fill(&reader->test, colon)
                       : ft_directive(&reader->test, start, colon, reader->line);
        }
        if (done <= 0)
            complain(reader, done ? "bad value in" : "unknown directive", whole);
        free(whole);
        if (last)
            break;
        *end = ';';
        line = end;
    }
}

static bool expects_something(const struct ft_case *test)
{
    return test->result.given || test->executed.given || test->bytes.given ||
           test->mem_after.given || test->mbuff_after.given || test->user_after.given ||
           test->asm_error.given || test->verify_error.given || test->compile_error.given ||
           test->fault.given || test->verify_ok || test->row_count;
}

static void free_case(struct ft_case *test, const struct ft_case *header)
{
    struct ft_bytes *bytes[] = {&test->mem, &test->mbuff, &test->user, &test->bytes,
                                &test->mem_after, &test->mbuff_after, &test->user_after};
    struct ft_report *reports[] = {&test->asm_error, &test->verify_error, &test->compile_error,
                                   &test->fault};
    for (size_t i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++)
        free(bytes[i]->data);
    for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
        free(reports[i]->status);
        free(reports[i]->text);
    }
    if (header)
        free(test->text);
    free(test->name);
    free(test->rows);
}

static struct ft_bytes copy_bytes(const struct ft_bytes *from)
{
    struct ft_bytes to = *from;
    if (from->given) {
        to.data = ft_alloc(NULL, from->size);
        memcpy(to.data, from->data, from->size);
    }
    return to;
}

/* A case starts with the settings of the header, not with its expectations. */
static void begin_case(struct reader *reader, const char *name)
{
    struct ft_case *test = &reader->test;
    *test = reader->header;
    test->mem = copy_bytes(&reader->header.mem);
    test->mbuff = copy_bytes(&reader->header.mbuff);
    test->user = copy_bytes(&reader->header.user);
    test->name = ft_keep(name);
    test->line = reader->line;
    test->text = NULL;
    test->length = test->room = 0;
    append(test, "", 0);
    test->length = 0;
}

static char *read_file(const char *file, size_t *size)
{
    FILE *stream = fopen(file, "rb");
    if (!stream)
        return NULL;
    char *text = ft_alloc(NULL, 1);
    size_t got;
    *size = 0;
    do {
        text = ft_alloc(text, *size + 65536 + 1);
        got = fread(text + *size, 1, 65536, stream);
        *size += got;
    } while (got > 0);
    fclose(stream);
    text[*size] = '\0';
    return text;
}

static void end_case(struct reader *reader, void (*each)(const struct ft_case *, void *),
                     void *ctx)
{
    if (!expects_something(&reader->test))
        complain(reader, "nothing is expected of case", reader->test.name);
    else if (!reader->failed)
        ft_expand_case(&reader->test, each, ctx);
    free_case(&reader->test, &reader->header);
}

/* The lines of directives stay in the program, as the comments that they are. */
static void read_line(struct reader *reader, char *line, size_t length)
{
    char *start = line;
    append(&reader->test, line, length);
    if (memchr(line, '\0', length))
        return;
    trim(&start);
    if (*start == ';')
        read_directives(reader, start);
}

bool ft_parse_file(const char *file, void (*each)(const struct ft_case *test, void *ctx),
                   void *ctx)
{
    size_t size = 0;
    char *text = read_file(file, &size);
    struct reader reader = {.file = file, .line = 1, .header = {.file = file}};
    if (!text) {
        printf("%s: %s\n", file, strerror(errno));
        return false;
    }
    char *end = text + size;
    begin_case(&reader, "");
    bool in_header = false;
    for (char *line = text, *next; line < end; line = next, reader.line++) {
        char *newline = memchr(line, '\n', (size_t)(end - line));
        next = newline ? newline + 1 : end;
        size_t length = (size_t)((newline ? newline : end) - line);
        line[length] = '\0';
        if (strncmp(line, "; case:", 7) != 0) {
            read_line(&reader, line, length);
            continue;
        }
        if (!in_header) {
            /* What was read so far is the header: its program is empty. */
            in_header = true;
            if (expects_something(&reader.test))
                complain(&reader, "expectations stand after", "; case:");
            free(reader.test.text);
            free(reader.test.name);
            reader.header = reader.test;
        } else {
            end_case(&reader, each, ctx);
        }
        char *name = line + 7;
        trim(&name);
        begin_case(&reader, name);
        for (unsigned n = 0; n < reader.line; n++)
            append(&reader.test, "", 0);
    }
    end_case(&reader, each, ctx);
    if (in_header) {
        reader.header.name = NULL;
        free_case(&reader.header, NULL);
    }
    free(text);
    return !reader.failed;
}
