/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Checks of memory accesses, as far as they are done in line. */
#include "backends/x86_64/lower.h"

void x64_address(struct x64_lower *l, enum x64_reg base, int32_t offset)
{
    if (offset)
        x64_lea_rm(&l->e, 64, TMP2, x64_at(base, offset));
    else
        x64_mov_rr(&l->e, 64, TMP2, base);
}

/* The number of a kind of check; X64_LIMITS if there are too many kinds. */
static uint32_t limit_of(struct x64_lower *l, const struct x64_check *check)
{
    struct ebpf_code *code = l->code;
    for (uint32_t i = 0; i < code->limit_count; i++) {
        const struct x64_limit *limit = &code->limits[i];
        if (limit->span == check->span && limit->slot == check->slot &&
            limit->store == check->store)
            return i;
    }
    if (code->limit_count == X64_LIMITS)
        return X64_LIMITS;
    code->limits[code->limit_count] =
        (struct x64_limit){check->span, check->slot, check->store};
    return code->limit_count++;
}

/* Behind a check that has passed, the carry flag is set: and'ing with all ones changes nothing.
 * Where the processor goes on here although the check will fail, the base is 0. */
static void mask(struct x64_lower *l, enum x64_reg base)
{
    if (!(l->in->code.flags & EBPF_CODE_MASKED))
        return;
    x64_sbb_rr(&l->e, 64, TMP2, TMP2);
    x64_and_rr(&l->e, 64, base, TMP2);
}

/* Compares with the region that the pointer is guessed to lead to. */
static void put_check(struct x64_lower *l, struct x64_check *check, uint32_t number)
{
    enum x64_reg base = x64_reg(check->base);
    uint32_t resume = x64_labels(&l->e, 1);
    uint32_t miss = x64_site_stub(
        l, (struct x64_site){.kind = X64_SITE_MISS, .prepaid = l->prepaid, .check = number},
        resume);
    if (check->slot == X64_SLOT_STACK && check->span > (uint32_t)l->frame_size)
        check->slot = X64_SLOT_OTHER;
    uint32_t limit = check->slot == X64_SLOT_STACK ? 0 : limit_of(l, check);
    if (limit == X64_LIMITS) {
        x64_jmp(&l->e, miss);
    } else if (check->slot == X64_SLOT_STACK) {
        x64_address(l, base, check->low + l->frame_size);
        x64_sub_rr(&l->e, 64, TMP2, X64_RBP);
        x64_cmp_ri(&l->e, 64, TMP2, l->frame_size - (int32_t)check->span + 1);
        x64_jcc(&l->e, X64_AE, miss);
        mask(l, base);
    } else {
        x64_address(l, base, check->low);
        x64_sub_rm(&l->e, 64, TMP2, X64_FIELD(base[check->slot]));
        x64_cmp_rm(&l->e, 64, TMP2, X64_FIELD(limit[limit]));
        x64_jcc(&l->e, X64_AE, miss);
        mask(l, base);
    }
    x64_bind(&l->e, resume);
}

void x64_checks(struct x64_lower *l)
{
    struct x64_check *checks = l->plan.checks.data;
    for (; l->next_check < l->plan.checks.count && checks[l->next_check].insn == l->at;
         l->next_check++)
        put_check(l, &checks[l->next_check], l->next_check);
}
