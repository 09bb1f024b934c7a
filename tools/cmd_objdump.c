/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "tools/input.h"
#include "tools/output.h"
#include "tools/text.h"
#include "tools/tryout.h"

/* An object and what loading each of its functions came to. */
struct view {
    struct tool *tool;
    struct ebpf_elf *elf;
    struct tool_loaded *loaded; /* by function */
    uint32_t functions;
    struct need *needs; /* helpers, by id */
    uint32_t need_count;
    bool json;
};

/* A helper that programs call. */
struct need {
    uint32_t id, programs;
};

static void begin(const struct view *v, const char *key, const char *title)
{
    if (v->json)
        tool_json(v->tool, key, "[");
    else
        printf("\n%s:\n", title);
}

static void next(const struct view *v, uint32_t index)
{
    if (v->json)
        printf("%s\n  ", index ? "," : "");
    else
        printf("  ");
}

static void end(const struct view *v)
{
    if (v->json)
        putchar(']');
}

static void print_sections(const struct view *v)
{
    static const char *const uses[] = {"other", "code", "maps", "data"};
    uint32_t count, row = 0;
    const struct ebpf_elf_section *s = ebpf_elf_sections(v->elf, &count);
    begin(v, "sections", "Sections");
    for (uint32_t i = 1; i < count; i++) {
        if (s[i].use == EBPF_ELF_OTHER)
            continue;
        next(v, row++);
        if (v->json) {
            tool_print_member(stdout, "name", s[i].name);
            printf(", \"index\": %u, \"use\": \"%s\", \"size\": %llu, \"writable\": %s}", i,
                   uses[s[i].use], (unsigned long long)s[i].size,
                   s[i].writable ? "true" : "false");
        } else {
            printf("%3u  ", i);
            tool_print_column(s[i].name, 24);
            printf("%-5s  %8llu bytes%s\n", uses[s[i].use], (unsigned long long)s[i].size,
                   s[i].use == EBPF_ELF_DATA && !s[i].writable ? ", read-only" : "");
        }
    }
    end(v);
}

static void print_functions(const struct view *v)
{
    uint32_t count;
    const struct ebpf_elf_function *f = ebpf_elf_functions(v->elf, &count);
    begin(v, "programs", "Programs and subprograms");
    for (uint32_t i = 0; i < count; i++) {
        const struct ebpf_program *program = v->loaded[i].program;
        next(v, i);
        if (v->json) {
            tool_print_member(stdout, "name", f[i].name);
            tool_print_member(stdout, "section", f[i].section);
            tool_print_member(stdout, "type", f[i].type);
            printf(", \"offset\": %llu, \"size\": %llu, \"subprogram\": %s, \"linked_size\": %zu, "
                   "\"loads\": %s, \"runs\": %s}", (unsigned long long)f[i].offset,
                   (unsigned long long)f[i].size, f[i].is_subprogram ? "true" : "false",
                   program ? ebpf_program_size(program) : 0, program ? "true" : "false",
                   v->loaded[i].runs ? "true" : "false");
        } else {
            tool_print_column(f[i].name, 24);
            tool_print_column(f[i].section, 20);
            printf("%-14s", f[i].type ? f[i].type : f[i].is_subprogram ? "(subprogram)" : "-");
            printf("  %6llu slots", (unsigned long long)f[i].size / 8);
            if (program && ebpf_program_size(program) != f[i].size)
                printf(", %zu with what it calls", ebpf_program_size(program) / 8);
            printf("%s\n", v->loaded[i].runs ? "" : program ? ", cannot run here"
                                                            : ", cannot be loaded");
        }
    }
    end(v);
}

static void print_maps(const struct view *v)
{
    uint32_t count;
    const struct ebpf_map_decl *m = ebpf_elf_maps(v->elf, &count);
    begin(v, "maps", "Maps and data");
    tool_print_declared(v->tool, m, count);
    end(v);
}

