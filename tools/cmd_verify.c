/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include "tools/input.h"
#include "tools/machine.h"
#include "tools/output.h"
#include "tools/text.h"

/* Complains about a pass that does not exist, naming those of the default list. */
static enum tool_exit unknown_pass(const char *name)
{
    char names[200] = "";
    const struct ebpf_pass *const *p = ebpf_verifier_strict();
    for (size_t used = 0; *p && used < sizeof(names); p++)
        used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", used ? ", " : "",
                                 (*p)->name);
    tool_error("--passes: there is no pass '%s'; the default ones are %s", name, names);
    return TOOL_EXIT_USAGE;
}

/* Fills in the NULL-terminated list that --passes names. */
static enum tool_exit find_passes(const char *text,
                                  const struct ebpf_pass *list[TOOL_PASSES_MAX + 1])
{
    size_t count = 0;
    for (;;) {
        char name[40];
        size_t length = strcspn(text, ",");
        snprintf(name, sizeof(name), "%.*s", (int)(length < 40 ? length : 39), text);
        if (count == TOOL_PASSES_MAX) {
            tool_error("--passes: more than %d passes", TOOL_PASSES_MAX);
            return TOOL_EXIT_USAGE;
        }
        list[count] = ebpf_pass_find(name);
        if (!list[count++])
            return unknown_pass(name);
        if (!text[length])
            break;
        text += length + 1;
    }
    list[count] = NULL;
    return TOOL_EXIT_OK;
}

static void put_string(const char *key, const char *text)
{
    if (!text)
        return;
    printf(", \"%s\": \"", key);
    tool_print_name(stdout, true, text);
    putchar('"');
}

/* What is wrong, each thing with its place, why it is, and what to do; `why` is of the first. */
static void print_findings(struct tool *tool, const char *why)
{
    tool_json(tool, "findings", "[");
    for (size_t i = 0, count = 0; i < ebpf_diag_count(tool->diag); i++) {
        const struct ebpf_diag_entry *e = ebpf_diag_at(tool->diag, i);
        if (e->severity != EBPF_SEVERITY_ERROR)
            continue;
        printf("%s{\"status\": \"%s\"", count ? ",\n " : "", ebpf_status_name(e->status));
        if (e->pc != EBPF_PC_NONE)
            printf(", \"pc\": %u", e->pc);
        put_string("file", e->file);
        if (e->line)
            printf(", \"line\": %u", e->line);
        put_string("source", e->source);
        put_string("problem", e->message);
        printf(", \"why\": %s", !count++ && why ? why : "null");
        put_string("advice", e->advice);
        putchar('}');
    }
    putchar(']');
}

static void report(struct tool *tool, const struct ebpf_program *program, ebpf_status status,
                   const char *why)
{
    uint32_t insns, functions;
    ebpf_program_insns(program, &insns);
    ebpf_program_functions(program, &functions);
    if (tool->options.json) {
        tool_json(tool, "accepted", status == EBPF_OK ? "true" : "false");
        tool_json(tool, "instructions", "%u", insns);
        tool_json(tool, "functions", "%u", functions);
        print_findings(tool, why);
    } else if (status == EBPF_OK && !tool->options.dot) {
        bool color = tool_is_colored(tool, stdout);
        printf("%s: %saccepted%s: %u instruction%s, %u function%s\n",
               tool_input_name(tool->operands[0]), color ? "\033[1;32m" : "",
               color ? "\033[0m" : "", insns, insns == 1 ? "" : "s", functions,
               functions == 1 ? "" : "s");
    }
}

/* Cuts the text up to `separator`, or its end, off; NULL if there is none left. */
static char *cut(char **text, const char *separator)
{
    char *part = *text;
    if (!part)
        return NULL;
    size_t length = strcspn(part, separator);
    *text = part[length] ? part + length + 1 : NULL;
    part[length] = '\0';
    return part;
}

