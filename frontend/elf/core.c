/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The CO-RE relocations of section .BTF.ext: each changes an instruction to what the types of the
 * target say.  What they do not say makes the instruction one that ends the run. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "frontend/elf/core.h"

enum { HEADER_CORE = 32, RECORD_MIN = 16 };

/* A root of the object's types, and those of the target with its name. */
struct root {
    uint32_t type;
    uint32_t first, count; /* in core.found */
};

struct core {
    struct ebpf_elf *elf;
    struct ebpf_diag *diag;
    const struct btf *local;
    struct btf *target;
    struct ebpf_vec roots; /* struct root */
    struct ebpf_vec found; /* uint32_t */
    uint64_t work; /* what is left of it */
    struct core_spec spec, match; /* large */
};

/* A relocation, and the instruction that it is for. */
struct fixup {
    uint8_t *insn;
    bool is_wide;
    struct core_answer before, after;
    enum core_kind kind;
};

static ebpf_status refuse(const struct core *c, const char *what)
{
    return ebpf_elf_refuse(c->elf, c->diag, EBPF_ERR_BTF, "section '.BTF.ext': %s", what);
}

/* All types of the target that are called like a type of the object. */
static const struct root *candidates(struct core *c, uint32_t type)
{
    const struct root *known = c->roots.data;
    for (size_t i = 0; i < c->roots.count; i++)
        if (known[i].type == type)
            return &known[i];
    struct root *root = ebpf_vec_push(&c->roots, 1);
    const struct btf_type *t = btf__type_by_id(c->local, type);
    const char *name = t ? btf__name_by_offset(c->local, t->name_off) : NULL;
    if (!root)
        return NULL;
    *root = (struct root){.type = type, .first = (uint32_t)c->found.count};
    uint32_t end = name && *name ? btf__type_cnt(c->target) : 0;
    for (uint32_t id = 1; id < end && core_may_work(&c->work); id++) {
        const struct btf_type *other = btf__type_by_id(c->target, id);
        const char *other_name = btf__name_by_offset(c->target, other->name_off);
        if (!ebpf_core_same_kind(t, other) || !other_name || !ebpf_core_same_name(name, other_name))
            continue;
        uint32_t *found = ebpf_vec_push(&c->found, 1);
        if (!found)
            return NULL;
        *found = id;
        root->count++;
    }
    return root;
}

/* What became of looking for an answer. */
enum verdict { ANSWERED, MISSING, AMBIGUOUS, NO_MEMORY };

/* Asks all candidates, who must agree. */
static enum verdict ask(struct core *c, struct core_answer *answer)
{
    unsigned matched = 0;
    const struct root *root =
        c->spec.kind == CORE_TYPE_ID_LOCAL ? NULL : candidates(c, c->spec.root);
    if (!root && c->spec.kind != CORE_TYPE_ID_LOCAL)
        return NO_MEMORY;
    for (uint32_t i = 0; root && i < root->count; i++) {
        struct core_spec *target = &c->match;
        *target = (struct core_spec){
            .btf = c->target, .work = &c->work, .kind = c->spec.kind,
            .root = ((const uint32_t *)c->found.data)[root->first + i]};
        struct core_answer other;
        if (!core_may_work(&c->work) || !ebpf_core_match(&c->spec, target) ||
            !ebpf_core_answer(&c->spec, target, &other))
            continue;
        if (matched++ && other.value != answer->value)
            return AMBIGUOUS;
        *answer = other;
    }
    return matched || ebpf_core_answer(&c->spec, NULL, answer) ? ANSWERED : MISSING;
}

/* What people call what a relocation asks for, such as "task_struct.se.vruntime". */
static void describe(const struct core *c, char *text, size_t size)
{
    const struct btf_type *t = btf__type_by_id(c->local, c->spec.root);
    const char *root = t ? btf__name_by_offset(c->local, t->name_off) : NULL;
    size_t used = (size_t)snprintf(text, size, "%.40s", root ? root : "?");
    for (unsigned i = 0; i < c->spec.count && used < size; i++)
        if (c->spec.steps[i].name)
            used += (size_t)snprintf(text + used, size - used, ".%s", c->spec.steps[i].name);
}

