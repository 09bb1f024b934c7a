/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "tools/machine.h"
#include "tools/output.h"

/* As rbpf's examples have them. */
enum { DATA_OFFSET = 0x40, DATA_END_OFFSET = 0x50 };

size_t tool_passes(const struct tool *tool, const struct ebpf_pass *list[TOOL_PASSES_MAX + 1])
{
    const struct ebpf_pass *const *all =
        tool->options.lenient ? ebpf_verifier_lenient() : ebpf_verifier_strict();
    size_t count = 0;
    for (; *all && count < TOOL_PASSES_MAX; all++)
        if (!tool->elf || *all != ebpf_pass_find("cfg"))
            list[count++] = *all;
    list[count] = NULL;
    return count;
}

static const struct code_flag {
    const char *name;
    uint32_t flags;
} hardenings[] = {
    {"sealed", EBPF_CODE_SEALED}, {"blind", EBPF_CODE_BLINDED}, {"shuffle", EBPF_CODE_SHUFFLED},
    {"mask", EBPF_CODE_MASKED},
    {"all", EBPF_CODE_SEALED | EBPF_CODE_BLINDED | EBPF_CODE_SHUFFLED | EBPF_CODE_MASKED},
    {NULL, 0},
}, announcements[] = {
    {"perf-map", EBPF_CODE_PERF_MAP}, {"jitdump", EBPF_CODE_JITDUMP}, {"gdb", EBPF_CODE_GDB},
    {NULL, 0},
};

/* Adds the flags of the names in a list with commas; NULL is an empty one. */
static bool add_flags(const char *option, const char *list, const struct code_flag *known,
                      uint32_t *flags)
{
    while (list && *list) {
        size_t length = strcspn(list, ",");
        const struct code_flag *f = known;
        while (f->name && (strlen(f->name) != length || memcmp(f->name, list, length) != 0))
            f++;
        if (!f->name) {
            tool_error("--%s: there is no '%.*s'; see --help", option, (int)length, list);
            return false;
        }
        *flags |= f->flags;
        list += length + (list[length] == ',');
    }
    return true;
}

static enum tool_exit fill(struct tool *tool, enum ebpf_vm_kind kind,
                           struct ebpf_vm_options *options)
{
    static const enum ebpf_policy policies[] = {EBPF_POLICY_CHECKED, EBPF_POLICY_VERIFIED,
                                                EBPF_POLICY_TRUSTED};
    const struct tool_options *o = &tool->options;
    uint64_t data = DATA_OFFSET, data_end = DATA_END_OFFSET;
    if (o->offsets && (!tool_numbers(o->offsets, &data, &data_end) || data > SIZE_MAX ||
                       data_end > SIZE_MAX)) {
        tool_error("--offsets: '%.40s' is not two numbers with a comma between", o->offsets);
        return TOOL_EXIT_USAGE;
    }
    uint32_t flags = 0;
    if (!add_flags("harden", o->harden, hardenings, &flags) ||
        !add_flags("announce", o->announce, announcements, &flags))
        return TOOL_EXIT_USAGE;
    *options = (struct ebpf_vm_options){
        .size = sizeof(*options), .kind = kind, .backend = o->backend,
        .type = kind == EBPF_VM_TYPED ? tool->type : NULL, .policy = policies[o->policy],
        .budget = o->budget, .trace = ebpf_stream_file(stderr),
        .code = {.cpu = o->cpu, .flags = flags}};
    if (kind == EBPF_VM_FIXED_MBUFF) {
        options->data_offset = (size_t)data;
        options->data_end_offset = (size_t)data_end;
    }
    return TOOL_EXIT_OK;
}

/* What the conformance suite calls as helper 5. */
static uint64_t first_argument(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
    (void)r2, (void)r3, (void)r4, (void)r5;
    return r1;
}

static const struct ebpf_helper_set *helpers_of(const struct tool *tool)
{
    static const struct ebpf_helper unwind = {.id = 5, .name = "unwind", .fn = first_argument};
    static const struct ebpf_helper_set conformance = {"conformance", &unwind, 1},
                                        none = {"none", NULL, 0};
    switch ((enum tool_helpers)tool->options.helpers) {
    case TOOL_HELPERS_KERNEL: return ebpf_helpers_kernel();
    case TOOL_HELPERS_RBPF: return ebpf_helpers_rbpf();
    case TOOL_HELPERS_CONFORMANCE: return &conformance;
    case TOOL_HELPERS_NONE: break;
    }
    return &none;
}

static bool has_helper(const struct ebpf_helper_set *set, uint32_t id)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->helpers[i].id == id)
            return true;
    return false;
}

