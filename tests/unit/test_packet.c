/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Packets that helpers resize: the room around them, and what the host gets back. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/vm_unit.h"

enum { ROOM = 16, LENGTH = 42 };

struct fixture {
    uint8_t buffer[ROOM + LENGTH + ROOM];
    struct ebpf_result result;
};

/* Runs a program of a type on an IPv4 packet with room around it; r6 is the context. */
static ebpf_status run_typed(struct fixture *f, const char *engine_name, const char *type,
                             const char *text)
{
    const struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_TYPED,
                                            .type = type, .backend = engine_name};
    struct ebpf_input in = {.size = sizeof(in), .mem = f->buffer + ROOM, .mem_size = LENGTH,
                            .head_room = ROOM, .tail_room = ROOM};
    char whole[1024];
    struct ebpf_vm *vm;
    for (size_t i = 0; i < sizeof(f->buffer); i++)
        f->buffer[i] = (uint8_t)(0x80 + i);
    f->buffer[ROOM + 12] = 0x08;
    f->buffer[ROOM + 13] = 0x00;
    f->buffer[ROOM + 14] = 0x45;
    snprintf(whole, sizeof(whole), "mov64 r6, r1\n%s", text);
    struct ebpf_program *program = assemble(whole);
    ck_assert_int_eq(ebpf_vm_new(&options, NULL, &vm), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
    ebpf_status status = ebpf_vm_run(vm, &in, &f->result);
    ebpf_program_unref(program);
    ebpf_vm_free(vm);
    return status;
}

static void check_packet(const struct fixture *f, int64_t start, uint64_t size)
{
    ck_assert_ptr_eq(f->result.packet, f->buffer + ROOM + start);
    ck_assert_uint_eq(f->result.packet_size, size);
}

/* Returns the distance of data and data_end as the context tells it. */
#define LENGTH_OF "ldxw r0, [r6+%d]\nldxw r2, [r6+%d]\nsub64 r0, r2\nexit"

START_TEST(starts_move_into_the_room)
{
    FOR_EACH_ENGINE(name) {
        struct fixture f;
        char text[256];
        snprintf(text, sizeof(text), "mov64 r2, -16\ncall 44\njne r0, 0, +3\n" LENGTH_OF, 4, 0);
        ck_assert_int_eq(run_typed(&f, name, "xdp", text), EBPF_OK);
        ck_assert_uint_eq(f.result.r0, LENGTH + ROOM);
        check_packet(&f, -ROOM, LENGTH + ROOM);
        ck_assert_int_eq(run_typed(&f, name, "xdp", "mov64 r2, -17\ncall 44\nexit"), EBPF_OK);
        ck_assert_int_eq((int64_t)f.result.r0, -22);
        check_packet(&f, 0, LENGTH);
        /* back and forth */
        ck_assert_int_eq(run_typed(&f, name, "xdp", "mov64 r2, 20\ncall 44\nmov64 r1, r6\n"
                                   "mov64 r2, -36\ncall 44\nexit"), EBPF_OK);
        ck_assert_uint_eq(f.result.r0, 0);
        check_packet(&f, -ROOM, LENGTH + ROOM);
    }
}
END_TEST

START_TEST(ends_move_into_the_room)
{
    FOR_EACH_ENGINE(name) {
        struct fixture f;
        ck_assert_int_eq(run_typed(&f, name, "xdp", "mov64 r2, 16\ncall 65\nexit"), EBPF_OK);
        ck_assert_uint_eq(f.result.r0, 0);
        check_packet(&f, 0, LENGTH + ROOM);
        for (int i = 0; i < ROOM; i++)
            ck_assert_uint_eq(f.buffer[ROOM + LENGTH + i], 0);
        ck_assert_int_eq(run_typed(&f, name, "xdp", "mov64 r2, 17\ncall 65\nexit"), EBPF_OK);
        ck_assert_int_eq((int64_t)f.result.r0, -22);
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", "mov64 r2, 20\nmov64 r3, 0\ncall 38\n"
                                   "ldxw r0, [r6+0]\nexit"), EBPF_OK);
        ck_assert_uint_eq(f.result.r0, 20);
        check_packet(&f, 0, 20);
    }
}
END_TEST

