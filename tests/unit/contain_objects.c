/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Runs the programs of ELF objects over packets in the engine that believes nothing: whatever
 * registers and stack hold must be among what the verifier knows of them, and what it has proven
 * must be true.  Programs that need what is not there are passed over.
 *
 * usage: contain-objects FILE...     SAFETY_RUNS in the environment: so many times the packets
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

#include "tests/unit/contain.h"
#include "tests/unit/fact_engine.h"

enum { PACKETS = 60, LONGEST = 128, ROOM = 64 };

static uint64_t state = 88172645463325252;

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static unsigned packets(void)
{
    const char *wanted = getenv("SAFETY_RUNS");
    return PACKETS * (wanted ? (unsigned)atoi(wanted) : 1);
}

/* Ethernet with IPv4 or IPv6, now and then with a tag, and TCP, UDP or ICMP; some bytes are
 * anything, and the end may be missing. */
static uint32_t make_packet(uint8_t *p)
{
    static const uint8_t protocols[] = {6, 17, 1, 58, 4};
    static const uint8_t ports[][2] = {{0, 53}, {0, 80}, {1, 187}, {31, 144}};
    uint64_t r = next();
    uint32_t at = 12;
    for (int i = 0; i < LONGEST; i++)
        p[i] = (uint8_t)(next() & next());
    for (; (r & 3) == 3 && at < 20; r >>= 2, at += 4)
        p[at] = 0x81, p[at + 1] = 0;
    bool six = r & 4;
    p[at] = six ? 0x86 : 0x08;
    p[at + 1] = six ? 0xdd : 0x00;
    uint8_t *ip = p + at + 2;
    ip[0] = six ? 0x60 : (uint8_t)(0x45 + (r >> 8 & 7) / 6);
    ip[six ? 6 : 9] = protocols[(r >> 16) % sizeof(protocols)];
    uint8_t *transport = ip + (six ? 40 : 20);
    memcpy(transport + (r >> 24 & 2), ports[r >> 32 & 3], 2);
    for (unsigned i = r >> 40 & 3; i; i--)
        p[next() % 60] = (uint8_t)next();
    uint32_t least = r >> 48 & 7 ? 64 : 0;
    return least + (uint32_t)(r >> 52) % (LONGEST - least);
}

/* Whether no run was found to be other than is known. */
static bool run(struct ebpf_vm *vm, const char *what)
{
    uint8_t buffer[ROOM + LONGEST + ROOM];
    for (unsigned i = 0; i < packets(); i++) {
        struct ebpf_result result;
        uint32_t length = make_packet(buffer + ROOM);
        const struct ebpf_input in = {.size = sizeof(in), .mem = buffer + ROOM, .mem_size = length,
                                      .head_room = ROOM, .tail_room = ROOM};
        if (ebpf_vm_run(vm, &in, &result) != EBPF_ERR_ILLEGAL)
            continue;
        printf("%s, packet %u, pc %u: %s\n", what, i, result.fault.pc, result.fault.message);
        return false;
    }
    return true;
}

/* A VM with a program of an object; NULL if something that it needs is missing. */
static struct ebpf_vm *make_vm(struct ebpf_program *program, const char *type)
{
    const struct ebpf_pass *const lenient[] = {ebpf_pass_find("well-formed"), NULL};
    const struct ebpf_backend *const doubts[] = {&fact_engine, NULL};
    const struct ebpf_vm_options options = {
        .size = sizeof(options), .kind = EBPF_VM_TYPED, .type = type, .budget = 200000,
        .passes = contain_passes(lenient), .backends = doubts};
    struct ebpf_vm *vm = NULL;
    if (!ebpf_vm_new(&options, NULL, &vm) &&
        !ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()) &&
        !ebpf_vm_set_program(vm, program, NULL) && !ebpf_vm_compile(vm, NULL))
        return vm;
    ebpf_vm_free(vm);
    return NULL;
}

struct outcome {
    unsigned programs, passed_over, failed;
};

static void run_object(const char *path, struct outcome *out)
{
    struct ebpf_elf *elf = NULL;
    uint32_t count = 0;
    if (ebpf_elf_open_file(path, NULL, NULL, &elf))
        return;
    const struct ebpf_elf_function *functions = ebpf_elf_functions(elf, &count);
    for (uint32_t i = 0; i < count; i++) {
        char what[300];
        struct ebpf_program *program = NULL;
        struct ebpf_vm *vm = NULL;
        const char *type = functions[i].type ? functions[i].type : "xdp";
        snprintf(what, sizeof(what), "%s, %s", path, functions[i].name);
        if (!ebpf_elf_load(elf, i, NULL, &program))
            vm = make_vm(program, type);
        out->programs += vm != NULL;
        out->passed_over += vm == NULL;
        out->failed += vm && !run(vm, what);
        ebpf_vm_free(vm);
        ebpf_program_unref(program);
    }
    ebpf_elf_close(elf);
}

int main(int argc, char *argv[])
{
    struct outcome out = {.programs = 0};
    for (int i = 1; i < argc; i++)
        run_object(argv[i], &out);
    struct contain_count count = contain_looked_at();
    printf("%u programs, %u passed over; %llu values were as known at %llu instructions\n",
           out.programs, out.passed_over, count.values, count.insns);
    return out.failed || !count.values;
}
