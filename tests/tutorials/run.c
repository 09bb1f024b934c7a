/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Runs the tutorials, as several compilers made them for several processors, in every engine over
 * the same packets.  What they answer, what they make of packets and what is in their maps must be
 * what is expected, and the same everywhere.
 * usage: run FOLDER NAME-VARIANT.o...
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

#include "tests/tutorials/run.h"

static void set16(uint8_t *p, unsigned value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static void set32(uint8_t *p, uint32_t value)
{
    set16(p, value >> 16);
    set16(p + 2, value & 0xffff);
}

uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* RFC 1071. */
static uint16_t checksum(const uint8_t *p, size_t length, uint32_t sum)
{
    for (size_t i = 0; i < length; i++)
        sum += (uint32_t)p[i] << (i % 2 ? 0 : 8);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

/* The sum of a TCP header without data, with what of the IP header counts. */
static uint16_t tcp_checksum(const uint8_t *packet)
{
    uint32_t pseudo = 6 + 20;
    for (int i = 26; i < 34; i += 2)
        pseudo += (uint32_t)packet[i] << 8 | packet[i + 1];
    return checksum(packet + 34, 20, pseudo);
}

bool sums_are_right(const uint8_t *packet)
{
    return checksum(packet + 14, 20, 0) == 0 && (packet[23] != 6 || tcp_checksum(packet) == 0);
}

/* The headers of Ethernet and IPv4, of 54 bytes in all. */
static void make_ip(struct packet *p, uint32_t from, uint32_t to, unsigned protocol)
{
    uint8_t *b = p->buffer + ROOM;
    memset(p, 0, sizeof(*p));
    p->length = 54;
    for (int i = 0; i < 12; i++)
        b[i] = (uint8_t)(0x10 + i);
    set16(b + 12, 0x0800);
    b[14] = 0x45;
    set16(b + 16, 40);
    b[22] = 64;
    b[23] = (uint8_t)protocol;
    set32(b + 26, from);
    set32(b + 30, to);
    set16(b + 24, checksum(b + 14, 20, 0));
}

static void make_tcp(struct packet *p, uint32_t from, unsigned port, unsigned flags, uint32_t ack)
{
    uint8_t *b = p->buffer + ROOM;
    make_ip(p, from, 0x0a000001, 6);
    set16(b + 34, port);
    set16(b + 36, 80);
    set32(b + 38, 1000);
    set32(b + 42, ack);
    b[46] = 0x50;
    b[47] = (uint8_t)flags;
    set16(b + 50, tcp_checksum(b));
}

enum { SYN = 2, ACK = 16 };

static void make_packets(struct packet packets[PACKETS])
{
    make_tcp(&packets[0], 0x01020304, 1000, SYN, 0);
    make_tcp(&packets[1], 0x01020304, 1000, ACK, 5);
    make_ip(&packets[2], 0x01020305, 0x0a000001, 17);
    make_ip(&packets[3], 0x01020306, 0x0a010009, 1);
    make_ip(&packets[4], 0x01020304, 0x0a000001, 6);
    set16(packets[4].buffer + ROOM + 12, 0x0806);
    make_tcp(&packets[5], 0x01020304, 1000, SYN, 0);
    memmove(packets[5].buffer + ROOM + 16, packets[5].buffer + ROOM + 12, 42);
    set16(packets[5].buffer + ROOM + 12, 0x8100);
    set16(packets[5].buffer + ROOM + 14, 0x2005);
    packets[5].length += 4;
    make_ip(&packets[6], 1, 2, 6);
    packets[6].length = 10;
    make_tcp(&packets[7], 0x05060708, 2000, SYN, 0);
    packets[7].buffer[ROOM + 22] = 1;
    set16(packets[7].buffer + ROOM + 24, 0);
    set16(packets[7].buffer + ROOM + 24, checksum(packets[7].buffer + ROOM + 14, 20, 0));
    make_tcp(&packets[8], 0x01020309, 1001, SYN, 0);
    make_tcp(&packets[9], 0x01020304, 1000, ACK, 0);
}

void acknowledge(struct packet *p, uint32_t sequence)
{
    make_tcp(p, 0x01020304, 1000, ACK, sequence + 1);
}

static void hash(uint64_t *digest, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        *digest = (*digest ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
}

static void hash_number(uint64_t *digest, uint64_t number)
{
    hash(digest, &number, sizeof(number));
}

/* Elements in any order. */
struct elements {
    const struct ebpf_map_def *def;
    uint64_t sum;
};

static int add_element(void *ctx, const void *key, const void *value)
{
    struct elements *e = ctx;
    uint64_t digest = UINT64_C(0xcbf29ce484222325);
    hash(&digest, key, e->def->key_size);
    hash(&digest, value, e->def->value_size);
    e->sum += digest;
    return 0;
}

static int add_event(void *ctx, const struct ebpf_event *event)
{
    struct session *s = ctx;
    hash(&s->digest, event->data, event->size);
    if (s->event_count < EVENTS && event->size == sizeof(s->events[0]))
        memcpy(&s->events[s->event_count], event->data, event->size);
    s->event_count++;
    return 0;
}

/* Variables lie in an order of the compiler's: only their sum counts. */
static int add_variables(void *ctx, const void *key, const void *value)
{
    struct session *s = ctx;
    uint64_t number;
    (void)key;
    for (size_t i = 0; i + 8 <= s->variables_size; i += 8) {
        memcpy(&number, (const uint8_t *)value + i, 8);
        s->variables += number;
    }
    return 0;
}

static void read_maps(struct session *s)
{
    uint32_t count;
    const struct ebpf_map_decl *decls = ebpf_program_maps(ebpf_vm_program(s->vm), &count);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct ebpf_map *map = ebpf_vm_map(s->vm, i);
        struct elements e = {.def = &decls[i].def};
        if (decls[i].is_data) {
            s->variables_size = decls[i].def.value_size;
            if (strcmp(decls[i].def.name, ".bss") == 0) /* gcc has constants in .data */
                ebpf_map_each(map, add_variables, s);
        } else if (decls[i].def.kind == EBPF_MAP_RINGBUF) {
            ebpf_map_consume(map, add_event, s);
        } else if (decls[i].def.kind != EBPF_MAP_PROG_ARRAY) {
            ebpf_map_each(map, add_element, &e);
        }
        sum += e.sum; /* also maps come in any order */
    }
    hash_number(&s->digest, sum);
    hash_number(&s->digest, s->variables);
}

/* A VM for a function of the object, with the maps of another one. */
static ebpf_status make_vm(const struct session *s, const char *name, const struct ebpf_vm *maps,
                           struct ebpf_vm **out)
{
    const struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_TYPED,
                                            .type = s->tutorial->type, .backend = s->engine};
    struct ebpf_program *program = NULL;
    uint32_t function, id;
    ebpf_status status = ebpf_vm_new(&options, s->diag, out);
    if (!status)
        status = ebpf_elf_find(s->elf, name, s->diag, &function);
    if (!status)
        status = ebpf_elf_load(s->elf, function, s->diag, &program);
    if (!status)
        status = ebpf_vm_register_helpers(*out, ebpf_helpers_kernel());
    for (size_t i = 0; maps && !status && (id = ebpf_vm_map_at(maps, i)) != EBPF_MAP_NONE; i++)
        status = ebpf_vm_add_map(*out, id, ebpf_vm_map(maps, id));
    if (!status)
        status = ebpf_vm_set_program(*out, program, s->diag);
    if (!status)
        status = ebpf_vm_compile(*out, s->diag);
    ebpf_program_unref(program);
    return status;
}

/* The programs that others call. */
static ebpf_status fill_arrays(const struct session *s)
{
    uint32_t count;
    const struct ebpf_map_decl *decls = ebpf_program_maps(ebpf_vm_program(s->vm), &count);
    ebpf_status status = EBPF_OK;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < decls[i].init_count && !status; k++) {
            const struct ebpf_map_init *init = &decls[i].inits[k];
            struct ebpf_vm *vm = NULL;
            if (!init->function)
                continue;
            status = make_vm(s, init->function, s->vm, &vm);
            if (!status)
                status = ebpf_map_set_program(ebpf_vm_map(s->vm, i), init->key, vm, s->diag);
            ebpf_vm_free(vm);
        }
    }
    return status;
}

