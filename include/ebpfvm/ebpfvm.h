/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * All of the library's interface. */
#ifndef EBPFVM_EBPFVM_H
#define EBPFVM_EBPFVM_H

#include <ebpfvm/asm.h>
#include <ebpfvm/backend.h>
#include <ebpfvm/builder.h>
#include <ebpfvm/burst.h>
#include <ebpfvm/cbpf.h>
#include <ebpfvm/elf.h>
#include <ebpfvm/helper.h>
#include <ebpfvm/insn.h>
#include <ebpfvm/events.h>
#include <ebpfvm/facts.h>
#include <ebpfvm/map.h>
#include <ebpfvm/map_ops.h>
#include <ebpfvm/mem.h>
#include <ebpfvm/pass.h>
#include <ebpfvm/program.h>
#include <ebpfvm/status.h>
#include <ebpfvm/stream.h>
#include <ebpfvm/verify.h>
#include <ebpfvm/version.h>
#include <ebpfvm/vm.h>

#endif
