/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Packets that helpers resize: the room around them, and what the host gets back. */
#include <stdio.h>

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
    tcase_add_test(tc, redirects_are_told);
    tcase_add_test(tc, rooms_that_wrap_around_are_refused);
    return tc;
}

RUN_SUITE("packets", packets)