/* The program reads what it has gained, which the engine has to let it. */
START_TEST(new_bytes_can_be_used)
{
    FOR_EACH_ENGINE(name) {
        struct fixture f;
        const char *text = "mov64 r2, 4\nmov64 r3, 0\ncall 43\njne r0, 0, out\n"
                           "ldxw r2, [r6+76]\nldxw r3, [r6+80]\nmov64 r4, r2\nadd64 r4, 5\n"
                           "jgt r4, r3, out\nstw [r2+0], 0x04030201\nldxb r0, [r2+4]\nout: exit";
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", text), EBPF_OK);
        ck_assert_uint_eq(f.result.r0, 0x80 + ROOM);
        check_packet(&f, -4, LENGTH + 4);
        ck_assert_uint_eq(f.buffer[ROOM - 4], 1);
    }
}
END_TEST

START_TEST(vlan_headers_come_and_go)
{
    FOR_EACH_ENGINE(name) {
        struct fixture f;
        const char *push = "mov64 r2, 0x0081\nmov64 r3, 5\ncall 18\n";
        static const uint8_t tag[] = {0x81, 0x00, 0x00, 0x05, 0x08, 0x00};
        char text[256];
        snprintf(text, sizeof(text), "%sexit", push);
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", text), EBPF_OK);
        ck_assert_uint_eq(f.result.r0, 0);
        check_packet(&f, -4, LENGTH + 4);
        ck_assert_mem_eq((uint8_t *)f.result.packet + 12, tag, sizeof(tag));
        ck_assert_uint_eq(((uint8_t *)f.result.packet)[0], 0x80 + ROOM);
        snprintf(text, sizeof(text), "%smov64 r1, r6\ncall 19\nexit", push);
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", text), EBPF_OK);
        check_packet(&f, 0, LENGTH);
        ck_assert_uint_eq(f.buffer[ROOM + 11], 0x80 + ROOM + 11);
        ck_assert_uint_eq(f.buffer[ROOM + 12], 0x08);
        /* without one, nothing is popped */
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", "call 19\nexit"), EBPF_OK);
        check_packet(&f, 0, LENGTH);
    }
}
END_TEST

START_TEST(room_is_made_behind_headers)
{
    FOR_EACH_ENGINE(name) {
        struct fixture f;
        const char *net = "mov64 r2, 8\nmov64 r3, 0\nmov64 r4, 0\ncall 50\nexit";
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", net), EBPF_OK);
        ck_assert_uint_eq(f.result.r0, 0);
        check_packet(&f, -8, LENGTH + 8);
        for (int i = 34; i < 42; i++)
            ck_assert_uint_eq(((uint8_t *)f.result.packet)[i], 0);
        ck_assert_uint_eq(((uint8_t *)f.result.packet)[42], 0x80 + ROOM + 34);
        const char *less = "mov64 r2, -8\nmov64 r3, 1\nmov64 r4, 0\ncall 50\nexit";
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", less), EBPF_OK);
        check_packet(&f, 8, LENGTH - 8);
        ck_assert_uint_eq(((uint8_t *)f.result.packet)[14], 0x80 + ROOM + 22);
        const char *more = "mov64 r2, 17\nmov64 r3, 1\nmov64 r4, 0\ncall 50\nexit";
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", more), EBPF_OK);
        ck_assert_int_eq((int64_t)f.result.r0, -12);
    }
}
END_TEST

/* What the context says of the metadata, as the distance of data and data_meta. */
#define META_OF "ldxw r0, [r6+0]\nldxw r2, [r6+8]\nsub64 r0, r2\nexit"
#define META_BY(by) "mov64 r1, r6\nmov64 r2, " #by "\ncall 54\n"