/* Makes the instruction one that ends the run, which then says what was missing. */
static ebpf_status poison(struct core *c, const struct fixup *f, const char *why)
{
    char name[48];
    uint32_t note;
    describe(c, name, sizeof(name));
    ebpf_status status = ebpf_elf_add_note(c->elf, c->diag, &note, "%s %s", name, why);
    if (!status)
        ebpf_elf_poison(f->insn, f->is_wide ? 2 : 1, note);
    return status;
}

enum { CLASS_LDX = 1, CLASS_ST = 2, CLASS_STX = 3, CLASS_ALU = 4, CLASS_ALU64 = 7,
       SOURCE_REG = 8, LDDW = 0x18 };

/* The bits of an opcode for a size of memory; 0xff if there are none. */
static uint8_t size_bits(uint32_t size)
{
    switch (size) {
    case 1: return 0x10;
    case 2: return 0x08;
    case 4: return 0x00;
    case 8: return 0x18;
    default: return 0xff;
    }
}

/* A load or store of a field that has another size now; false if that cannot be. */
static bool resize(struct fixup *f)
{
    uint32_t before = f->before.size, after = f->after.size;
    if (f->kind != CORE_FIELD_OFFSET || !before || !after || before == after)
        return true;
    bool plain = (f->before.is_address && f->after.is_address) ||
                 (!f->before.is_address && !f->after.is_address && !f->before.is_signed &&
                  !f->after.is_signed);
    if (!plain || size_bits(after) == 0xff || (f->insn[0] & 0x18) != size_bits(before))
        return false;
    f->insn[0] = (uint8_t)((f->insn[0] & ~0x18) | size_bits(after));
    return true;
}

static ebpf_status patch(struct core *c, struct fixup *f)
{
    uint64_t value = f->after.value;
    bool fits = value <= UINT32_MAX || (int64_t)value >= INT32_MIN;
    switch (f->insn[0] & 7) {
    case CLASS_ALU: case CLASS_ALU64:
        if (f->insn[0] & SOURCE_REG)
            break;
        if (!fits)
            return poison(c, f, "is too large for its instruction");
        ebpf_put_le32(f->insn + 4, (uint32_t)value);
        return EBPF_OK;
    case CLASS_LDX: case CLASS_ST: case CLASS_STX:
        if (value > INT16_MAX)
            return poison(c, f, "is too far away for its instruction");
        if (!resize(f))
            return poison(c, f, "has another size in the given BTF");
        ebpf_put_le16(f->insn + 2, (uint16_t)value);
        return EBPF_OK;
    default:
        if (!f->is_wide)
            break;
        ebpf_put_le32(f->insn + 4, (uint32_t)value);
        ebpf_put_le32(f->insn + 12, (uint32_t)(value >> 32));
        return EBPF_OK;
    }
    return refuse(c, "a CO-RE relocation is for an instruction that has no place for it");
}

static ebpf_status apply(struct core *c, struct fixup *f, const char *steps)
{
    if (!steps || !ebpf_core_parse(&c->spec, steps))
        return refuse(c, "a CO-RE relocation makes no sense");
    if (!ebpf_core_answer(&c->spec, &c->spec, &f->before))
        f->before.size = 0;
    switch (ask(c, &f->after)) {
    case ANSWERED: return patch(c, f);
    case AMBIGUOUS: return poison(c, f, "means several things in the given BTF");
    case MISSING: return poison(c, f, "is not in the given BTF");
    case NO_MEMORY: break;
    }
    return EBPF_ERR_NOMEM;
}

