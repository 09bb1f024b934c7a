/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/program.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "ir/op.h"

struct ebpf_program *ebpf_program_new(const struct ebpf_mem *mem)
{
    struct ebpf_mem m = ebpf_mem_or_default(mem);
    struct ebpf_program *program = ebpf_mem_zalloc(&m, 1, sizeof(*program));
    if (!program)
        return NULL;
    atomic_init(&program->refs, 1);
    program->mem = m;
    ebpf_arena_init(&program->arena, &m);
    ebpf_vec_init(&program->insns, &m, sizeof(struct ebpf_insn));
    ebpf_vec_init(&program->symbols, &m, sizeof(struct ebpf_symbol));
    ebpf_vec_init(&program->functions, &m, sizeof(struct ebpf_function));
    ebpf_vec_init(&program->locs, &m, sizeof(struct ebpf_loc));
    ebpf_vec_init(&program->origins, &m, sizeof(struct ebpf_origin));
    ebpf_vec_init(&program->lines, &m, sizeof(uint32_t));
    return program;
}

struct ebpf_program *ebpf_program_ref(struct ebpf_program *program)
{
    atomic_fetch_add_explicit(&program->refs, 1, memory_order_relaxed);
    return program;
}

void ebpf_program_unref(struct ebpf_program *program)
{
    if (!program || atomic_fetch_sub_explicit(&program->refs, 1, memory_order_acq_rel) != 1)
        return;
    struct ebpf_mem mem = program->mem;
    if (program->pcs)
        ebpf_mem_free(&mem, program->pcs, (program->insns.count + 1) * sizeof(*program->pcs));
    ebpf_vec_free(&program->insns);
    ebpf_vec_free(&program->symbols);
    ebpf_vec_free(&program->functions);
    ebpf_vec_free(&program->locs);
    ebpf_vec_free(&program->origins);
    ebpf_vec_free(&program->lines);
    ebpf_map_table_unref(program->maps);
    ebpf_arena_reset(&program->arena);
    ebpf_mem_free(&mem, program, sizeof(*program));
}

struct ebpf_insn *ebpf_program_push(struct ebpf_program *program)
{
    struct ebpf_insn *insn = ebpf_vec_push(&program->insns, 1);
    if (insn)
        *insn = (struct ebpf_insn){.target = EBPF_TARGET_NONE};
    return insn;
}

uint32_t ebpf_program_add_loc(struct ebpf_program *program, uint32_t line, uint32_t column,
                              uint32_t width)
{
    struct ebpf_loc *loc = ebpf_vec_push(&program->locs, 1);
    if (!loc)
        return 0;
    loc->line = line;
    loc->column = column <= UINT16_MAX ? (uint16_t)column : 0;
    loc->width = width <= UINT16_MAX ? (uint16_t)width : UINT16_MAX;
    loc->origin = 0;
    return (uint32_t)program->locs.count;
}

/* A copy of `text`, or `old` if that is the same; false if there is no memory. */
static bool copy_text(struct ebpf_program *program, const char *old, const char *text,
                      const char **copy)
{
    *copy = text && old && strcmp(old, text) == 0 ? old : NULL;
    if (text && !*copy)
        *copy = ebpf_arena_strndup(&program->arena, text, strlen(text));
    return *copy || !text;
}

uint32_t ebpf_program_add_foreign_loc(struct ebpf_program *program, const char *file,
                                      const char *text, uint32_t line, uint32_t column)
{
    size_t count = program->origins.count;
    const struct ebpf_origin *list = program->origins.data;
    struct ebpf_origin last = count ? list[count - 1] : (struct ebpf_origin){0}, now;
    if (!copy_text(program, last.file, file, &now.file) ||
        !copy_text(program, last.text, text, &now.text))
        return 0;
    if (count == 0 || now.file != last.file || now.text != last.text) {
        struct ebpf_origin *origin = ebpf_vec_push(&program->origins, 1);
        if (!origin)
            return 0;
        *origin = now;
    }
    uint32_t index = ebpf_program_add_loc(program, line, column, column ? 1 : 0);
    if (index)
        ((struct ebpf_loc *)program->locs.data)[index - 1].origin =
            (uint32_t)program->origins.count;
    return index;
}