static ebpf_status run_packet(struct session *s, unsigned i)
{
    struct packet *p = &s->packets[i];
    const struct ebpf_input in = {.size = sizeof(in), .mem = p->buffer + ROOM,
                                  .mem_size = p->length, .head_room = ROOM, .tail_room = ROOM};
    ebpf_status status = ebpf_vm_run(s->vm, &in, &s->results[i]);
    if (status) {
        ebpf_vm_explain(s->vm, &s->results[i].fault, s->diag);
        return status;
    }
    hash_number(&s->digest, s->results[i].r0 & UINT32_MAX);
    hash_number(&s->digest, s->results[i].redirect.is_set ? s->results[i].redirect.to : 0);
    hash(&s->digest, s->results[i].packet, s->results[i].packet_size);
    return EBPF_OK;
}

static ebpf_status run_session(struct session *s)
{
    s->digest = UINT64_C(0xcbf29ce484222325);
    make_packets(s->packets);
    ebpf_status status = make_vm(s, s->tutorial->function, NULL, &s->vm);
    if (!status)
        status = fill_arrays(s);
    if (status)
        return status;
    if (s->tutorial->set_up)
        s->tutorial->set_up(s);
    for (unsigned i = 0; i < PACKETS && !status; i++) {
        if (s->tutorial->before)
            s->tutorial->before(s, i);
        status = run_packet(s, i);
    }
    if (!status)
        read_maps(s);
    return status;
}

