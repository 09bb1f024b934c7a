/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What a program may rely on in its host, as data that the verifier reads: its type, the fields of
 * its context, the helpers that it may call with what they take, the maps that it may refer to.
 */
#ifndef IR_ENV_H
#define IR_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/verify.h>

enum ebpf_type {
#define EBPF_TYPE(id, ...) EBPF_TYPE_##id,
#include "ir/program_types.def"
#undef EBPF_TYPE
    EBPF_TYPE_COUNT
};

/* Bits of ebpf_type_info.flags. */
enum ebpf_type_flags {
    EBPF_TYPE_READS_PACKET = 1 << 0,  /* directly */
    EBPF_TYPE_WRITES_PACKET = 1 << 1, /* directly */
    EBPF_TYPE_LEGACY_LOADS = 1 << 2,  /* LD_ABS, LD_IND */
    EBPF_TYPE_UNPRIVILEGED = 1 << 3,  /* may be loaded without privileges */
    EBPF_TYPE_PACKET_ARG = 1 << 4,    /* starts with the packet in r1, its length in r2 */
    EBPF_TYPE_NO_ARGS = 1 << 5,       /* starts with 0 in r1 to r5 */
    EBPF_TYPE_ANY_HELPER = 1 << 6,    /* may call all helpers */
    /* No type of the kernel's: what a kind of VM runs. */
    EBPF_TYPE_OF_KIND = EBPF_TYPE_PACKET_ARG | EBPF_TYPE_NO_ARGS
};

struct ebpf_type_info {
    const char *name;
    uint8_t context; /* family of fields; private */
    uint8_t variant; /* bit of the columns that hold for it; private */
    uint8_t flags;   /* enum ebpf_type_flags */
    uint8_t has_range;      /* whether what it returns is bounded */
    int32_t least, most;    /* then: by these */
};

extern const struct ebpf_type_info ebpf_types[EBPF_TYPE_COUNT];

/* The type with a name, or EBPF_TYPE_COUNT. */
enum ebpf_type ebpf_type_find(const char *name);

enum ebpf_field_kind {
    EBPF_FIELD_NARROW, /* read in whole or in part, written in whole */
    EBPF_FIELD_HEAD,   /* the same, but in part only from its start */
    EBPF_FIELD_FULL,   /* in whole only */
    EBPF_FIELD_ARRAY,  /* any aligned part */
    EBPF_FIELD_DATA,   /* the address of packet data */
    EBPF_FIELD_META,   /* the address of the room before it */
    EBPF_FIELD_END,    /* the address behind it */
    EBPF_FIELD_SOCK,   /* a whole socket */
    EBPF_FIELD_SOCK0,  /* a whole socket, or 0 */
    EBPF_FIELD_COMMON0 /* what all sockets have in common, or 0 */
};

struct ebpf_ctx_field {
    uint8_t context, kind, read, write; /* read, write: bits of variants */
    uint16_t offset, size;
    const char *name;
};

/* The context of a type.  Of the type "custom" it consists of the embedder's fields. */
struct ebpf_ctx {
    enum ebpf_type type;
    const struct ebpf_ctx_field *own; /* NULL for other types */
    uint32_t own_count;
};

/* The field of a context that an aligned access touches and may touch; NULL if there is none. */
const struct ebpf_ctx_field *ebpf_ctx_find(const struct ebpf_ctx *ctx, int64_t offset,
                                           unsigned size, bool store);

/* How many bytes the fields of a context reach; 0 for a type whose context has none. */
uint32_t ebpf_ctx_size(const struct ebpf_ctx *ctx);

/* The first field of a kind that programs may read; NULL if there is none. */
const struct ebpf_ctx_field *ebpf_ctx_field_of(const struct ebpf_ctx *ctx,
                                               enum ebpf_field_kind kind);

/* The field of a context with a name; NULL if there is none. */
const struct ebpf_ctx_field *ebpf_ctx_named(const struct ebpf_ctx *ctx, const char *name);

/* What programs may know of a socket. */
enum ebpf_socket {
    EBPF_SOCKET_COMMON, /* what all have */
    EBPF_SOCKET_FULL,
    EBPF_SOCKET_TCP,
    EBPF_SOCKET_XDP,
    EBPF_SOCKET_OPAQUE /* nothing: it is for helpers only */
};

/* The field of a socket that an aligned load touches and may touch; NULL if there is none. */
const struct ebpf_ctx_field *ebpf_socket_field(enum ebpf_socket socket, int64_t offset,
                                               unsigned size);