bool ebpf_program_add_symbol(struct ebpf_program *program, const char *name, size_t length,
                             uint32_t insn)
{
    char *copy = ebpf_arena_strndup(&program->arena, name, length);
    struct ebpf_symbol *symbol = copy ? ebpf_vec_push(&program->symbols, 1) : NULL;
    if (symbol)
        *symbol = (struct ebpf_symbol){copy, insn};
    return symbol != NULL;
}

bool ebpf_program_add_function(struct ebpf_program *program, const char *name, size_t length,
                               uint32_t insn)
{
    char *copy = name ? ebpf_arena_strndup(&program->arena, name, length) : NULL;
    if (name && !copy)
        return false;
    struct ebpf_function *function = ebpf_vec_push(&program->functions, 1);
    if (function)
        *function = (struct ebpf_function){copy, insn, 0};
    return function != NULL;
}

static bool index_lines(struct ebpf_program *program)
{
    const char *text = program->source, *end = text + program->source_length;
    for (const char *line = text; line;) {
        uint32_t *start = ebpf_vec_push(&program->lines, 1);
        if (!start)
            return false;
        *start = (uint32_t)(line - text);
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        line = newline ? newline + 1 : NULL;
    }
    return true;
}

bool ebpf_program_set_source(struct ebpf_program *program, const char *file, const char *text,
                             size_t length)
{
    if (file && !(program->file = ebpf_arena_strndup(&program->arena, file, strlen(file))))
        return false;
    if (!text || length > UINT32_MAX)
        return true;
    program->source = ebpf_arena_strndup(&program->arena, text, length);
    program->source_length = length;
    return program->source && index_lines(program);
}

static ebpf_status number_slots(struct ebpf_program *program, struct ebpf_diag *diag)
{
    uint32_t count = ebpf_program_count(program), wide = 0;
    for (uint32_t i = 0; i < count; i++)
        wide += ebpf_op_table[ebpf_program_at(program, i)->op].slots - 1u;
    if ((uint64_t)count + wide > EBPF_PROGRAM_MAX_SLOTS) {
        ebpf_program_report(program, diag, EBPF_SEVERITY_ERROR, EBPF_ERR_TOO_LONG,
                            EBPF_TARGET_NONE, NULL, "program has %llu slots, the limit is %u",
                            (unsigned long long)count + wide, EBPF_PROGRAM_MAX_SLOTS);
        return EBPF_ERR_TOO_LONG;
    }
    program->slots = count + wide;
    if (wide == 0)
        return EBPF_OK;
    program->pcs = ebpf_mem_alloc(&program->mem, ((size_t)count + 1) * sizeof(*program->pcs));
    if (!program->pcs)
        return EBPF_ERR_NOMEM;
    uint32_t pc = 0;
    for (uint32_t i = 0; i < count; i++) {
        program->pcs[i] = pc;
        pc += ebpf_op_table[ebpf_program_at(program, i)->op].slots;
    }
    program->pcs[count] = pc;
    return EBPF_OK;
}

/* Offsets to targets; the field is cleared, so that a fact stands in one place only. */
static void link_offsets(struct ebpf_program *program)
{
    uint32_t count = ebpf_program_count(program);
    struct ebpf_insn *insns = program->insns.data;
    for (uint32_t i = 0; i < count; i++) {
        struct ebpf_insn *insn = &insns[i];
        enum ebpf_field field = ebpf_target_field((enum ebpf_op)insn->op);
        if (!field || insn->target != EBPF_TARGET_NONE)
            continue;
        int64_t offset = field == EBPF_FIELD_OFF ? insn->off : (int32_t)insn->imm;
        int64_t pc = (int64_t)ebpf_program_pc(program, i) + 1 + offset;
        if (pc < 0 || pc >= program->slots)
            continue;
        insn->target = ebpf_program_insn_at(program, (uint32_t)pc);
        if (insn->target == EBPF_TARGET_NONE)
            continue;
        if (field == EBPF_FIELD_OFF)
            insn->off = 0;
        else
            insn->imm &= ~INT64_C(0xffffffff);
    }
}

