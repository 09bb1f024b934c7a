/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The tutorials with what is expected of them, and what a run of one has. */
#ifndef TESTS_TUTORIALS_RUN_H
#define TESTS_TUTORIALS_RUN_H

#include <stdbool.h>

#include <ebpfvm/ebpfvm.h>

enum { PACKETS = 10, ROOM = 32, EVENTS = 8 };

struct packet {
    uint8_t buffer[ROOM + 64 + ROOM];
    size_t length;
};

/* What the logger tells. */
struct logged {
    uint8_t from[4], to[4], from_port[2], to_port[2];
    uint32_t length;
};

struct session {
    const struct tutorial *tutorial;
    const char *engine;
    struct ebpf_diag *diag;
    struct ebpf_elf *elf;
    struct ebpf_vm *vm;
    struct packet packets[PACKETS];
    struct ebpf_result results[PACKETS];
    struct logged events[EVENTS];
    unsigned event_count;
    uint64_t digest;    /* of verdicts, packets, maps */
    uint64_t variables; /* their sum */
    size_t variables_size;
};

struct tutorial {
    const char *name, *function, *type;
    uint32_t verdicts[PACKETS];
    uint64_t variables;
    void (*set_up)(struct session *s);             /* fills maps; or NULL */
    void (*before)(struct session *s, unsigned i); /* a packet; or NULL */
    const char *(*check)(const struct session *s); /* what is wrong; NULL if nothing is */
};

extern const struct tutorial tutorials[]; /* ends with a NULL name */

/* Whether the checksums of an IPv4 packet are right. */
bool sums_are_right(const uint8_t *packet);

uint32_t get32(const uint8_t *p);

/* Makes a packet that acknowledges a sequence number. */
void acknowledge(struct packet *p, uint32_t sequence);

#endif
