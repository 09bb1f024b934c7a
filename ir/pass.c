/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/pass.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/options.h"

static const struct ebpf_pass *const builtin[] = {
#define EBPF_PASS(id, strict, lenient) &ebpf_pass_##id,
#include "ir/verify/passes.def"
#undef EBPF_PASS
    NULL};

#define IN(id) &ebpf_pass_##id,
#define OUT(id)
static const struct ebpf_pass *const strict_list[] = {
#define EBPF_PASS(id, strict, lenient) strict(id)
#include "ir/verify/passes.def"
#undef EBPF_PASS
    NULL};

static const struct ebpf_pass *const lenient_list[] = {
#define EBPF_PASS(id, strict, lenient) lenient(id)
#include "ir/verify/passes.def"
#undef EBPF_PASS
    NULL};

const struct ebpf_pass *const *ebpf_verifier_strict(void)
{
    return strict_list;
}

const struct ebpf_pass *const *ebpf_verifier_lenient(void)
{
    return lenient_list;
}

const struct ebpf_pass *ebpf_pass_at(size_t index)
{
    return index < sizeof(builtin) / sizeof(builtin[0]) ? builtin[index] : NULL;
}

const struct ebpf_pass *ebpf_pass_find(const char *name)
{
    for (const struct ebpf_pass *const *pass = builtin; *pass; pass++)
        if (strcmp((*pass)->name, name) == 0)
            return *pass;
    return NULL;
}

static bool is_builtin(const struct ebpf_pass *pass)
{
    for (const struct ebpf_pass *const *p = builtin; *p; p++)
        if (*p == pass)
            return true;
    return false;
}

/* Runs a pass whose needs are met. */
static ebpf_status run(struct ebpf_verify *verify, const struct ebpf_pass *pass)
{
    verify->pass = pass;
    verify->findings = 0;
    verify->rejected = EBPF_OK;
    ebpf_status status = pass->run(verify, pass->ctx);
    if (verify->findings > EBPF_VERIFY_FINDINGS)
        ebpf_program_report(verify->program, verify->diag, EBPF_SEVERITY_NOTE, verify->rejected,
                            EBPF_TARGET_NONE, "", "pass %s found %u more of this kind", pass->name,
                            (unsigned)(verify->findings - EBPF_VERIFY_FINDINGS));
    if (verify->rejected)
        return verify->rejected;
    if (!status)
        verify->analyses.have |= is_builtin(pass) ? pass->gives & EBPF_AN_WELL_FORMED : 0;
    return status;
}

static ebpf_status require_well_formed(struct ebpf_verify *verify)
{
    if (verify->analyses.have & EBPF_AN_WELL_FORMED)
        return EBPF_OK;
    return run(verify, &ebpf_pass_well_formed);
}

static ebpf_status require(struct ebpf_verify *verify, uint32_t needs)
{
    ebpf_status status = needs ? require_well_formed(verify) : EBPF_OK;
    if (!status)
        status = ebpf_analyses_make(&verify->analyses, needs);
    if (!status && needs & EBPF_AN_FACTS & ~verify->analyses.have)
        status = ebpf_safety_prove(verify, false);
    return status;
}

static ebpf_status run_with_needs(struct ebpf_verify *verify, const struct ebpf_pass *pass)
{
    ebpf_status status = require(verify, pass->needs);
    return status ? status : run(verify, pass);
}

/* Looks for facts that assume something of packets; passes may have seen others. */
static ebpf_status assume(struct ebpf_verify *verify, uint32_t *least)
{
    const struct ebpf_contract *given = verify->contract;
    struct ebpf_contract contract = *given;
    ebpf_status status = require(verify, EBPF_AN_LOOPS);
    contract.assumes = true;
    verify->contract = &contract;
    status = status ? status : ebpf_safety_prove(verify, false);
    verify->contract = given;
    *least = verify->facts ? verify->packet_least : 0;
    return status;
}