static int by_first(const void *a, const void *b)
{
    uint32_t x = ((const struct ebpf_function *)a)->first;
    uint32_t y = ((const struct ebpf_function *)b)->first;
    return (x > y) - (x < y);
}

static int by_insn(const void *a, const void *b)
{
    uint32_t x = ((const struct ebpf_symbol *)a)->insn;
    uint32_t y = ((const struct ebpf_symbol *)b)->insn;
    return (x > y) - (x < y);
}

/* Functions start at 0, at declarations, and at the targets of calls and function references;
 * `starts` has a byte per instruction. */
static ebpf_status find_functions(struct ebpf_program *program, uint8_t *starts)
{
    uint32_t count = ebpf_program_count(program);
    struct ebpf_function *declared = program->functions.data;
    starts[0] = 1;
    for (uint32_t i = 0; i < count; i++) {
        const struct ebpf_insn *insn = ebpf_program_at(program, i);
        bool refers = insn->op == EBPF_OP_CALL_LOCAL || insn->op == EBPF_OP_LDDW_FUNC;
        if (refers && insn->target < count)
            starts[insn->target] = 1;
    }
    for (size_t i = 0; i < program->functions.count; i++)
        if (declared[i].first < count)
            starts[declared[i].first] = 0; /* stands in the list already */
    for (uint32_t i = 0; i < count; i++)
        if (starts[i] && !ebpf_program_add_function(program, NULL, 0, i))
            return EBPF_ERR_NOMEM;
    return EBPF_OK;
}

/* Drops declarations at the end or at one place, and measures the rest. */
static void size_functions(struct ebpf_program *program)
{
    uint32_t count = ebpf_program_count(program);
    struct ebpf_function *f = program->functions.data;
    size_t kept = 0;
    for (size_t i = 0; i < program->functions.count; i++) {
        if (f[i].first >= count)
            continue;
        if (kept && f[kept - 1].first == f[i].first)
            kept--;
        f[kept++] = f[i];
    }
    program->functions.count = kept;
    for (size_t i = 0; i < kept; i++)
        f[i].count = (i + 1 < kept ? f[i + 1].first : count) - f[i].first;
}

/* A function without a name has that of a symbol at its entry. */
static void name_functions(struct ebpf_program *program)
{
    struct ebpf_function *f = program->functions.data;
    const struct ebpf_symbol *s = program->symbols.data;
    for (size_t i = 0, j = 0; i < program->functions.count; i++) {
        while (j < program->symbols.count && s[j].insn < f[i].first)
            j++;
        if (!f[i].name && j < program->symbols.count && s[j].insn == f[i].first)
            f[i].name = s[j].name;
    }
}

ebpf_status ebpf_program_finish(struct ebpf_program *program, struct ebpf_diag *diag)
{
    ebpf_status status = number_slots(program, diag);
    uint32_t count = ebpf_program_count(program);
    if (count == 0)
        program->functions.count = 0; /* a function has instructions */
    if (status || count == 0)
        return status;
    link_offsets(program);
    uint8_t *starts = ebpf_mem_zalloc(&program->mem, count, 1);
    if (!starts)
        return EBPF_ERR_NOMEM;
    status = find_functions(program, starts);
    ebpf_mem_free(&program->mem, starts, count);
    if (status)
        return status;
    if (!ebpf_vec_sort(&program->functions, by_first) ||
        !ebpf_vec_sort(&program->symbols, by_insn))
        return EBPF_ERR_NOMEM;
    size_functions(program);
    name_functions(program);
    return EBPF_OK;
}

