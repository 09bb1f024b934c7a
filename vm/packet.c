/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "vm/packet.h"

#include <string.h>

#include "vm/vm.h"

void ebpf_packet_move(struct ebpf_run *run, uint8_t *start, uint64_t size)
{
    run->packet = start;
    run->packet_size = size;
    ebpf_vm_place_packet(ebpf_run_vm(run), (uint8_t *)(uintptr_t)run->context,
                         &(struct vm_packet){start, size, run->meta_size});
    run->ended = EBPF_RUN_MOVED;
}

/* Where a field is, or NULL. */
static uint8_t *field_of(const struct ebpf_run *run, const char *name)
{
    const struct ebpf_vm *vm = ebpf_run_vm(run);
    const struct ebpf_ctx_field *field =
        vm->ctx.host_size ? ebpf_ctx_named(&vm->type, name) : NULL;
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
