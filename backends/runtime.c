/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What every engine needs while a program runs: regions, faults, and what helpers may ask for. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <ebpfvm/backend.h>

void ebpf_interrupt_raise(struct ebpf_interrupt *interrupt)
{
    __atomic_store_n(&interrupt->raised, 1, __ATOMIC_RELAXED);
}

void ebpf_interrupt_clear(struct ebpf_interrupt *interrupt)
{
    __atomic_store_n(&interrupt->raised, 0, __ATOMIC_RELAXED);
}

const struct ebpf_helper *ebpf_env_helper(const struct ebpf_env *env, uint32_t id)
{
    uint32_t low = 0, high = env->helper_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (env->helpers[middle].id == id)
            return &env->helpers[middle];
        if (env->helpers[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const struct ebpf_env_map *find_map(const struct ebpf_env *env, uint32_t id)
{
    uint32_t low = 0, high = env->map_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (env->maps[middle].id == id)
            return &env->maps[middle];
        if (env->maps[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

ebpf_status ebpf_env_constant(const struct ebpf_env *env, const struct ebpf_insn *insn,
                              uint64_t *value)
{
    uint64_t offset = (uint64_t)insn->imm >> 32;
    *value = (uint64_t)insn->imm;
    if (insn->op == EBPF_OP_LDDW)
        return EBPF_OK;
    if (insn->op == EBPF_OP_LDDW_FUNC) {
        *value = EBPF_FUNCTION_TAG | insn->target;
        return EBPF_OK;
    }
    const struct ebpf_env_map *map = find_map(env, (uint32_t)insn->imm);
    if (map && insn->op == EBPF_OP_LDDW_MAP_FD) {
        *value = (uintptr_t)map->map;
        return EBPF_OK;
    }
    if (map && insn->op == EBPF_OP_LDDW_MAP_VAL_FD && offset < map->values_size) {
        *value = map->values + offset;
        return EBPF_OK;
    }
    return EBPF_ERR_REFERENCE;
}

/* Neither sum can wrap: the region does not, and the offset is compared before the size. */
static int holds(const struct ebpf_region *region, uint64_t address, uint64_t size)
{
    uint64_t offset = address - region->base;
    return address >= region->base && offset <= region->size && size <= region->size - offset;
}

/* Of the regions that all runs share, which do not overlap, the only one that can hold the
 * address. */
static const struct ebpf_region *find_shared(const struct ebpf_env *env, uint64_t address)
{
    uint32_t low = 0, high = env->region_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (env->regions[middle].base <= address)
            low = middle;
        else
            high = middle;
    }
    return high ? &env->regions[low] : NULL;
}

/* The memory that runs start with. */
enum { OWN_STACK, OWN_CONTEXT, OWN_FIXED, OWN_PACKET, OWN_META, OWN_REGIONS };

static struct ebpf_region own_region(const struct ebpf_run *run, uint32_t index)
{
    const struct ebpf_region own[OWN_REGIONS] = {
        {run->stack_low, run->stack_end - run->stack_low, EBPF_REGION_STACK, 1},
        {run->context, run->context_size, EBPF_REGION_CONTEXT, 1},
        {run->context + run->context_size, run->context_fixed, EBPF_REGION_CONTEXT, 0},
        {(uintptr_t)run->packet, run->packet_size, EBPF_REGION_PACKET, 1},
        {(uintptr_t)run->packet - run->meta_size, run->meta_size, EBPF_REGION_PACKET, 1}};
    return own[index];
}

int ebpf_run_region(const struct ebpf_run *run, uint32_t index, struct ebpf_region *region)
{
    index += index >= OWN_CONTEXT && !run->context;
    index += index >= OWN_FIXED && !run->context_fixed;
    index += index >= OWN_PACKET && !run->packet;
    index += index >= OWN_META && !run->meta_size;
    if (index < OWN_REGIONS)
        *region = own_region(run, index);
    else if (index - OWN_REGIONS < run->lent_count)
        *region = run->lent[index - OWN_REGIONS];
    else
        return 0;
    return 1;
}

int ebpf_run_find(const struct ebpf_run *run, uint64_t address, uint64_t size, int store,
                  struct ebpf_region *found)
{
    struct ebpf_region unused, *r = found ? found : &unused;
    for (uint32_t i = 0; ebpf_run_region(run, i, r); i++)
        if (holds(r, address, size) && (r->writable || !store))
            return 1;
    const struct ebpf_region *shared = find_shared(run->env, address);
    if (run->held_count && (!shared || !holds(shared, address, size)))
        shared = run->env->find_held(run, address);
    if (!shared || !holds(shared, address, size) || (store && !shared->writable))
        return 0;
    *r = *shared;
    return 1;
}

/* How far an address is from a region; 0 inside. */
static uint64_t distance(const struct ebpf_region *region, uint64_t address)
{
    if (address < region->base)
        return region->base - address;
    uint64_t offset = address - region->base;
    return offset < region->size ? 0 : offset - region->size;
}

static void consider(struct ebpf_fault *fault, const struct ebpf_region *region)
{
    if (fault->has_nearest &&
        distance(&fault->nearest, fault->address) <= distance(region, fault->address))
        return;
    fault->nearest = *region;
    fault->has_nearest = 1;
}

ebpf_status ebpf_run_fault(struct ebpf_run *run, ebpf_status status, uint32_t insn,
                           uint64_t address)
{
    run->fault = (struct ebpf_fault){
        .status = status, .insn = insn, .pc = EBPF_PC_NONE, .address = address};
    return status;
}

ebpf_status ebpf_run_fault_access(struct ebpf_run *run, uint32_t insn, uint64_t address,
                                  uint32_t size, int store)
{
    bool readable = store && ebpf_run_find(run, address, size, 0, NULL);
    ebpf_run_fault(run, readable ? EBPF_ERR_READ_ONLY : store ? EBPF_ERR_STORE : EBPF_ERR_LOAD,
                   insn, address);
    run->fault.size = size;
    struct ebpf_region region;
    for (uint32_t i = 0; ebpf_run_region(run, i, &region); i++)
        consider(&run->fault, &region);
    for (uint32_t i = 0; i < run->env->region_count; i++)
        consider(&run->fault, &run->env->regions[i]);
    return run->fault.status;
}

ebpf_status ebpf_run_fault_alignment(struct ebpf_run *run, uint32_t insn, uint64_t address,
                                     uint32_t size)
{
    ebpf_run_fault(run, EBPF_ERR_ALIGNMENT, insn, address);
    run->fault.size = size;
    return EBPF_ERR_ALIGNMENT;
}

void ebpf_run_fail(struct ebpf_run *run, ebpf_status status, const char *message)
{
    ebpf_run_fault(run, status, EBPF_TARGET_NONE, 0); /* the engine adds it */
    snprintf(run->fault.message, sizeof(run->fault.message), "%s", message ? message : "");
    run->ended = EBPF_RUN_FAULTED;
}

ebpf_status ebpf_run_tail(struct ebpf_run *run)
{
    return run->env->tail(run);
}

void ebpf_run_end(struct ebpf_run *run, uint64_t result)
{
    run->result = result;
    run->ended = EBPF_RUN_ENDED;
}

ebpf_status ebpf_run_lend(struct ebpf_run *run, void *address, uint64_t size, int writable)
{
    uint64_t base = (uintptr_t)address;
    if (base + size < base)
        return EBPF_ERR_INVALID;
    if (run->lent_count == EBPF_RUN_REGIONS)
        return EBPF_ERR_LIMIT;
    run->lent[run->lent_count++] =
        (struct ebpf_region){base, size, EBPF_REGION_LENT, (uint32_t)(writable != 0)};
    return EBPF_OK;
}

void ebpf_run_take_back(struct ebpf_run *run, const void *address)
{
    for (uint32_t i = 0; i < run->lent_count; i++)
        if (run->lent[i].base == (uintptr_t)address) {
            run->lent[i] = run->lent[--run->lent_count];
            run->ended = EBPF_RUN_MOVED;
            return;
        }
}

void *ebpf_run_memory(const struct ebpf_run *run, uint64_t address, uint64_t size, int store)
{
    return ebpf_run_find(run, address, size, store, NULL) ? (void *)(uintptr_t)address : NULL;
}

const char *ebpf_run_string(const struct ebpf_run *run, uint64_t address, uint64_t *length)
{
    struct ebpf_region region;
    if (!ebpf_run_find(run, address, 1, 0, &region))
        return NULL;
    const char *text = (const char *)(uintptr_t)address;
    const char *end = memchr(text, '\0', region.size - (address - region.base));
    *length = end ? (uint64_t)(end - text) : 0;
    return end ? text : NULL;
}
