/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Records of ring buffers that a run has reserved: memory of the run until it submits them. */
#ifndef VM_MAPS_RECORDS_H
#define VM_MAPS_RECORDS_H

#include <ebpfvm/backend.h>

/* Drops those that a run which is over has not submitted. */
void ebpf_run_discard_records(struct ebpf_run *run);

#endif
