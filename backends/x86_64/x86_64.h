/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The x86_64 engine, with a way to compile for lesser CPUs than this one. */
#ifndef BACKENDS_X86_64_X86_64_H
#define BACKENDS_X86_64_X86_64_H

#include "backends/registry.h"

/* Compiles with the instructions that `features` allows, bits of enum x64_feature, which the CPU
 * must have. */
ebpf_status x64_compile_for(const struct ebpf_compile *in, unsigned features,
                            struct ebpf_diag *diag, struct ebpf_code **out);

#endif
