/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "vm/packet.h"

#include <string.h>

#include "vm/vm.h"

static void put_address(const struct ebpf_run *run, enum ebpf_ctx_address which,
                        const uint8_t *address)
{
    const struct ebpf_ctx_host *ctx = &ebpf_run_vm(run)->ctx;
    uint64_t value = (uintptr_t)address;
    if (ctx->has[which])
        memcpy((uint8_t *)(uintptr_t)run->context + ctx->host[which], &value, sizeof(value));
}

void ebpf_packet_move(struct ebpf_run *run, uint8_t *start, uint64_t size)
{
    run->packet = start;
    run->packet_size = size;
    put_address(run, EBPF_CTX_DATA, start);
    put_address(run, EBPF_CTX_END, start + size);
    put_address(run, EBPF_CTX_META, start);
    ebpf_packet_set_field(run, "len", (uint32_t)size);
    run->ended = EBPF_RUN_MOVED;
}

/* Where a field is, or NULL. */
static uint8_t *field_of(const struct ebpf_run *run, const char *name)
{
    const struct ebpf_vm *vm = ebpf_run_vm(run);
    const struct ebpf_ctx_field *field =
        vm->ctx.host_size ? ebpf_ctx_named(vm->type, name) : NULL;
    return field ? (uint8_t *)(uintptr_t)run->context + field->offset : NULL;
}

bool ebpf_packet_field(const struct ebpf_run *run, const char *name, uint32_t *value)
{
    const uint8_t *field = field_of(run, name);
    if (field)
        memcpy(value, field, sizeof(*value));
    return field != NULL;
}

void ebpf_packet_set_field(struct ebpf_run *run, const char *name, uint32_t value)
{
    uint8_t *field = field_of(run, name);
    if (field)
        memcpy(field, &value, sizeof(value));
}
