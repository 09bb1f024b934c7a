/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdint.h>
#include <string.h>

#include <ebpfvm/stream.h>

#include "base/arena.h"
#include "base/intern.h"
#include "base/stream.h"
#include "base/vec.h"
#include "tests/unit/unit.h"

/* An allocator that counts the bytes in use. */
static void *counting(void *ctx, void *old, size_t old_size, size_t new_size)
{
    size_t *used = ctx;
    *used = *used - old_size + new_size;
    if (new_size == 0) {
        free(old);
        return NULL;
    }
    return realloc(old, new_size);
}

START_TEST(arena_gives_aligned_memory_and_frees_all)
{
    size_t used = 0;
    struct ebpf_mem mem = {counting, &used};
    struct ebpf_arena arena;
    ebpf_arena_init(&arena, &mem);
    for (size_t size = 0; size < 5000; size += 7) {
        char *block = ebpf_arena_alloc(&arena, size);
        ck_assert_ptr_nonnull(block);
        ck_assert_uint_eq((uintptr_t)block % _Alignof(max_align_t), 0);
        memset(block, 0xa5, size);
    }
    ck_assert_uint_gt(used, 0);
    ebpf_arena_reset(&arena);
    ck_assert_uint_eq(used, 0);
}
END_TEST

START_TEST(arena_refuses_sizes_that_overflow)
{
    struct ebpf_arena arena;
    ebpf_arena_init(&arena, NULL);
    ck_assert_ptr_null(ebpf_arena_alloc(&arena, SIZE_MAX));
    ck_assert_ptr_null(ebpf_arena_zalloc(&arena, SIZE_MAX / 2, 3));
    ebpf_arena_reset(&arena);
}
END_TEST

START_TEST(vec_grows_and_keeps_its_elements)
{
    struct ebpf_vec vec;
    ebpf_vec_init(&vec, NULL, sizeof(uint32_t));
    for (uint32_t i = 0; i < 1000; i++)
        *(uint32_t *)ebpf_vec_push(&vec, 1) = i;
    for (uint32_t i = 0; i < 1000; i++)
        ck_assert_uint_eq(((uint32_t *)vec.data)[i], i);
    ck_assert_ptr_null(ebpf_vec_push(&vec, SIZE_MAX / 2));
    ck_assert_uint_eq(vec.count, 1000);
    ebpf_vec_free(&vec);
}
END_TEST

static int by_tens(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a / 10, y = *(const uint32_t *)b / 10;
    return (x > y) - (x < y);
}

START_TEST(vec_sorts_and_keeps_the_order_of_equals)
{
    for (uint32_t count = 0; count < 70; count++) {
        struct ebpf_vec vec;
        ebpf_vec_init(&vec, NULL, sizeof(uint32_t));
        for (uint32_t i = 0; i < count; i++) /* tens in disorder, ones rising */
            *(uint32_t *)ebpf_vec_push(&vec, 1) = i * 7 % 5 * 10 + i / 7;
        ck_assert(ebpf_vec_sort(&vec, by_tens));
        const uint32_t *v = vec.data;
        for (uint32_t i = 1; i < count; i++)
            ck_assert_uint_le(v[i - 1], v[i]);
        ebpf_vec_free(&vec);
    }
}
END_TEST

START_TEST(intern_makes_each_name_once)
{
    struct ebpf_intern names;
    ebpf_intern_init(&names, NULL);
    ck_assert_ptr_null(ebpf_intern_find(&names, "x", 1));
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 500; i++) {
            char text[16];
            int length = snprintf(text, sizeof(text), "name%u", i);
            struct ebpf_name *name = ebpf_intern(&names, text, (size_t)length);
            ck_assert_uint_eq(name->value, round ? i : EBPF_NAME_NEW);
            name->value = i;
            ck_assert_str_eq(name->text, text);
        }
    }
    ebpf_intern_free(&names);
}
END_TEST

