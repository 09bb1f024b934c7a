/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A UDP server whose requests an eBPF program judges, and which takes new programs as it works. */
#ifndef EXAMPLES_HOT_RELOAD_H
#define EXAMPLES_HOT_RELOAD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <ebpfvm/ebpfvm.h>

enum { REQUEST_SIZE = 64, REPLY_SIZE = 12 };

/* A loaded program.  Who judges by it has a reference, so that it outlives being replaced. */
struct filter {
    struct ebpf_vm *vm;
    atomic_uint references;
};

/* The program in force. */
struct slot {
    pthread_mutex_t lock; /* held for as long as it takes to take a reference */
    struct filter *filter;
};

/* Assembles, verifies and compiles a program. @return NULL if it is refused; `diag` says why */
struct filter *filter_load(const char *text, struct ebpf_diag *diag);

struct filter *filter_take(struct slot *slot);
void filter_drop(struct filter *filter);

/* Puts another program in force; requests that are being judged are judged by the old one. */
void filter_replace(struct slot *slot, struct filter *filter);

/* A server's thread. */
struct server {
    struct slot *slot;
    int socket; /* UDP, bound; servers may share it */
    int stop;   /* an eventfd: readable when it is time to end */
    uint64_t judged, faults;
};

void *server_run(void *server);

#endif
