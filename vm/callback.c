/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Helpers that call functions of the program. */
#include "ir/program.h"
#include "vm/helpers_map.h"
#include "vm/map_call.h"
#include "vm/vm.h"

/* The function that the program means; false if there is none. */
static bool find_function(const struct ebpf_run *run, uint64_t value, uint32_t *function)
{
    const struct ebpf_program *program = ebpf_run_vm(run)->program;
    uint64_t insn = value ^ EBPF_FUNCTION_TAG;
    if (insn >= ebpf_program_count(program))
        return false;
    uint32_t count;
    *function = ebpf_program_function_of(program, (uint32_t)insn);
    return ebpf_program_functions(program, &count)[*function].first == insn;
}

/* The state that the function's run replaces.  It may not make tail calls, as if it had made too
 * many: what follows starts with the arguments of the program, which are not there. */
static ebpf_status call_function(struct ebpf_run *run, uint32_t function, const uint64_t args[5],
                                 uint64_t *result)
{
    const struct ebpf_vm *vm = ebpf_run_vm(run);
    uint64_t kept[5];
    uint32_t depth = run->depth, tail_calls = run->tail_calls;
    run->tail_calls = EBPF_TAIL_CALLS_MAX;
    memcpy(kept, run->args, sizeof(kept));
    memcpy(run->args, args, sizeof(kept));
    run->ended = EBPF_RUN_GOES_ON;
    ebpf_status status = ebpf_vm_call_code(vm, run, function);
    memcpy(run->args, kept, sizeof(kept));
    run->depth = depth;
    run->tail_calls = tail_calls;
    *result = run->result;
    if (status)
        run->ended = EBPF_RUN_FAULTED;
    else if (!run->ended)
        run->ended = EBPF_RUN_MOVED; /* whatever the function did */
    return status ? status : run->ended == EBPF_RUN_MOVED ? EBPF_OK : EBPF_ERR_STATE;
}

ebpf_status ebpf_run_call(struct ebpf_run *run, uint64_t function, const uint64_t args[5],
                          uint64_t *result)
{
    uint32_t index;
    *result = 0;
    if (!find_function(run, function, &index)) {
        ebpf_run_fail(run, EBPF_ERR_HELPER_ARG, "a helper was given no function of the program");
        return EBPF_ERR_HELPER_ARG;
    }
    if (ebpf_interrupt_raised(run->interrupt)) {
        ebpf_run_fail(run, EBPF_ERR_INTERRUPTED, NULL);
        return EBPF_ERR_INTERRUPTED;
    }
    return call_function(run, index, args, result);
}

HELPER(loop)
{
    uint64_t r0 = 0, count = (uint32_t)args[0];
    (void)ctx;
    if (args[3])
        return ebpf_call_result(-EINVAL);
    if (count > EBPF_LOOP_MAX)
        return ebpf_call_result(-E2BIG);
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t with[5] = {i, args[2]};
        if (ebpf_run_call(run, args[1], with, &r0))
            return 0;
        if (r0)
            return i + 1;
    }
    return count;
}

/* One after the other; `keys` has room for two, so that the function may remove its element. */
static uint64_t visit(const struct map_call *call, const struct ebpf_held *held, uint8_t *keys)
{
    struct ebpf_map *map = call->map;
    uint32_t size = map->def.key_size;
    uint8_t *key = keys, *next = keys + size;
    uint64_t visited = 0, r0 = 0;
    int error = map->ops->next(map, NULL, key);
    while (!error && !r0 && visited < map->def.max_entries) {
        error = map->ops->next(map, key, next);
        uint8_t *element = map->ops->lookup(map, key);
        const uint64_t with[5] = {(uintptr_t)map, (uintptr_t)key,
                                  (uintptr_t)element + held->cpu * (size_t)map->value_stride,
                                  call->args[2]};
        if (element && ebpf_run_call(call->run, call->args[1], with, &r0))
            return 0;
        visited += element != NULL;
        memcpy(key, next, size);
    }
    return visited;
}

/* The key is lent to the program while it looks at the element. */
static uint64_t visit_all(const struct map_call *call)
{
    struct ebpf_run *run = call->run;
    const struct ebpf_mem *mem = &call->map->mem;
    size_t size = 2 * (size_t)call->map->def.key_size;
    const struct ebpf_held *held = ebpf_run_hold(run, call->map);
    uint8_t *keys = held ? ebpf_mem_zalloc(mem, 1, size) : NULL;
    if (!keys || ebpf_run_lend(run, keys, size / 2, 0)) {
        ebpf_mem_free(mem, keys, size);
        return ebpf_call_result(-ENOMEM);
    }
    uint64_t visited = visit(call, held, keys);
    uint32_t ended = run->ended;
    ebpf_run_take_back(run, keys);
    if (ended)
        run->ended = ended;
    ebpf_mem_free(mem, keys, size);
    return visited;
}

HELPER(for_each_map_elem)
{
    CALL(for_each_map_elem, 0);
    const struct ebpf_map_ops *ops = call.map->ops;
    uint32_t never = EBPF_MAP_OF_MAPS | EBPF_MAP_OF_PROGRAMS | EBPF_MAP_HOST_ONLY;
    if (args[3] || ops->traits & never || !ops->next || !ops->lookup)
        return ebpf_call_result(-EINVAL);
    if (call.map->def.flags & EBPF_MAP_WRONLY_PROG) {
        ebpf_run_refuse(run, call.name, 0, "programs may not read the map", args[0]);
        return 0;
    }
    return visit_all(&call);
}
