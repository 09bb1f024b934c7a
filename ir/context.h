/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Contexts in user space.  The kernel's fields for packet addresses have 32 bits; the host's
 * context starts with the kernel's layout, so that all plain fields are where programs look for
 * them, and has the addresses behind it, 8 bytes each:
 *
 *     | plain fields, as in the kernel | data | data_end | data_meta |
 *     0                            size, a multiple of 8          host_size
 *
 * Programs cannot write the addresses, whatever they do: what is proven of accesses to the packet
 * relies on that.
 */
#ifndef IR_CONTEXT_H
#define IR_CONTEXT_H

#include <ebpfvm/facts.h>

#include "ir/env.h"
#include "ir/program.h"

/* Which addresses a context has. */
enum ebpf_ctx_address { EBPF_CTX_DATA, EBPF_CTX_END, EBPF_CTX_META, EBPF_CTX_ADDRESSES };

struct ebpf_ctx_host {
    uint32_t size;      /* of the kernel's layout; 0 if it has none that is known */
    uint32_t host_size; /* with the addresses */
    uint32_t plain_size; /* how much of it, from its start, programs may write */
    /* Which addresses it has; where the program looks for each, and where the host has it.  Both
     * are the same where the kernel's field has 64 bits. */
    bool has[EBPF_CTX_ADDRESSES];
    uint32_t field[EBPF_CTX_ADDRESSES], host[EBPF_CTX_ADDRESSES];
    int32_t length, protocol; /* where it has the packet's length, and its Ethernet type; or -1 */
    bool narrow; /* some field is narrower than an address: programs need lowering */
};

/* The layout of a context. */
struct ebpf_ctx_host ebpf_ctx_host(const struct ebpf_ctx *ctx);

/*
 * A copy of a program that loads packet addresses from where the host has them: each
 * `ldxw rX, [context + field]` becomes an `ldxdw`.  Nothing else changes, so that pcs and counts
 * stay what they are.  NULL if there is nothing to change.  EBPF_ERR_CONTEXT where a register may
 * hold the context or something else.
 *
 * Facts, if there are any, say which loads those are.  Where they do not, the context is looked for
 * without them; then *agrees becomes false, and they are not true of the copy: a load gives 8 bytes
 * where they speak of 4, or the other way round.
 */
ebpf_status ebpf_ctx_lower(const struct ebpf_program *program, const struct ebpf_ctx_host *host,
                           const struct ebpf_fact *facts, struct ebpf_diag *diag,
                           struct ebpf_program **out, bool *agrees);

#endif
