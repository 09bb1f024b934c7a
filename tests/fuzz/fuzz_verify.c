/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Fuzzes the verifier, the proof of safety included: a byte for the program's type, one for the
 * flags, six that align, then bytecode.  Verifying ends, says the same each time, and gives a
 * reason whenever it refuses; what one of the stricter lists accepts a laxer one does as well.
 *
 * Programs then run in a VM of the type over several packets: whatever is proven of them is true,
 * and those of which all is proven do not fault in any engine.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

#include "tests/fuzz/fuzz.h"
#include "tests/unit/contain.h"
#include "tests/unit/fact_engine.h"

enum { HEADER = 8, FLAGS = 8, CONTEXT = 256, PACKET = 96, ROOM = 32, BUDGET = 3000,
       PROGRAMS = 4 /* a map's id */, MOST_INSNS = 600 };

static void must(int condition)
{
    if (!condition)
        abort();
}

static const struct ebpf_verify_map maps[] = {
    {1, {.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 8, .max_entries = 16}},
    {2, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 64, .max_entries = 4}},
    {3, {.kind = EBPF_MAP_RINGBUF, .max_entries = 4096}}};

static const char *type_of(uint8_t byte)
{
    size_t count = 0;
    while (ebpf_verify_type_at(count))
        count++;
    return ebpf_verify_type_at(byte % count);
}

static ebpf_status verify(const struct ebpf_program *program, const struct ebpf_pass *const *passes,
                          const uint8_t *header)
{
    const struct ebpf_verify_options options = {.size = sizeof(options),
                                                .passes = passes,
                                                .type = type_of(header[0]),
                                                .maps = maps,
                                                .map_count = sizeof(maps) / sizeof(maps[0]),
                                                .flags = header[1] % FLAGS};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ebpf_status status = ebpf_verify_for(program, &options, diag);
    must(status == EBPF_OK || ebpf_diag_count(diag) > 0);
    ebpf_diag_free(diag);
    return status;
}

/* --- runs ------------------------------------------------------------------------------------- */

/* What a VM finds around it; each has its own, lest runs depend on those before. */
struct world {
    struct ebpf_map *maps[PROGRAMS];
    struct ebpf_vm *other; /* stands in the map of programs */
};

/* Writes where the frames of its callers are, and returns what no function does. */
static struct ebpf_program *make_other(void)
{
    struct ebpf_builder *b = ebpf_builder_new(NULL);
    struct ebpf_program *program;
    for (int at = -512; at < 512; at += 8)
        ebpf_build_insn(b, EBPF_OP_STDW, EBPF_R10, EBPF_R0, (int16_t)at, 0x7fff1234);
    ebpf_build_insn(b, EBPF_OP_MOV64_IMM, EBPF_R0, EBPF_R0, 0, -5);
    ebpf_build_insn(b, EBPF_OP_EXIT, EBPF_R0, EBPF_R0, 0, 0);
    must(ebpf_builder_finish(b, NULL, &program) == EBPF_OK);
    ebpf_builder_free(b);
    return program;
}

static struct ebpf_vm *make_vm(const struct ebpf_vm_options *options, const struct world *world)
{
    struct ebpf_vm *vm = NULL;
    if (ebpf_vm_new(options, NULL, &vm))
        return NULL; /* no such type of VM */
    must(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()) == EBPF_OK);
    for (uint32_t i = 0; i < PROGRAMS; i++)
        must(ebpf_vm_add_map(vm, i + 1, world->maps[i]) == EBPF_OK);
    return vm;
}

static void make_world(struct world *world, const struct ebpf_vm_options *options)
{
    const struct ebpf_map_def programs = {.kind = EBPF_MAP_PROG_ARRAY, .key_size = 4,
                                          .value_size = 4, .max_entries = 1};
    const uint64_t value[8] = {3, 70, 1 << 20};
    const uint32_t key = 0;
    for (uint32_t i = 0; i < PROGRAMS; i++)
        must(ebpf_map_new(i < PROGRAMS - 1 ? &maps[i].def : &programs, NULL, NULL,
                          &world->maps[i]) == EBPF_OK);
    must(ebpf_map_update(world->maps[0], &key, value, EBPF_UPDATE_ANY) == 0);
    must(ebpf_map_update(world->maps[1], &key, value, EBPF_UPDATE_ANY) == 0);
    world->other = options->policy == EBPF_POLICY_CHECKED ? make_vm(options, world) : NULL;
    if (!world->other)
        return;
    struct ebpf_program *program = make_other();
    if (!ebpf_vm_set_program(world->other, program, NULL) &&
        !ebpf_vm_compile(world->other, NULL))
        must(ebpf_map_set_program(world->maps[PROGRAMS - 1], 0, world->other, NULL) == EBPF_OK);
    ebpf_program_unref(program);
}

static void free_world(struct world *world)
{
    ebpf_vm_free(world->other);
    for (uint32_t i = 0; i < PROGRAMS; i++)
        ebpf_map_unref(world->maps[i]);
}

/* Small numbers, and bytes that follow from the input. */
static void fill(uint8_t *bytes, size_t size, uint64_t random)
{
    for (size_t i = 0; i < size; i++) {
        random = (random ^ i) * UINT64_C(0x9e3779b97f4a7c15);
        random ^= random >> 29;
        bytes[i] = (uint8_t)(random >> 33 & (random & 3 ? random >> 41 & 0x3f : 0xff));
    }
}