const struct ebpf_insn *ebpf_program_insns(const struct ebpf_program *program, uint32_t *count)
{
    *count = ebpf_program_count(program);
    return program->insns.data;
}

const struct ebpf_function *ebpf_program_functions(const struct ebpf_program *program,
                                                   uint32_t *count)
{
    *count = (uint32_t)program->functions.count;
    return program->functions.data;
}

const struct ebpf_symbol *ebpf_program_symbols(const struct ebpf_program *program,
                                               uint32_t *count)
{
    *count = (uint32_t)program->symbols.count;
    return program->symbols.data;
}

uint32_t ebpf_program_function_of(const struct ebpf_program *program, uint32_t insn)
{
    const struct ebpf_function *f = program->functions.data;
    uint32_t low = 0, high = (uint32_t)program->functions.count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (f[middle].first <= insn)
            low = middle;
        else
            high = middle;
    }
    return low;
}

uint32_t ebpf_program_pc(const struct ebpf_program *program, uint32_t insn)
{
    return program->pcs ? program->pcs[insn] : insn;
}

uint32_t ebpf_program_insn_at(const struct ebpf_program *program, uint32_t pc)
{
    uint32_t low = 0, high = ebpf_program_count(program);
    if (pc >= program->slots)
        return EBPF_TARGET_NONE;
    if (!program->pcs)
        return pc;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (program->pcs[middle] <= pc)
            low = middle;
        else
            high = middle;
    }
    return program->pcs[low] == pc ? low : EBPF_TARGET_NONE;
}

struct ebpf_location ebpf_program_location(const struct ebpf_program *program, uint32_t insn)
{
    struct ebpf_location place = {.file = program->file};
    if (insn >= ebpf_program_count(program) || ebpf_program_at(program, insn)->loc == 0)
        return place;
    const struct ebpf_loc *loc =
        (const struct ebpf_loc *)program->locs.data + (ebpf_program_at(program, insn)->loc - 1);
    place.line = loc->line;
    place.column = loc->column;
    place.width = loc->width;
    if (loc->origin) {
        const struct ebpf_origin *o = (const struct ebpf_origin *)program->origins.data +
                                      (loc->origin - 1);
        place.file = o->file;
        place.source = o->text;
        place.source_length = o->text ? (uint32_t)strlen(o->text) : 0;
        return place;
    }
    if (program->source && loc->line <= program->lines.count) {
        const uint32_t *starts = program->lines.data;
        size_t start = starts[loc->line - 1];
        size_t end = loc->line < program->lines.count ? starts[loc->line] - 1u
                                                      : program->source_length;
        place.source = program->source + start;
        while (end > start &&
               (program->source[end - 1] == '\r' || program->source[end - 1] == '\n'))
            end--;
        place.source_length = (uint32_t)(end - start);
    }
    return place;
}

void ebpf_program_report(const struct ebpf_program *program, struct ebpf_diag *diag,
                         enum ebpf_severity severity, ebpf_status status, uint32_t insn,
                         const char *advice, const char *message, ...)
{
    if (!diag)
        return;
    char text[400], line[200];
    va_list args;
    va_start(args, message);
    vsnprintf(text, sizeof(text), message, args);
    va_end(args);

    bool has_insn = insn < ebpf_program_count(program);
    struct ebpf_location place = ebpf_program_location(program, insn);
    bool has_line = place.source && place.source_length < sizeof(line);
    if (has_line) {
        memcpy(line, place.source, place.source_length);
        line[place.source_length] = '\0';
    }
    struct ebpf_diag_entry entry = {
        .status = status, .severity = severity, .file = place.file, .line = place.line,
        .column = place.column, .width = place.width,
        .pc = has_insn ? ebpf_program_pc(program, insn) : EBPF_PC_NONE,
        .advice = advice ? advice : ebpf_status_advice(status),
        .source = has_line ? line : NULL};
    ebpf_diag_add(diag, &entry, "%s", text);
}