static bool check(const struct session *s, const char *file, uint64_t *expected)
{
    const char *wrong = NULL;
    for (unsigned i = 0; i < PACKETS; i++) {
        uint32_t verdict = (uint32_t)s->results[i].r0;
        if (verdict == s->tutorial->verdicts[i])
            continue;
        printf("%s, %s: packet %u: %u in place of %u\n", file, s->engine, i, verdict,
               s->tutorial->verdicts[i]);
        return false;
    }
    if (s->variables != s->tutorial->variables)
        wrong = "the variables are not what they should be";
    else
        wrong = s->tutorial->check(s);
    if (!wrong && *expected && *expected != s->digest)
        wrong = "packets or maps are not as in the first variant";
    *expected = s->digest;
    if (wrong)
        printf("%s, %s: %s\n", file, s->engine, wrong);
    return !wrong;
}

static void show(const struct ebpf_diag *diag, const char *file)
{
    for (size_t i = 0; i < ebpf_diag_count(diag); i++)
        printf("%s: %s\n", file, ebpf_diag_at(diag, i)->message);
}

/* One object in one engine. */
static bool run_in(const struct tutorial *tutorial, const char *engine, const char *path,
                   uint64_t *expected)
{
    static struct session sessions; /* large */
    struct session *s = &sessions;
    memset(s, 0, sizeof(*s));
    s->tutorial = tutorial;
    s->engine = engine;
    s->diag = ebpf_diag_new(NULL);
    ebpf_status status = ebpf_elf_open_file(path, NULL, s->diag, &s->elf);
    if (!status)
        status = run_session(s);
    if (status) {
        show(s->diag, path);
        printf("%s, %s: %s\n", path, engine, ebpf_status_text(status));
    }
    bool good = !status && check(s, path, expected);
    ebpf_vm_free(s->vm);
    ebpf_elf_close(s->elf);
    ebpf_diag_free(s->diag);
    return good;
}

int main(int argc, char *argv[])
{
    unsigned runs = 0, failed = 0;
    for (const struct tutorial *t = tutorials; t->name; t++) {
        uint64_t expected = 0;
        for (int i = 2; i < argc; i++) {
            size_t length = strlen(t->name);
            char path[500];
            if (strncmp(argv[i], t->name, length) != 0 || argv[i][length] != '-')
                continue;
            snprintf(path, sizeof(path), "%s/%s", argv[1], argv[i]);
            const struct ebpf_backend *backend;
            for (size_t b = 0; (backend = ebpf_backend_at(b)) != NULL; b++) {
                if (backend->probe() != EBPF_OK)
                    continue;
                failed += !run_in(t, backend->name, path, &expected);
                runs++;
            }
        }
    }
    printf("%u runs of tutorials, %u failed\n", runs, failed);
    return failed || !runs;
}