START_TEST(metadata_takes_room_before_the_packet)
{
    static const struct {
        const char *text;
        int64_t r0;
        uint64_t meta;
    } cases[] = {
        {META_BY(-8) "jne r0, 0, +3\n" META_OF, 8, 8},
        {META_BY(-16) "exit", 0, 16},
        {META_BY(0) "exit", 0, 0},
        {META_BY(-20) "exit", -22, 0},                /* there is room for 16 */
        {META_BY(4) "exit", -22, 0},                  /* there is nothing to give back */
        {META_BY(-6) "exit", -13, 0},                 /* no multiple of 4 */
        {META_BY(-12) META_BY(8) META_OF, 4, 4},      /* and some of it back */
        {META_BY(-8) META_BY(-9) "exit", -22, 8},     /* an error leaves it as it is */
        {META_BY(-8) "mov64 r1, r6\nmov64 r2, -9\ncall 44\nexit", -22, 8}, /* that room is taken */
    };
    FOR_EACH_ENGINE(name) {
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            struct fixture f;
            ck_assert_int_eq(run_typed(&f, name, "xdp", cases[i].text), EBPF_OK);
            ck_assert_int_eq((int64_t)f.result.r0, cases[i].r0);
            ck_assert_uint_eq(f.result.meta_size, cases[i].meta);
            check_packet(&f, 0, LENGTH);
        }
    }
}
END_TEST

START_TEST(metadata_can_be_written_and_moves_along)
{
    FOR_EACH_ENGINE(name) {
        struct fixture f;
        const char *text = META_BY(-8)
            "ldxw r3, [r6+8]\nldxw r4, [r6+0]\nmov64 r5, r3\nadd64 r5, 8\njgt r5, r4, +10\n"
            "stw [r3], 0x11223344\nstw [r3+4], 0x55667788\n"
            "mov64 r1, r6\nmov64 r2, -4\ncall 44\n"
            "ldxw r3, [r6+8]\nldxw r4, [r6+0]\nmov64 r5, r3\nadd64 r5, 8\njle r5, r4, +1\n"
            "exit\nldxw r0, [r3+4]\nexit";
        ck_assert_int_eq(run_typed(&f, name, "xdp", text), EBPF_OK);
        ck_assert_uint_eq(f.result.r0, 0x55667788);
        check_packet(&f, -4, LENGTH + 4);
        ck_assert_uint_eq(f.result.meta_size, 8);
        const uint8_t meta[8] = {0x44, 0x33, 0x22, 0x11, 0x88, 0x77, 0x66, 0x55};
        ck_assert_mem_eq((const uint8_t *)f.result.packet - 8, meta, 8);
    }
}
END_TEST

START_TEST(metadata_has_a_limit)
{
    enum { HEAD = 300 };
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_TYPED,
                                                .type = "xdp", .backend = name};
        uint8_t buffer[HEAD + LENGTH] = {0};
        struct ebpf_input in = {.size = sizeof(in), .mem = buffer + HEAD, .mem_size = LENGTH,
                                .head_room = HEAD};
        struct ebpf_result result;
        struct ebpf_program *program =
            assemble("mov64 r6, r1\nldxw r2, [r6+0]\nldxw r3, [r6+4]\nmov64 r4, r2\n"
                     "add64 r4, 4\njgt r4, r3, +5\nldxw r2, [r2+0]\nlsh64 r2, 32\n"
                     "arsh64 r2, 32\ncall 54\nexit\nmov64 r0, 1\nexit");
        struct ebpf_vm *vm;
        ck_assert_int_eq(ebpf_vm_new(&options, NULL, &vm), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
        for (int32_t size = 0; size <= HEAD + 8; size++) {
            const int32_t by = -size;
            int64_t wanted = size > HEAD ? -22 : size % 4 || size > (int)EBPF_META_SIZE_MAX ? -13
                                                                                            : 0;
            memcpy(buffer + HEAD, &by, sizeof(by));
            ck_assert_int_eq(ebpf_vm_run(vm, &in, &result), EBPF_OK);
            ck_assert_int_eq((int64_t)result.r0, wanted);
            ck_assert_uint_eq(result.meta_size, wanted ? 0 : (uint64_t)size);
        }
        in.head_room = 3;
        ck_assert_int_eq(ebpf_vm_run(vm, &in, &result), EBPF_OK);
        ck_assert_int_eq((int64_t)result.r0, -524);
        ebpf_program_unref(program);
        ebpf_vm_free(vm);
    }
}
END_TEST

