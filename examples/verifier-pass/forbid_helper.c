/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A verifier pass of one's own: programs must not call certain helpers.
 * docs/howto/add-a-verifier-pass.md walks through it. */
#include <stdio.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

/* What the pass is given: the ids that are forbidden. */
struct forbidden {
    const uint32_t *ids;
    size_t count;
};

static int is_forbidden(const struct forbidden *list, uint32_t id)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->ids[i] == id)
            return 1;
    return 0;
}

static ebpf_status forbid_helpers(struct ebpf_verify *verify, void *ctx)
{
    const struct forbidden *list = ctx;
    uint32_t count;
    const struct ebpf_insn *insns = ebpf_program_insns(ebpf_verify_program(verify), &count);
    ebpf_status status = EBPF_OK;
    for (uint32_t i = 0; i < count; i++) {
        if (insns[i].op == EBPF_OP_CALLX) /* its id is known at run time only */
            status = ebpf_verify_reject(verify, EBPF_ERR_HELPER, i, "call the helper by its id",
                                        "the helper that is called here is not known");
        else if (insns[i].op == EBPF_OP_CALL && is_forbidden(list, (uint32_t)insns[i].imm))
            status = ebpf_verify_reject(verify, EBPF_ERR_HELPER, i, "leave the call out",
                                        "calls of helper %u are forbidden here",
                                        (unsigned)insns[i].imm);
    }
    return status;
}

/* Verifies a program with the usual passes and ours behind them; prints what they say. */
static ebpf_status check(const char *text, const struct ebpf_pass *ours)
{
    struct ebpf_asm_options options = {.size = sizeof(options), .file = "program.s"};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_stream out = ebpf_stream_file(stdout);
    struct ebpf_program *program = NULL;
    struct ebpf_pass_list *list = ebpf_pass_list_new(ebpf_verifier_strict(), NULL);
    ebpf_status status = EBPF_ERR_NOMEM;
    if (diag && list)
        status = ebpf_pass_list_append(list, ours);
    if (!status)
        status = ebpf_assemble(text, strlen(text), &options, diag, &program);
    if (!status)
        status = ebpf_verify(program, ebpf_pass_list_passes(list), NULL, diag);
    if (diag)
        ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &out);
    printf("%s: %s\n", status ? "refused" : "accepted", ebpf_status_text(status));
    ebpf_program_unref(program);
    ebpf_pass_list_free(list);
    ebpf_diag_free(diag);
    return status;
}

int main(void)
{
    static const uint32_t ids[] = {6, 7};
    struct forbidden list = {ids, sizeof(ids) / sizeof(ids[0])};
    const struct ebpf_pass pass = {.name = "forbid-helpers",
                                   .summary = "no calls of the helpers that the host forbids",
                                   .run = forbid_helpers,
                                   .ctx = &list};
    ebpf_status harmless = check("call 5\nexit\n", &pass);
    ebpf_status harmful = check("call 5\ncall 6\nexit\n", &pass);
    return harmless == EBPF_OK && harmful == EBPF_ERR_HELPER ? 0 : 1;
}