static void print_relocations(const struct view *v)
{
    uint32_t count = ebpf_elf_relocation_count(v->elf);
    begin(v, "relocations", "Relocations");
    for (uint32_t i = 0; i < count; i++) {
        const struct ebpf_elf_relocation r = ebpf_elf_relocation_at(v->elf, i);
        next(v, i);
        if (v->json) {
            tool_print_member(stdout, "name", r.symbol);
            tool_print_member(stdout, "section", r.section);
            printf(", \"offset\": %llu, \"type\": %u, \"undefined\": %s}",
                   (unsigned long long)r.offset, r.type, r.is_undefined ? "true" : "false");
        } else {
            tool_print_column(r.section, 20);
            printf("+0x%-6llx  type %-2u  ", (unsigned long long)r.offset, r.type);
            tool_print_name(stdout, v->json, r.symbol);
            printf("%s\n", r.is_undefined ? " (not defined)" : "");
        }
    }
    end(v);
}

static int by_id(const void *a, const void *b)
{
    uint32_t x = ((const struct need *)a)->id, y = ((const struct need *)b)->id;
    return (x > y) - (x < y);
}

/* The helpers that a program calls, sorted; each call one, so some twice. */
static struct need *helpers_of(const struct ebpf_program *program, uint32_t *count)
{
    uint32_t n;
    const struct ebpf_insn *insns = ebpf_program_insns(program, &n);
    struct need *needs = malloc((n + 1) * sizeof(*needs));
    *count = 0;
    for (uint32_t i = 0; i < n && needs; i++)
        if (insns[i].op == EBPF_OP_CALL && !ebpf_program_missing(program, (uint32_t)insns[i].imm))
            needs[(*count)++] = (struct need){(uint32_t)insns[i].imm, 1};
    if (needs)
        qsort(needs, *count, sizeof(*needs), by_id);
    return needs;
}

/* Joins what is sorted by id, adding up the programs. */
static uint32_t join(struct need *needs, uint32_t count, bool add)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (kept && needs[kept - 1].id == needs[i].id)
            needs[kept - 1].programs += add ? needs[i].programs : 0;
        else
            needs[kept++] = needs[i];
    }
    return kept;
}

/* Finds all helpers of all programs. Returns false if there is no memory. */
static bool find_helpers(struct view *v)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < v->functions; i++) {
        uint32_t n;
        if (!v->loaded[i].program)
            continue;
        struct need *needs = helpers_of(v->loaded[i].program, &n), *more = NULL;
        if (needs) {
            n = join(needs, n, false);
            more = realloc(v->needs, (count + n + 1) * sizeof(*more));
        }
        if (more) {
            v->needs = more;
            memcpy(more + count, needs, n * sizeof(*more));
            count += n;
        }
        free(needs);
        if (!more)
            return false;
    }
    if (v->needs)
        qsort(v->needs, count, sizeof(*v->needs), by_id);
    v->need_count = v->needs ? join(v->needs, count, true) : 0;
    return true;
}

static bool is_available(uint32_t id)
{
    const struct ebpf_helper_set *set = ebpf_helpers_kernel();
    for (size_t i = 0; i < set->count; i++)
        if (set->helpers[i].id == id)
            return true;
    return false;
}

static void print_helpers(const struct view *v)
{
    const struct need *needs = v->needs;
    begin(v, "helpers", "Helpers");
    for (uint32_t i = 0; i < v->need_count; i++) {
        const char *name = ebpf_kernel_helper_name(needs[i].id);
        bool available = is_available(needs[i].id);
        next(v, i);
        if (v->json) {
            tool_print_member(stdout, "name", name);
            printf(", \"id\": %u, \"programs\": %u, \"available\": %s}", needs[i].id,
                   needs[i].programs, available ? "true" : "false");
        } else {
            printf("%3u  %-28s  %u program%s%s\n", needs[i].id, name ? name : "(unknown)",
                   needs[i].programs, needs[i].programs == 1 ? "" : "s",
                   available ? "" : ", not built in");
        }
    }
    end(v);
}

/* How many functions from one on have an entry like this in their report. */
static uint32_t count_alike(const struct view *v, uint32_t from, uint32_t to, const char *message)
{
    uint32_t count = 0;
    const struct ebpf_diag_entry *e;
    for (uint32_t i = from; i < to; i++)
        for (size_t j = 0; (e = ebpf_diag_at(v->loaded[i].diag, j)) != NULL; j++)
            if (strcmp(e->message, message) == 0) {
                count++;
                break;
            }
    return count;
}

