/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* From a fault to a report for people. */
#include <inttypes.h>
#include <stdio.h>

#include "ir/program.h"
#include "vm/vm.h"

/* How an access lies to the region nearest to it:
 *     "3 bytes past the end of packet [0x1000, 0x1040)" */
static void describe_place(const struct ebpf_fault *fault, char *text, size_t size)
{
    const struct ebpf_region *r = &fault->nearest;
    uint64_t start = r->base, end = r->base + r->size, address = fault->address;
    uint64_t distance = address < start ? start - address : address - end;
    const char *side = address < start ? "before the start of" : "past the end of";
    if (address >= start && address < end) { /* it crosses the end, or may not be written */
        bool inside = fault->size <= end - address;
        distance = inside ? address - start : address + fault->size - end;
        side = inside ? "into" : "past the end, starting in";
    } else if (address == end) {
        side = "at the end of";
    }
    const char *unit = distance == 1 ? "byte" : "bytes";
    char how_far[48] = "";
    if (address != end)
        snprintf(how_far, sizeof(how_far), "%" PRIu64 " %s ", distance, unit);
    snprintf(text, size, "%s%s %s%s [0x%" PRIx64 ", 0x%" PRIx64 ")", how_far, side,
             r->writable ? "" : "read-only ", ebpf_region_name(r->kind), start, end);
}

static void describe_access(const struct ebpf_fault *fault, char *text, size_t size)
{
    char place[160] = "there is no memory";
    if (fault->has_nearest)
        describe_place(fault, place, sizeof(place));
    snprintf(text, size, "%s: address 0x%" PRIx64 " size %u is %s",
             ebpf_status_text(fault->status), fault->address, fault->size, place);
}

static void describe(const struct ebpf_vm *vm, const struct ebpf_fault *fault, char *text,
                     size_t size)
{
    const char *what = ebpf_status_text(fault->status);
    switch (fault->status) {
    case EBPF_ERR_LOAD:
    case EBPF_ERR_STORE:
    case EBPF_ERR_READ_ONLY:
        describe_access(fault, text, size);
        break;
    case EBPF_ERR_ALIGNMENT:
        snprintf(text, size, "%s: address 0x%" PRIx64 " size %u", what, fault->address,
                 fault->size);
        break;
    case EBPF_ERR_CALLED_UNKNOWN:
        snprintf(text, size, "%s: id %" PRIu64 " (0x%" PRIx64 ")", what, fault->address,
                 fault->address);
        break;
    case EBPF_ERR_CALL_DEPTH:
        snprintf(text, size, "%s: at most %u functions may be active, with %" PRIu64
                 " bytes of stack", what, vm->options.max_depth, vm->stack_size);
        break;
    default:
        snprintf(text, size, "%s%s%s", what, *fault->message ? ": " : "", fault->message);
    }
}

void ebpf_vm_explain(const struct ebpf_vm *vm, const struct ebpf_fault *fault,
                     struct ebpf_diag *diag)
{
    char text[320];
    if (!fault->status)
        return;
    if (fault->vm)
        vm = fault->vm; /* there was a tail call */
    describe(vm, fault, text, sizeof(text));
    if (!vm->program) {
        ebpf_vm_refuse(diag, fault->status, NULL, "%s", text);
        return;
    }
    ebpf_program_report(vm->program, diag, EBPF_SEVERITY_ERROR, fault->status, fault->insn, NULL,
                        "%s", text);
}