static ebpf_status read_record(struct core *c, const struct elf_section *s, const uint8_t *record)
{
    uint64_t offset = ebpf_get_le32(record);
    uint32_t kind = ebpf_get_le32(record + 12);
    if (!s->bytes || offset % 8 || s->info.size < 8 || offset > s->info.size - 8)
        return refuse(c, "a CO-RE relocation is for an instruction that is not there");
    if (kind >= CORE_KINDS)
        return ebpf_elf_refuse(c->elf, c->diag, EBPF_ERR_UNSUPPORTED,
                               "CO-RE relocation of kind %u, which is not known", kind);
    struct fixup f = {.insn = c->elf->image + (s->bytes - c->elf->image) + offset,
                      .kind = (enum core_kind)kind};
    f.is_wide = f.insn[0] == LDDW && offset + 16 <= s->info.size;
    c->spec = (struct core_spec){.btf = c->local, .work = &c->work, .kind = f.kind,
                                 .root = ebpf_get_le32(record + 4)};
    ebpf_status status = apply(c, &f, elf_btf_string(c->elf, ebpf_get_le32(record + 8)));
    if (!status && c->work == 0) /* and so the answer may be wrong */
        return ebpf_elf_refuse(c->elf, c->diag, EBPF_ERR_LIMIT,
                               "its CO-RE relocations take more than %llu comparisons",
                               (unsigned long long)CORE_WORK_MAX);
    return status;
}

static ebpf_status read_all(struct core *c, const uint8_t *at, uint64_t left)
{
    uint32_t record = left >= 4 ? ebpf_get_le32(at) : 0;
    if (record < RECORD_MIN || record % 4)
        return refuse(c, "a CO-RE relocation has too few bytes");
    at += 4;
    left -= 4;
    while (left) {
        const char *name = left >= 8 ? elf_btf_string(c->elf, ebpf_get_le32(at)) : NULL;
        uint32_t count = left >= 8 ? ebpf_get_le32(at + 4) : 0;
        if (!name || count > (left - 8) / record)
            return refuse(c, "it has not as many CO-RE relocations as it says");
        const struct elf_section *s = ebpf_elf_section(c->elf, name);
        at += 8;
        left -= 8;
        for (uint32_t i = 0; i < count; i++, at += record, left -= record) {
            ebpf_status status = s && s->info.use == EBPF_ELF_CODE ? read_record(c, s, at)
                                                                   : EBPF_OK;
            if (status)
                return status;
        }
    }
    return EBPF_OK;
}

/* The relocations with the types of a target. */
static ebpf_status read_with_target(struct core *c, const uint8_t *at, uint64_t left)
{
    const uint8_t *bytes;
    uint64_t size;
    ebpf_status status = ebpf_elf_target_btf(c->elf, &bytes, &size, c->diag);
    if (!status)
        status = ebpf_elf_parse_btf(c->elf, "the given BTF", bytes, size, &c->target, c->diag);
    if (!status && !c->target)
        status = ebpf_elf_refuse(c->elf, c->diag, EBPF_ERR_UNSUPPORTED,
                                 "the given BTF has types of a kind that is not known");
    if (!status)
        status = read_all(c, at, left);
    btf__free(c->target);
    return status;
}

ebpf_status ebpf_elf_apply_core(struct ebpf_elf *elf, const struct btf *btf,
                                struct ebpf_diag *diag)
{
    const struct elf_section *s = ebpf_elf_section(elf, ".BTF.ext");
    if (!elf->has_core || !elf->options.btf || !s || !s->bytes)
        return EBPF_OK;
    uint64_t header = ebpf_get_le32(s->bytes + 4); /* which was checked for the lines */
    uint64_t start = header + ebpf_get_le32(s->bytes + HEADER_CORE - 8);
    uint64_t left = ebpf_get_le32(s->bytes + HEADER_CORE - 4);
    struct core *c = ebpf_arena_zalloc(&elf->arena, 1, sizeof(*c));
    if (!c)
        return EBPF_ERR_NOMEM;
    c->elf = elf;
    c->diag = diag;
    c->local = btf;
    c->work = CORE_WORK_MAX;
    if (start > s->info.size || left > s->info.size - start)
        return refuse(c, "the CO-RE relocations reach beyond its end");
    ebpf_vec_init(&c->roots, &elf->mem, sizeof(struct root));
    ebpf_vec_init(&c->found, &elf->mem, sizeof(uint32_t));
    ebpf_status status = read_with_target(c, s->bytes + start, left);
    ebpf_vec_free(&c->roots);
    ebpf_vec_free(&c->found);
    elf->has_core = false;
    return status;
}