/* What holds for several functions is printed once. */
static void print_reason(const struct view *v, uint32_t function, const char *name,
                         const char *message)
{
    uint32_t others = count_alike(v, function + 1, v->functions, message);
    printf("  ");
    tool_print_name(stdout, false, name);
    if (others)
        printf(" and %u more", others);
    printf(": ");
    tool_print_name(stdout, false, message);
    putchar('\n');
}

/* Why functions cannot be loaded or run, or not in full. */
static void print_unsupported(const struct view *v)
{
    uint32_t count, row = 0;
    const struct ebpf_elf_function *f = ebpf_elf_functions(v->elf, &count);
    const struct ebpf_diag_entry *e;
    if (v->json)
        begin(v, "unsupported", "");
    for (uint32_t i = 0; i < count; i++) {
        for (size_t j = 0; (e = ebpf_diag_at(v->loaded[i].diag, j)) != NULL; j++) {
            if (v->json) {
                next(v, row++);
                tool_print_member(stdout, "name", f[i].name);
                tool_print_member(stdout, "reason", e->message);
                printf(", \"status\": \"%s\", \"fatal\": %s}", ebpf_status_name(e->status),
                       v->loaded[i].runs ? "false" : "true");
            } else if (count_alike(v, 0, i, e->message) == 0) {
                if (row++ == 0)
                    begin(v, "", "Unsupported");
                print_reason(v, i, f[i].name, e->message);
            }
        }
    }
    end(v);
}

static void print_all(const struct view *v)
{
    const char *license = ebpf_elf_license(v->elf);
    if (v->json) {
        tool_json(v->tool, "license", "%s", license ? "\"" : "null");
        tool_print_name(stdout, v->json, license);
        if (license)
            putchar('"');
    } else {
        printf("%s: ELF object, license ", tool_input_name(v->tool->operands[0]));
        tool_print_name(stdout, v->json, license ? license : "not given");
        putchar('\n');
    }
    print_sections(v);
    print_functions(v);
    print_maps(v);
    print_relocations(v);
    print_helpers(v);
    print_unsupported(v);
}

static enum tool_exit run(struct tool *tool)
{
    struct tool_bytes bytes;
    struct view v = {.tool = tool, .json = tool->options.json != 0};
    const char *path = tool->operands[0];
    enum tool_exit code = tool_read(tool, path, &bytes);
    if (code != TOOL_EXIT_OK)
        return code;
    code = tool_open_object(tool, &bytes, tool_input_name(path), &v.elf);
    free(bytes.data);
    if (code == TOOL_EXIT_OK)
        v.loaded = tool_load_functions(tool, v.elf, &v.functions);
    if (v.loaded && find_helpers(&v))
        print_all(&v);
    else if (code == TOOL_EXIT_OK)
        code = tool_fail(tool, EBPF_ERR_NOMEM, "%s", ebpf_status_text(EBPF_ERR_NOMEM));
    tool_free_functions(v.loaded, v.functions);
    free(v.needs);
    ebpf_elf_close(v.elf);
    return code;
}

static const struct tool_example examples[] = {
    {"What is in an object, and can it be run here?", "ebpfvm objdump prog.o"},
    {"Which helpers does it need?", "ebpfvm objdump --json prog.o | jq '.helpers[].name'"},
    {NULL, NULL},
};

const struct tool_command tool_cmd_objdump = {
    .name = "objdump",
    .operands = "FILE|-",
    .summary = "show what is in an ELF object",
    .description =
        "Prints what an object, as clang or gcc make them, consists of: its sections, its "
        "programs and subprograms, its maps and data, the relocations of its code, the helpers "
        "that its programs call, and what of it cannot be loaded and why.\n\n"
        "'ebpfvm disasm --program=NAME' prints the instructions of a program.",
    .examples = examples,
    .bit = TOOL_OBJDUMP,
    .operands_min = 1,
    .operands_max = 1,
    .usage_exit = TOOL_EXIT_USAGE,
    .run = run,
};