/* What is before the metadata is nobody's: a program that does not compare is stopped there. */
START_TEST(metadata_ends_where_it_ends)
{
    FOR_EACH_ENGINE(name) {
        struct fixture f;
        ck_assert_int_eq(run_typed(&f, name, "xdp", META_BY(-8)
                                   "ldxw r3, [r6+8]\nldxb r0, [r3-1]\nexit"), EBPF_ERR_LOAD);
        ck_assert_int_eq(run_typed(&f, name, "xdp", META_BY(-8)
                                   "ldxw r3, [r6+8]\nldxb r0, [r3]\nexit"), EBPF_OK);
        ck_assert_uint_eq(f.result.r0, 0x80 + ROOM - 8);
        ck_assert_int_eq(run_typed(&f, name, "xdp", META_BY(-8) META_BY(8)
                                   "ldxw r3, [r6+8]\nldxb r0, [r3-1]\nexit"), EBPF_ERR_LOAD);
        /* no type of packets that has none before has some now */
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", "mov64 r0, 0\nexit"), EBPF_OK);
        ck_assert_uint_eq(f.result.meta_size, 0);
    }
}
END_TEST

START_TEST(redirects_are_told)
{
    FOR_EACH_ENGINE(name) {
        struct fixture f;
        ck_assert_int_eq(run_typed(&f, name, "xdp", "mov64 r1, 7\nmov64 r2, 0\ncall 23\nexit"),
                         EBPF_OK);
        ck_assert_uint_eq(f.result.redirect.is_set, 1);
        ck_assert_uint_eq(f.result.redirect.to, 7);
        ck_assert_ptr_null(f.result.redirect.map);
        ck_assert_int_eq(run_typed(&f, name, "xdp", "mov64 r0, 2\nexit"), EBPF_OK);
        ck_assert_uint_eq(f.result.redirect.is_set, 0);
    }
}
END_TEST

/* Verdicts of redirect_map() without and with a device under the key, by its flags. */
START_TEST(redirects_by_map)
{
    static const struct {
        unsigned key, flags, verdict, is_set;
    } cases[] = {{1, 0, 4, 1}, {1, 2, 4, 1}, {1, 8, 4, 1}, {0, 0, 0, 0}, {0, 2, 2, 0}, {9, 1, 1, 0},
                 {1, 64, 0, 0}};
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {.kind = EBPF_VM_TYPED, .type = "xdp",
                                                .backend = name};
        const struct ebpf_map_def def = {.kind = EBPF_MAP_DEVMAP, .key_size = 4, .value_size = 4,
                                         .max_entries = 4};
        struct ebpf_vm *vm = empty_vm(&options);
        struct ebpf_map *map;
        uint32_t key = 1, device = 5;
        ck_assert_int_eq(ebpf_map_new(&def, NULL, NULL, &map), EBPF_OK);
        ck_assert_int_eq(ebpf_map_update(map, &key, &device, 0), 0);
        ck_assert_int_eq(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_add_map(vm, 1, map), EBPF_OK);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            char text[200];
            snprintf(text, sizeof(text), "lddw r1, map_by_fd(1)\nmov r2, %u\nmov r3, %u\ncall 51\n"
                     "exit", cases[i].key, cases[i].flags);
            load(vm, text);
            uint8_t packet[20] = {0};
            struct ebpf_input in = {.size = sizeof(in), .mem = packet, .mem_size = sizeof(packet)};
            struct ebpf_result result;
            ck_assert_int_eq(ebpf_vm_run(vm, &in, &result), EBPF_OK);
            ck_assert_uint_eq(result.r0, cases[i].verdict);
            ck_assert_uint_eq(result.redirect.is_set, cases[i].is_set);
            ck_assert_ptr_eq(result.redirect.map, cases[i].is_set ? map : NULL);
            ck_assert_uint_eq(result.redirect.to, cases[i].is_set ? cases[i].key : 0);
        }
        ebpf_vm_free(vm);
        ebpf_map_unref(map);
    }
}
END_TEST

