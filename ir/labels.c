/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/labels.h"

#include <string.h>

#include "base/intern.h"
#include "base/mem.h"
#include "ir/op.h"

static const char label_stem[] = "L", function_stem[] = "func";

/* As many underscores as generated names may have; names that clash even so are not used. */
enum { UNDERSCORES_MAX = 7 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t count_digits(const char *text)
{
    size_t n = 0;
    while (is_digit(text[n]))
        n++;
    return n;
}

/* Names that the assembler would take for something else: registers. */
static bool is_register(const char *name)
{
    size_t digits = count_digits(name + 1);
    return (name[0] == 'r' || name[0] == 'w') && digits && name[1 + digits] == '\0';
}

/* Objects may call things what they like; text may not. */
static bool is_usable(const char *name)
{
    if (!name || !is_letter(name[0]) || is_register(name))
        return false;
    for (const char *p = name; *p; p++)
        if (!is_letter(*p) && !is_digit(*p) && *p != '.')
            return false;
    return true;
}

/* How many underscores stand in a name between a stem and a number; -1 if it has another form. */
static int underscores_in(const char *name, const char *stem)
{
    size_t length = strlen(stem);
    if (strncmp(name, stem, length) != 0)
        return -1;
    size_t underscores = strspn(name + length, "_");
    const char *number = name + length + underscores;
    size_t digits = count_digits(number);
    return digits && number[digits] == '\0' && underscores <= INT16_MAX ? (int)underscores : -1;
}

/* The number of underscores at which a generated name could be this one, or -1. */
static int clash(const char *name)
{
    int label = underscores_in(name, label_stem);
    int function = underscores_in(name, function_stem);
    return label >= 0 ? label : function > 0 ? function - 1 : -1;
}

/* The least number of underscores that no name of the program has. */
static unsigned choose_underscores(const struct ebpf_program *program)
{
    const struct ebpf_symbol *s = program->symbols.data;
    const struct ebpf_function *f = program->functions.data;
    bool taken[UNDERSCORES_MAX] = {false};
    for (size_t i = 0; i < program->symbols.count + program->functions.count; i++) {
        const char *name = i < program->symbols.count ? s[i].name
                                                      : f[i - program->symbols.count].name;
        int n = name ? clash(name) : -1;
        if (n >= 0 && n < UNDERSCORES_MAX)
            taken[n] = true;
    }
    unsigned n = 0;
    while (n < UNDERSCORES_MAX && taken[n])
        n++;
    return n;
}

/* Gives a place a name, unless the name is no good or that of another place. */
static bool add_name(struct ebpf_labels *labels, struct ebpf_intern *seen, const char *name,
                     uint32_t insn)
{
    if (!is_usable(name) || clash(name) == (int)labels->underscores)
        return true;
    struct ebpf_name *known = ebpf_intern(seen, name, strlen(name));
    if (!known)
        return false;
    if (known->value != EBPF_NAME_NEW)
        return true;
    known->value = insn;
    struct ebpf_label *label = ebpf_vec_push(&labels->names, 1);
    if (!label)
        return false;
    *label = (struct ebpf_label){name, insn};
    labels->marks[insn] |= EBPF_MARK_NAMED;
    return true;
}

/* Both tables are in order of address: so is the list; a function's name comes first. */
static bool merge_names(struct ebpf_labels *labels, struct ebpf_intern *seen)
{
    const struct ebpf_program *program = labels->program;
    const struct ebpf_symbol *s = program->symbols.data;
    const struct ebpf_function *f = program->functions.data;
    uint32_t count = ebpf_program_count(program);
    for (size_t i = 0, j = 0; i < program->symbols.count || j < program->functions.count;) {
        bool function = i == program->symbols.count ||
                        (j < program->functions.count && f[j].first <= s[i].insn);
        const char *name = function ? f[j].name : s[i].name;
        uint32_t insn = function ? f[j].first : s[i].insn;
        if (insn <= count && !add_name(labels, seen, name, insn))
            return false;
        function ? j++ : i++;
    }
    return true;
}

static void mark_targets(struct ebpf_labels *labels)
{
    const struct ebpf_program *program = labels->program;
    const struct ebpf_function *f = program->functions.data;
    uint8_t *marks = labels->marks;
    for (uint32_t i = 0; i < ebpf_program_count(program); i++) {
        const struct ebpf_insn *insn = ebpf_program_at(program, i);
        if (insn->target < ebpf_program_count(program) && ebpf_insn_is_canonical(insn))
            marks[insn->target] |= EBPF_MARK_TARGET;
    }
    /* That the entry is a function goes without saying, unless its name is needed. */
    for (size_t i = 0; i < program->functions.count; i++)
        if (f[i].first != 0 || f[i].name || marks[0])
            marks[f[i].first] |= EBPF_MARK_FUNCTION;
}

ebpf_status ebpf_labels_init(struct ebpf_labels *labels, const struct ebpf_program *program)
{
    *labels = (struct ebpf_labels){.program = program};
    ebpf_vec_init(&labels->names, &program->mem, sizeof(struct ebpf_label));
    labels->marks = ebpf_mem_zalloc(&program->mem, (size_t)ebpf_program_count(program) + 1, 1);
    if (!labels->marks)
        return EBPF_ERR_NOMEM;
    labels->underscores = choose_underscores(program);
    struct ebpf_intern seen;
    ebpf_intern_init(&seen, &program->mem);
    bool done = merge_names(labels, &seen);
    ebpf_intern_free(&seen);
    if (!done) {
        ebpf_labels_free(labels);
        return EBPF_ERR_NOMEM;
    }
    mark_targets(labels);
    return EBPF_OK;
}

void ebpf_labels_free(struct ebpf_labels *labels)
{
    ebpf_mem_free(&labels->program->mem, labels->marks,
                  (size_t)ebpf_program_count(labels->program) + 1);
    ebpf_vec_free(&labels->names);
}

const struct ebpf_label *ebpf_labels_at(const struct ebpf_labels *labels, uint32_t insn)
{
    const struct ebpf_label *names = labels->names.data;
    size_t low = 0, high = labels->names.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (names[middle].insn < insn)
            low = middle + 1;
        else
            high = middle;
    }
    return names + low;
}