/* Reads ID=KIND,KEY,VALUE,MAX,FLAGS. */
static bool read_map(const char *text, struct ebpf_verify_map *map)
{
    char copy[120], *rest = copy;
    uint64_t id, n[4];
    if (snprintf(copy, sizeof(copy), "%s", text) >= (int)sizeof(copy))
        return false;
    if (!tool_number(cut(&rest, "="), &id) || id > UINT32_MAX || !rest)
        return false;
    const char *kind = cut(&rest, ",");
    for (int i = 0; i < 4; i++) {
        const char *number = cut(&rest, ",");
        if (!number || !tool_number(number, &n[i]) || n[i] > UINT32_MAX)
            return false;
    }
    *map = (struct ebpf_verify_map){
        .id = (uint32_t)id,
        .def = {.kind = ebpf_map_kind_find(kind), .key_size = (uint32_t)n[0],
                .value_size = (uint32_t)n[1], .max_entries = (uint32_t)n[2],
                .flags = (uint32_t)n[3]}};
    return map->def.kind != EBPF_MAP_UNSPEC && !rest;
}

/* Fills in what the options say of the host. */
static enum tool_exit read_options(struct tool *tool, struct ebpf_verify_options *options,
                                   struct ebpf_verify_map maps[TOOL_LIST_MAX])
{
    const struct tool_options *o = &tool->options;
    for (unsigned i = 0; i < o->maps.count; i++)
        if (!read_map(o->maps.items[i], &maps[i])) {
            tool_error("--map: '%.60s' is not ID=KIND,KEY,VALUE,MAX,FLAGS", o->maps.items[i]);
            return TOOL_EXIT_USAGE;
        }
    if (o->type && !ebpf_verify_type_name(o->type)) {
        tool_error("--type: there is no program type '%.40s'", o->type);
        return TOOL_EXIT_USAGE;
    }
    options->type = o->type;
    options->maps = maps;
    options->map_count = o->maps.count;
    options->flags = (o->strict_align ? EBPF_VERIFY_STRICT_ALIGN : 0u) |
                     (o->any_align ? EBPF_VERIFY_ANY_ALIGN : 0u) |
                     (o->unprivileged ? EBPF_VERIFY_UNPRIVILEGED : 0u);
    return TOOL_EXIT_OK;
}

/* The list that the options ask for. */
static enum tool_exit choose_passes(struct tool *tool, const struct ebpf_pass *passes[])
{
    if (tool->options.passes)
        return find_passes(tool->options.passes, passes);
    size_t count = tool_passes(tool, passes);
    if (count < TOOL_PASSES_MAX && (tool->options.type || tool->elf || tool->is_filter))
        passes[count++] = ebpf_pass_find("safety");
    passes[count] = NULL;
    return TOOL_EXIT_OK;
}

/* What a program of an object may be if its section does not say, the likeliest first. */
static const char *const guesses[] = {"sched_cls", "xdp", "socket_filter", "kprobe", "unspec"};

/* The pc of the first finding, -1 for none. */
static int64_t first_pc(const struct ebpf_diag *diag)
{
    for (size_t i = 0; i < ebpf_diag_count(diag); i++)
        if (ebpf_diag_at(diag, i)->severity == EBPF_SEVERITY_ERROR)
            return ebpf_diag_at(diag, i)->pc;
    return -1;
}

/* The first type that the program is safe as; or else that for which it comes furthest. */
static const char *guess_type(const struct ebpf_program *program,
                              const struct ebpf_verify_options *options)
{
    struct ebpf_verify_options o = *options;
    const char *best = guesses[0];
    int64_t furthest = -1;
    for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++) {
        struct ebpf_diag *diag = ebpf_diag_new(NULL);
        o.type = guesses[i];
        bool safe = ebpf_verify_for(program, &o, diag) == EBPF_OK;
        int64_t pc = diag ? first_pc(diag) : -1;
        ebpf_diag_free(diag);
        if (safe)
            return guesses[i];
        if (pc > furthest) {
            best = guesses[i];
            furthest = pc;
        }
    }
    return best;
}

/* What --log, --facts and --dot ask for; they speak of the pass "safety". */
static enum tool_exit choose_explanations(const struct tool *tool,
                                          const struct ebpf_stream *out,
                                          struct ebpf_verify_options *options)
{
    static const uint32_t levels[] = {
        0, EBPF_VERIFY_LOG_PATHS | EBPF_VERIFY_LOG_STATS,
        EBPF_VERIFY_LOG_PATHS | EBPF_VERIFY_LOG_STATES | EBPF_VERIFY_LOG_STATS,
        EBPF_VERIFY_LOG_STATS};
    const struct tool_options *o = &tool->options;
    const struct ebpf_pass *const *p = options->passes;
    if (!o->log && !o->facts && !o->dot)
        return TOOL_EXIT_OK;
    while (*p && *p != ebpf_pass_find("safety"))
        p++;
    if (!*p || o->json) {
        tool_error(*p ? "--log, --facts and --dot are text, which --json is not"
                      : "--log, --facts and --dot explain the pass 'safety'; ask for it with "
                        "--type=NAME");
        return TOOL_EXIT_USAGE;
    }
    options->log = o->log ? out : NULL;
    options->log_level = levels[o->log];
    options->listing = o->facts ? out : NULL;
    options->graph = o->dot ? out : NULL;
    return TOOL_EXIT_OK;
}

