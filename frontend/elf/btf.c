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

static bool read_header(const struct elf_section *s, struct header *h)
{
    if (!s->bytes || s->info.size < HEADER_SIZE || s->info.size > INT32_MAX ||
        ebpf_get_le16(s->bytes) != BTF_MAGIC || s->bytes[2] != BTF_VERSION)
        return false;
    uint64_t length = ebpf_get_le32(s->bytes + 4), size = s->info.size;
    if (length < HEADER_SIZE || length > size)
        return false;
    h->types = length + ebpf_get_le32(s->bytes + 8);
    h->types_size = ebpf_get_le32(s->bytes + 12);
    h->strings = length + ebpf_get_le32(s->bytes + 16);
    h->strings_size = ebpf_get_le32(s->bytes + 20);
    return (h->types - length) % 4 == 0 && h->types + h->types_size <= h->strings &&
           h->strings + h->strings_size <= size && h->strings_size > 0 &&
           s->bytes[h->strings] == '\0' && s->bytes[h->strings + h->strings_size - 1] == '\0';
}

/* Whether the types fill their room exactly.  `unknown`: one is of a kind that nobody knows yet. */
static bool check_types(const struct elf_section *s, const struct header *h, bool *unknown)
{
    uint64_t at = h->types, end = h->types + h->types_size;
    *unknown = false;
    while (at < end) {
        if (end - at < TYPE_SIZE)
            return false;
        uint32_t info = ebpf_get_le32(s->bytes + at + 4);
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

static ebpf_status read_types(struct ebpf_elf *elf, const struct elf_section *s,
                              struct ebpf_diag *diag)
{
    struct btf *btf = btf__new(s->bytes, (uint32_t)s->info.size);
    if (!btf)
        return errno == ENOMEM ? EBPF_ERR_NOMEM
                               : ebpf_elf_refuse(elf, diag, EBPF_ERR_BTF,
                                                 "section '.BTF' cannot be read: %s",
                                                 strerror(errno));
    elf->has_btf = true;
    ebpf_status status = ebpf_elf_read_btf_maps(elf, btf, diag);
    btf__free(btf);
    return status;
}

ebpf_status ebpf_elf_read_btf(struct ebpf_elf *elf, struct ebpf_diag *diag)
{
    const struct elf_section *s = ebpf_elf_section(elf, ".BTF");
    struct header header;
    bool unknown;
    if (!s)
        return EBPF_OK;
    if (!read_header(s, &header) || !check_types(s, &header, &unknown))
        return ebpf_elf_refuse(elf, diag, EBPF_ERR_BTF, "section '.BTF' is damaged");
    elf->strings = (const char *)s->bytes + header.strings;
    elf->strings_size = (size_t)header.strings_size;
    ebpf_status status = unknown ? EBPF_OK : read_types(elf, s, diag);
    return status ? status : ebpf_elf_read_lines(elf, diag);
}
