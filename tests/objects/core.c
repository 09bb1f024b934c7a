/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* CO-RE relocations of all kinds: each program returns one answer. */
#include "bpf.h"
#include "core.h"

#define ACCESS __builtin_preserve_access_index
#define OFFSET_OF(type, field) ((u64)ACCESS(&((type *)0)->field))
#define INFO(type, field, what) __builtin_preserve_field_info(((type *)0)->field, what)
#define TYPE_INFO(type, what) __builtin_preserve_type_info(*(typeof(type) *)0, what)
#define ENUM_INFO(type, value, what) __builtin_preserve_enum_value(*(typeof(type) *)value, what)

enum { SIZE = 1, EXISTS = 2, SIGNED = 3, LSHIFT = 4, RSHIFT = 5 };
enum { TYPE_EXISTS = 0, TYPE_SIZE = 1, TYPE_MATCHES = 2 };
enum { VALUE_EXISTS = 0, VALUE = 1 };

#define ASK(name, expression)                                                                      \
    SEC("xdp") u64 name(void *ctx)                                                                 \
    {                                                                                              \
        return (expression);                                                                       \
    }

ASK(offset_first, OFFSET_OF(struct machine, first))
ASK(offset_nested, OFFSET_OF(struct machine, in[2].y))
ASK(offset_gone, OFFSET_OF(struct machine, gone))
ASK(offset_old, OFFSET_OF(struct machine___old, old_name))
ASK(offset_other, OFFSET_OF(struct machine___other, second))
ASK(offset_typedef, OFFSET_OF(anonymous_t, b))
ASK(size_in, INFO(struct machine, in, SIZE))
ASK(size_grows, INFO(struct machine, grows, SIZE))
ASK(exists_counter, INFO(struct machine, counter, EXISTS))
ASK(exists_gone, INFO(struct machine, gone, EXISTS))
ASK(signed_level, INFO(struct machine, level, SIGNED))
ASK(signed_flag, INFO(struct machine, flag, SIGNED))
ASK(lshift_flag, INFO(struct machine, flag, LSHIFT))
ASK(rshift_flag, INFO(struct machine, flag, RSHIFT))
ASK(type_exists, TYPE_INFO(struct shape, TYPE_EXISTS))
ASK(type_absent, TYPE_INFO(struct absent, TYPE_EXISTS))
ASK(type_size, TYPE_INFO(struct machine, TYPE_SIZE))
ASK(size_absent, TYPE_INFO(struct absent, TYPE_SIZE))
ASK(type_matches, TYPE_INFO(struct shape, TYPE_MATCHES))
ASK(type_differs, TYPE_INFO(struct shape___wrong, TYPE_MATCHES))
ASK(enum_exists, ENUM_INFO(enum color, GREEN, VALUE_EXISTS))
ASK(enum_absent, ENUM_INFO(enum color, PINK, VALUE_EXISTS))
ASK(enum_value, ENUM_INFO(enum color, BLUE, VALUE))
ASK(id_exists, __builtin_btf_type_id(*(struct shape *)0, 1) != 0)

/* Loads by relocated offsets, of a field that is larger on the target. */
SEC("xdp") u64 loads(void *ctx)
{
    unsigned char image[128];
    for (int i = 0; i < 128; i++)
        ((volatile unsigned char *)image)[i] = (unsigned char)i;
    struct machine *m = (struct machine *)image;
    return *ACCESS(&m->counter);
}

SEC("xdp") u64 loads_larger(void *ctx)
{
    unsigned char image[128];
    for (int i = 0; i < 128; i++)
        ((volatile unsigned char *)image)[i] = (unsigned char)i;
    struct machine *m = (struct machine *)image;
    return *ACCESS(&m->grows);
}

/* What is not there is not reached. */
SEC("xdp") u64 asks_first(void *ctx)
{
    if (INFO(struct machine, gone, EXISTS))
        return OFFSET_OF(struct machine, gone);
    return 77;
}

LICENSE;
