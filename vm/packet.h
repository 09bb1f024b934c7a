/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The packet of a run of a kernel program type, and the fields of its context that helpers
 * change. */
#ifndef VM_PACKET_H
#define VM_PACKET_H

#include <stdbool.h>

#include <ebpfvm/backend.h>

/* The packet starts and ends elsewhere now: the context says so, and the engine forgets.  So it is
 * if run->meta_size has changed. */
void ebpf_packet_move(struct ebpf_run *run, uint8_t *start, uint64_t size);

/* A field of 4 bytes by name.  Whether the context has it. */
bool ebpf_packet_field(const struct ebpf_run *run, const char *name, uint32_t *value);
void ebpf_packet_set_field(struct ebpf_run *run, const char *name, uint32_t value);

#endif