static TCase *memory(void)
{
    TCase *tc = tcase_create("memory");
    tcase_add_test(tc, arena_gives_aligned_memory_and_frees_all);
    tcase_add_test(tc, arena_refuses_sizes_that_overflow);
    tcase_add_test(tc, vec_grows_and_keeps_its_elements);
    tcase_add_test(tc, vec_sorts_and_keeps_the_order_of_equals);
    tcase_add_test(tc, intern_makes_each_name_once);
    return tc;
}

START_TEST(report_points_at_the_place)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_diag_entry entry = {
        .status = EBPF_ERR_REGISTER, .file = "f.s", .line = 12, .column = 6, .width = 3,
        .pc = EBPF_PC_NONE, .advice = "the registers are r0 to r10", .source = "\tmov r77, 1"};
    ebpf_diag_add(diag, &entry, "no register %s", "r77");
    struct ebpf_text text = {0};
    struct ebpf_stream out = ebpf_stream_text(&text);
    ck_assert_int_eq(ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &out), EBPF_OK);
    ck_assert_str_eq(text.data,
                     "f.s:12:6: error: no register r77; the registers are r0 to r10 [E0205]\n"
                     "   12 | \tmov r77, 1\n"
                     "      | \t    ^~~\n");
    ebpf_text_free(&text);
    ebpf_diag_free(diag);
}
END_TEST

START_TEST(report_is_json_whatever_the_bytes)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_diag_entry entry = {.status = EBPF_ERR_CHARACTER, .pc = 7};
    ebpf_diag_add(diag, &entry, "a\"\\\x01\xff\xc3\xa9");
    struct ebpf_text text = {0};
    struct ebpf_stream out = ebpf_stream_text(&text);
    ck_assert_int_eq(ebpf_diag_print(diag, EBPF_DIAG_JSON, &out), EBPF_OK);
    ck_assert_str_eq(text.data,
                     "[{\"code\": 202, \"status\": \"EBPF_ERR_CHARACTER\", "
                     "\"severity\": \"error\", "
                     "\"pc\": 7, \"message\": \"a\\\"\\\\\\u0001\\ufffd\xc3\xa9\"}]\n");
    ebpf_text_free(&text);
    ebpf_diag_free(diag);
}
END_TEST

START_TEST(report_counts_what_does_not_fit)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_diag_entry entry = {.status = EBPF_ERR_SYNTAX};
    for (int i = 0; i < EBPF_DIAG_MAX + 5; i++)
        ebpf_diag_add(diag, &entry, "%d", i);
    ck_assert_uint_eq(ebpf_diag_count(diag), EBPF_DIAG_MAX);
    ck_assert_uint_eq(ebpf_diag_dropped(diag), 5);
    ck_assert_ptr_null(ebpf_diag_at(diag, EBPF_DIAG_MAX));
    ebpf_diag_clear(diag);
    ck_assert_uint_eq(ebpf_diag_count(diag), 0);
    ebpf_diag_free(diag);
    ebpf_diag_add(NULL, &entry, "ignored");
}
END_TEST

static int refuse(void *ctx, const char *data, size_t length)
{
    (void)ctx, (void)data, (void)length;
    return -1;
}

START_TEST(output_keeps_its_first_error)
{
    struct ebpf_stream stream = {refuse, NULL};
    struct ebpf_out out;
    ebpf_out_init(&out, &stream);
    for (int i = 0; i < 2000; i++)
        ebpf_out_char(&out, 'x');
    ck_assert_int_eq(ebpf_out_flush(&out), EBPF_ERR_IO);
}
END_TEST

static TCase *reports(void)
{
    TCase *tc = tcase_create("reports");
    tcase_add_test(tc, report_points_at_the_place);
    tcase_add_test(tc, report_is_json_whatever_the_bytes);
    tcase_add_test(tc, report_counts_what_does_not_fit);
    tcase_add_test(tc, output_keeps_its_first_error);
    return tc;
}

RUN_SUITE("base", memory, reports)