/* A checksum of 16 bits at an offset, a field's old and new value, flags; what becomes of it. */
static const struct {
    unsigned helper, offset, old, from, to, flags;
    int64_t r0;
    unsigned sum;
} checksums[] = {
    {10, 24, 0x1234, 1, 2, 2, 0, 0x1233},
    {10, 24, 0x1234, 0x10001, 0x20003, 4, 0, 0x1231},
    {10, 24, 0x1234, 0, 5, 0, 0, 0x122f},  /* a difference */
    {10, 24, 0x1234, 1, 5, 0, -22, 0x1234},
    {10, 24, 0x1234, 1, 2, 3, -22, 0x1234},
    {10, 24, 0x1234, 1, 2, 2 | 16, -22, 0x1234}, /* flags of the other helper */
    {10, 25, 0x1234, 1, 2, 2, -14, 0x1234},
    {10, 0x10000, 0x1234, 1, 2, 2, -14, 0x1234},
    {10, 60, 0x1234, 1, 2, 2, -14, 0x1234},
    {11, 24, 0x1234, 1, 2, 2, 0, 0x1233},
    {11, 24, 0, 1, 2, 2 | 32, 0, 0},            /* there is none */
    {11, 24, 0, 1, 2, 2 | 32 | 64, 0, 0xfffe},  /* there is one all the same */
    {11, 24, 1, 1, 2, 2 | 32, 0, 0xffff},       /* 0 would mean that there is none */
    {11, 24, 1, 1, 2, 2, 0, 0},
};

START_TEST(checksums_are_replaced)
{
    FOR_EACH_ENGINE(name) {
        struct fixture f;
        char text[400];
        snprintf(text, sizeof(text),
                 "sth [r10-8], 0x%x\nmov64 r2, 24\nmov64 r3, r10\nadd64 r3, -8\nmov64 r4, 2\n"
                 "mov64 r5, 0\ncall 9\nmov64 r1, r6\nmov64 r2, %u\nmov64 r3, %u\n"
                 "mov64 r4, %u\nmov64 r5, %u\ncall %u\nexit", checksums[_i].old,
                 checksums[_i].offset, checksums[_i].from, checksums[_i].to, checksums[_i].flags,
                 checksums[_i].helper);
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", text), EBPF_OK);
        const uint8_t *sum = (const uint8_t *)f.result.packet + 24;
        ck_assert_int_eq((int64_t)f.result.r0, checksums[_i].r0);
        ck_assert_uint_eq(sum[0] | sum[1] << 8, checksums[_i].sum);
    }
}
END_TEST

static const char store_key[] = "mov64 r7, r10\nadd64 r7, -48\nstdw [r7+0], 0\nstdw [r7+8], 0\n"
                               "stdw [r7+16], 0\nstdw [r7+24], 0\nstdw [r7+32], 0\n"
                               "stdw [r7+40], 0\nstw [r7+0], 99\nstw [r7+4], 0x0a000001\n";

/* Sets a tunnel with a key of some size, and what else is given. */
static void tunnel_text(char *text, unsigned size, unsigned flags, const char *rest)
{
    snprintf(text, 900, "%smov64 r2, r7\nmov64 r3, %u\nmov64 r4, %u\ncall 21\n%s", store_key, size,
             flags, rest);
}

START_TEST(tunnels_are_told)
{
    static const unsigned sizes[] = {44, 28, 24, 22, 8};
    FOR_EACH_ENGINE(name) {
        struct fixture f;
        char text[900];
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            tunnel_text(text, sizes[i], 2, "exit");
            ck_assert_int_eq(run_typed(&f, name, "sched_cls", text), EBPF_OK);
            ck_assert_uint_eq(f.result.r0, 0);
            ck_assert_uint_eq(f.result.tunnel.is_set, 1);
            ck_assert_uint_eq(f.result.tunnel.flags, 2);
            ck_assert_uint_eq(f.result.tunnel.options_size, 0);
            ck_assert_uint_eq(f.result.tunnel.key[0], 99);
            ck_assert_uint_eq(f.result.tunnel.key[7], 0x0a);
        }
        tunnel_text(text, 44, 0, "mov64 r1, r6\nmov64 r2, r7\nmov64 r3, 8\ncall 30\nexit");
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", text), EBPF_OK);
        ck_assert_uint_eq(f.result.r0, 0);
        ck_assert_uint_eq(f.result.tunnel.options_size, 8);
        ck_assert_uint_eq(f.result.tunnel.options[0], 99);
        /* what was set is what is got; with the other protocol, nothing */
        tunnel_text(text, 44, 1, "stw [r7+0], 0\nmov64 r1, r6\nmov64 r2, r7\nmov64 r3, 44\n"
                    "mov64 r4, 1\ncall 20\nldxw r0, [r7+0]\nexit");
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", text), EBPF_OK);
        ck_assert_uint_eq(f.result.r0, 99);
        tunnel_text(text, 44, 1, "mov64 r1, r6\nmov64 r2, r7\nmov64 r3, 44\nmov64 r4, 0\n"
                    "call 20\nldxw r1, [r7+0]\njeq r1, 0, +1\nmov64 r0, 1\nexit");
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", text), EBPF_OK);
        ck_assert_int_eq((int64_t)f.result.r0, -71); /* EPROTO */
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", "mov64 r0, 0\nexit"), EBPF_OK);
        ck_assert_uint_eq(f.result.tunnel.is_set, 0);
    }
}
END_TEST