/* Hands the facts over; those of an empty program, and those not found, are NULL. */
static ebpf_status keep_facts(struct ebpf_verify *verify, const struct ebpf_mem *mem,
                              struct ebpf_fact **facts, uint32_t *least)
{
    size_t size = ebpf_program_count(verify->program) * sizeof(**facts);
    struct ebpf_mem m = ebpf_mem_or_default(mem);
    *facts = NULL;
    ebpf_status status = least ? assume(verify, least) : require(verify, EBPF_AN_FACTS);
    if (status || !verify->facts || !size)
        return status;
    *facts = ebpf_mem_alloc(&m, size);
    if (!*facts)
        return EBPF_ERR_NOMEM;
    memcpy(*facts, verify->facts, size);
    return EBPF_OK;
}

static bool has_safety(const struct ebpf_pass *const *passes)
{
    while (*passes && *passes != &ebpf_pass_safety)
        passes++;
    return *passes != NULL;
}

ebpf_status ebpf_verify_against(const struct ebpf_program *program,
                                const struct ebpf_pass *const *passes,
                                const struct ebpf_contract *contract, struct ebpf_diag *diag,
                                const struct ebpf_verify_results *results)
{
    const struct ebpf_mem *mem = results->mem;
    struct ebpf_verify verify = {.program = program, .diag = diag, .contract = contract,
                                 .view = results->view};
    ebpf_analyses_init(&verify.analyses, program, mem);
    ebpf_arena_init(&verify.arena, mem);
    ebpf_status status = EBPF_OK;
    for (passes = passes ? passes : strict_list; *passes && !status; passes++) {
        verify.defers = results->only_verdict && contract && has_safety(passes + 1);
        status = run_with_needs(&verify, *passes);
    }
    if (!status)
        status = require_well_formed(&verify);
    if (!status && results->facts)
        status = keep_facts(&verify, mem, results->facts, results->packet_least);
    ebpf_analyses_free(&verify.analyses);
    ebpf_arena_reset(&verify.arena);
    return status;
}

ebpf_status ebpf_verify(const struct ebpf_program *program, const struct ebpf_pass *const *passes,
                        const struct ebpf_mem *mem, struct ebpf_diag *diag)
{
    const struct ebpf_verify_results results = {.mem = mem};
    return program ? ebpf_verify_against(program, passes, NULL, diag, &results)
                   : EBPF_ERR_INVALID;
}

static ebpf_status refuse_context(struct ebpf_diag *diag)
{
    const struct ebpf_diag_entry entry = {
        .status = EBPF_ERR_INVALID, .pc = EBPF_PC_NONE,
        .advice = "describe its fields in the options, as struct ebpf_context_field says, and "
                  "leave the type out"};
    ebpf_diag_add(diag, &entry, "the context is not described, or in a way that makes no sense");
    return EBPF_ERR_INVALID;
}

/* The same with a context that the caller describes. */
static ebpf_status verify_custom(const struct ebpf_program *program,
                                 const struct ebpf_verify_options *o,
                                 struct ebpf_contract *contract, struct ebpf_diag *diag,
                                 const struct ebpf_verify_results *results)
{
    struct ebpf_mem mem = ebpf_mem_or_default(o->mem);
    uint32_t count = o->context && o->context->fields ? o->context->field_count : 0;
    if (count == 0 || count > EBPF_CONTEXT_FIELDS_MAX || o->type)
        return refuse_context(diag);
    struct ebpf_ctx_field *own = ebpf_mem_zalloc(&mem, count, sizeof(*own));
    ebpf_status status = own ? EBPF_OK : EBPF_ERR_NOMEM;
    if (!status && ebpf_ctx_own(o->context, own) < count)
        status = refuse_context(diag);
    contract->ctx.own = own;
    contract->ctx.own_count = count;
    if (!status)
        status = ebpf_verify_against(program, o->passes, contract, diag, results);
    ebpf_mem_free(&mem, own, count * sizeof(*own));
    return status;
}