/* One run over so many bytes; without a packet for UINT32_MAX. */
static ebpf_status run(const struct ebpf_vm *vm, const struct ebpf_vm_options *options,
                       uint32_t length, uint64_t random)
{
    enum ebpf_vm_kind kind = options->kind;
    uint8_t buffer[ROOM + PACKET + ROOM], context[CONTEXT];
    fill(buffer, sizeof(buffer), random);
    fill(context, sizeof(context), random + 1);
    struct ebpf_input in = {.size = sizeof(in)};
    if (kind != EBPF_VM_NO_DATA && length != UINT32_MAX) {
        in.mem = buffer + ROOM;
        in.mem_size = length;
        in.head_room = in.tail_room = ROOM;
    }
    /* Proofs have it that contexts hold no sockets. */
    if ((kind == EBPF_VM_TYPED && options->policy == EBPF_POLICY_CHECKED) ||
        kind == EBPF_VM_MBUFF) {
        in.mbuff = context;
        in.mbuff_size = sizeof(context);
    }
    struct ebpf_result result;
    return ebpf_vm_run(vm, &in, &result);
}

/* Runs in one engine, the one that doubts if it has no name. */
static void run_in(const char *backend, struct ebpf_vm_options options,
                   struct ebpf_program *program, uint64_t random)
{
    static const uint32_t lengths[] = {UINT32_MAX, 0, 3, 20, 40, PACKET};
    const struct ebpf_backend *const doubts[] = {&fact_engine, NULL};
    struct world world;
    options.backend = backend;
    options.backends = backend ? NULL : doubts;
    options.passes = backend ? ebpf_verifier_lenient() : contain_passes(ebpf_verifier_lenient());
    make_world(&world, &options);
    struct ebpf_vm *vm = make_vm(&options, &world);
    bool is_proven = options.policy == EBPF_POLICY_VERIFIED;
    if (vm && !ebpf_vm_set_program(vm, program, NULL) && !ebpf_vm_compile(vm, NULL))
        for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
            ebpf_status status = run(vm, &options, lengths[i], random + i);
            must(status != EBPF_ERR_ILLEGAL);
            must(!is_proven || status == EBPF_OK || status == EBPF_ERR_BUDGET ||
                 status == EBPF_ERR_HELPER_ARG); /* kernels have an error for some sizes */
        }
    ebpf_vm_free(vm);
    free_world(&world);
}

static void run_everywhere(struct ebpf_program *program, const uint8_t *header, size_t size)
{
    const char *type = type_of(header[0]);
    struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_TYPED,
                                      .type = type, .budget = BUDGET, .seed = 1};
    if (!strcmp(type, "raw"))
        options.kind = EBPF_VM_RAW;
    else if (!strcmp(type, "none"))
        options.kind = EBPF_VM_NO_DATA;
    else if (!strcmp(type, "custom") || !strcmp(type, "unspec"))
        options.kind = EBPF_VM_MBUFF; /* only the caller knows how much of a context there is */
    int policies = options.kind == EBPF_VM_MBUFF ? 1 : 2;
    options.type = options.kind == EBPF_VM_TYPED ? type : NULL;
    uint64_t random = (uint64_t)header[0] << 32 | size;
    for (int p = 0; p < policies; p++) {
        const struct ebpf_backend *backend;
        options.policy = p ? EBPF_POLICY_VERIFIED : EBPF_POLICY_CHECKED;
        run_in(NULL, options, program, random);
        for (size_t i = 0; (backend = ebpf_backend_at(i)) != NULL; i++)
            if (backend->probe() == EBPF_OK)
                run_in(backend->name, options, program, random);
    }
}

/* Whether the strict list, of a program that is safe, says nothing, or what is minded in code that
 * is dead for the one only that comes without a proof. */
static bool is_for_dead_code(ebpf_status status)
{
    return status == EBPF_OK || status == EBPF_ERR_WRITE_R10 || status == EBPF_ERR_CALL_KIND ||
           status == EBPF_ERR_SHIFT || status == EBPF_ERR_DIV_ZERO;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ebpf_pass *const *strict = ebpf_verifier_strict();
    const struct ebpf_pass *passes[16] = {0};
    struct ebpf_program *program;
    size_t count = 0;
    for (; strict[count] && count < 14; count++)
        passes[count] = strict[count];
    passes[count] = ebpf_pass_find("safety");
    if (size < HEADER ||
        ebpf_program_decode(data + HEADER, size - HEADER, "fuzz", NULL, NULL, &program) != EBPF_OK)
        return 0;
    ebpf_status safe = verify(program, passes, data);
    must(verify(program, passes, data) == safe);
    must(safe != EBPF_OK || is_for_dead_code(verify(program, strict, data)));
    must(verify(program, strict, data) != EBPF_OK ||
         verify(program, ebpf_verifier_lenient(), data) == EBPF_OK);
    if (ebpf_program_size(program) <= 8 * MOST_INSNS)
        run_everywhere(program, data, size);
    ebpf_program_unref(program);
    return 0;
}
