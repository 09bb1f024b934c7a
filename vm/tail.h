/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Tail calls. */
#ifndef VM_TAIL_H
#define VM_TAIL_H

#include <ebpfvm/vm.h>

/* Says that a VM's programs use a program array, which is for programs of one sort. */
ebpf_status ebpf_vm_claim_array(const struct ebpf_vm *vm, struct ebpf_map *map,
                                struct ebpf_diag *diag);

/* Goes on with a run that is to go on in another program, as often as it comes to that. */
ebpf_status ebpf_run_follow(struct ebpf_run *run);

/* See ebpf_env.tail. */
ebpf_status ebpf_run_tail_inside(struct ebpf_run *run);

/* An array's reference to a VM. */
void ebpf_vm_hold(struct ebpf_vm *vm);
void ebpf_vm_release(struct ebpf_vm *vm);

#endif
