/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Contexts of kernel program types: made for each run, see ir/context.h for their layout. */
#include <string.h>

#include "ir/op.h"
#include "ir/program.h"
#include "vm/vm.h"

static ebpf_status find_type(struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    const char *name = vm->options.type;
    if (!name)
        return ebpf_vm_refuse(diag, EBPF_ERR_INVALID, "such as \"xdp\"",
                              "a VM of kind %s needs a program type", vm->kind->name);
    vm->type.type = ebpf_type_find(name);
    if (vm->type.type == EBPF_TYPE_COUNT)
        return ebpf_vm_refuse(diag, EBPF_ERR_NOT_FOUND,
                              "such as xdp, tc, socket_filter or cgroup_skb; "
                              "ebpf_verify_type_at() lists them",
                              "there is no program type '%.40s'", name);
    if (vm->type.type == EBPF_TYPE_CUSTOM)
        return ebpf_vm_refuse(diag, EBPF_ERR_INVALID, "describe the context in the options",
                              "programs of type %s have a context of the embedder's", name);
    if (ebpf_types[vm->type.type].flags & EBPF_TYPE_OF_KIND)
        return ebpf_vm_refuse(diag, EBPF_ERR_INVALID, "make a VM of that kind",
                              "programs of type %s are those of another kind of VM", name);
    return EBPF_OK;
}

/* Keeps the fields of a context that the embedder describes. */
static ebpf_status keep_context(struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    const struct ebpf_context *context = vm->options.context;
    uint32_t count = context->fields ? context->field_count : 0;
    if (vm->options.type)
        return ebpf_vm_refuse(diag, EBPF_ERR_INVALID, "leave one of them out",
                              "a type of the kernel's and a context of your own");
    if (count == 0 || count > EBPF_CONTEXT_FIELDS_MAX)
        return ebpf_vm_refuse(diag, EBPF_ERR_LIMIT, NULL,
                              "a context of %u fields; there are 1 to %u", count,
                              EBPF_CONTEXT_FIELDS_MAX);
    struct ebpf_ctx_field *own = ebpf_vec_push(&vm->own, count);
    if (!own)
        return EBPF_ERR_NOMEM;
    uint32_t good = ebpf_ctx_own(context, own);
    if (good < count)
        return ebpf_vm_refuse(diag, EBPF_ERR_INVALID,
                              "fields have names of their own, 1 to 4096 bytes, and do not "
                              "overlap; addresses have 4 bytes, are aligned, read-only, and there "
                              "once",
                              "field %u of the context makes no sense", good);
    vm->type = (struct ebpf_ctx){EBPF_TYPE_CUSTOM, own, count};
    return EBPF_OK;
}

ebpf_status ebpf_vm_choose_type(struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    ebpf_status status = vm->options.context ? keep_context(vm, diag) : find_type(vm, diag);
    vm->options.context = NULL; /* it is the caller's again */
    if (status)
        return status;
    vm->ctx = ebpf_ctx_host(&vm->type);
    vm->mbuff_size = vm->ctx.host_size;
    return EBPF_OK;
}

/* The Ethernet type of a packet, as it stands there. */
static uint32_t ethernet_type(const struct ebpf_input *in)
{
    enum { ETHER_TYPE = 12 };
    uint16_t type = 0;
    if (in->mem_size >= ETHER_TYPE + sizeof(type))
        memcpy(&type, (const uint8_t *)in->mem + ETHER_TYPE, sizeof(type));
    return type;
}

static inline void put32(uint8_t *memory, int32_t at, uint32_t value)
{
    if (at >= 0)
        memcpy(memory + at, &value, sizeof(value));
}

static inline void put_address(uint8_t *context, const struct ebpf_ctx_host *ctx,
                               enum ebpf_ctx_address which, uint64_t address)
{
    if (ctx->has[which])
        memcpy(context + ctx->host[which], &address, sizeof(address));
}

/* Part of the start of each run. */
static inline void place(const struct ebpf_ctx_host *ctx, uint8_t *context, uint64_t data,
                         uint64_t size, uint64_t meta_size)
{
    put32(context, ctx->length, (uint32_t)size);
    put_address(context, ctx, EBPF_CTX_DATA, data);
    put_address(context, ctx, EBPF_CTX_END, data + size);
    put_address(context, ctx, EBPF_CTX_META, data - meta_size);
}

void ebpf_vm_place_packet(const struct ebpf_vm *vm, uint8_t *context,
                          const struct vm_packet *packet)
{
    place(&vm->ctx, context, (uintptr_t)packet->data, packet->size, packet->meta_size);
}

uint8_t *ebpf_vm_fill_context(const struct ebpf_vm *vm, const struct ebpf_input *in,
                              uint8_t *memory)
{
    const struct ebpf_ctx_host *ctx = &vm->ctx;
    size_t given = in->mbuff_size < ctx->size ? (size_t)in->mbuff_size : ctx->size;
    for (size_t at = 0, size = ctx->host_size; at < size; at += 16)
        memset(memory + at, 0, 16);
    if (given)
        memcpy(memory, in->mbuff, given);
    if (!in->mbuff && ctx->protocol >= 0)
        put32(memory, ctx->protocol, ethernet_type(in));
    place(ctx, memory, (uintptr_t)in->mem, in->mem_size, 0);
    return memory;
}

void ebpf_vm_return_context(const struct ebpf_vm *vm, const struct ebpf_input *in,
                            const uint8_t *context)
{
    size_t given = in->mbuff_size < vm->ctx.size ? (size_t)in->mbuff_size : vm->ctx.size;
    if (given)
        memcpy(in->mbuff, context, given);
}

/* Not all types have the kernel's packet loads. */
static ebpf_status refuse_packet_loads(const struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    ebpf_status status = EBPF_OK;
    if (ebpf_types[vm->type.type].flags & EBPF_TYPE_LEGACY_LOADS)
        return EBPF_OK;
    for (uint32_t i = 0; i < ebpf_program_count(vm->program); i++) {
        if (!(ebpf_op_table[ebpf_program_at(vm->program, i)->op].effects & EBPF_FX_PACKET))
            continue;
        status = EBPF_ERR_UNSUPPORTED;
        ebpf_program_report(vm->program, diag, EBPF_SEVERITY_ERROR, status, i,
                            "compare data and data_end, and load from there",
                            "programs of type %s have no legacy packet loads",
                            ebpf_types[vm->type.type].name);
    }
    return status;
}

ebpf_status ebpf_vm_lower(struct ebpf_vm *vm, struct ebpf_diag *diag)
{
    if (vm->kind->context != CONTEXT_TYPED)
        return EBPF_OK;
    ebpf_status status = refuse_packet_loads(vm, diag);
    if (status || !vm->ctx.narrow)
        return status;
    bool agrees;
    status = ebpf_ctx_lower(vm->program, &vm->ctx, vm->proof.facts, diag, &vm->lowered, &agrees);
    if (status || agrees)
        return status;
    if (vm->options.policy == EBPF_POLICY_VERIFIED)
        return ebpf_vm_refuse(diag, EBPF_ERR_CONTEXT, "load each address by one instruction",
                              "an instruction loads different addresses from the context");
    ebpf_vm_forget_facts(vm);
    return EBPF_OK;
}
