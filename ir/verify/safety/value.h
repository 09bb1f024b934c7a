/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What a register or a piece of the stack may hold.  Values do not change and each stands once in
 * the table, so that equal ones have the same address.  NULL stands for "not initialised".
 */
#ifndef IR_VERIFY_SAFETY_VALUE_H
#define IR_VERIFY_SAFETY_VALUE_H

#include <ebpfvm/map.h>

#include "base/arena.h"
#include "ir/verify/safety/scalar.h"

enum ebpf_value_kind {
    EBPF_V_SCALAR,
    EBPF_V_CTX,       /* the context */
    EBPF_V_STACK,     /* `number` is from the end of frame `frame`, negative */
    EBPF_V_MAP,       /* a map itself */
    EBPF_V_MAP_VALUE, /* a value of a map */
    EBPF_V_PACKET,    /* packet data; see `delta` */
    EBPF_V_META,      /* the room before packet data */
    EBPF_V_END,       /* the end of packet data */
    EBPF_V_RECORD,    /* `size` bytes that have to be given back */
    EBPF_V_LENT,      /* `size` bytes that a helper lends, to be read */
    EBPF_V_FUNCTION,  /* a function: `number` is its first instruction */
    EBPF_V_SOCKET     /* a socket; see `frame` and `delta` */
};

/* How a number follows from the one that is known by its id. */
enum ebpf_link_form {
    EBPF_LINK_SAME,  /* it is that one plus delta */
    EBPF_LINK_ZEXT,  /* its low half, zero-extended */
    EBPF_LINK_SHIFTED /* it, shifted left by 32 */
};

struct ebpf_value {
    uint8_t kind;     /* enum ebpf_value_kind */
    uint8_t nullable; /* pointers: may be 0 instead */
    uint8_t frame;    /* the stack: whose; lent: to whom; sockets: enum ebpf_socket */
    uint8_t form;     /* scalars with an id: enum ebpf_link_form */
    /* Where values came from the same place: scalars and pointers that may be 0, if it is not 0;
     * packet pointers: their base; records: the acquisition. */
    uint32_t id;
    /* Records and what is lent: how many bytes they have.  Sockets: 1 for what was looked up, 0 for
     * what follows from it.  Packet pointers: 1 if they were loaded after the last comparison, so
     * that it says nothing of them.  Numbers: if not 0, then number + size - 1 is no more than the
     * size of the packet. */
    uint32_t size;
    uint32_t unused;
    const struct ebpf_map_def *map;
    /* Packet pointers: the constant distance from the base, of which `number` is the distance from
     * the start of the packet (or room); scalars: see enum ebpf_link_form; sockets: the acquisition
     * of what has to be given back, or 0. */
    int64_t delta;
    struct ebpf_scalar number; /* scalars: it.  Pointers: the offset. */
};

/* Bases of packet pointers that all programs have; others are EBPF_SITE()s.  BASE_END is where the
 * packet ends for programs that are given its size, not an address: they may compute with it. */
enum { EBPF_BASE_DATA = 1, EBPF_BASE_META = 2, EBPF_BASE_END = 4 };

/* The id of the size of the packet. */
enum { EBPF_ID_SIZE = 3 };

/* The id of what the instruction with an index makes. */
#define EBPF_SITE(index) ((index) + 5)

struct ebpf_values {
    struct ebpf_arena arena;
    const struct ebpf_value **slots; /* open addressing, a power of two */
    size_t capacity, count;
    const struct ebpf_value *unknown; /* any number */
    bool failed;                      /* there was no memory; what was asked for is `unknown` */
};

bool ebpf_values_init(struct ebpf_values *values, const struct ebpf_mem *mem);
void ebpf_values_free(struct ebpf_values *values);

/* The one that is like this. */
const struct ebpf_value *ebpf_value(struct ebpf_values *values, const struct ebpf_value *like);

/* A number without a link. */
const struct ebpf_value *ebpf_value_scalar(struct ebpf_values *values,
                                           const struct ebpf_scalar *number);

static inline bool ebpf_value_is_pointer(const struct ebpf_value *v)
{
    return v && v->kind != EBPF_V_SCALAR;
}

/* Whether it is certainly the number 0. */
static inline bool ebpf_value_is_zero(const struct ebpf_value *v)
{
    return v && v->kind == EBPF_V_SCALAR && v->number.umax == 0;
}

static inline bool ebpf_value_is_packet(const struct ebpf_value *v)
{
    return v->kind == EBPF_V_PACKET || v->kind == EBPF_V_META;
}

/* The acquisition that a value has from a helper, which has to be given back; 0 if it has none. */
static inline uint32_t ebpf_value_held(const struct ebpf_value *v)
{
    return v->kind == EBPF_V_RECORD ? v->id : v->kind == EBPF_V_SOCKET ? (uint32_t)v->delta : 0;
}

/* What a kind is called in reports. */
const char *ebpf_value_kind_name(const struct ebpf_value *v);

/* Writes a value for people, such as "map value+[0,24]". */
void ebpf_value_print(const struct ebpf_value *v, char *text, size_t size);

#endif
