/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* One thread that waits for others to say that there is something to do. */
#ifndef VM_MAPS_WAKE_H
#define VM_MAPS_WAKE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct ebpf_wake {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    uint32_t waiting; /* whether somebody does */
    uint32_t called;  /* since it last was waited for */
};

void ebpf_wake_init(struct ebpf_wake *wake);
void ebpf_wake_destroy(struct ebpf_wake *wake);

/* Wakes who waits; cheap if nobody does. */
void ebpf_wake_call(struct ebpf_wake *wake);

/* Waits until somebody calls, or `ready(of)` at the start, or for so many milliseconds; for ever if
 * that is negative.  Returns whether it was not the time. */
bool ebpf_wake_wait(struct ebpf_wake *wake, bool (*ready)(void *of), void *of, int timeout_ms);

#endif
