/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <ebpfvm/version.h>

const char *ebpf_version(void)
{
    return EBPFVM_VERSION;
}
