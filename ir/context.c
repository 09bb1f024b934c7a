/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/context.h"

static uint32_t round_up(uint32_t n)
{
    return (n + 7) & ~7u;
}

/* What the host fills in by itself; in contexts of the embedder's it is his. */
static int32_t offset_of(const struct ebpf_ctx *ctx, const char *name)
{
    const struct ebpf_ctx_field *f = ctx->own ? NULL : ebpf_ctx_named(ctx, name);
    return f ? f->offset : -1;
}

struct ebpf_ctx_host ebpf_ctx_host(const struct ebpf_ctx *ctx)
{
    static const uint8_t kinds[EBPF_CTX_ADDRESSES] = {
        [EBPF_CTX_DATA] = EBPF_FIELD_DATA, [EBPF_CTX_END] = EBPF_FIELD_END,
        [EBPF_CTX_META] = EBPF_FIELD_META};
    struct ebpf_ctx_host host = {.size = round_up(ebpf_ctx_size(ctx))};
    host.host_size = host.size;
    host.length = offset_of(ctx, "len");
    host.protocol = offset_of(ctx, "protocol");
    for (unsigned i = 0; i < EBPF_CTX_ADDRESSES; i++) {
        const struct ebpf_ctx_field *f = ebpf_ctx_field_of(ctx, (enum ebpf_field_kind)kinds[i]);
        if (!f)
            continue;
        host.has[i] = true;
        host.field[i] = f->offset;
        bool narrow = f->size < sizeof(uint64_t);
        host.narrow |= narrow;
        host.host[i] = narrow ? host.host_size : f->offset;
        host.host_size += narrow ? (uint32_t)sizeof(uint64_t) : 0;
    }
    bool wide = host.host_size == host.size && (host.has[EBPF_CTX_DATA] || host.has[EBPF_CTX_END]);
    host.plain_size = wide ? 0 : host.size; /* types with wide addresses have nothing to write */
    return host;
}
