/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include <ebpfvm/helper.h>
#include <ebpfvm/map.h>

#include "ir/env.h"
#include "tests/unit/unit.h"

START_TEST(kinds_are_found_by_their_names)
{
    int known = 0;
    for (int number = 0; number < 100; number++) {
        const char *name = ebpf_map_kind_name((enum ebpf_map_kind)number);
        if (!name)
            continue;
        ck_assert_int_eq(ebpf_map_kind_find(name), number);
        known++;
    }
    ck_assert_int_eq(known, 33);
    ck_assert_int_eq(ebpf_map_kind_find("heap"), EBPF_MAP_UNSPEC);
    ck_assert_str_eq(ebpf_map_kind_name(EBPF_MAP_LPM_TRIE), "lpm_trie");
}
END_TEST

START_TEST(helpers_have_one_name)
{
    for (uint32_t id = 0; id < 300; id++) {
        const struct ebpf_contract_helper *helper = ebpf_contract_helper(id);
        if (helper)
            ck_assert_str_eq(helper->name, ebpf_kernel_helper_name(id));
    }
    ck_assert_ptr_null(ebpf_kernel_helper_name(0));
    ck_assert_ptr_null(ebpf_kernel_helper_name(212));
    ck_assert_str_eq(ebpf_kernel_helper_name(211), "cgrp_storage_delete");
}
END_TEST

static TCase *kinds(void)
{
    TCase *tc = tcase_create("kinds");
    tcase_add_test(tc, kinds_are_found_by_their_names);
    tcase_add_test(tc, helpers_have_one_name);
    return tc;
}

RUN_SUITE("map kinds", kinds)
