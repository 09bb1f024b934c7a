/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <ebpfvm/helper.h>

const char *ebpf_kernel_helper_name(uint32_t id)
{
    static const char *const names[] = {
#define EBPF_HELPER_NAME(number, name) [number] = #name,
#include "ir/helper_names.def"
#undef EBPF_HELPER_NAME
    };
    return id < sizeof(names) / sizeof(names[0]) ? names[id] : NULL;
}