ebpf_status ebpf_verify_for(const struct ebpf_program *program,
                            const struct ebpf_verify_options *options, struct ebpf_diag *diag)
{
    struct ebpf_verify_options o;
    if (!program || ebpf_options_copy(&o, sizeof(o), options) || o.map_count > UINT32_MAX)
        return EBPF_ERR_INVALID;
    struct ebpf_contract contract = {
        .ctx = {.type = o.context ? EBPF_TYPE_CUSTOM
                        : o.type ? ebpf_type_find(o.type)
                                 : EBPF_TYPE_SOCKET_FILTER},
        .unprivileged = o.flags & EBPF_VERIFY_UNPRIVILEGED,
        .strict_align = o.flags & EBPF_VERIFY_STRICT_ALIGN,
        .any_align = o.flags & EBPF_VERIFY_ANY_ALIGN,
        .maps = o.maps, .map_count = (uint32_t)o.map_count, .context_size = UINT32_MAX,
        .frame_size = EBPF_FRAME_LIMIT};
    const struct ebpf_verify_view view = {.log = o.log_level ? o.log : NULL, .listing = o.listing,
                                          .graph = o.graph, .why = o.why,
                                          .log_level = o.log_level};
    const struct ebpf_verify_results results = {
        .mem = o.mem, .only_verdict = true,
        .view = view.log || view.listing || view.graph || view.why ? &view : NULL};
    if (contract.ctx.type == EBPF_TYPE_COUNT)
        return EBPF_ERR_NOT_FOUND;
    if (contract.ctx.type != EBPF_TYPE_CUSTOM)
        return ebpf_verify_against(program, o.passes, &contract, diag, &results);
    return verify_custom(program, &o, &contract, diag, &results);
}

const char *ebpf_verify_type_at(size_t index)
{
    return index < EBPF_TYPE_COUNT ? ebpf_types[index].name : NULL;
}

const char *ebpf_verify_type_name(const char *name)
{
    return name ? ebpf_verify_type_at(ebpf_type_find(name)) : NULL;
}

const struct ebpf_program *ebpf_verify_program(const struct ebpf_verify *verify)
{
    return verify->program;
}

void *ebpf_verify_alloc(struct ebpf_verify *verify, size_t count, size_t size)
{
    return ebpf_arena_zalloc(&verify->arena, count, size);
}

/* What is beyond the limit is not even formatted: a program of a million bad instructions is
 * refused as fast as any. */
static bool is_shown(struct ebpf_verify *verify)
{
    return verify->findings++ < EBPF_VERIFY_FINDINGS && verify->diag;
}

enum { MESSAGE = 400 };

ebpf_status ebpf_verify_reject(struct ebpf_verify *verify, ebpf_status status, uint32_t insn,
                               const char *advice, const char *message, ...)
{
    if (!status)
        status = EBPF_ERR_REJECTED; /* a rejection is never a success */
    if (!verify->rejected)
        verify->rejected = status;
    if (is_shown(verify)) {
        char text[MESSAGE];
        va_list args;
        va_start(args, message);
        vsnprintf(text, sizeof(text), message, args);
        va_end(args);
        ebpf_program_report(verify->program, verify->diag, EBPF_SEVERITY_ERROR, status, insn,
                            advice, "%s", text);
    }
    return status;
}

void ebpf_verify_warn(struct ebpf_verify *verify, ebpf_status status, uint32_t insn,
                      const char *advice, const char *message, ...)
{
    if (!is_shown(verify))
        return;
    char text[MESSAGE];
    va_list args;
    va_start(args, message);
    vsnprintf(text, sizeof(text), message, args);
    va_end(args);
    ebpf_program_report(verify->program, verify->diag, EBPF_SEVERITY_WARNING, status, insn, advice,
                        "%s", text);
}
