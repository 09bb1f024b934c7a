/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The kinds of VM, what runs find in them, and the options. */
#include "tests/unit/vm_unit.h"

static uint64_t address_of(const void *p)
{
    return (uintptr_t)p;
}

START_TEST(no_data_has_zero_in_r1)
{
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = vm_with(&(struct ebpf_vm_options){.backend = name},
                                     "mov r0, r1\nor r0, r2\nor r0, r3\nor r0, r4\nor r0, r5\n"
                                     "exit");
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 0);
        ck_assert_int_eq(ebpf_vm_run(vm, NULL, NULL), EBPF_OK);
        ck_assert_str_eq(ebpf_vm_backend(vm)->name, name);
        ck_assert_ptr_nonnull(ebpf_vm_code(vm));
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(raw_has_packet_and_length)
{
    uint8_t packet[5] = {1, 2, 3, 4, 5};
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {.backend = name, .kind = EBPF_VM_RAW};
        struct ebpf_vm *vm = vm_with(&options, "mov r0, r1\nexit");
        ck_assert_uint_eq(run(vm, packet, sizeof(packet), NULL, 0), address_of(packet));
        load(vm, "mov r0, r2\nexit");
        ck_assert_uint_eq(run(vm, packet, sizeof(packet), NULL, 0), sizeof(packet));
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 0);
        load(vm, "mov r0, r3\nor r0, r4\nor r0, r5\nexit");
        ck_assert_uint_eq(run(vm, packet, sizeof(packet), NULL, 0), 0);
        load(vm, "ldxb r0, [r1+4]\nstb [r1+0], 9\nexit");
        ck_assert_uint_eq(run(vm, packet, sizeof(packet), NULL, 0), 5);
        ck_assert_uint_eq(packet[0], 9);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(mbuff_has_buffer_and_reaches_packet)
{
    uint8_t packet[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    uint64_t mbuff[4] = {0, address_of(packet), 0, address_of(packet + sizeof(packet))};
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {.backend = name, .kind = EBPF_VM_MBUFF};
        struct ebpf_vm *vm = vm_with(&options, "mov r0, r1\nexit");
        ck_assert_uint_eq(run(vm, packet, 8, mbuff, 32), address_of(mbuff));
        ck_assert_uint_eq(run(vm, packet, 8, NULL, 0), 0);
        load(vm, "mov r0, r2\nexit");
        ck_assert_uint_eq(run(vm, packet, 8, mbuff, 32), 0);
        load(vm, "ldxdw r1, [r1+8]\nldxh r0, [r1+2]\nexit");
        ck_assert_uint_eq(run(vm, packet, 8, mbuff, 32), 0x0403);
        load(vm, "stdw [r1+16], 7\nmov r0, 0\nexit");
        run(vm, packet, 8, mbuff, 32);
        ck_assert_uint_eq(mbuff[2], 7);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(fixed_mbuff_points_to_packet)
{
    uint8_t packet[16] = {0xaa, 0xbb, 0x11, 0x22, 0xcc, 0xdd};
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {
            .backend = name, .kind = EBPF_VM_FIXED_MBUFF, .data_offset = 0x40,
            .data_end_offset = 0x50};
        struct ebpf_vm *vm = vm_with(&options, "ldxdw r2, [r1+0x40]\nldxdw r3, [r1+0x50]\n"
                                               "mov r0, r3\nsub r0, r2\nexit");
        ck_assert_uint_eq(run(vm, packet, 6, NULL, 0), 6);
        ck_assert_uint_eq(run(vm, NULL, 0, NULL, 0), 0);
        load(vm, "ldxdw r1, [r1+0x40]\nldxh r0, [r1+2]\nexit");
        ck_assert_uint_eq(run(vm, packet, 6, NULL, 0), 0x2211);
        load(vm, "ldxdw r0, [r1+0]\nldxdw r2, [r1+0x48]\nor r0, r2\nstdw [r1+0], -1\n"
                 "stdw [r1+0x48], -1\nexit");
        for (int i = 0; i < 2; i++) /* what a run leaves in the buffer, the next does not see */
            ck_assert_uint_eq(run(vm, packet, 6, NULL, 0), 0);
        load(vm, "ldxb r0, [r1+0x58]\nexit");
        struct ebpf_fault fault = fault_of(vm, NULL, EBPF_ERR_LOAD);
        ck_assert_int_eq(fault.nearest.kind, EBPF_REGION_CONTEXT);
        ck_assert_uint_eq(fault.nearest.size, 0x58);
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(fixed_mbuff_offsets_may_change)
{
    uint8_t packet[3];
    FOR_EACH_ENGINE(name) {
        const struct ebpf_vm_options options = {
            .backend = name, .kind = EBPF_VM_FIXED_MBUFF, .data_end_offset = 8};
        struct ebpf_vm *vm = vm_with(&options, "ldxdw r0, [r1+0]\nexit");
        ck_assert_uint_eq(run(vm, packet, 3, NULL, 0), address_of(packet));
        ck_assert_int_eq(ebpf_vm_set_data_offsets(vm, 17, 0, NULL), EBPF_OK);
        ck_assert_uint_eq(run(vm, packet, 3, NULL, 0), address_of(packet + 3));
        ck_assert_int_eq(ebpf_vm_set_data_offsets(vm, 0, EBPF_DATA_OFFSET_MAX, NULL), EBPF_OK);
        load(vm, "mov r2, r1\nadd r2, 65528\nldxdw r0, [r2+0]\nexit");
        ck_assert_uint_eq(run(vm, packet, 3, NULL, 0), address_of(packet + 3));

        struct ebpf_diag *diag = ebpf_diag_new(NULL);
        ck_assert_int_eq(ebpf_vm_set_data_offsets(vm, 8, 15, diag), EBPF_ERR_INVALID);
        ck_assert_ptr_nonnull(strstr(ebpf_diag_at(diag, 0)->message,
                                     "data_offset 8 and data_end_offset 15 overlap"));
        ck_assert_int_eq(ebpf_vm_set_data_offsets(vm, SIZE_MAX, 0, diag), EBPF_ERR_LIMIT);
        ck_assert_int_eq(ebpf_vm_set_data_offsets(vm, 0, EBPF_DATA_OFFSET_MAX + 1, diag),
                         EBPF_ERR_LIMIT);
        ebpf_diag_free(diag);
        ck_assert_uint_eq(run(vm, packet, 3, NULL, 0), address_of(packet + 3));
        ebpf_vm_free(vm);
    }
}
END_TEST

START_TEST(packet_loads_read_the_packet_in_every_kind)
{
    uint8_t packet[16];
    uint64_t mbuff[2] = {0};
    for (int i = 0; i < 16; i++)
        packet[i] = (uint8_t)(i * 0x11);
    for (enum ebpf_vm_kind kind = EBPF_VM_NO_DATA; ebpf_vm_kind_name(kind); kind++) {
        if (kind == EBPF_VM_TYPED) /* tests/filetests/context/skb.s */
            continue;
        FOR_EACH_ENGINE(name) {
            const struct ebpf_vm_options options = {
                .backend = name, .kind = kind,
                .data_end_offset = kind == EBPF_VM_FIXED_MBUFF ? 8 : 0};
            bool has_mbuff = kind == EBPF_VM_MBUFF;
            const struct ebpf_input in = {
                .size = sizeof(in), .mem = kind ? packet : NULL, .mem_size = kind ? 16 : 0,
                .mbuff = has_mbuff ? mbuff : NULL, .mbuff_size = has_mbuff ? 16 : 0};
            struct ebpf_result result;
            struct ebpf_vm *vm = vm_with(&options, "mov r2, 4\nldindw r2, 9\nexit");
            ebpf_status status = ebpf_vm_run(vm, &in, &result);
            ck_assert_int_eq(status, EBPF_ERR_LOAD);
            load(vm, "mov r2, 4\nldindw r2, 8\nexit");
            status = ebpf_vm_run(vm, &in, &result);
            ck_assert_int_eq(status, kind ? EBPF_OK : EBPF_ERR_LOAD);
            ck_assert_uint_eq(result.r0, kind ? 0xffeeddcc : 0);
            load(vm, "ldabsdw 3\nexit");
            status = ebpf_vm_run(vm, &in, &result);
            ck_assert_uint_eq(result.r0, kind ? 0xaa99887766554433 : 0);
            ebpf_vm_free(vm);
        }
    }
}
END_TEST

START_TEST(input_must_make_sense)
{
    uint8_t bytes[8] = {0};
    const struct ebpf_vm_options raw = {.kind = EBPF_VM_RAW}, mbuff = {.kind = EBPF_VM_MBUFF},
                                 none = {.kind = EBPF_VM_NO_DATA};
    const struct {
        const struct ebpf_vm_options *options;
        struct ebpf_input in;
        ebpf_status status;
    } rows[] = {
        {&raw, {.mem = bytes, .mem_size = 8}, EBPF_OK},
        {&raw, {.mem = bytes, .mem_size = 0}, EBPF_OK},
        {&raw, {.mem = NULL, .mem_size = 8}, EBPF_ERR_INVALID},
        {&raw, {.mem = bytes, .mem_size = UINT64_MAX}, EBPF_ERR_INVALID},
        {&raw, {.mbuff = bytes, .mbuff_size = 8}, EBPF_ERR_INVALID},
        {&none, {.mem = bytes, .mem_size = 8}, EBPF_ERR_INVALID},
        {&none, {.mbuff = bytes, .mbuff_size = 8}, EBPF_ERR_INVALID},
        {&none, {.mem = bytes, .mem_size = 0}, EBPF_OK},
        {&mbuff, {.mbuff = bytes, .mbuff_size = 8, .mem = bytes, .mem_size = 8}, EBPF_OK},
        {&mbuff, {.mbuff = NULL, .mbuff_size = 8}, EBPF_ERR_INVALID},
        {&mbuff, {.mbuff = bytes, .mbuff_size = UINT64_MAX - 4}, EBPF_ERR_INVALID},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ebpf_vm *vm = vm_with(rows[i].options, "mov r0, 5\nexit");
        struct ebpf_input in = rows[i].in;
        struct ebpf_result result;
        memset(&result, 0xee, sizeof(result));
        in.size = sizeof(in);
        ck_assert_int_eq(ebpf_vm_run(vm, &in, &result), rows[i].status);
        ck_assert_int_eq(result.fault.status, EBPF_OK);
        ck_assert_uint_eq(result.r0, rows[i].status ? 0 : 5);
        ck_assert_uint_eq(result.executed, rows[i].status ? 0 : 2);
        ebpf_vm_free(vm);
    }
}
END_TEST

/* Structs of an older caller lack members; those of a newer one may have more. */
START_TEST(structs_may_have_other_sizes)
{
    struct {
        struct ebpf_input known;
        uint64_t unknown[2];
    } newer = {.known = {.size = sizeof(newer), .mem_size = 0}};
    struct {
        struct ebpf_vm_options known;
        uint64_t unknown[2];
    } options = {.known = {.size = sizeof(options), .kind = EBPF_VM_RAW}};
    struct ebpf_vm *vm;
    ck_assert_int_eq(ebpf_vm_new(&options.known, NULL, &vm), EBPF_OK);
    load(vm, "mov r0, r2\nexit");
    ck_assert_int_eq(ebpf_vm_run(vm, &newer.known, NULL), EBPF_OK);
    newer.unknown[1] = 1;
    ck_assert_int_eq(ebpf_vm_run(vm, &newer.known, NULL), EBPF_ERR_INVALID);
    newer.known.size = offsetof(struct ebpf_input, mbuff);
    ck_assert_int_eq(ebpf_vm_run(vm, &newer.known, NULL), EBPF_OK);
    newer.known.size = 0;
    ck_assert_int_eq(ebpf_vm_run(vm, &newer.known, NULL), EBPF_ERR_INVALID);
    ebpf_vm_free(vm);

    options.unknown[0] = 1;
    ck_assert_int_eq(ebpf_vm_new(&options.known, NULL, &vm), EBPF_ERR_INVALID);
    ck_assert_ptr_null(vm);
    options.known.size = offsetof(struct ebpf_vm_options, budget);
    ck_assert_int_eq(ebpf_vm_new(&options.known, NULL, &vm), EBPF_OK);
    ebpf_vm_free(vm);
    options.known.size = 0;
    ck_assert_int_eq(ebpf_vm_new(&options.known, NULL, &vm), EBPF_ERR_INVALID);
    ck_assert_int_eq(ebpf_vm_new(NULL, NULL, &vm), EBPF_OK);
    ebpf_vm_free(vm);
}
END_TEST

START_TEST(options_are_checked)
{
    char code[64];
    const struct {
        struct ebpf_vm_options options;
        ebpf_status status;
        const char *message;
    } rows[] = {
        {{.kind = (enum ebpf_vm_kind)5}, EBPF_ERR_INVALID, "no kind of VM with number 5"},
        {{.policy = (enum ebpf_policy)2}, EBPF_ERR_INVALID, "no policy 2"},
        {{.policy = (enum ebpf_policy)-1}, EBPF_ERR_INVALID, "no policy -1"},
        {{.policy = EBPF_POLICY_TRUSTED}, EBPF_OK, NULL},
        {{.policy = EBPF_POLICY_VERIFIED}, EBPF_OK, NULL},
        {{.backend = "gpu"}, EBPF_ERR_BACKEND, "no engine \"gpu\""},
        {{.frame_size = 8}, EBPF_ERR_LIMIT, "frame_size is 8"},
        {{.frame_size = EBPF_FRAME_SIZE_MAX + 16}, EBPF_ERR_LIMIT, "65536 at most"},
        {{.frame_size = EBPF_FRAME_SIZE_MAX, .max_depth = EBPF_DEPTH_MAX}, EBPF_OK, NULL},
        {{.max_depth = EBPF_DEPTH_MAX + 1}, EBPF_ERR_LIMIT, "max_depth is 1025"},
        {{.stack_size = 24}, EBPF_ERR_LIMIT, "stack_size is 24"},
        {{.stack_size = UINT64_MAX & ~15ull}, EBPF_ERR_LIMIT, "67108864 at most"},
        {{.data_offset = 8}, EBPF_ERR_INVALID, "none has no use for data offsets"},
        {{.kind = EBPF_VM_FIXED_MBUFF}, EBPF_ERR_INVALID, "overlap"},
        {{.kind = EBPF_VM_TYPED}, EBPF_ERR_INVALID, "needs a program type"},
        {{.kind = EBPF_VM_TYPED, .type = "xpd"}, EBPF_ERR_NOT_FOUND, "no program type 'xpd'"},
        {{.kind = EBPF_VM_TYPED, .type = "xdp"}, EBPF_OK, NULL},
        {{.type = "xdp"}, EBPF_ERR_INVALID, "none has no use for a program type"},
        {{.exec_memory = code}, EBPF_ERR_INVALID, "exec_memory"},
        {{.exec_size = 64}, EBPF_ERR_INVALID, "exec_memory"},
        {{.exec_memory = code, .exec_size = sizeof(code)}, EBPF_OK, NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ebpf_diag *diag = ebpf_diag_new(NULL);
        struct ebpf_vm_options options = rows[i].options;
        struct ebpf_vm *vm;
        options.size = sizeof(options);
        ck_assert_int_eq(ebpf_vm_new(&options, diag, &vm), rows[i].status);
        ck_assert_int_eq(vm == NULL, rows[i].status != EBPF_OK);
        ck_assert_uint_eq(ebpf_diag_count(diag), rows[i].message ? 1 : 0);
        if (rows[i].message) {
            const struct ebpf_diag_entry *entry = ebpf_diag_at(diag, 0);
            ck_assert_msg(strstr(entry->message, rows[i].message) != NULL, "%s", entry->message);
            ck_assert_str_ne(entry->advice, "");
        }
        ebpf_vm_free(vm);
        ebpf_diag_free(diag);
    }
}
END_TEST

START_TEST(kinds_have_names)
{
    ck_assert_str_eq(ebpf_vm_kind_name(EBPF_VM_NO_DATA), "none");
    ck_assert_str_eq(ebpf_vm_kind_name(EBPF_VM_RAW), "raw");
    ck_assert_str_eq(ebpf_vm_kind_name(EBPF_VM_MBUFF), "mbuff");
    ck_assert_str_eq(ebpf_vm_kind_name(EBPF_VM_FIXED_MBUFF), "fixed-mbuff");
    ck_assert_str_eq(ebpf_vm_kind_name(EBPF_VM_TYPED), "typed");
    ck_assert_ptr_null(ebpf_vm_kind_name((enum ebpf_vm_kind)5));
    ck_assert_ptr_null(ebpf_vm_kind_name((enum ebpf_vm_kind)-1));
}
END_TEST

START_TEST(data_offsets_are_for_fixed_mbuff)
{
    struct ebpf_vm *vm = empty_vm(&(struct ebpf_vm_options){.kind = EBPF_VM_MBUFF});
    ck_assert_int_eq(ebpf_vm_set_data_offsets(vm, 0, 8, NULL), EBPF_ERR_STATE);
    ebpf_vm_free(vm);
}
END_TEST

static TCase *kinds(void)
{
    TCase *tc = tcase_create("kinds");
    tcase_add_test(tc, no_data_has_zero_in_r1);
    tcase_add_test(tc, raw_has_packet_and_length);
    tcase_add_test(tc, mbuff_has_buffer_and_reaches_packet);
    tcase_add_test(tc, fixed_mbuff_points_to_packet);
    tcase_add_test(tc, fixed_mbuff_offsets_may_change);
    tcase_add_test(tc, packet_loads_read_the_packet_in_every_kind);
    return tc;
}

static TCase *options(void)
{
    TCase *tc = tcase_create("options");
    tcase_add_test(tc, input_must_make_sense);
    tcase_add_test(tc, structs_may_have_other_sizes);
    tcase_add_test(tc, options_are_checked);
    tcase_add_test(tc, kinds_have_names);
    tcase_add_test(tc, data_offsets_are_for_fixed_mbuff);
    return tc;
}

RUN_SUITE("vm", kinds, options)
