/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Code out of line: stubs, one per place that may need the host or that does something rare. */
#include "backends/x86_64/lower.h"

uint32_t x64_stub(struct x64_lower *l, struct x64_stub stub)
{
    struct x64_stub *s = ebpf_vec_push(&l->stubs, 1);
    if (!s) {
        l->e.status = l->e.status ? l->e.status : EBPF_ERR_NOMEM;
        return 0;
    }
    stub.label = x64_labels(&l->e, 1);
    *s = stub;
    return stub.label;
}

uint32_t x64_site_stub(struct x64_lower *l, struct x64_site site, uint32_t resume)
{
    struct x64_site *s = ebpf_vec_push(&l->code->sites, 1);
    if (!s) {
        l->e.status = l->e.status ? l->e.status : EBPF_ERR_NOMEM;
        return 0;
    }
    site.insn = l->at;
    site.behind = x64_labels(&l->e, 1);
    site.resume = resume;
    *s = site;
    return x64_stub(l, (struct x64_stub){
                           .kind = X64_STUB_SITE, .site = (uint32_t)l->code->sites.count - 1});
}

/* Asks the host, which knows where it goes on; see thunks.c.  What may be asked often goes on
 * behind the call, for the sake of the processor's prediction of returns. */
static void ask(struct x64_lower *l, uint32_t number)
{
    struct x64_site *site = (struct x64_site *)l->code->sites.data + number;
    x64_call_m(&l->e, X64_FIELD(thunk));
    x64_bind(&l->e, site->behind);
    if (site->kind != X64_SITE_MISS)
        return;
    x64_jmp(&l->e, site->resume);
    site->resume = site->behind;
}

/* Division by 0 or, signed, by -1: of what is in `base`, by what is in TMP2. */
static void divide(struct x64_lower *l, const struct x64_stub *stub)
{
    enum x64_reg dst = (enum x64_reg)stub->base;
    uint32_t is_minus_one = x64_labels(&l->e, 1);
    x64_test_rr(&l->e, stub->width, TMP2, TMP2);
    x64_jcc(&l->e, X64_NE, is_minus_one);
    if (!stub->mod)
        x64_xor_rr(&l->e, 32, dst, dst);
    else if (stub->width == 32)
        x64_mov_rr(&l->e, 32, dst, dst);
    x64_jmp(&l->e, stub->resume);
    x64_bind(&l->e, is_minus_one);
    if (stub->mod)
        x64_xor_rr(&l->e, 32, dst, dst);
    else
        x64_neg_r(&l->e, stub->width, dst);
    x64_jmp(&l->e, stub->resume);
}

static void put_stub(struct x64_lower *l, const struct x64_stub *stub)
{
    x64_bind(&l->e, stub->label);
    switch ((enum x64_stub_kind)stub->kind) {
    case X64_STUB_NULL:
        x64_xor_rr(&l->e, 32, X64_RAX, X64_RAX);
        x64_jmp(&l->e, stub->resume);
        break;
    case X64_STUB_PAY:
        x64_pay(l, stub->charge);
        x64_jmp(&l->e, stub->resume);
        break;
    case X64_STUB_SITE:
        ask(l, stub->site);
        break;
    case X64_STUB_DIVIDE:
        divide(l, stub);
        break;
    }
}

void x64_stubs(struct x64_lower *l)
{
    for (size_t i = 0; i < l->stubs.count && !l->e.status; i++)
        put_stub(l, (const struct x64_stub *)l->stubs.data + i);
    l->stubs.count = 0;
    /* Code that was left goes on where its function returns. */
    struct x64_site *sites = l->code->sites.data;
    bool is_left = l->first_site < l->code->sites.count;
    if (is_left && !l->epilogue_bound)
        x64_return(l);
    for (; l->first_site < l->code->sites.count; l->first_site++)
        sites[l->first_site].epilogue = l->epilogue;
}

void x64_call_host(struct x64_lower *l, uintptr_t function)
{
    x64_mov_ri(&l->e, TMP, function);
    x64_call_r(&l->e, TMP);
}
