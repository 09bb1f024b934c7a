/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <ebpfvm/map.h>

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

static TCase *kinds(void)
{
    TCase *tc = tcase_create("kinds");
    tcase_add_test(tc, kinds_are_found_by_their_names);
    return tc;
}

RUN_SUITE("map kinds", kinds)
