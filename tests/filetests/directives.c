/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the `;` lines of test files say: values of every kind, by key. */
#include "tests/filetests/filetest.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

static bool parse_value(const char *text, struct ft_value *value)
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

char *ft_keep(const char *text)
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
            report->text = ft_keep(word);
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
            if (!parse_value(next_word(&text), &report->address))
                return false;
        } else if (report->status) {
            return false;
        } else {
            report->status = ft_keep(word);
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

/* The name of a program type, the library's. */
static bool parse_type(const char *text, struct ft_case *test)
{
    size_t i = 0;
    do
        test->type = ebpf_verify_type_at(i++);
    while (test->type && strcmp(text, test->type) != 0);
    test->kind = EBPF_VM_TYPED;
    return test->type != NULL;
}

/* Directives that set up a case: 1 if it was one, -1 if it was a bad one. */
static int set_up(struct ft_case *test, const char *key, char *text)
{
    uint64_t number = 0;
    bool good = true;
    if (strcmp(key, "kind") == 0) {
        good = parse_kind(text, &test->kind);
    } else if (strcmp(key, "type") == 0) {
        good = parse_type(text, test);
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
        good = parse_value(text, &test->result);
    } else if (strcmp(key, "executed") == 0) {
        good = parse_value(text, &test->executed);
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

int ft_directive(struct ft_case *test, const char *key, char *text, unsigned line)
{
    int done = set_up(test, key, text);
    if (done == 0)
        done = expect(test, key, text);
    if (done == 0 && strcmp(key, "when") == 0)
        done = parse_row(text, test, line) ? 1 : -1;
    return done;
}