void ebpf_labels_print(const struct ebpf_labels *labels, uint32_t insn, struct ebpf_out *out)
{
    uint8_t mark = labels->marks[insn];
    if (mark & EBPF_MARK_NAMED) {
        ebpf_out_puts(out, ebpf_labels_at(labels, insn)->name);
        return;
    }
    bool function = mark & EBPF_MARK_FUNCTION;
    ebpf_out_puts(out, function ? function_stem : label_stem);
    for (unsigned i = function ? 0 : 1; i <= labels->underscores; i++)
        ebpf_out_char(out, '_');
    ebpf_out_decimal(out, ebpf_program_pc(labels->program, insn));
}

void ebpf_labels_declare(const struct ebpf_labels *labels, uint32_t insn, struct ebpf_out *out)
{
    uint8_t mark = labels->marks[insn];
    if (mark == 0)
        return;
    bool function = mark & EBPF_MARK_FUNCTION;
    if (function)
        ebpf_out_puts(out, ".func ");
    ebpf_labels_print(labels, insn, out);
    ebpf_out_puts(out, function ? "\n" : ":\n");
    if (!(mark & EBPF_MARK_NAMED))
        return;
    const struct ebpf_label *end = (struct ebpf_label *)labels->names.data + labels->names.count;
    for (const struct ebpf_label *l = ebpf_labels_at(labels, insn) + 1; l < end; l++) {
        if (l->insn != insn)
            break;
        ebpf_out_puts(out, l->name);
        ebpf_out_puts(out, ":\n");
    }
}