START_TEST(bad_tunnels_are_refused)
{
    static const struct {
        unsigned size, flags;
        const char *rest;
        int64_t answer;
    } rows[] = {
        {43, 0, "exit", -22},
        {44, 32, "exit", -22},
        {44, 0, "stw [r7+24], 5\nmov64 r1, r6\nmov64 r2, r7\nmov64 r3, 44\nmov64 r4, 0\ncall 21\n"
                "exit", -22}, /* a label is for IPv6 */
        {44, 0, "mov64 r1, r6\nmov64 r2, r7\nmov64 r3, 6\ncall 30\nexit", -22},
        {44, 0, "mov64 r1, r6\nmov64 r2, r7\nmov64 r3, 8\ncall 29\nexit", -2}, /* no options */
        {44, 0, "mov64 r1, r6\nmov64 r2, r7\nmov64 r3, 8\ncall 30\nmov64 r1, r6\nmov64 r2, r7\n"
                "mov64 r3, 4\ncall 29\nexit", -12}, /* no room for them */
        {44, 0, "mov64 r1, r6\nmov64 r2, r7\nmov64 r3, 8\ncall 30\nmov64 r1, r6\nmov64 r2, r7\n"
                "mov64 r3, 16\ncall 29\nexit", 8},
    };
    FOR_EACH_ENGINE(name) {
        struct fixture f;
        char text[900];
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            tunnel_text(text, rows[i].size, rows[i].flags, rows[i].rest);
            ck_assert_int_eq(run_typed(&f, name, "sched_cls", text), EBPF_OK);
            ck_assert_msg((int64_t)f.result.r0 == rows[i].answer, "row %zu: %lld", i,
                          (long long)f.result.r0);
        }
        snprintf(text, sizeof(text), "%smov64 r2, r7\nmov64 r3, 44\nmov64 r4, 0\ncall 20\nexit",
                 store_key);
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", text), EBPF_OK);
        ck_assert_int_eq((int64_t)f.result.r0, -22); /* it came through none */
        snprintf(text, sizeof(text), "%smov64 r2, r7\nmov64 r3, 8\ncall 30\nexit", store_key);
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", text), EBPF_OK);
        ck_assert_int_eq((int64_t)f.result.r0, -22); /* options without a key */
    }
}
END_TEST

/* Remembers the last copy. */
struct copies {
    unsigned count;
    struct ebpf_clone last;
    uint8_t first_byte;
};

static void note_copy(void *user, const struct ebpf_clone *clone)
{
    struct copies *copies = user;
    copies->count++;
    copies->last = *clone;
    copies->first_byte = *(const uint8_t *)clone->packet;
}

