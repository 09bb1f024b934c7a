/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The life of a VM: its kinds, its options, loading, compiling, running; in every engine. */
#include "tests/unit/failing_mem.h"
#include "tests/unit/vm_unit.h"

static uint64_t run(struct ebpf_vm *vm, const struct ebpf_input *in)
{
    struct ebpf_result result;
    ebpf_status status = ebpf_vm_run(vm, in, &result);
    ck_assert_int_eq(status, EBPF_OK);
    ck_assert_int_eq(result.fault.status, EBPF_OK);
    return result.r0;
}

START_TEST(no_data_has_zero_in_r1)
{
    PROGRAM(program, ebpf_build_mov64_reg(b, EBPF_R0, EBPF_R1);
            ebpf_build_or64_reg(b, EBPF_R0, EBPF_R2); ebpf_build_or64_reg(b, EBPF_R0, EBPF_R5);
            ebpf_build_exit(b));
    FOR_EACH_ENGINE(name) {
        struct ebpf_vm *vm = vm_with(&(struct ebpf_vm_options){.backend = name}, program);
        ck_assert_uint_eq(run(vm, NULL), 0);
        ebpf_vm_free(vm);
    }
    ebpf_program_unref(program);
}
END_TEST

static TCase *kinds(void)
{
    TCase *tc = tcase_create("kinds");
    tcase_add_test(tc, no_data_has_zero_in_r1);
    return tc;
}

RUN_SUITE("vm", kinds)