/* What a helper that is not there returns, if the user asked for that. */
static uint64_t not_supported(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
{
    (void)r1, (void)r2, (void)r3, (void)r4, (void)r5;
    return (uint64_t)-(int64_t)ENOTSUP;
}

/* Puts a helper that only fails in the place of each that the program calls and nobody has. */
static ebpf_status stub_helpers(const struct tool *tool, struct ebpf_vm *vm,
                                const struct ebpf_program *program)
{
    uint32_t count;
    const struct ebpf_insn *insns = ebpf_program_insns(program, &count);
    ebpf_status status = EBPF_OK;
    for (uint32_t i = 0; i < count && status == EBPF_OK; i++) {
        const struct ebpf_helper stub = {.id = (uint32_t)insns[i].imm, .fn = not_supported,
                                         .name = ebpf_kernel_helper_name((uint32_t)insns[i].imm)};
        if (insns[i].op == EBPF_OP_CALL && !has_helper(helpers_of(tool), stub.id))
            status = ebpf_vm_register_helper(vm, &stub);
    }
    return status;
}

/* A failed call may have left it to us to say why. */
static enum tool_exit explain(struct tool *tool, ebpf_status status)
{
    const struct tool_options *o = &tool->options;
    if (status == EBPF_ERR_BACKEND && o->backend && ebpf_diag_count(tool->diag) == 0)
        return tool_fail(tool, status, "backend '%.40s': %s; 'ebpfvm version' lists them",
                         o->backend, ebpf_status_text(status));
    return tool_done(tool, status);
}

/* A VM that is ready to run a program, with the maps of another one if `maps` is not NULL. */
static ebpf_status make(struct tool *tool, const struct ebpf_vm_options *options,
                        const struct ebpf_vm *maps, struct ebpf_program *program,
                        struct ebpf_vm **out)
{
    uint32_t id;
    ebpf_status status = ebpf_vm_new(options, tool->diag, out);
    if (status == EBPF_OK)
        status = ebpf_vm_register_helpers(*out, helpers_of(tool));
    if (status == EBPF_OK && tool->options.stub_helpers)
        status = stub_helpers(tool, *out, program);
    for (size_t i = 0; maps && status == EBPF_OK; i++) {
        if ((id = ebpf_vm_map_at(maps, i)) == EBPF_MAP_NONE)
            break;
        status = ebpf_vm_add_map(*out, id, ebpf_vm_map(maps, id));
    }
    if (status == EBPF_OK)
        status = ebpf_vm_set_program(*out, program, tool->diag);
    if (status == EBPF_OK)
        status = ebpf_vm_compile(*out, tool->diag);
    if (status == EBPF_OK)
        return EBPF_OK;
    ebpf_vm_free(*out);
    *out = NULL;
    return status;
}

/* What is needed to fill program arrays. */
struct filling {
    struct tool *tool;
    const struct ebpf_vm_options *options;
    const struct ebpf_vm *vm; /* the program that is to run */
    struct ebpf_diag *diag;   /* of one entry */
};

/* Puts a function of the object into a program array: a program of its own, on the same maps. */
static ebpf_status put_program(const struct filling *f, struct ebpf_map *array,
                               const struct ebpf_map_init *init)
{
    struct tool own = *f->tool;
    uint32_t function;
    struct ebpf_program *program = NULL;
    struct ebpf_vm *other = NULL;
    own.diag = f->diag;
    ebpf_status status = ebpf_elf_find(own.elf, init->function, own.diag, &function);
    if (status == EBPF_OK)
        status = ebpf_elf_load(own.elf, function, own.diag, &program);
    if (status == EBPF_OK)
        status = make(&own, f->options, f->vm, program, &other);
    if (status == EBPF_OK)
        status = ebpf_map_set_program(array, init->key, other, own.diag);
    ebpf_vm_free(other);
    ebpf_program_unref(program);
    return status;
}

/* An entry that cannot be used is no reason not to run the program: tail calls of it go on behind
 * the call, as they do with an entry that nobody has set. */
static void warn_of_entry(const struct filling *f, const struct ebpf_map *array,
                          const struct ebpf_map_init *init, ebpf_status status)
{
    const struct ebpf_diag_entry *why = ebpf_diag_at(f->diag, 0);
    const char *name = ebpf_map_definition(array)->name;
    const struct ebpf_diag_entry entry = {
        .status = status, .severity = EBPF_SEVERITY_WARNING, .pc = EBPF_PC_NONE,
        .advice = "tail calls of it fail"};
    ebpf_diag_add(f->tool->diag, &entry, "entry %u of '%.60s' stays empty: '%.60s': %s", init->key,
                  name ? name : "", init->function, why ? why->message : ebpf_status_text(status));
}

/* The entries of program arrays that the object sets. */
static ebpf_status fill_arrays(const struct filling *f)
{
    uint32_t count;
    const struct ebpf_map_decl *decls = ebpf_program_maps(ebpf_vm_program(f->vm), &count);
    ebpf_status status = EBPF_OK;
    for (uint32_t i = 0; i < count; i++) {
        struct ebpf_map *array = ebpf_vm_map(f->vm, i);
        for (uint32_t k = 0; array && k < decls[i].init_count; k++) {
            const struct ebpf_map_init *init = &decls[i].inits[k];
            ebpf_diag_clear(f->diag);
            status = init->function ? put_program(f, array, init) : EBPF_OK;
            if (status == EBPF_ERR_NOMEM)
                return status;
            if (status != EBPF_OK)
                warn_of_entry(f, array, init, status);
        }
    }
    return EBPF_OK;
}

static ebpf_status fill_program_arrays(struct tool *tool, const struct ebpf_vm_options *options,
                                       const struct ebpf_vm *vm)
{
    const struct filling f = {tool, options, vm, ebpf_diag_new(NULL)};
    ebpf_status status = !f.diag ? EBPF_ERR_NOMEM : tool->elf ? fill_arrays(&f) : EBPF_OK;
    ebpf_diag_free(f.diag);
    return status;
}

enum tool_exit tool_machine(struct tool *tool, enum ebpf_vm_kind kind,
                            struct ebpf_program *program, struct ebpf_vm **out)
{
    struct ebpf_vm_options options;
    const struct ebpf_pass *passes[TOOL_PASSES_MAX + 1];
    *out = NULL;
    enum tool_exit code = fill(tool, kind, &options);
    if (code != TOOL_EXIT_OK)
        return code;
    tool_passes(tool, passes);
    options.passes = passes;
    ebpf_status status = make(tool, &options, NULL, program, out);
    if (status == EBPF_OK)
        status = fill_program_arrays(tool, &options, *out);
    if (status == EBPF_OK)
        return TOOL_EXIT_OK;
    ebpf_vm_free(*out);
    *out = NULL;
    return explain(tool, status);
}
