/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A verifier pass of one's own: programs must not be longer than a bound, and those that are not
 * must not waste their length on code that never runs.  docs/howto/add-a-verifier-pass.md walks
 * through it. */
#include <stdio.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

/* Comes first and asks for nothing: a program that is too long is not looked at any further. */
static ebpf_status bound_length(struct ebpf_verify *verify, void *ctx)
{
    const uint32_t *most = ctx;
    const struct ebpf_program *program = ebpf_verify_program(verify);
    uint32_t count;
    ebpf_program_insns(program, &count);
    uint32_t slots = ebpf_program_pc(program, count);
    if (slots <= *most)
        return EBPF_OK;
    return ebpf_verify_reject(verify, EBPF_ERR_TOO_LONG, EBPF_TARGET_NONE,
                              "split the work over several programs",
                              "the program has %u slots, this host takes %u", (unsigned)slots,
                              (unsigned)*most);
}

/* Asks for the control-flow graph, which is made if no pass before it did. */
static ebpf_status warn_of_dead_code(struct ebpf_verify *verify, void *ctx)
{
    (void)ctx;
    uint32_t count;
    const struct ebpf_block *blocks = ebpf_verify_blocks(verify, &count);
    for (uint32_t i = 0; i < count; i++)
        if (blocks[i].order == EBPF_BLOCK_NONE)
            ebpf_verify_warn(verify, EBPF_ERR_UNREACHABLE, blocks[i].first, NULL,
                             "%u instructions that never run", (unsigned)blocks[i].count);
    return EBPF_OK;
}

static ebpf_status check(const char *text, const struct ebpf_pass *const *passes)
{
    struct ebpf_asm_options options = {.size = sizeof(options), .file = "program.s"};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_stream out = ebpf_stream_file(stdout);
    struct ebpf_program *program = NULL;
    ebpf_status status = diag ? EBPF_OK : EBPF_ERR_NOMEM;
    if (!status)
        status = ebpf_assemble(text, strlen(text), &options, diag, &program);
    if (!status)
        status = ebpf_verify(program, passes, NULL, diag);
    if (diag)
        ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &out);
    printf("%s: %s\n", status ? "refused" : "accepted", ebpf_status_text(status));
    ebpf_program_unref(program);
    ebpf_diag_free(diag);
    return status;
}

int main(void)
{
    uint32_t most = 4;
    const struct ebpf_pass bound = {.name = "bound-length", .run = bound_length, .ctx = &most};
    const struct ebpf_pass dead = {
        .name = "dead-code", .needs = EBPF_AN_CFG, .run = warn_of_dead_code};
    /* A list may also be written down; "well-formed" runs by itself, as "dead-code" needs it. */
    const struct ebpf_pass *const passes[] = {&bound, &dead, NULL};
    ebpf_status brief = check("mov r0, 1\nexit\nmov r0, 2\nexit\n", passes);
    ebpf_status lengthy = check("mov r0, 1\nadd r0, 1\nadd r0, 1\nadd r0, 1\nexit\n", passes);
    return brief == EBPF_OK && lengthy == EBPF_ERR_TOO_LONG ? 0 : 1;
}
