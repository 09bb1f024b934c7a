/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Compares what came of a case with what must come of it. */
#include "tests/filetests/session.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void ft_fail(struct session *s, const char *format, ...)
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

void ft_print_diag(const struct session *s)
{
    struct ebpf_stream out = ebpf_stream_file(stdout);
    ebpf_diag_print(s->diag, EBPF_DIAG_PLAIN, &out);
}

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
bool ft_check_report(struct session *s, const struct ft_report *want, ebpf_status status,
                     const char *what)
{
    if (status == EBPF_OK) {
        if (want->given)
            ft_fail(s, "%s: succeeds, but must fail", what);
        return true;
    }
    if (!want->given) {
        ft_fail(s, "%s: %s", what, ebpf_status_name(status));
        ft_print_diag(s);
        return false;
    }
    for (size_t i = 0; i < ebpf_diag_count(s->diag); i++) {
        if (matches(want, ebpf_diag_at(s->diag, i), want == &s->test->asm_error))
            return false;
    }
    ft_fail(s, "%s: fails with %s, but not as expected", what, ebpf_status_name(status));
    ft_print_diag(s);
    return false;
}

void ft_check_bytes(struct session *s, const char *what, const struct ft_bytes *want,
                    const uint8_t *data, size_t size)
{
    if (!want->given)
        return;
    if (want->size != size) {
        ft_fail(s, "%s: %zu bytes, must be %zu", what, size, want->size);
        return;
    }
    for (size_t i = 0; i < size; i++) {
        if (data[i] != want->data[i]) {
            ft_fail(s, "%s: byte %zu is %02x, must be %02x", what, i, data[i], want->data[i]);
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

static void check_fault(struct session *s, const struct outcome *o)
{
    const struct ft_report *want = &s->test->fault;
    const struct ebpf_fault *fault = &o->result.fault;
    if (fault->status != o->status) {
        ft_fail(s, "the run returns %s, but the fault says otherwise", ebpf_status_name(o->status));
        return;
    }
    if (!want->given) {
        ft_fail(s, "%s at %" PRIu32 " %s", ebpf_status_name(o->status), fault->pc, fault->message);
        return;
    }
    if (want->status && !is_status(want->status, o->status))
        ft_fail(s, "faults with %s, must be '%s'", ebpf_status_name(o->status), want->status);
    if (want->at != EBPF_PC_NONE && want->at != fault->pc)
        ft_fail(s, "faults at %" PRIu32 ", must be %" PRIu32, fault->pc, want->at);
    if (want->size && want->size != fault->size)
        ft_fail(s, "fault has size %" PRIu32 ", must be %" PRIu32, fault->size, want->size);
    if (want->address.given && resolve(s, &want->address) != fault->address)
        ft_fail(s, "fault has address %#" PRIx64 ", must be %#" PRIx64, fault->address,
                resolve(s, &want->address));
    if (want->text && !strstr(fault->message, want->text))
        ft_fail(s, "fault says '%s', must contain '%s'", fault->message, want->text);
}

/* Against what the file says. */
void ft_check_outcome(struct session *s, const struct outcome *o)
{
    const struct ft_case *test = s->test;
    if (o->status != EBPF_OK)
        check_fault(s, o);
    else if (test->fault.given)
        ft_fail(s, "returns %#" PRIx64 ", but must fault", o->result.r0);
    else if (test->result.given && o->result.r0 != resolve(s, &test->result))
        ft_fail(s, "returns %#" PRIx64 ", must be %#" PRIx64, o->result.r0,
                resolve(s, &test->result));
    if (test->executed.given && s->policy == EBPF_POLICY_CHECKED &&
        o->result.executed != test->executed.offset)
        ft_fail(s, "executes %" PRIu64 " instructions, must be %" PRIu64, o->result.executed,
                test->executed.offset);
    ft_check_bytes(s, "mem-after", &test->mem_after, s->mem.data, s->mem.size);
    ft_check_bytes(s, "mbuff-after", &test->mbuff_after, s->mbuff.data, s->mbuff.size);
    ft_check_bytes(s, "user-after", &test->user_after, s->user.data, s->user.size);
}

/* Against what the first engine did: everything, whether the file tells it or not. */
void ft_check_against_first(struct session *s, const struct outcome *o)
{
    const struct outcome *first = &s->first;
    const struct ebpf_fault *a = &first->result.fault, *b = &o->result.fault;
    if (o->status != first->status) {
        ft_fail(s, "ends with %s, the first engine with %s", ebpf_status_name(o->status),
                ebpf_status_name(first->status));
        return;
    }
    if (o->status == EBPF_OK && o->result.r0 != first->result.r0)
        ft_fail(s, "returns %#" PRIx64 ", the first engine %#" PRIx64, o->result.r0,
                first->result.r0);
    if (o->status != EBPF_OK && (a->insn != b->insn || a->pc != b->pc || a->size != b->size))
        ft_fail(s, "faults at %" PRIu32 " size %" PRIu32 ", the first engine at %" PRIu32
                " size %" PRIu32, b->pc, b->size, a->pc, a->size);
    if (s->policy == EBPF_POLICY_CHECKED && o->result.executed != first->result.executed)
        ft_fail(s, "executes %" PRIu64 " instructions, the first engine %" PRIu64,
                o->result.executed, first->result.executed);
    ft_check_bytes(s, "mem, as the first engine leaves it", &first->mem, s->mem.data, s->mem.size);
    ft_check_bytes(s, "mbuff, as the first engine leaves it", &first->mbuff, s->mbuff.data,
                   s->mbuff.size);
    ft_check_bytes(s, "user memory, as the first engine leaves it", &first->user, s->user.data,
                   s->user.size);
}
