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

/* The word at *text, which is moved behind it and the blanks that follow; "" at the end. */
static char *next_word(char **text)
{
    char *word = *text;
    if (*word == '"') {
        char *close = strchr(++word, '"');
        *text = close ? close + 1 : word + strlen(word);
        if (close)
            *close = '\0';
    } else {
        *text = word + strcspn(word, " \t");
        if (**text)
            *(*text)++ = '\0';
    }
    while (isspace((unsigned char)**text))
        ++*text;
    return word;
}

static bool parse_number(const char *text, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = *text == '-' ? (uint64_t)strtoll(text, &end, 0) : strtoull(text, &end, 0);
    return errno == 0 && end != text && *end == '\0';
}

bool ft_parse_value(const char *text, struct ft_value *value)
{
    static const char *const bases[] = {
        [FT_NUMBER] = "", [FT_MEM] = "mem", [FT_MBUFF] = "mbuff", [FT_USER] = "user"};
    *value = (struct ft_value){.given = true};
    for (int base = FT_MEM; base <= FT_USER; base++) {
        size_t length = strlen(bases[base]);
        if (strncmp(text, bases[base], length) != 0)
            continue;
        value->base = (enum ft_base)base;
        text += length;
        if (*text == '\0')
            return true;
        text += *text == '+';
        break;
    }
    return parse_number(text, &value->offset);
}

/* `01 02`, `0102`, `ff*16`, in any mixture; `empty` for none. */
static bool parse_bytes(char *text, struct ft_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct ft_bytes){.given = true};
    size_t room = strlen(text) + 1;
    for (char *star = strchr(text, '*'); star; star = strchr(star + 1, '*'))
        room += strtoul(star + 1, NULL, 10);
    uint8_t *data = ft_alloc(NULL, room);
    bool good = true;
    while (*text && good) {
        char *word = next_word(&text);
        if (strcmp(word, "empty") == 0)
            break;
        for (; isxdigit((unsigned char)word[0]) && isxdigit((unsigned char)word[1]); word += 2)
            data[bytes->size++] =
                (uint8_t)strtoul((char[3]){word[0], word[1], '\0'}, NULL, 16);
        if (*word == '*' && bytes->size > 0) {
            for (unsigned long n = strtoul(word + 1, &word, 10); n > 1; n--, bytes->size++)
                data[bytes->size] = data[bytes->size - 1];
        }
        good = *word == '\0';
    }
    bytes->data = ft_alloc(NULL, bytes->size);
    memcpy(bytes->data, data, bytes->size);
    free(data);
    return good;
}

static char *keep(const char *text)
{
    char *copy = ft_alloc(NULL, strlen(text) + 1);
    return strcpy(copy, text);
}

/* `STATUS at LINE:COLUMN size N address VALUE "TEXT"` */
static bool parse_report(char *text, struct ft_report *report)
{
    *report = (struct ft_report){.given = true, .at = EBPF_PC_NONE};
    while (*text) {
        bool quoted = *text == '"';
        char *word = next_word(&text);
        uint64_t number = 0;
        if (quoted) {
            report->text = keep(word);
        } else if (strcmp(word, "at") == 0) {
            char *place = next_word(&text), *colon = strchr(place, ':');
            if (colon) {
                *colon = '\0';
                report->column = (uint32_t)strtoul(colon + 1, NULL, 10);
            }
            if (!parse_number(place, &number))
                return false;
            report->at = (uint32_t)number;
        } else if (strcmp(word, "size") == 0) {
            if (!parse_number(next_word(&text), &number))
                return false;
            report->size = (uint32_t)number;
        } else if (strcmp(word, "address") == 0) {
            if (!ft_parse_value(next_word(&text), &report->address))
                return false;
        } else if (report->status) {
            return false;
        } else {
            report->status = keep(word);
        }
    }
    return true;
}

/* `A B gives R` */
static bool parse_row(char *text, struct ft_case *test, unsigned line)
{
    struct ft_row row = {.line = line};
    for (;;) {
        char *word = next_word(&text);
        if (strcmp(word, "gives") == 0)
            break;
        if (row.count == FT_ROW_MAX || !parse_number(word, &row.in[row.count++]))
            return false;
    }
    if (!parse_number(text, &row.result))
        return false;
    test->rows = ft_alloc(test->rows, (test->row_count + 1) * sizeof(row));
    test->rows[test->row_count++] = row;
    return true;
}

static bool parse_pairs(const char *text, enum ft_pairs *pairs)
{
    *pairs = strcmp(text, "same") == 0 ? FT_SAME : FT_DISTINCT;
    return *pairs == FT_SAME || strcmp(text, "distinct") == 0;
}

static bool parse_kind(const char *text, enum ebpf_vm_kind *kind)
{
    const char *name;
    for (int i = 0; (name = ebpf_vm_kind_name((enum ebpf_vm_kind)i)) != NULL; i++) {
        if (strcmp(text, name) == 0) {
            *kind = (enum ebpf_vm_kind)i;
            return true;
        }
    }
    return false;
}