static enum tool_exit run(struct tool *tool)
{
    const struct ebpf_pass *passes[TOOL_PASSES_MAX + 1];
    struct ebpf_verify_map maps[TOOL_LIST_MAX];
    struct ebpf_verify_options options = {.size = sizeof(options), .passes = passes};
    const struct ebpf_stream out = ebpf_stream_file(stdout);
    struct ebpf_program *program = NULL;
    enum tool_exit code = read_options(tool, &options, maps);
    if (code != TOOL_EXIT_OK)
        return code;
    if (!tool->operand_count && !tool->options.filter)
        tool->operands[0] = "-";
    code = tool_load(tool, tool->operands[0], &program);
    if (code == TOOL_EXIT_OK)
        code = choose_passes(tool, passes);
    struct ebpf_verify_options plain = options; /* explains nothing */
    if (code == TOOL_EXIT_OK)
        code = choose_explanations(tool, &out, &options);
    if (code == TOOL_EXIT_OK) {
        if (!options.type && tool->elf)
            options.type = tool->type ? tool->type : guess_type(program, &plain);
        if (!options.type && tool->is_filter)
            options.type = "raw";
        struct ebpf_text why = {.data = NULL};
        const struct ebpf_stream to_why = ebpf_stream_text(&why);
        options.why = tool->options.json ? &to_why : NULL;
        ebpf_status status = ebpf_verify_for(program, &options, tool->diag);
        report(tool, program, status, why.data);
        ebpf_text_free(&why);
        code = tool_done(tool, status);
    }
    ebpf_program_unref(program);
    return code;
}

static const struct tool_example examples[] = {
    {"Check a program as strictly as the kernel", "ebpfvm verify filter.s"},
    {"Only look at the structure, and let a script read the result",
     "ebpfvm verify --passes=structure --json filter.bin"},
    {"Prove that a program is safe as an XDP program that uses a map",
     "ebpfvm verify --hex --type xdp --map 1=hash,4,8,64,0 < filter.hex"},
    {"Prove a program of an object, as what its section says it is",
     "ebpfvm verify filter.o --program handle_ingress"},
    {"See what is proven of each instruction, and what is known of its registers",
     "ebpfvm verify filter.o --facts"},
    {"Draw the path to what cannot be proven",
     "ebpfvm verify filter.o --dot | dot -Tsvg -o filter.svg"},
    {NULL, NULL},
};

const struct tool_command tool_cmd_verify = {
    .name = "verify",
    .operands = "[FILE|-|HEX]",
    .summary = "check a program without running it",
    .description =
        "Runs the verifier over a program and says what is wrong with it, at which instruction "
        "and source line, and what to do about it. The default passes are as strict as the "
        "kernel in what they look at. With --type, it is proven that the program stays within "
        "its memory, uses helpers and maps as it should, and ends; programs of ELF objects are "
        "proven as what their sections say they are. Without FILE, the program is "
        "read from standard input.\n\n"
        "With --json, 'findings' is a list of what is wrong: each has its 'status', 'pc', "
        "'file', 'line' and 'source' line as far as they are known, the 'problem', the "
        "'advice', and 'why': null, or of what is not proven an object. Its 'path' lists the "
        "branches, calls, callbacks and returns that lead there, the last 100 of them "
        "('left_out' counts those before): 'pc', 'kind', 'to' (where control goes on), 'file', "
        "'line', 'source', of branches whether the condition 'holds' and what the 'registers' "
        "that it compares are then known to hold. Its 'registers' is what they hold at the end "
        "of the path.",
    .examples = examples,
    .bit = TOOL_VERIFY,
    .operands_max = 1,
    .usage_exit = TOOL_EXIT_USAGE,
    .run = run,
};
