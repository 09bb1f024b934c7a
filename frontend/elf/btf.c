/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Type information (BTF).  libbpf believes some of what it reads, and prints what it minds: so it
 * is only given what was found to be sound before.
 */
#include "frontend/elf/btf.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"

enum { HEADER_SIZE = 24, TYPE_SIZE = 12 };

/* Deeper than typedefs and qualifiers go; ends cycles. */
enum { DEPTH_MAX = 32 };

/* What follows a type of each kind: some bytes, and some more for each of its parts. */
static const struct {
    uint8_t fixed, part;
} tails[] = {
    [BTF_KIND_INT] = {4, 0},         [BTF_KIND_PTR] = {0, 0},
    [BTF_KIND_ARRAY] = {12, 0},      [BTF_KIND_STRUCT] = {0, 12},
    [BTF_KIND_UNION] = {0, 12},      [BTF_KIND_ENUM] = {0, 8},
    [BTF_KIND_FWD] = {0, 0},         [BTF_KIND_TYPEDEF] = {0, 0},
    [BTF_KIND_VOLATILE] = {0, 0},    [BTF_KIND_CONST] = {0, 0},
    [BTF_KIND_RESTRICT] = {0, 0},    [BTF_KIND_FUNC] = {0, 0},
    [BTF_KIND_FUNC_PROTO] = {0, 8},  [BTF_KIND_VAR] = {4, 0},
    [BTF_KIND_DATASEC] = {0, 12},    [BTF_KIND_FLOAT] = {0, 0},
    [BTF_KIND_DECL_TAG] = {4, 0},    [BTF_KIND_TYPE_TAG] = {0, 0},
    [BTF_KIND_ENUM64] = {0, 12},
};

/* The header, its offsets counted from the start of the section. */
struct header {
    uint64_t types, types_size, strings, strings_size;
};

static bool read_header(const uint8_t *bytes, uint64_t size, struct header *h)
{
    if (!bytes || size < HEADER_SIZE || size > INT32_MAX || ebpf_get_le16(bytes) != BTF_MAGIC ||
        bytes[2] != BTF_VERSION)
        return false;
    uint64_t length = ebpf_get_le32(bytes + 4);
    if (length < HEADER_SIZE || length > size)
        return false;
    h->types = length + ebpf_get_le32(bytes + 8);
    h->types_size = ebpf_get_le32(bytes + 12);
    h->strings = length + ebpf_get_le32(bytes + 16);
    h->strings_size = ebpf_get_le32(bytes + 20);
    return (h->types - length) % 4 == 0 && h->types + h->types_size <= h->strings &&
           h->strings + h->strings_size <= size && h->strings_size > 0 &&
           bytes[h->strings] == '\0' && bytes[h->strings + h->strings_size - 1] == '\0';
}

/* Whether the types fill their room exactly.  `unknown`: one is of a kind that nobody knows yet. */
static bool check_types(const uint8_t *bytes, const struct header *h, bool *unknown)
{
    uint64_t at = h->types, end = h->types + h->types_size;
    *unknown = false;
    while (at < end) {
        if (end - at < TYPE_SIZE)
            return false;
        uint32_t info = ebpf_get_le32(bytes + at + 4);
        unsigned kind = BTF_INFO_KIND(info);
        if (kind == BTF_KIND_UNKN)
            return false;
        if (kind >= sizeof(tails) / sizeof(tails[0])) {
            *unknown = true;
            return true;
        }
        at += TYPE_SIZE + tails[kind].fixed + (uint64_t)tails[kind].part * BTF_INFO_VLEN(info);
    }
    return at == end;
}

ebpf_status ebpf_elf_parse_btf(struct ebpf_elf *elf, const char *name, const uint8_t *bytes,
                               uint64_t size, struct btf **out, struct ebpf_diag *diag)
{
    struct header header;
    bool unknown;
    *out = NULL;
    if (!read_header(bytes, size, &header) || !check_types(bytes, &header, &unknown))
        return ebpf_elf_refuse(elf, diag, EBPF_ERR_BTF, "%s is damaged", name);
    if (unknown)
        return EBPF_OK;
    *out = btf__new(bytes, (uint32_t)size);
    if (*out)
        return EBPF_OK;
    return errno == ENOMEM ? EBPF_ERR_NOMEM
                           : ebpf_elf_refuse(elf, diag, EBPF_ERR_BTF, "%s cannot be read: %s",
                                             name, strerror(errno));
}

const struct btf_type *ebpf_btf_plain(const struct btf *btf, uint32_t id)
{
    return btf__type_by_id(btf, ebpf_btf_plain_id(btf, id));
}

uint32_t ebpf_btf_plain_id(const struct btf *btf, uint32_t id)
{
    for (int i = 0; i < DEPTH_MAX; i++) {
        const struct btf_type *t = btf__type_by_id(btf, id);
        if (!t || !(btf_is_mod(t) || btf_is_typedef(t)))
            return t ? id : 0;
        id = t->type;
    }
    return 0;
}

static ebpf_status use_types(struct ebpf_elf *elf, const struct btf *btf, struct ebpf_diag *diag)
{
    elf->has_btf = true;
    ebpf_status status = ebpf_elf_read_btf_maps(elf, btf, diag);
    if (!status)
        status = ebpf_elf_read_externs(elf, btf, diag);
    if (!status)
        status = ebpf_elf_apply_core(elf, btf, diag);
    return status;
}

ebpf_status ebpf_elf_read_btf(struct ebpf_elf *elf, struct ebpf_diag *diag)
{
    const struct elf_section *s = ebpf_elf_section(elf, ".BTF");
    struct btf *btf;
    struct header header;
    if (!s)
        return EBPF_OK;
    ebpf_status status =
        ebpf_elf_parse_btf(elf, "section '.BTF'", s->bytes, s->info.size, &btf, diag);
    if (status)
        return status;
    if (read_header(s->bytes, s->info.size, &header)) {
        elf->strings = (const char *)s->bytes + header.strings;
        elf->strings_size = (size_t)header.strings_size;
    }
    status = ebpf_elf_read_lines(elf, diag);
    if (!status && btf)
        status = use_types(elf, btf, diag);
    btf__free(btf);
    return status;
}
