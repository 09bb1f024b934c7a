/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "tests/unit/failing_mem.h"
#include "tests/unit/ir_unit.h"

/* if r1 == 0 goto 4; r0 += 1; if r0 != 5 goto 1; goto 5; call 6; exit; mov; goto 7; exit */
#define PROGRAM                                                                                    \
    "1501030000000000 0700000001000000 5500feff05000000 0500010000000000 8510000001000000 "        \
    "9500000000000000 b700000000000000 0500feff00000000 9500000000000000"

START_TEST(a_graph_is_drawn)
{
    struct ebpf_program *program = program_of_hex(PROGRAM);
    struct ebpf_text text = {0};
    struct ebpf_stream stream = ebpf_stream_text(&text);
    ck_assert_int_eq(ebpf_program_print_dot(program, &stream), EBPF_OK);
    ck_assert_str_eq(
        text.data,
        "digraph cfg {\n"
        "  node [shape=box, fontname=\"monospace\"];\n"
        "  subgraph cluster_0 {\n"
        "    label=\"function at 0\";\n"
        "    b0 [label=\"0: if r1 == 0 goto +3\\l\"];\n"
        "    b1 [label=\"1: r0 += 1\\l2: if r0 != 5 goto -2\\l\", peripheries=2,"
        " tooltip=\"head of loop 0, depth 1\"];\n"
        "    b2 [label=\"3: goto +1\\l\"];\n"
        "    b3 [label=\"4: call pc+1\\l\"];\n"
        "    b4 [label=\"5: exit\\l\"];\n"
        "    b0 -> b1 [color=firebrick];\n"
        "    b0 -> b3 [color=darkgreen];\n"
        "    b1 -> b2 [color=firebrick];\n"
        "    b1 -> b1 [color=darkgreen, style=bold, label=\"back\"];\n"
        "    b2 -> b4 [color=black];\n"
        "    b3 -> b4 [color=black];\n"
        "  }\n"
        "  subgraph cluster_1 {\n"
        "    label=\"function at 6\";\n"
        "    b5 [label=\"6: r0 = 0\\l7: goto -2\\l\", peripheries=2,"
        " tooltip=\"head of loop 1, depth 1\"];\n"
        "    b6 [label=\"8: exit\\l\", style=dashed, tooltip=\"unreachable\"];\n"
        "    b5 -> b5 [color=black, style=bold, label=\"back\"];\n"
        "  }\n"
        "  b3 -> b5 [color=gray, style=dotted, label=\"call\"];\n"
        "}\n");
    ebpf_text_free(&text);
    ebpf_program_unref(program);
}
END_TEST

START_TEST(names_cannot_break_out)
{
    struct ebpf_program *program = ebpf_program_new(NULL);
    ebpf_insn_init(ebpf_program_push(program), EBPF_OP_EXIT);
    ck_assert(ebpf_program_add_function(program, "a\"b\\c\nd", 7, 0));
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    struct ebpf_text text = {0};
    struct ebpf_stream stream = ebpf_stream_text(&text);
    ck_assert_int_eq(ebpf_program_print_dot(program, &stream), EBPF_OK);
    ck_assert_ptr_nonnull(strstr(text.data, "label=\"a\\\"b\\\\c?d\";"));
    ebpf_text_free(&text);
    ebpf_program_unref(program);
}
END_TEST

START_TEST(any_bytes_are_drawn)
{
    uint64_t random = 3;
    for (int round = 0; round < 300; round++) {
        uint8_t bytes[8 * 30];
        for (size_t i = 0; i < sizeof(bytes); i++)
            bytes[i] = (uint8_t)(next_random(&random) % 3 ? 0x05 : next_random(&random));
        struct ebpf_program *program = program_of_bytes(bytes, 30, NULL);
        struct ebpf_text text = {0};
        struct ebpf_stream stream = ebpf_stream_text(&text);
        ck_assert_int_eq(ebpf_program_print_dot(program, &stream), EBPF_OK);
        ck_assert_str_eq(text.data + text.length - 2, "}\n");
        ebpf_text_free(&text);
        ebpf_program_unref(program);
    }
}
END_TEST

static int refuse(void *ctx, const char *data, size_t length)
{
    (void)ctx, (void)data, (void)length;
    return -1;
}

START_TEST(output_and_memory_may_fail)
{
    struct ebpf_program *program = program_of_hex(PROGRAM);
    struct ebpf_stream stream = {refuse, NULL};
    ck_assert_int_eq(ebpf_program_print_dot(program, &stream), EBPF_ERR_IO);
    ebpf_program_unref(program);

    uint8_t bytes[16] = {0x05, 0, 0xfe, 0xff, 0, 0, 0, 0, 0x95};
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_text text = {.mem = &f.mem};
        struct ebpf_stream out = ebpf_stream_text(&text);
        ebpf_status status = EBPF_ERR_NOMEM;
        program = program_of_bytes(bytes, 2, &f.mem);
        if (program)
            status = ebpf_program_print_dot(program, &out);
        ebpf_text_free(&text);
        ebpf_program_unref(program);
        failing_mem_check(&f, status);
    }
}
END_TEST

static TCase *dot(void)
{
    TCase *tc = tcase_create("dot");
    tcase_add_test(tc, a_graph_is_drawn);
    tcase_add_test(tc, names_cannot_break_out);
    tcase_add_test(tc, any_bytes_are_drawn);
    tcase_add_test(tc, output_and_memory_may_fail);
    return tc;
}

RUN_SUITE("ir/dot", dot)
