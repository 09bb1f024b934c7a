/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "examples/hot-reload/hot_reload.h"

struct filter *filter_load(const char *text, struct ebpf_diag *diag)
{
    const struct ebpf_vm_options options = {
        .size = sizeof(options), .kind = EBPF_VM_RAW, .budget = 10000};
    struct filter *filter = calloc(1, sizeof(*filter));
    struct ebpf_program *program;
    if (!filter || ebpf_assemble(text, strlen(text), NULL, diag, &program)) {
        free(filter);
        return NULL;
    }
    ebpf_status status = ebpf_vm_new(&options, diag, &filter->vm);
    if (!status)
        status = ebpf_vm_set_program(filter->vm, program, diag); /* verifies */
    if (!status)
        status = ebpf_vm_compile(filter->vm, diag);
    ebpf_program_unref(program);
    atomic_init(&filter->references, 1);
    if (!status)
        return filter;
    filter_drop(filter);
    return NULL;
}

struct filter *filter_take(struct slot *slot)
{
    pthread_mutex_lock(&slot->lock);
    struct filter *filter = slot->filter;
    atomic_fetch_add_explicit(&filter->references, 1, memory_order_relaxed);
    pthread_mutex_unlock(&slot->lock);
    return filter;
}

void filter_drop(struct filter *filter)
{
    if (!filter || atomic_fetch_sub_explicit(&filter->references, 1, memory_order_acq_rel) != 1)
        return;
    ebpf_vm_free(filter->vm);
    free(filter);
}

void filter_replace(struct slot *slot, struct filter *filter)
{
    pthread_mutex_lock(&slot->lock);
    struct filter *old = slot->filter;
    slot->filter = filter;
    pthread_mutex_unlock(&slot->lock);
    filter_drop(old);
}