/* Turns what an embedder says of a context into its fields: room for `field_count` at `own`.
 * @return how many made sense; the next one, if there is one, does not */
uint32_t ebpf_ctx_own(const struct ebpf_context *context, struct ebpf_ctx_field *own);

/* What an argument of a kernel helper is. */
enum ebpf_contract_kind {
    EBPF_TAKES_NONE, EBPF_TAKES_NUM, EBPF_TAKES_CTX, EBPF_TAKES_MAP, EBPF_TAKES_KEY,
    EBPF_TAKES_VALUE, EBPF_TAKES_VALUE_OUT, EBPF_TAKES_MEM, EBPF_TAKES_OUT, EBPF_TAKES_SIZE,
    EBPF_TAKES_CONST, EBPF_TAKES_RECORD, EBPF_TAKES_STR, EBPF_TAKES_LOCK, EBPF_TAKES_FUNC,
    EBPF_TAKES_DATA, EBPF_TAKES_ZERO, EBPF_TAKES_SOCKET
};

struct ebpf_contract_arg {
    uint8_t kind;     /* enum ebpf_contract_kind */
    uint8_t size_arg; /* memory: which argument has its size, from 1; 0 for the fixed `size` */
    uint8_t nullable; /* memory, context, SIZE: may be 0 */
    uint8_t releases; /* records and sockets: it is given back */
    uint8_t update;   /* OUT: is read as well, so that it must be initialised */
    uint8_t size;
};

enum ebpf_contract_ret {
    EBPF_GIVES_NUM, EBPF_GIVES_VALUE, EBPF_GIVES_STORAGE, EBPF_GIVES_RECORD,
    /* Sockets: looked up; r1 as another type; lent. */
    EBPF_GIVES_SOCK, EBPF_GIVES_ANY_SOCK, EBPF_GIVES_AS_FULL, EBPF_GIVES_AS_TCP,
    EBPF_GIVES_AS_OPAQUE, EBPF_GIVES_LENT_SOCK
};

/* Column "traits" of kernel_helpers.def. */
enum { EBPF_HELPER_PACKET = 1, EBPF_HELPER_MOVES = 2, EBPF_HELPER_SIZED = 4,
       EBPF_HELPER_WRITES = 8 };

enum { EBPF_ERRNO_MAX = 4095 };

struct ebpf_contract_helper {
    uint32_t id;
    uint32_t types; /* bits 1 << enum ebpf_type */
    const char *name;
    uint8_t privileged; /* not for unprivileged programs */
    uint8_t traits;     /* EBPF_HELPER_… */
    uint8_t ret;        /* enum ebpf_contract_ret */
    struct ebpf_contract_arg args[5];
};

/* The kernel's helper with a number, or NULL. */
const struct ebpf_contract_helper *ebpf_contract_helper(uint32_t id);

/* Whether programs of a type may put sockets into maps, and whether they may remove them. */
bool ebpf_type_puts_sockets(enum ebpf_type type);
bool ebpf_type_removes_sockets(enum ebpf_type type);

/* Whether a helper works on maps of a kind. */
bool ebpf_helper_takes_map(uint32_t id, enum ebpf_map_kind kind);

/* What a verification is against. */
struct ebpf_contract {
    struct ebpf_ctx ctx; /* its type, and the context of that */
    bool unprivileged, strict_align, any_align;
    const struct ebpf_verify_map *maps;
    uint32_t map_count;
    uint32_t context_size; /* so many bytes of the context are there */
    bool assumes;          /* packets have what the program accesses without a look at their size */
    uint32_t frame_size;   /* so many bytes of stack each function has, EBPF_FRAME_LIMIT at most */
    bool quick;            /* gives up soon: what is not proven is checked at run time */
    bool others_unproven;  /* what tail calls lead to is checked at run time, or not at all */
    /* Whether the helper under an id does what the kernel's does; NULL: all of them. */
    bool (*is_kernel_helper)(const void *ctx, uint32_t id);
    const void *helper_ctx;
};

/* How much of its frame a function may use, as in the kernel. */
enum { EBPF_FRAME_LIMIT = 512 };

/* The map with an id, or NULL; also if there is no contract.  Maps of the contract come first, then
 * those that the program itself declares, which it refers to by index. */
const struct ebpf_map_def *ebpf_contract_map(const struct ebpf_contract *contract,
                                             const struct ebpf_program *program, uint32_t id);

/* The bytes of a map of the program that nobody ever writes; NULL if it is none of those. */
const struct ebpf_map_decl *ebpf_frozen_map(const struct ebpf_program *program,
                                            const struct ebpf_map_def *map);

#endif
