/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Fuzzes the front end for classic BPF: a byte of flags, one with the length of a packet, the
 * packet, then a filter, as text or bytes.  What is accepted is proven, unless it has a loop, and
 * comes to the same in every engine and policy, and in a plain interpreter.
 */
#include <stdlib.h>

#include "tests/cbpf/machines.h"
#include "tests/cbpf/reference.h"

enum { TEXT = 1, WIRE = 2, HEADER = 2, BUDGET = 20000 };
#define NOT_IN_PACKET 0xffe00000u /* the kernel's areas from here on */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int condition)
{
    if (!condition)
        abort();
}

/* Whether the plain interpreter knows what the filter means. */
static bool is_plain(const struct ebpf_cbpf *filter)
{
    for (uint32_t i = 0; i < filter->count; i++)
        if (filter->insns[i].k >= NOT_IN_PACKET && (filter->insns[i].code & 7) <= 1)
            return false;
    return true;
}

/* Filters that may not end: all engines have the same result, or the same fault. */
static void run_with_budget(struct ebpf_program *program, void *mem, size_t size)
{
    const struct ebpf_backend *backend;
    struct ebpf_result first = {.executed = 0}, result;
    ebpf_status status = EBPF_OK;
    for (size_t i = 0; (backend = ebpf_backend_at(i)); i++) {
        const struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_RAW,
                                                .backend = backend->name, .budget = BUDGET};
        const struct ebpf_input in = {.size = sizeof(in), .mem = mem, .mem_size = size};
        struct ebpf_vm *vm = NULL;
        if (backend->probe() == EBPF_OK && ebpf_vm_new(&options, NULL, &vm) == EBPF_OK &&
            ebpf_vm_set_program(vm, program, NULL) == EBPF_OK &&
            ebpf_vm_compile(vm, NULL) == EBPF_OK) {
            ebpf_status now = ebpf_vm_run(vm, &in, &result);
            must(now == EBPF_OK || now == EBPF_ERR_BUDGET);
            must(!first.executed || (now == status && result.r0 == first.r0 &&
                                     result.executed == first.executed));
            status = now;
            first = result;
        }
        ebpf_vm_free(vm);
    }
}

static void run(const struct ebpf_cbpf *filter, struct ebpf_program *program, uint8_t *mem,
                size_t size, size_t head)
{
    struct machines m;
    uint32_t wire = (uint32_t)size;
    if (machines_loops(program)) {
        run_with_budget(program, mem, size);
        return;
    }
    must(machines_make(&m, program, NULL) == EBPF_OK);
    if (head && size >= head)
        memcpy(&wire, mem, sizeof(wire));
    if (is_plain(filter) && size >= head) {
        const struct reference_packet packet = {mem + head, size - head, wire};
        must(machines_differ(&m, mem, size, reference_run(filter->insns, &packet)) == 0);
    }
    machines_free(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ebpf_cbpf filter;
    if (size < HEADER || size < HEADER + (size_t)data[1])
        return 0;
    bool is_text = data[0] & TEXT;
    const struct ebpf_cbpf_options options = {.size = sizeof(options),
                                              .wire_length = data[0] & WIRE};
    const uint8_t *code = data + HEADER + data[1];
    size_t length = size - HEADER - data[1];
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program = NULL;
    uint8_t *mem = malloc(data[1] + 1u);
    must(diag && mem);
    memcpy(mem, data + HEADER, data[1]);
    ebpf_status status =
        is_text ? ebpf_cbpf_parse((const char *)code, length, &options, diag, &filter)
                : ebpf_cbpf_decode(code, length / 8 * 8, &options, diag, &filter);
    if (!status)
        status = ebpf_cbpf_convert(filter.insns, filter.count, &options, diag, &program);
    must((status == EBPF_OK) == (ebpf_diag_count(diag) == 0));
    if (!status)
        run(&filter, program, mem, data[1], options.wire_length ? EBPF_CBPF_HEAD : 0);
    ebpf_program_unref(program);
    ebpf_diag_free(diag);
    free(mem);
    return 0;
}
