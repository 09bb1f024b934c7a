/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Mnemonics: a name to its forms, from the table of instructions and the aliases. */
#include <stdio.h>
#include <string.h>

#include "frontend/asm/assembler.h"

struct alias {
    const char *name, *shape;
    uint16_t op; /* enum ebpf_op */
};

static const struct alias aliases[] = {
#define EBPF_ALIAS(name, shape, op) {name, shape, EBPF_OP_##op},
#define EBPF_INTRINSIC(name, format, oper, width)
#include "frontend/asm/aliases.def"
#undef EBPF_ALIAS
#undef EBPF_INTRINSIC
};

enum { ALIAS_COUNT = sizeof(aliases) / sizeof(aliases[0]) };

const char *ebpf_asm_shape(enum ebpf_op op)
{
    switch ((enum ebpf_format)ebpf_op_table[op].format) {
#define NONE /* the shape of no operands */
#define EBPF_FORMAT(id, disc, fields, shape) case EBPF_FMT_##id: return SHAPE(shape);
#define SHAPE(shape) TEXT(shape)
#define TEXT(shape) #shape
#include "ir/formats.def"
#undef EBPF_FORMAT
#undef SHAPE
#undef TEXT
#undef NONE
    }
    return "";
}

/* The length of a mnemonic of 64-bit arithmetic without the 64, or 0: `add` is `add64`. */
static size_t short_length(enum ebpf_op op)
{
    const struct ebpf_op_info *info = &ebpf_op_table[op];
    bool is_alu = info->format == EBPF_FMT_ALU_IMM || info->format == EBPF_FMT_ALU_REG ||
                  info->format == EBPF_FMT_ALU_UN;
    return is_alu && info->width == 64 ? strlen(info->mnemonic) - 2 : 0;
}

static void add_form(struct ebpf_asm_mnemonic *mnemonic, enum ebpf_op op, const char *shape)
{
    if (mnemonic->count == EBPF_ASM_MAX_FORMS)
        return;
    mnemonic->ops[mnemonic->count] = (uint16_t)op;
    mnemonic->shapes[mnemonic->count++] = shape;
    mnemonic->takes_operands |= *shape != '\0';
}

/* Collects the forms of a name.  It is looked for once per text, so that a search will do. */
static void find_forms(struct ebpf_asm_mnemonic *mnemonic)
{
    const char *name = mnemonic->name.data;
    size_t length = mnemonic->name.length;
    for (int i = EBPF_OP_DATA + 1; i < EBPF_OP_COUNT; i++) {
        enum ebpf_op op = (enum ebpf_op)i;
        const char *full = ebpf_op_table[op].mnemonic;
        if (full[0] == name[0] &&
            (strcmp(full, name) == 0 ||
             (short_length(op) == length && memcmp(full, name, length) == 0)))
            add_form(mnemonic, op, ebpf_asm_shape(op));
    }
    for (size_t i = 0; i < ALIAS_COUNT; i++)
        if (strcmp(aliases[i].name, name) == 0)
            add_form(mnemonic, (enum ebpf_op)aliases[i].op, aliases[i].shape);
}

uint32_t ebpf_asm_mnemonic(struct ebpf_asm *as, struct ebpf_asm_text text)
{
    struct ebpf_name *name = ebpf_intern(&as->words, text.data, text.length);
    if (name && name->value == EBPF_NAME_NEW) {
        struct ebpf_asm_mnemonic *mnemonic = ebpf_vec_push(&as->mnemonics, 1);
        if (mnemonic) {
            *mnemonic = (struct ebpf_asm_mnemonic){.name = {name->text, name->length}};
            find_forms(mnemonic);
            name->value = (uint32_t)(as->mnemonics.count - 1);
        }
    }
    if (!name || name->value == EBPF_NAME_NEW) {
        ebpf_asm_nomem(as);
        return UINT32_MAX;
    }
    return name->value;
}

const struct ebpf_asm_mnemonic *ebpf_asm_mnemonic_at(const struct ebpf_asm *as, uint32_t index)
{
    static const struct ebpf_asm_mnemonic none = {.name = {"", 0}};
    const struct ebpf_asm_mnemonic *mnemonics = as->mnemonics.data;
    return index < as->mnemonics.count ? &mnemonics[index] : &none;
}

void ebpf_asm_offer_mnemonics(struct ebpf_asm_nearest *nearest)
{
    for (int i = EBPF_OP_DATA + 1; i < EBPF_OP_COUNT; i++) {
        const char *name = ebpf_op_table[i].mnemonic;
        ebpf_asm_offer(nearest, name, strlen(name));
        ebpf_asm_offer(nearest, name, short_length((enum ebpf_op)i));
    }
    for (size_t i = 0; i < ALIAS_COUNT; i++)
        ebpf_asm_offer(nearest, aliases[i].name, strlen(aliases[i].name));
}

/* `rD, [rS+off]`, as registers come to fields in the order of the text. */
static void describe_shape(const char *shape, char *text, size_t size)
{
    size_t used = 0;
    char reg = 'D';
    text[0] = '\0';
    for (const char *p = shape; *p && used < size; p++) {
        char item[40] = "map_by_fd(N)";
        switch (*p) {
        case 'R': snprintf(item, sizeof(item), "r%c", reg); break;
        case 'M': snprintf(item, sizeof(item), "[r%c+off]", reg); break;
        case 'I': snprintf(item, sizeof(item), "imm"); break;
        case 'V': snprintf(item, sizeof(item), "imm64"); break;
        case 'T': snprintf(item, sizeof(item), "target"); break;
        }
        if (*p == 'R' || *p == 'M')
            reg = 'S';
        used += (size_t)snprintf(text + used, size - used, "%s%s", p == shape ? "" : ", ", item);
    }
}

void ebpf_asm_describe(const struct ebpf_asm_mnemonic *mnemonic, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "%.*s takes", (int)mnemonic->name.length,
                                   mnemonic->name.data);
    const char *previous = NULL;
    for (unsigned i = 0; i < mnemonic->count && used < size; i++) {
        const char *shape = mnemonic->shapes[i];
        if (previous && strcmp(previous, shape) == 0)
            continue;
        char operands[60];
        describe_shape(shape, operands, sizeof(operands));
        used += (size_t)snprintf(text + used, size - used, *shape ? "%s `%s`" : "%s no operands%s",
                                 previous ? " or" : "", operands);
        previous = shape;
    }
}