START_TEST(copies_and_tunnels_of_the_input)
{
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_TYPED,
                                                .type = "sched_cls", .backend = name};
        uint8_t packet[20] = {0x77};
        struct copies copies = {0};
        const struct ebpf_tunnel tunnel = {.is_set = 1, .key = {42}, .options_size = 4};
        const struct ebpf_input in = {.size = sizeof(in), .mem = packet, .mem_size = sizeof(packet),
                                      .user = &copies, .clone = note_copy, .tunnel = &tunnel};
        struct ebpf_program *program = assemble(
            "mov64 r6, r1\nmov64 r2, 7\nmov64 r3, 0\ncall 13\nmov64 r1, r6\nmov64 r2, 8\n"
            "mov64 r3, 1\ncall 13\nmov64 r1, r6\nmov64 r2, 8\nmov64 r3, 2\ncall 13\n"
            "jne r0, -22, wrong\nmov64 r1, r6\nmov64 r2, r10\nadd64 r2, -8\nmov64 r3, 8\n"
            "mov64 r4, 0\ncall 20\njne r0, 0, wrong\nldxw r0, [r10-8]\nexit\n"
            "wrong: mov64 r0, 1\nexit");
        struct ebpf_result result;
        struct ebpf_vm *vm;
        ck_assert_int_eq(ebpf_vm_new(&options, NULL, &vm), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_run(vm, &in, &result), EBPF_OK);
        ck_assert_uint_eq(result.r0, 42);
        ck_assert_uint_eq(result.clones, 2);
        ck_assert_uint_eq(copies.count, 2);
        ck_assert_uint_eq(copies.last.to, 8);
        ck_assert_uint_eq(copies.last.ingress, 1);
        ck_assert_uint_eq(copies.last.size, sizeof(packet));
        ck_assert_uint_eq(copies.first_byte, 0x77);
        ck_assert_uint_eq(result.tunnel.is_set, 0);
        ebpf_program_unref(program);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(protocols_change)
{
    FOR_EACH_ENGINE(name) {
        struct fixture f;
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", "mov64 r2, 0xdd86\nmov64 r3, 0\ncall 31\n"
                                   "exit"), EBPF_OK);
        ck_assert_int_eq((int64_t)f.result.r0, -12); /* 16 bytes of room are too few for 20 */
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", "mov64 r2, 20\nmov64 r3, 0\ncall 38\n"
                                   "mov64 r1, r6\nmov64 r2, 0x0008\nmov64 r3, 0\ncall 31\nexit"),
                         EBPF_OK);
        ck_assert_int_eq((int64_t)f.result.r0, -524); /* it is IPv4 already */
        /* congestion: only who is capable of it is told */
        ck_assert_int_eq(run_typed(&f, name, "sched_cls", "call 97\nexit"), EBPF_OK);
        uint8_t *ip = (uint8_t *)f.result.packet + 14;
        ck_assert_uint_eq(f.result.r0, 1);
        ck_assert_uint_eq(ip[1] & 3, 3);
    }
}
END_TEST

START_TEST(rooms_that_wrap_around_are_refused)
{
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_TYPED,
                                                .type = "xdp", .backend = name};
        uint8_t packet[20] = {0};
        struct ebpf_input in = {.size = sizeof(in), .mem = packet, .mem_size = sizeof(packet)};
        struct ebpf_program *program = assemble("mov64 r0, 2\nexit");
        struct ebpf_vm *vm;
        ck_assert_int_eq(ebpf_vm_new(&options, NULL, &vm), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_set_program(vm, program, NULL), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_compile(vm, NULL), EBPF_OK);
        ck_assert_int_eq(ebpf_vm_run(vm, &in, NULL), EBPF_OK);
        in.head_room = UINT64_MAX;
        ck_assert_int_eq(ebpf_vm_run(vm, &in, NULL), EBPF_ERR_INVALID);
        in.head_room = 0;
        in.tail_room = UINT64_MAX - 8;
        ck_assert_int_eq(ebpf_vm_run(vm, &in, NULL), EBPF_ERR_INVALID);
        ebpf_program_unref(program);
        ebpf_vm_free(vm);
    }
}
END_TEST

static TCase *packets(void)
{
    TCase *tc = tcase_create("packets");
    tcase_add_test(tc, starts_move_into_the_room);
    tcase_add_test(tc, ends_move_into_the_room);
    tcase_add_test(tc, new_bytes_can_be_used);
    tcase_add_test(tc, vlan_headers_come_and_go);
    tcase_add_test(tc, room_is_made_behind_headers);
    tcase_add_test(tc, metadata_takes_room_before_the_packet);
    tcase_add_test(tc, metadata_can_be_written_and_moves_along);
    tcase_add_test(tc, metadata_has_a_limit);
    tcase_add_test(tc, metadata_ends_where_it_ends);
    tcase_add_test(tc, redirects_are_told);
    tcase_add_test(tc, redirects_by_map);
    tcase_add_loop_test(tc, checksums_are_replaced, 0, sizeof(checksums) / sizeof(checksums[0]));
    tcase_add_test(tc, tunnels_are_told);
    tcase_add_test(tc, bad_tunnels_are_refused);
    tcase_add_test(tc, copies_and_tunnels_of_the_input);
    tcase_add_test(tc, protocols_change);
    tcase_add_test(tc, rooms_that_wrap_around_are_refused);
    return tc;
}

RUN_SUITE("packets", packets)
