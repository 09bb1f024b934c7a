/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Memory that is allowed to all runs of a VM: ranges by address that do not overlap, so that an
 * address is looked up by halving. */
#include "vm/vm.h"

/* Appends [base, end) with the rights of `like`; it begins where the last range ends or later. */
static void append(struct ebpf_vec *list, uint64_t base, uint64_t end,
                   const struct ebpf_region *like, uint32_t writable)
{
    if (base >= end)
        return;
    struct ebpf_region *last = (struct ebpf_region *)list->data + list->count - 1;
    /* Values of maps stay apart, so that they can be taken away again. */
    if (list->count && last->base + last->size == base && last->writable == writable &&
        last->kind == like->kind && last->kind != EBPF_REGION_MAP) {
        last->size += end - base;
        return;
    }
    struct ebpf_region *next = ebpf_vec_push(list, 1); /* there is room */
    *next = (struct ebpf_region){base, end - base, like->kind, writable};
}

/*
 * Appends an old range and what the new one has up to its end; returns where the rest of the new
 * one begins:
 *
 *     old        |-------------|
 *     new  |..............|
 *          ^ from          ^ result
 */
static uint64_t append_both(struct ebpf_vec *list, const struct ebpf_region *old, uint64_t from,
                            const struct ebpf_region *new)
{
    uint64_t old_end = old->base + old->size, end = new->base + new->size;
    uint64_t low = old->base > from ? old->base : from;
    uint64_t high = old_end < end ? old_end : end;
    if (low >= high) { /* apart */
        if (old->base >= end) {
            append(list, from, end, new, new->writable);
            from = end;
        }
        append(list, old->base, old_end, old, old->writable);
        return from;
    }
    append(list, old->base, low, old, old->writable);
    append(list, from, low, new, new->writable);
    append(list, low, high, old, new->writable | old->writable);
    append(list, high, old_end, old, old->writable);
    return high;
}

ebpf_status ebpf_vm_add_region(struct ebpf_vm *vm, const struct ebpf_region *new)
{
    uint64_t from = new->base, end = new->base + new->size;
    if (end < from)
        return EBPF_ERR_INVALID;
    if (new->size == 0)
        return EBPF_OK;
    struct ebpf_vec list;
    ebpf_vec_init(&list, &vm->mem, sizeof(struct ebpf_region));
    /* Each old range is cut in two places at most, by one range only. */
    if (!ebpf_vec_reserve(&list, 2 * vm->regions.count + 3))
        return EBPF_ERR_NOMEM;
    const struct ebpf_region *old = vm->regions.data;
    for (size_t i = 0; i < vm->regions.count; i++)
        from = append_both(&list, &old[i], from, new);
    append(&list, from, end, new, new->writable);
    ebpf_vec_free(&vm->regions);
    vm->regions = list;
    vm->env.regions = list.data;
    vm->env.region_count = (uint32_t)list.count;
    return EBPF_OK;
}

void ebpf_vm_remove_values(struct ebpf_vm *vm, const struct ebpf_region *values)
{
    struct ebpf_region *list = vm->regions.data;
    size_t kept = 0;
    for (size_t i = 0; i < vm->regions.count; i++)
        if (list[i].kind != EBPF_REGION_MAP || list[i].base < values->base ||
            list[i].base - values->base >= values->size)
            list[kept++] = list[i];
    vm->regions.count = kept;
    vm->env.region_count = (uint32_t)kept;
}

ebpf_status ebpf_vm_allow_memory(struct ebpf_vm *vm, void *address, uint64_t size, int writable)
{
    const struct ebpf_region region = {(uintptr_t)address, size, EBPF_REGION_USER, writable != 0};
    return ebpf_vm_add_region(vm, &region);
}
