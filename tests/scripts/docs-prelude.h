/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What pieces of C in the documentation take for granted; check-docs compiles them after it. */
#include <stdio.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>
#if __has_include(<pcap/pcap.h>)
#include <pcap/pcap.h>
pcap_t *pcap;
#endif

struct ebpf_diag *diag;
const char *text;
unsigned char *packet;
size_t length, captured_length;
struct ebpf_program *program;
struct ebpf_vm *vm;
const struct ebpf_insn *insn;
