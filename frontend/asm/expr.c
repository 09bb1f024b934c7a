/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Numbers and constant expressions: 64 bits, with the meaning of C but never undefined. */
#include "frontend/asm/assembler.h"

static int digit(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* Digits to a value; false if it has more than 64 bits. */
static bool parse_digits(const char *p, const char *end, unsigned base, uint64_t *bits)
{
    *bits = 0;
    for (; p < end; p++)
        if (__builtin_mul_overflow(*bits, base, bits) ||
            __builtin_add_overflow(*bits, (uint64_t)digit(*p), bits))
            return false;
    return true;
}

struct ebpf_asm_value ebpf_asm_number(struct ebpf_asm *as, struct ebpf_asm_text text,
                                      struct ebpf_asm_span span)
{
    bool hex = text.length > 2 && text.data[1] == 'x';
    struct ebpf_asm_value value = ebpf_asm_constant(0);
    if (!parse_digits(text.data + (hex ? 2 : 0), text.data + text.length, hex ? 16 : 10,
                      &value.bits)) {
        ebpf_asm_error(as, EBPF_ERR_RANGE, span, "constants have at most 64 bits",
                       "number is too large");
        value.bits = 0;
    }
    value.is_unsigned = value.bits > INT64_MAX;
    return value;
}

/* The value of an escape sequence behind its backslash, or -1. */
static int escape(struct ebpf_asm_text text)
{
    static const char letters[] = "abtnvfr"; /* from 7 on */
    const char *found = __builtin_strchr(letters, text.data[0]);
    uint64_t bits;
    if (text.length == 1 && text.data[0] && found)
        return 7 + (int)(found - letters);
    if (text.length == 1 && __builtin_strchr("0\\'\"", text.data[0]))
        return text.data[0] == '0' ? 0 : text.data[0];
    if (text.data[0] != 'x' || text.length < 2 || text.length > 3)
        return -1;
    for (uint32_t i = 1; i < text.length; i++)
        if (!__builtin_strchr("0123456789abcdefABCDEF", text.data[i]) || !text.data[i])
            return -1;
    parse_digits(text.data + 1, text.data + text.length, 16, &bits);
    return (int)bits;
}

struct ebpf_asm_value ebpf_asm_char(struct ebpf_asm *as, struct ebpf_asm_text text,
                                    struct ebpf_asm_span span)
{
    int c = -1;
    if (text.length == 1)
        c = (unsigned char)text.data[0];
    else if (text.data[0] == '\\')
        c = escape((struct ebpf_asm_text){text.data + 1, text.length - 1});
    if (c < 0)
        ebpf_asm_error(as, EBPF_ERR_SYNTAX, span,
                       "write one character, or one of \\a \\b \\t \\n \\v \\f \\r \\0 \\\\ "
                       "\\' \\\" \\x41",
                       "bad character constant");
    return ebpf_asm_constant(c < 0 ? 0 : (uint64_t)c);
}

struct ebpf_asm_reg ebpf_asm_register(struct ebpf_asm *as, struct ebpf_asm_text text,
                                      struct ebpf_asm_span span)
{
    const char *name = text.data + (text.data[0] == '%');
    uint64_t number;
    /* r11 to r15 can be encoded; that there are none is for the verifier to say. */
    if (!parse_digits(name + 1, text.data + text.length, 10, &number) || number > 15) {
        ebpf_asm_error(as, EBPF_ERR_REGISTER, span, NULL, "no register `%.*s`",
                       (int)(text.length < 40 ? text.length : 40), text.data);
        number = 0;
    }
    return (struct ebpf_asm_reg){(uint8_t)number, name[0] == 'w'};
}

/* Whether a value can be computed with; if not, that is reported. */
static bool need_constant(struct ebpf_asm *as, struct ebpf_asm_value value,
                          struct ebpf_asm_span span)
{
    if (!value.constant)
        ebpf_asm_undefined(as, value.symbol, span,
                           "only numbers and .equ constants that are defined above can be "
                           "computed with");
    return value.constant;
}

struct ebpf_asm_value ebpf_asm_unary(struct ebpf_asm *as, char op, struct ebpf_asm_value a,
                                     struct ebpf_asm_span span)
{
    if (!need_constant(as, a, span))
        return ebpf_asm_constant(0);
    a.symbol = EBPF_ASM_NO_SYMBOL;
    if (op == '+')
        return a;
    if (op == '~') {
        a.bits = ~a.bits;
        return a;
    }
    if (a.is_unsigned && a.bits > (uint64_t)1 << 63)
        ebpf_asm_error(as, EBPF_ERR_RANGE, span,
                       "constants are -9223372036854775808 to 18446744073709551615",
                       "negative number is too large");
    return ebpf_asm_constant(0 - a.bits);
}

static uint64_t divide(struct ebpf_asm *as, char op, struct ebpf_asm_value a,
                       struct ebpf_asm_value b, struct ebpf_asm_span span)
{
    if (b.bits == 0) {
        ebpf_asm_error(as, EBPF_ERR_EXPRESSION, span, "check the divisor",
                       "division by zero in a constant expression");
        return 0;
    }
    if (a.is_unsigned || b.is_unsigned)
        return op == '/' ? a.bits / b.bits : a.bits % b.bits;
    if (b.bits == UINT64_MAX) /* INT64_MIN / -1 traps */
        return op == '/' ? 0 - a.bits : 0;
    return (uint64_t)(op == '/' ? (int64_t)a.bits / (int64_t)b.bits
                                : (int64_t)a.bits % (int64_t)b.bits);
}

static uint64_t shift(struct ebpf_asm *as, char op, struct ebpf_asm_value a,
                      struct ebpf_asm_value b, struct ebpf_asm_span span)
{
    if (b.bits > 63) {
        ebpf_asm_error(as, EBPF_ERR_EXPRESSION, span, "shift by 0 to 63",
                       "shift count out of range in a constant expression");
        return 0;
    }
    if (op == '<')
        return a.bits << b.bits;
    return a.is_unsigned ? a.bits >> b.bits : (uint64_t)((int64_t)a.bits >> b.bits);
}

struct ebpf_asm_value ebpf_asm_binary(struct ebpf_asm *as, char op, struct ebpf_asm_value a,
                                      struct ebpf_asm_value b, struct ebpf_asm_span span)
{
    struct ebpf_asm_value value = ebpf_asm_constant(0);
    if (!need_constant(as, a, span) || !need_constant(as, b, span))
        return value;
    value.is_unsigned = a.is_unsigned || (b.is_unsigned && op != '<' && op != '>');
    switch (op) {
    case '+': value.bits = a.bits + b.bits; break;
    case '-': value.bits = a.bits - b.bits; break;
    case '*': value.bits = a.bits * b.bits; break;
    case '&': value.bits = a.bits & b.bits; break;
    case '|': value.bits = a.bits | b.bits; break;
    case '^': value.bits = a.bits ^ b.bits; break;
    case '/':
    case '%': value.bits = divide(as, op, a, b, span); break;
    default: value.bits = shift(as, op, a, b, span); break;
    }
    return value;
}
