/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The front end for raw bytecode. */
#include "ir/decode.h"
#include "ir/program.h"

static ebpf_status refuse(struct ebpf_diag *diag, const char *name, ebpf_status status,
                          size_t length, const char *limit)
{
    struct ebpf_diag_entry entry = {.status = status, .file = name, .pc = EBPF_PC_NONE,
                                    .advice = ebpf_status_advice(status)};
    ebpf_diag_add(diag, &entry, "program has %zu bytes, %s", length, limit);
    return status;
}

ebpf_status ebpf_program_decode(const void *bytes, size_t length, const char *name,
                                const struct ebpf_mem *mem, struct ebpf_diag *diag,
                                struct ebpf_program **out)
{
    *out = NULL;
    if (length % 8)
        return refuse(diag, name, EBPF_ERR_LENGTH, length, "which is not a multiple of 8");
    if (length / 8 > EBPF_PROGRAM_MAX_SLOTS)
        return refuse(diag, name, EBPF_ERR_TOO_LONG, length, "the limit is 8,000,000");
    struct ebpf_program *program = ebpf_program_new(mem);
    if (!program)
        return EBPF_ERR_NOMEM;
    ebpf_status status = EBPF_ERR_NOMEM;
    if (ebpf_program_set_source(program, name, NULL, 0) &&
        ebpf_program_push_bytes(program, bytes, length / 8))
        status = ebpf_program_finish(program, diag);
    if (status) {
        ebpf_program_unref(program);
        return status;
    }
    *out = program;
    return EBPF_OK;
}
