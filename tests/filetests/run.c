/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Runs one case: assembles, prints and reads back, verifies, then runs it in every engine. */
#include "tests/filetests/filetest.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Runs of more instructions are not stopped at each of them. */
#define SWEEP_MAX 400

static const enum ebpf_policy policies[] = {EBPF_POLICY_CHECKED, EBPF_POLICY_TRUSTED};

/* What a run left behind. */
struct outcome {
    ebpf_status status;
    struct ebpf_result result;
    struct ft_bytes mem, mbuff, user;
};

/* A case on its way through the engines. */
struct session {
    const struct ft_case *test;
    struct ft_totals *totals;
    bool failed;
    struct ebpf_diag *diag;
    struct ebpf_program *program;
    struct ft_bytes mem, mbuff, user; /* what runs see */
    struct ft_host host;
    const char *engine; /* for messages */
    enum ebpf_policy policy;
    bool have_first;       /* the first engine's outcome stands, for comparison */
    struct outcome first;
    uint32_t stops[SWEEP_MAX]; /* where the first engine stops with a budget of 1, 2, ... */
};

static void fail(struct session *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void fail(struct session *s, const char *format, ...)
{
    const struct ft_case *test = s->test;
    va_list args;
    printf("%s:%u: ", test->file, test->line);
    if (test->name[0])
        printf("%s: ", test->name);
    if (s->engine)
        printf("[%s%s] ", s->engine, s->policy == EBPF_POLICY_TRUSTED ? ", trusted" : "");
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    s->failed = true;
}

static void print_diag(const struct session *s)
{
    struct ebpf_stream out = ebpf_stream_file(stdout);
    ebpf_diag_print(s->diag, EBPF_DIAG_PLAIN, &out);
}

/* --- comparing ---------------------------------------------------------------------------- */

/* `out-of-range` is EBPF_ERR_OUT_OF_RANGE. */
static bool is_status(const char *word, ebpf_status status)
{
    const char *name = ebpf_status_name(status) + strlen("EBPF_ERR_");
    for (; *word && *name; word++, name++) {
        if (toupper((unsigned char)*word) != *name && !(*word == '-' && *name == '_'))
            return false;
    }
    return *word == *name;
}

static bool matches(const struct ft_report *want, const struct ebpf_diag_entry *entry, bool text)
{
    return entry->severity == EBPF_SEVERITY_ERROR &&
           (!want->status || is_status(want->status, entry->status)) &&
           (want->at == EBPF_PC_NONE || want->at == (text ? entry->line : entry->pc)) &&
           (want->column == 0 || want->column == entry->column) &&
           (!want->text || strstr(entry->message, want->text));
}

/* Whether what failed was expected, and was reported as expected. */
static bool check_report(struct session *s, const struct ft_report *want, ebpf_status status,
                         const char *what)
{
    if (status == EBPF_OK) {
        if (want->given)
            fail(s, "%s: succeeds, but must fail", what);
        return true;
    }
    if (!want->given) {
        fail(s, "%s: %s", what, ebpf_status_name(status));
        print_diag(s);
        return false;
    }
    for (size_t i = 0; i < ebpf_diag_count(s->diag); i++) {
        if (matches(want, ebpf_diag_at(s->diag, i), want == &s->test->asm_error))
            return false;
    }
    fail(s, "%s: fails with %s, but not as expected", what, ebpf_status_name(status));
    print_diag(s);
    return false;
}

static void check_bytes(struct session *s, const char *what, const struct ft_bytes *want,
                        const uint8_t *data, size_t size)
{
    if (!want->given)
        return;
    if (want->size != size) {
        fail(s, "%s: %zu bytes, must be %zu", what, size, want->size);
        return;
    }
    for (size_t i = 0; i < size; i++) {
        if (data[i] != want->data[i]) {
            fail(s, "%s: byte %zu is %02x, must be %02x", what, i, data[i], want->data[i]);
            return;
        }
    }
}

static uint64_t resolve(const struct session *s, const struct ft_value *value)
{
    const struct ft_bytes *bases[] = {[FT_MEM] = &s->mem, [FT_MBUFF] = &s->mbuff,
                                      [FT_USER] = &s->user};
    if (value->base == FT_NUMBER)
        return value->offset;
    return (uintptr_t)bases[value->base]->data + value->offset;
}

/* --- assembling, printing, verifying ---------------------------------------------------------- */

static struct ebpf_program *assemble(const char *text, size_t length, const char *file,
                                     struct ebpf_diag *diag, ebpf_status *status)
{
    struct ebpf_asm_options options = {.size = sizeof(options), .file = file};
    struct ebpf_program *program;
    *status = ebpf_assemble(text, length, &options, diag, &program);
    return program;
}

static uint8_t *encode(struct session *s, const struct ebpf_program *program, size_t *size)
{
    *size = ebpf_program_size(program);
    uint8_t *bytes = malloc(*size + 1);
    ebpf_status status = bytes ? ebpf_program_encode(program, bytes, *size) : EBPF_ERR_NOMEM;
    if (status != EBPF_OK)
        fail(s, "encoding: %s", ebpf_status_name(status));
    return bytes;
}

/* Whatever is printed reads back to the same bytes. */
static void check_round_trip(struct session *s, const uint8_t *bytes, size_t size,
                             const struct ebpf_print_options *options)
{
    struct ebpf_text text = {0};
    struct ebpf_stream out = ebpf_stream_text(&text);
    ebpf_status status = ebpf_program_print(s->program, options, &out);
    if (status != EBPF_OK)
        fail(s, "printing: %s", ebpf_status_name(status));
    struct ebpf_program *again =
        status == EBPF_OK ? assemble(text.data, text.length, "printed", s->diag, &status) : NULL;
    if (again) {
        struct ft_bytes want = {(uint8_t *)(uintptr_t)bytes, size, true};
        size_t got;
        uint8_t *encoded = encode(s, again, &got);
        check_bytes(s, "printed and assembled again", &want, encoded, got);
        free(encoded);
        ebpf_program_unref(again);
    } else {
        fail(s, "what was printed does not assemble: %s", ebpf_status_name(status));
        print_diag(s);
    }
    if (s->failed)
        printf("%s", text.data ? text.data : "");
    ebpf_text_free(&text);
}

/* Also decodes the bytes: a program decoded prints as one assembled does. */
static void check_text(struct session *s)
{
    size_t size;
    uint8_t *bytes = encode(s, s->program, &size);
    check_bytes(s, "bytes", &s->test->bytes, bytes, size);
    for (int form = 0; form < 4 && !s->failed; form++) {
        const struct ebpf_print_options options = {
            .size = sizeof(options),
            .dialect = form & 1 ? EBPF_DIALECT_PSEUDOC : EBPF_DIALECT_MNEMONIC,
            .labels = form >> 1};
        check_round_trip(s, bytes, size, &options);
    }
    struct ebpf_program *decoded;
    ebpf_status status = ebpf_program_decode(bytes, size, NULL, NULL, s->diag, &decoded);
    if (status != EBPF_OK) {
        fail(s, "decoding: %s", ebpf_status_name(status));
    } else {
        struct ft_bytes want = {bytes, size, true};
        size_t got;
        uint8_t *again = encode(s, decoded, &got);
        check_bytes(s, "decoded and encoded again", &want, again, got);
        free(again);
        ebpf_program_unref(decoded);
    }
    free(bytes);
}

static const struct ebpf_pass *const *passes_of(const struct ft_case *test)
{
    return test->lenient ? ebpf_verifier_lenient() : ebpf_verifier_strict();
}

static bool verify(struct session *s)
{
    ebpf_diag_clear(s->diag);
    ebpf_status status = ebpf_verify(s->program, passes_of(s->test), NULL, s->diag);
    bool good = check_report(s, &s->test->verify_error, status, "verifier");
    if (status != EBPF_OK && !s->failed) {
        uint32_t count;
        const struct ebpf_insn *insns = ebpf_program_insns(s->program, &count);
        for (uint32_t i = 0; i < count; i++)
            s->totals->refused[insns[i].op] = 1;
    }
    return good;
}

/* --- running ------------------------------------------------------------------------------ */

static void copy(struct ft_bytes *to, const struct ft_bytes *from)
{
    if (from->size)
        memcpy(to->data, from->data, from->size);
}

static bool duplicate(struct ft_bytes *to, const struct ft_bytes *from)
{
    *to = *from;
    if (from->given) {
        to->data = malloc(from->size ? from->size : 1);
        if (!to->data)
            return false;
        copy(to, from);
    }
    return true;
}

static ebpf_status run_once(struct session *s, const struct ebpf_vm *vm, uint64_t budget,
                            struct ebpf_result *result)
{
    copy(&s->mem, &s->test->mem);
    copy(&s->mbuff, &s->test->mbuff);
    copy(&s->user, &s->test->user);
    const struct ebpf_input in = {.size = sizeof(in),
                                  .mem = s->mem.data,
                                  .mem_size = s->mem.size,
                                  .mbuff = s->mbuff.data,
                                  .mbuff_size = s->mbuff.size,
                                  .budget = budget,
                                  .user = &s->host};
    memset(result, 0xa5, sizeof(*result));
    s->totals->runs++;
    return ebpf_vm_run(vm, &in, result);
}

static void check_fault(struct session *s, const struct outcome *o)
{
    const struct ft_report *want = &s->test->fault;
    const struct ebpf_fault *fault = &o->result.fault;
    if (fault->status != o->status) {
        fail(s, "the run returns %s, but the fault says otherwise", ebpf_status_name(o->status));
        return;
    }
    if (!want->given) {
        fail(s, "%s at %" PRIu32 " %s", ebpf_status_name(o->status), fault->pc, fault->message);
        return;
    }
    if (want->status && !is_status(want->status, o->status))
        fail(s, "faults with %s, must be '%s'", ebpf_status_name(o->status), want->status);
    if (want->at != EBPF_PC_NONE && want->at != fault->pc)
        fail(s, "faults at %" PRIu32 ", must be %" PRIu32, fault->pc, want->at);
    if (want->size && want->size != fault->size)
        fail(s, "fault has size %" PRIu32 ", must be %" PRIu32, fault->size, want->size);
    if (want->address.given && resolve(s, &want->address) != fault->address)
        fail(s, "fault has address %#" PRIx64 ", must be %#" PRIx64, fault->address,
             resolve(s, &want->address));
    if (want->text && !strstr(fault->message, want->text))
        fail(s, "fault says '%s', must contain '%s'", fault->message, want->text);
}

/* Against what the file says. */
static void check_outcome(struct session *s, const struct outcome *o)
{
    const struct ft_case *test = s->test;
    if (o->status != EBPF_OK)
        check_fault(s, o);
    else if (test->fault.given)
        fail(s, "returns %#" PRIx64 ", but must fault", o->result.r0);
    else if (test->result.given && o->result.r0 != resolve(s, &test->result))
        fail(s, "returns %#" PRIx64 ", must be %#" PRIx64, o->result.r0,
             resolve(s, &test->result));
    if (test->executed.given && s->policy == EBPF_POLICY_CHECKED &&
        o->result.executed != test->executed.offset)
        fail(s, "executes %" PRIu64 " instructions, must be %" PRIu64, o->result.executed,
             test->executed.offset);
    check_bytes(s, "mem-after", &test->mem_after, s->mem.data, s->mem.size);
    check_bytes(s, "mbuff-after", &test->mbuff_after, s->mbuff.data, s->mbuff.size);
    check_bytes(s, "user-after", &test->user_after, s->user.data, s->user.size);
}

/* Against what the first engine did: everything, whether the file tells it or not. */
static void check_against_first(struct session *s, const struct outcome *o)
{
    const struct outcome *first = &s->first;
    const struct ebpf_fault *a = &first->result.fault, *b = &o->result.fault;
    if (o->status != first->status) {
        fail(s, "ends with %s, the first engine with %s", ebpf_status_name(o->status),
             ebpf_status_name(first->status));
        return;
    }
    if (o->status == EBPF_OK && o->result.r0 != first->result.r0)
        fail(s, "returns %#" PRIx64 ", the first engine %#" PRIx64, o->result.r0,
             first->result.r0);
    if (o->status != EBPF_OK && (a->insn != b->insn || a->pc != b->pc || a->size != b->size))
        fail(s, "faults at %" PRIu32 " size %" PRIu32 ", the first engine at %" PRIu32
                " size %" PRIu32, b->pc, b->size, a->pc, a->size);
    if (s->policy == EBPF_POLICY_CHECKED && o->result.executed != first->result.executed)
        fail(s, "executes %" PRIu64 " instructions, the first engine %" PRIu64,
             o->result.executed, first->result.executed);
    check_bytes(s, "mem, as the first engine leaves it", &first->mem, s->mem.data, s->mem.size);
    check_bytes(s, "mbuff, as the first engine leaves it", &first->mbuff, s->mbuff.data,
                s->mbuff.size);
    check_bytes(s, "user memory, as the first engine leaves it", &first->user, s->user.data,
                s->user.size);
}

static void remember_first(struct session *s, const struct outcome *o)
{
    s->first = *o;
    s->have_first = duplicate(&s->first.mem, &s->mem) && duplicate(&s->first.mbuff, &s->mbuff) &&
                    duplicate(&s->first.user, &s->user);
}

/*
 * Stops the program at each of its instructions: the budget is exact, and the same in all engines.
 * Where it stops is where it was about to go, so this also tells which forms were executed.
 */
static void sweep(struct session *s, const struct ebpf_vm *vm, uint64_t executed)
{
    uint32_t count;
    const struct ebpf_insn *insns = ebpf_program_insns(s->program, &count);
    if (executed > SWEEP_MAX || s->test->no_sweep)
        return;
    if (executed)
        s->totals->executed[insns[0].op] = 1;
    bool is_first = !s->have_first;
    s->totals->sweeps++;
    for (uint64_t budget = 1; budget < executed && !s->failed; budget++) {
        struct ebpf_result result;
        ebpf_status status = run_once(s, vm, budget, &result);
        if (status != EBPF_ERR_BUDGET || result.executed != budget) {
            fail(s, "with a budget of %" PRIu64 " ends with %s after %" PRIu64 " instructions",
                 budget, ebpf_status_name(status), result.executed);
        } else if (result.fault.insn >= count) {
            fail(s, "the budget stops it outside the program");
        } else if (is_first) {
            s->stops[budget] = result.fault.insn;
            s->totals->executed[insns[result.fault.insn].op] = 1;
        } else if (s->stops[budget] != result.fault.insn) {
            fail(s, "with a budget of %" PRIu64 " stops at instruction %" PRIu32
                    ", the first engine at %" PRIu32, budget, result.fault.insn,
                 s->stops[budget]);
        }
    }
}

/* Twice: a run sees nothing of the one before it. */
static void run_vm(struct session *s, const struct ebpf_vm *vm)
{
    struct outcome o = {0};
    for (int round = 0; round < 2 && !s->failed; round++) {
        o.status = run_once(s, vm, 0, &o.result);
        check_outcome(s, &o);
        if (s->have_first)
            check_against_first(s, &o);
    }
    if (s->failed)
        return;
    if (s->policy == EBPF_POLICY_CHECKED)
        sweep(s, vm, o.result.executed);
    if (s->have_first)
        return;
    if (o.status == EBPF_OK || s->test->fault.given) {
        /* The sweep has left the memory in the middle of the program. */
        o.status = run_once(s, vm, 0, &o.result);
        remember_first(s, &o);
    }
}

static ebpf_status set_up(struct session *s, struct ebpf_vm *vm)
{
    const struct ft_case *test = s->test;
    ebpf_status status = EBPF_OK;
    if (test->rbpf_helpers)
        status = ebpf_vm_register_helpers(vm, ebpf_helpers_rbpf());
    if (status == EBPF_OK && test->kernel_helpers)
        status = ebpf_vm_register_helpers(vm, ebpf_helpers_kernel());
    if (status == EBPF_OK && test->test_helpers)
        status = ft_register_helpers(vm);
    if (status == EBPF_OK && test->user.given)
        status = ebpf_vm_allow_memory(vm, s->user.data, s->user.size, test->user_writable);
    if (status == EBPF_OK)
        status = ebpf_vm_set_program(vm, s->program, s->diag);
    return status;
}

static void run_engine(struct session *s, const struct ebpf_backend *backend)
{
    const struct ft_case *test = s->test;
    const struct ebpf_vm_options options = {.size = sizeof(options),
                                            .kind = test->kind,
                                            .backend = backend->name,
                                            .policy = s->policy,
                                            .passes = passes_of(test),
                                            .budget = test->budget,
                                            .frame_size = test->frame_size,
                                            .max_depth = test->max_depth,
                                            .data_offset = test->data_offset,
                                            .data_end_offset = test->data_end_offset};
    struct ebpf_vm *vm;
    ebpf_diag_clear(s->diag);
    ebpf_status status = ebpf_vm_new(&options, s->diag, &vm);
    if (status == EBPF_OK)
        status = set_up(s, vm);
    if (status != EBPF_OK) {
        fail(s, "virtual machine: %s", ebpf_status_name(status));
        print_diag(s);
    } else {
        status = ebpf_vm_compile(vm, s->diag);
        if (check_report(s, &test->compile_error, status, "compiler") && !s->failed)
            run_vm(s, vm);
    }
    ebpf_vm_free(vm);
}

/* Whether an engine says that it takes all instructions of the program. */
static bool accepts(const struct ebpf_backend *backend, const struct ebpf_program *program)
{
    uint32_t count;
    const struct ebpf_insn *insns = ebpf_program_insns(program, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct ebpf_op_info *info = ebpf_op_info((enum ebpf_op)insns[i].op);
        if (!(info->group & backend->groups))
            return false;
    }
    return true;
}

static bool must_run(const struct ft_case *test)
{
    return test->result.given || test->fault.given || test->compile_error.given ||
           test->executed.given || test->mem_after.given || test->mbuff_after.given ||
           test->user_after.given;
}

static void run_engines(struct session *s)
{
    const struct ebpf_backend *backend;
    for (size_t i = 0; (backend = ebpf_backend_at(i)) != NULL; i++) {
        if (backend->probe() != EBPF_OK || !accepts(backend, s->program))
            continue;
        s->engine = backend->name;
        for (size_t p = 0; p < sizeof(policies) / sizeof(policies[0]) && !s->failed; p++) {
            s->policy = policies[p];
            /* A program that faults is none to be trusted. */
            if (s->policy == EBPF_POLICY_TRUSTED && (s->test->checked_only || s->test->fault.given))
                continue;
            run_engine(s, backend);
        }
    }
}

static bool start(struct session *s)
{
    s->diag = ebpf_diag_new(NULL);
    s->host.user = &s->user;
    return s->diag && duplicate(&s->mem, &s->test->mem) &&
           duplicate(&s->mbuff, &s->test->mbuff) && duplicate(&s->user, &s->test->user);
}

static void finish(struct session *s)
{
    struct ft_bytes *all[] = {&s->mem, &s->mbuff, &s->user, &s->first.mem, &s->first.mbuff,
                              &s->first.user};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        free(all[i]->data);
    ebpf_program_unref(s->program);
    ebpf_diag_free(s->diag);
}

void ft_run_case(const struct ft_case *test, struct ft_totals *totals)
{
    struct session s = {.test = test, .totals = totals};
    ebpf_status status;
    totals->cases++;
    if (!start(&s)) {
        fail(&s, "out of memory");
    } else {
        s.program = assemble(test->text, test->length, test->file, s.diag, &status);
        if (check_report(&s, &test->asm_error, status, "assembler") && !s.failed) {
            check_text(&s);
            if (verify(&s) && must_run(test))
                run_engines(&s);
        }
    }
    finish(&s);
    totals->failed += s.failed;
    if (totals->verbose && !s.failed)
        printf("%s:%u: %s: passes\n", test->file, test->line, test->name);
}
