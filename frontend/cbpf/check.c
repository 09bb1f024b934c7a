/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What a filter may not have: the rules of the kernel and of libpcap. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "frontend/cbpf/cbpf.h"

void ebpf_cbpf_refuse(struct cbpf *c, ebpf_status status, uint32_t index, const char *advice,
                      const char *message, ...)
{
    const struct ebpf_diag_entry entry = {
        .status = status, .file = c->file, .pc = index,
        .advice = advice ? advice : ebpf_status_advice(status)};
    char text[200];
    va_list args;
    va_start(args, message);
    vsnprintf(text, sizeof(text), message, args);
    va_end(args);
    ebpf_diag_add(c->diag, &entry, "%s", text);
    if (!c->status)
        c->status = status;
}

/* The kernel's areas of offsets that are not in the packet: each reaches up to the next. */
#define LINK_LAYER 0xffe00000u
#define NETWORK 0xfff00000u
#define ANCILLARY CBPF_BACK

/* What the kernel finds at these offsets from ANCILLARY; it counts in fours. */
static const char *const ancillary[] = {
    "SKF_AD_PROTOCOL",  "SKF_AD_PKTTYPE",     "SKF_AD_IFINDEX",          "SKF_AD_NLATTR",
    "SKF_AD_NLATTR_NEST", "SKF_AD_MARK",      "SKF_AD_QUEUE",            "SKF_AD_HATYPE",
    "SKF_AD_RXHASH",    "SKF_AD_CPU",         "SKF_AD_ALU_XOR_X",        "SKF_AD_VLAN_TAG",
    "SKF_AD_VLAN_TAG_PRESENT", "SKF_AD_PAY_OFFSET", "SKF_AD_RANDOM",     "SKF_AD_VLAN_TPID"};
enum { ANCILLARY_COUNT = sizeof(ancillary) / sizeof(ancillary[0]), ALU_XOR_X = 40,
       CODE_XOR_X = 0xac };

static void check_ancillary(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    struct ebpf_cbpf_insn *insn = &c->insns[index];
    uint32_t at = insn->k - ANCILLARY;
    bool known = at % 4 == 0 && at / 4 < ANCILLARY_COUNT;
    if (at == ALU_XOR_X) {
        *insn = (struct ebpf_cbpf_insn){.code = CODE_XOR_X};
        return;
    }
    ebpf_cbpf_refuse(c, EBPF_ERR_UNSUPPORTED, index,
                     "leave it out: captures do not tell; those of type LINUX_SLL, say, have the "
                     "direction and more in their packets",
                     "%s with k %d: %s%s is known to the kernel only, not to a packet", row->text,
                     (int32_t)insn->k, known ? "" : "what stands there",
                     known ? ancillary[at / 4] : "");
}

/* Loads at negative offsets.  Only those at a constant are ancillary. */
static void check_load(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    struct ebpf_cbpf_insn *insn = &c->insns[index];
    if (insn->k >= ANCILLARY && ebpf_cbpf_has(row, CBPF_FX_AT_K) &&
        !ebpf_cbpf_has(row, CBPF_FX_DEF_X))
        check_ancillary(c, index, row);
    else if (insn->k >= ANCILLARY)
        return; /* counts back from X; from nothing, it is outside of any packet */
    else if (insn->k >= NETWORK)
        ebpf_cbpf_refuse(c, EBPF_ERR_UNSUPPORTED, index,
                         "count from the start of the packet: 14 bytes of Ethernet come first, say",
                         "%s with k %d counts from SKF_NET_OFF, the network header, which only the "
                         "kernel knows", row->text, (int32_t)insn->k);
    else if (insn->k >= LINK_LAYER)
        insn->k -= LINK_LAYER; /* the packet starts with its link layer */
}

static void check_jump(struct cbpf *c, uint32_t index, const struct cbpf_row *row, int32_t skip,
                       const char *field)
{
    int64_t to = (int64_t)index + 1 + skip;
    if (to == index)
        ebpf_cbpf_refuse(c, EBPF_ERR_SELF_LOOP, index, NULL, "%s: jumps to itself for ever",
                         row->text);
    else if (to < 0 || to >= c->count)
        ebpf_cbpf_refuse(
            c, EBPF_ERR_TARGET, index,
            "jumps are counted from the next instruction and lead to one of the filter",
            "%s: %s of %d leads from instruction %u to %lld, of 0 to %u", row->text, field, skip,
            index, (long long)to, c->count - 1);
}

static void check_operands(struct cbpf *c, uint32_t index, const struct cbpf_row *row)
{
    const struct ebpf_cbpf_insn *insn = &c->insns[index];
    bool word = ebpf_cbpf_has(row, CBPF_FX_READ_M | CBPF_FX_WRITE_M);
    bool packet = ebpf_cbpf_has(row, CBPF_FX_AT_K | CBPF_FX_AT_X);
    if (word && insn->k >= EBPF_CBPF_WORDS)
        ebpf_cbpf_refuse(c, EBPF_ERR_RANGE, index, "memory is M[0] to M[15]",
                         "%s: there is no M[%u]", row->text, insn->k);
    if (ebpf_cbpf_has(row, CBPF_FX_NONZERO) && insn->k == 0)
        ebpf_cbpf_refuse(c, EBPF_ERR_DIV_ZERO, index, "use `ret #0` if refusing is meant",
                         "%s divides by the constant 0", row->text);
    if (ebpf_cbpf_has(row, CBPF_FX_SHIFT) && insn->k >= 32)
        ebpf_cbpf_refuse(c, EBPF_ERR_SHIFT, index, "shift by 0 to 31",
                         "%s shifts 32 bits by %u", row->text, insn->k);
    if (ebpf_cbpf_has(row, CBPF_FX_ALWAYS))
        check_jump(c, index, row, (int32_t)insn->k, "k");
    if (ebpf_cbpf_has(row, CBPF_FX_BRANCH)) {
        check_jump(c, index, row, insn->jt, "jt");
        check_jump(c, index, row, insn->jf, "jf");
    }
    if (packet)
        check_load(c, index, row);
}

void ebpf_cbpf_check(struct cbpf *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        const struct cbpf_row *row = ebpf_cbpf_row(c->insns[i].code);
        if (row)
            check_operands(c, i, row);
        else
            ebpf_cbpf_refuse(c, EBPF_ERR_OPCODE, i, "docs/cbpf.md lists all instructions",
                             "0x%02x is no instruction of classic BPF", c->insns[i].code);
        if (i + 1 == c->count && row && !ebpf_cbpf_has(row, CBPF_FX_RETURN))
            ebpf_cbpf_refuse(c, EBPF_ERR_FALL_THROUGH, i, "end the filter with `ret #k` or `ret a`",
                             "the last instruction, %s, does not return", row->text);
    }
}
