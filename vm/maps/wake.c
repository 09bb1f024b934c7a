/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "config.h"

#include "vm/maps/wake.h"

#include <errno.h>
#include <time.h>

void ebpf_wake_init(struct ebpf_wake *wake)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC); /* whatever becomes of the calendar */
    pthread_mutex_init(&wake->mutex, NULL);
    pthread_cond_init(&wake->cond, &attr);
    pthread_condattr_destroy(&attr);
    wake->waiting = wake->called = 0;
}

void ebpf_wake_destroy(struct ebpf_wake *wake)
{
    pthread_cond_destroy(&wake->cond);
    pthread_mutex_destroy(&wake->mutex);
}

/* The caller has made something readable, then looks at `waiting`; who waits sets it, then looks
 * whether something is readable: one of them sees the other. */
void ebpf_wake_call(struct ebpf_wake *wake)
{
    if (!__atomic_load_n(&wake->waiting, __ATOMIC_SEQ_CST))
        return;
    pthread_mutex_lock(&wake->mutex);
    wake->called = 1;
    pthread_cond_signal(&wake->cond);
    pthread_mutex_unlock(&wake->mutex);
}

static struct timespec deadline_in(int timeout_ms)
{
    struct timespec at = {0};
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += timeout_ms / 1000;
    at.tv_nsec += (timeout_ms % 1000) * 1000000L;
    if (at.tv_nsec >= 1000000000L) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000L;
    }
    return at;
}

bool ebpf_wake_wait(struct ebpf_wake *wake, bool (*ready)(void *of), void *of, int timeout_ms)
{
    const struct timespec deadline = deadline_in(timeout_ms < 0 ? 0 : timeout_ms);
    int error = 0;
    pthread_mutex_lock(&wake->mutex);
    __atomic_store_n(&wake->waiting, 1, __ATOMIC_SEQ_CST);
    bool called = ready(of);
    wake->called = 0;
    while (!called && error != ETIMEDOUT) {
        error = timeout_ms < 0 ? pthread_cond_wait(&wake->cond, &wake->mutex)
                               : pthread_cond_timedwait(&wake->cond, &wake->mutex, &deadline);
        called = wake->called;
    }
    __atomic_store_n(&wake->waiting, 0, __ATOMIC_SEQ_CST);
    pthread_mutex_unlock(&wake->mutex);
    return called;
}