/* Directives that set up a case: 1 if it was one, -1 if it was a bad one. */
static int set_up(struct ft_case *test, const char *key, char *text)
{
    uint64_t number = 0;
    bool good = true;
    if (strcmp(key, "kind") == 0) {
        good = parse_kind(text, &test->kind);
    } else if (strcmp(key, "mem") == 0) {
        good = parse_bytes(text, &test->mem);
    } else if (strcmp(key, "mbuff") == 0) {
        good = parse_bytes(text, &test->mbuff);
    } else if (strcmp(key, "user") == 0 || strcmp(key, "user-read-only") == 0) {
        test->user_writable = key[4] == '\0';
        good = parse_bytes(text, &test->user);
    } else if (strcmp(key, "verifier") == 0) {
        test->lenient = strcmp(text, "lenient") == 0;
        good = test->lenient || strcmp(text, "strict") == 0;
    } else if (strcmp(key, "policy") == 0) {
        test->checked_only = good = strcmp(text, "checked") == 0;
    } else if (strcmp(key, "sweep") == 0) {
        test->no_sweep = good = strcmp(text, "no") == 0;
    } else if (strcmp(key, "helpers") == 0) {
        test->test_helpers = strstr(text, "test") != NULL;
        test->rbpf_helpers = strstr(text, "rbpf") != NULL;
        test->kernel_helpers = strstr(text, "kernel") != NULL;
        good = test->test_helpers || test->rbpf_helpers || test->kernel_helpers;
    } else if (strcmp(key, "pairs") == 0) {
        good = parse_pairs(text, &test->pairs);
    } else if (strcmp(key, "budget") == 0) {
        good = parse_number(text, &test->budget);
    } else if (strcmp(key, "frame-size") == 0) {
        good = parse_number(text, &number);
        test->frame_size = (uint32_t)number;
    } else if (strcmp(key, "max-depth") == 0) {
        good = parse_number(text, &number);
        test->max_depth = (uint32_t)number;
    } else if (strcmp(key, "data-offset") == 0) {
        good = parse_number(text, &number);
        test->data_offset = (size_t)number;
    } else if (strcmp(key, "data-end-offset") == 0) {
        good = parse_number(text, &number);
        test->data_end_offset = (size_t)number;
    } else {
        return 0;
    }
    return good ? 1 : -1;
}

/* Directives that tell what must come: as set_up(). */
static int expect(struct ft_case *test, const char *key, char *text)
{
    bool good = true;
    if (strcmp(key, "result") == 0) {
        good = ft_parse_value(text, &test->result);
    } else if (strcmp(key, "executed") == 0) {
        good = ft_parse_value(text, &test->executed);
    } else if (strcmp(key, "bytes") == 0) {
        good = parse_bytes(text, &test->bytes);
    } else if (strcmp(key, "mem-after") == 0) {
        good = parse_bytes(text, &test->mem_after);
    } else if (strcmp(key, "mbuff-after") == 0) {
        good = parse_bytes(text, &test->mbuff_after);
    } else if (strcmp(key, "user-after") == 0) {
        good = parse_bytes(text, &test->user_after);
    } else if (strcmp(key, "fault") == 0) {
        good = parse_report(text, &test->fault);
    } else if (strcmp(key, "compile") == 0) {
        good = strcmp(next_word(&text), "error") == 0 && parse_report(text, &test->compile_error);
    } else if (strcmp(key, "asm") == 0) {
        good = strcmp(next_word(&text), "error") == 0 && parse_report(text, &test->asm_error);
    } else if (strcmp(key, "verify") == 0) {
        char *word = next_word(&text);
        test->verify_ok = strcmp(word, "ok") == 0;
        good = test->verify_ok ||
               (strcmp(word, "reject") == 0 && parse_report(text, &test->verify_error));
    } else {
        return 0;
    }
    return good ? 1 : -1;
}

/* The end of a directive: the next `;` that is not quoted, or the end of the line. */
static char *directive_end(char *text)
{
    bool quoted = false;
    for (; *text && (*text != ';' || quoted); text++)
        quoted ^= *text == '"';
    return text;
}

static void read_directives(struct reader *reader, char *line)
{
    while (*line == ';') {
        char *start = line + 1, *end = directive_end(start);
        bool last = *end == '\0';
        *end = '\0';
        trim(&start);
        char *whole = keep(start), *colon = strchr(start, ':');
        int done = 0;
        if (colon) {
            *colon++ = '\0';
            trim(&colon);
            done = set_up(&reader->test, start, colon);
            if (done == 0)
                done = expect(&reader->test, start, colon);
        }
        if (done == 0 && colon && strcmp(start, "when") == 0)
            done = parse_row(colon, &reader->test, reader->line) ? 1 : -1;
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
    test->name = keep(name);
    test->line = reader->line;
    test->text = ft_alloc(NULL, 1);
    test->length = 0;
}

static void append(struct ft_case *test, const char *text, size_t length)
{
    test->text = ft_alloc(test->text, test->length + length + 2);
    memcpy(test->text + test->length, text, length);
    test->length += length;
    test->text[test->length++] = '\n';
    test->text[test->length] = '\0';
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
    size_t size;
    char *text = read_file(file, &size), *end = text + size;
    struct reader reader = {.file = file, .line = 1, .header = {.file = file}};
    if (!text) {
        printf("%s: %s\n", file, strerror(errno));
        return false;
    }
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
        reader.test.text = ft_alloc(reader.test.text, reader.line + 1);
        memset(reader.test.text, '\n', reader.line);
        reader.test.length = reader.line;
    }
    end_case(&reader, each, ctx);
    if (in_header) {
        reader.header.name = NULL;
        free_case(&reader.header, NULL);
    }
    free(text);
    return !reader.failed;
}
