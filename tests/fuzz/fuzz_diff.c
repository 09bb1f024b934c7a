/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Compares the engines with each other.  An input is a string of choices that makes a program:
 * loops, branches, local calls, helpers, maps, memory, atomics, words byte by byte, all of which
 * the strict verifier accepts.  It runs in every engine, under every policy and option that changes
 * its code, with all of its budget and with part of it: result, memory, map, fault and number of
 * instructions must be the same.
 *
 * Values are in r0 to r5, r7 and r9, addresses in r6, r8 and r10 only, so that results do not
 * depend on where memory lies.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

#include "tests/unit/contain.h"
#include "tests/unit/fact_engine.h"

enum {
    PACKET = 64, STACK = 128, LOOPS = 3, DEPTH = 4, FUNCTIONS = 3, STATEMENTS = 12, MAP = 7,
    ELEMENTS = 4, VALUE = 16, MAX_INSNS = 1500
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* assert() that no NDEBUG removes. */
static void must(int condition)
{
    if (!condition)
        abort();
}

struct maker {
    const uint8_t *data; /* choices; when they are used up, others follow from them */
    size_t size, at;
    uint64_t random;
    struct ebpf_builder *b;
    struct ebpf_label functions[FUNCTIONS];
    unsigned function, loops, depth, count;
};

/* A number below `limit`. */
static uint32_t choose(struct maker *m, uint32_t limit)
{
    uint32_t byte = m->at < m->size ? m->data[m->at++] : 0;
    m->random = (m->random ^ byte) * UINT64_C(0x9e3779b97f4a7c15);
    m->random ^= m->random >> 29;
    if (limit <= 256 && m->at < m->size)
        return byte % limit;
    return (uint32_t)(m->random >> 16) % limit;
}

static void put(struct maker *m, enum ebpf_op op, unsigned dst, unsigned src, int off, int64_t imm)
{
    ebpf_build_insn(m->b, op, (enum ebpf_reg)dst, (enum ebpf_reg)src, (int16_t)off, imm);
    m->count++;
}

static void jump(struct maker *m, enum ebpf_op op, unsigned dst, unsigned src, int32_t imm,
                 struct ebpf_label target)
{
    ebpf_build_jump(m->b, op, (enum ebpf_reg)dst, (enum ebpf_reg)src, imm, target);
    m->count++;
}

static unsigned value_reg(struct maker *m)
{
    static const uint8_t regs[] = {0, 1, 2, 3, 4, 5, 7, 9};
    return regs[choose(m, sizeof(regs))];
}

static int32_t constant(struct maker *m)
{
    static const int32_t some[] = {0, 1, -1, 2, 3, 7, 8, 10, 31, 32, 33, 63, 64, 127, 128, 255, 256,
                                   1000, 65535, INT32_MAX, INT32_MIN, -2, -128, -129, 0x12345678};
    uint32_t n = choose(m, 32);
    return n < sizeof(some) / sizeof(some[0]) ? some[n] : (int32_t)choose(m, UINT32_MAX);
}

static enum ebpf_op op_of(struct maker *m, unsigned low, unsigned high)
{
    unsigned start = choose(m, 256);
    for (unsigned i = 0;; i++) {
        enum ebpf_op op = (enum ebpf_op)((start + i) % EBPF_OP_COUNT);
        unsigned format = ebpf_op_info(op)->format;
        if (op != EBPF_OP_DATA && format >= low && format <= high)
            return op;
    }
}

static void alu(struct maker *m)
{
    enum ebpf_op op = op_of(m, EBPF_FMT_ALU_IMM, EBPF_FMT_END);
    const struct ebpf_op_info *info = ebpf_op_info(op);
    int64_t imm = 0;
    if (info->format == EBPF_FMT_ALU_IMM) {
        imm = constant(m);
        int is_shift = info->oper == EBPF_OPER_LSH || info->oper == EBPF_OPER_RSH ||
                       info->oper == EBPF_OPER_ARSH;
        imm = is_shift ? imm & (info->width - 1) : imm;
        int divides = info->oper == EBPF_OPER_DIV || info->oper == EBPF_OPER_MOD ||
                      info->oper == EBPF_OPER_SDIV || info->oper == EBPF_OPER_SMOD;
        imm = divides && imm == 0 ? 3 : imm;
    }
    put(m, op, value_reg(m), info->format == EBPF_FMT_ALU_REG ? value_reg(m) : 0, 0, imm);
}

/* A base and an offset for an access of `size` bytes, mostly in bounds. */
static unsigned place(struct maker *m, int size, int aligned, int *off)
{
    uint32_t kind = choose(m, 250);
    int step = aligned ? size : 1;
    if (kind == 0) { /* out of the packet */
        *off = PACKET - size + 1 + (int)choose(m, 8);
        return 6;
    }
    if (kind < 100) {
        *off = -STACK + (int)choose(m, (uint32_t)((STACK - size) / step + 1)) * step;
        return 10;
    }
    if (kind < 200) {
        *off = (int)choose(m, (uint32_t)((PACKET - size) / step + 1)) * step;
        return 6;
    }
    /* at a computed place: r8 = packet or stack + some value */
    unsigned reg = value_reg(m);
    put(m, EBPF_OP_AND64_IMM, reg, 0, 0, aligned ? 24 : 31);
    put(m, EBPF_OP_MOV64_REG, 8, kind & 1 ? 6 : 10, 0, 0);
    put(m, EBPF_OP_ADD64_REG, 8, reg, 0, 0);
    *off = (int)choose(m, 4) * 8 - (kind & 1 ? 0 : 64);
    if (kind >= 248)
        *off += 32; /* may be out */
    return 8;
}

static void memory(struct maker *m)
{
    enum ebpf_op op = op_of(m, EBPF_FMT_LDX, EBPF_FMT_STX);
    const struct ebpf_op_info *info = ebpf_op_info(op);
    int off;
    unsigned base = place(m, info->width / 8, 0, &off);
    if (info->format == EBPF_FMT_LDX)
        put(m, op, value_reg(m), base, off, 0);
    else if (info->format == EBPF_FMT_ST)
        put(m, op, base, 0, off, constant(m));
    else
        put(m, op, base, value_reg(m), off, 0);
}

static void atomic(struct maker *m)
{
    enum ebpf_op op = op_of(m, EBPF_FMT_ATOMIC, EBPF_FMT_STORE_REL);
    const struct ebpf_op_info *info = ebpf_op_info(op);
    int off;
    unsigned base = place(m, info->width / 8, choose(m, 32) != 0, &off);
    if (info->format == EBPF_FMT_LOAD_ACQ)
        put(m, op, value_reg(m), base, off, 0);
    else
        put(m, op, base, value_reg(m), off, 0);
}

/* A word byte by byte, as compilers access it where alignment is unknown. */
static void bytes(struct maker *m)
{
    int size = 2 << choose(m, 3), swapped = (int)choose(m, 2), store = (int)choose(m, 2), off;
    unsigned base = place(m, size, 0, &off), a = value_reg(m), t = value_reg(m);
    for (int i = 0; i < size; i++) {
        int at = off + (swapped ? size - 1 - i : i);
        if (store) {
            put(m, EBPF_OP_MOV64_REG, t, a, 0, 0);
            put(m, EBPF_OP_RSH64_IMM, t, 0, 0, 8 * i);
            put(m, EBPF_OP_STXB, base, t, at, 0);
        } else {
            put(m, EBPF_OP_LDXB, i ? t : a, base, at, 0);
            put(m, EBPF_OP_LSH64_IMM, i ? t : a, 0, 0, 8 * i);
            if (i)
                put(m, EBPF_OP_OR64_REG, a, t, 0, 0);
        }
    }
}

static void statements(struct maker *m, unsigned most);

static void branch(struct maker *m)
{
    struct ebpf_label other = ebpf_label_new(m->b, NULL), end = ebpf_label_new(m->b, NULL);
    enum ebpf_op op = op_of(m, EBPF_FMT_JMP_IMM, EBPF_FMT_JMP_REG);
    int by_reg = ebpf_op_info(op)->format == EBPF_FMT_JMP_REG;
    jump(m, op, value_reg(m), by_reg ? value_reg(m) : 0, by_reg ? 0 : constant(m), other);
    statements(m, 4);
    int has_else = choose(m, 2) != 0;
    if (has_else)
        jump(m, EBPF_OP_JA, 0, 0, 0, end);
    ebpf_label_bind(m->b, other);
    if (has_else)
        statements(m, 4);
    ebpf_label_bind(m->b, end);
}

/* Counted in a place of the stack that nothing else knows, so that it ends. */
static void loop(struct maker *m)
{
    if (m->loops == LOOPS)
        return;
    int slot = -STACK - 8 * (int)++m->loops;
    put(m, EBPF_OP_STDW, 10, 0, slot, 1 + choose(m, 5));
    struct ebpf_label head = ebpf_label_here(m->b, NULL);
    statements(m, 5);
    if (choose(m, 8) == 0) {
        struct ebpf_label out = ebpf_label_new(m->b, NULL);
        jump(m, EBPF_OP_MAY_GOTO, 0, 0, 0, out);
        ebpf_label_bind(m->b, out);
    }
    put(m, EBPF_OP_LDXDW, 9, 10, slot, 0);
    put(m, EBPF_OP_SUB64_IMM, 9, 0, 0, 1);
    put(m, EBPF_OP_STXDW, 10, 9, slot, 0);
    jump(m, EBPF_OP_JNE64_IMM, 9, 0, 0, head);
    m->loops--;
}

/* Looks an element up, changes it, and forgets its address. */
static void map(struct maker *m)
{
    struct ebpf_label none = ebpf_label_new(m->b, NULL);
    put(m, EBPF_OP_STW, 10, 0, -8, choose(m, ELEMENTS + 1));
    put(m, EBPF_OP_LDDW_MAP_FD, 1, 0, 0, MAP);
    put(m, EBPF_OP_MOV64_REG, 2, 10, 0, 0);
    put(m, EBPF_OP_ADD64_IMM, 2, 0, 0, -8);
    put(m, EBPF_OP_CALL, 0, 0, 0, 1);
    put(m, EBPF_OP_MOV64_REG, 8, 0, 0, 0);
    put(m, EBPF_OP_MOV64_IMM, 0, 0, 0, 0);
    put(m, EBPF_OP_MOV64_IMM, 1, 0, 0, 1);
    put(m, EBPF_OP_MOV64_IMM, 2, 0, 0, 2);
    jump(m, EBPF_OP_JEQ64_IMM, 8, 0, 0, none);
    int off = (int)choose(m, VALUE / 8) * 8 + (choose(m, 24) ? 0 : 8);
    put(m, EBPF_OP_LDXDW, 0, 8, off, 0);
    put(m, EBPF_OP_STXDW, 8, value_reg(m), off, 0);
    ebpf_label_bind(m->b, none);
    put(m, EBPF_OP_MOV64_REG, 8, 6, 0, 0);
}

static void call(struct maker *m)
{
    uint32_t kind = choose(m, 5);
    if (kind == 0 && m->function + 1 < FUNCTIONS) {
        jump(m, EBPF_OP_CALL_LOCAL, 0, 0, 0,
             m->functions[m->function + 1 + choose(m, FUNCTIONS - m->function - 1)]);
    } else if (kind == 1) {
        map(m);
    } else if (kind == 2) {
        put(m, EBPF_OP_MOV64_IMM, 9, 0, 0, 100 + choose(m, 3));
        put(m, EBPF_OP_CALLX, 9, 0, 0, 0);
    } else {
        put(m, EBPF_OP_CALL, 0, 0, 0, choose(m, 64) ? 100 + choose(m, 2) : 102);
    }
}

static void statement(struct maker *m)
{
    switch (choose(m, 16)) {
    case 0: case 1: memory(m); break;
    case 2: atomic(m); break;
    case 3: bytes(m); break;
    case 4: case 5: branch(m); break;
    case 6: loop(m); break;
    case 7: call(m); break;
    case 8:
        put(m, EBPF_OP_LDDW, value_reg(m), 0, 0,
            (int64_t)((uint64_t)constant(m) << 32 | choose(m, UINT32_MAX)));
        break;
    default: alu(m);
    }
}

static void statements(struct maker *m, unsigned most)
{
    if (++m->depth <= DEPTH)
        for (unsigned n = 1 + choose(m, most); n > 0 && m->count < MAX_INSNS; n--)
            statement(m);
    m->depth--;
}

static void function(struct maker *m)
{
    if (m->function)
        ebpf_build_function(m->b, m->functions[m->function]);
    else
        put(m, EBPF_OP_MOV64_REG, 6, 1, 0, 0);
    put(m, EBPF_OP_MOV64_REG, 8, 6, 0, 0);
    for (unsigned reg = 0; reg < 8; reg += reg == 5 ? 2 : 1)
        if (reg == 1 || choose(m, 2))
            put(m, EBPF_OP_MOV64_IMM, reg, 0, 0, constant(m));
    m->count = 0;
    while (m->count < MAX_INSNS / 2 && m->at + 1 < m->size * (m->function + 1) / FUNCTIONS + 1 &&
           choose(m, 32))
        statements(m, STATEMENTS);
    /* What is in registers is part of the result. */
    for (unsigned reg = 1; reg < 10; reg++)
        if (reg != 6 && reg != 8)
            put(m, EBPF_OP_XOR64_REG, 0, reg, 0, 0);
    put(m, EBPF_OP_EXIT, 0, 0, 0, 0);
}

static struct ebpf_program *make_program(const uint8_t *data, size_t size)
{
    struct maker m = {.data = data, .size = size, .random = size, .b = ebpf_builder_new(NULL)};
    struct ebpf_program *program;
    for (unsigned i = 0; i < FUNCTIONS; i++)
        m.functions[i] = ebpf_label_new(m.b, NULL);
    for (m.function = 0; m.function < FUNCTIONS; m.function++)
        function(&m);
    ebpf_status status = ebpf_builder_finish(m.b, NULL, &program);
    ebpf_builder_free(m.b);
    must(status == EBPF_OK || status == EBPF_ERR_RANGE);
    return program;
}

static uint64_t plain(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
    (void)c;
    return a + 3 * b + 5 * d + 7 * e;
}

static uint64_t seeing(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)run, (void)ctx;
    return args[0] ^ args[4];
}

static uint64_t failing(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx;
    if (args[1] & 1)
        ebpf_run_end(run, args[2]);
    else
        ebpf_run_fail(run, EBPF_ERR_HELPER_FAULT, "even");
    return 0;
}

/* A way to run programs. */
struct column {
    const char *backend; /* NULL for the engine that looks whether what is proven is true */
    enum ebpf_policy policy;
    struct ebpf_code_options code;
};

enum { HARDENED = EBPF_CODE_BLINDED | EBPF_CODE_SHUFFLED | EBPF_CODE_MASKED };

struct outcome {
    ebpf_status status;
    struct ebpf_result result;
    uint8_t packet[PACKET];
    uint8_t values[ELEMENTS][VALUE];
};

static struct ebpf_map *make_map(void)
{
    const struct ebpf_map_def def = {.kind = EBPF_MAP_ARRAY, .key_size = 4,
                                     .value_size = VALUE, .max_entries = ELEMENTS};
    struct ebpf_map *map;
    must(ebpf_map_new(&def, NULL, NULL, &map) == EBPF_OK);
    return map;
}

/* Whatever is made here is valid. */
static void load(struct ebpf_vm *vm, struct ebpf_program *program)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_stream err = ebpf_stream_file(stderr);
    ebpf_status status = ebpf_vm_set_program(vm, program, diag);
    status = status ? status : ebpf_vm_compile(vm, diag);
    ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &err);
    ebpf_diag_free(diag);
    must(status == EBPF_OK);
}

static struct ebpf_vm *make_vm(const struct column *column, struct ebpf_program *program,
                               struct ebpf_map *map)
{
    const struct ebpf_helper helpers[] = {{.id = 100, .fn = plain},
                                          {.id = 101, .run_fn = seeing},
                                          {.id = 102, .run_fn = failing}};
    const struct ebpf_backend *const doubts[] = {&fact_engine, NULL};
    const struct ebpf_pass *const *passes = ebpf_verifier_lenient();
    if (!column->backend)
        passes = contain_passes(passes);
    const struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_RAW,
                                            .backend = column->backend,
                                            .backends = column->backend ? NULL : doubts,
                                            .policy = column->policy,
                                            .code = column->code, .seed = 1,
                                            .passes = passes};
    struct ebpf_vm *vm;
    must(ebpf_vm_new(&options, NULL, &vm) == EBPF_OK);
    must(ebpf_vm_register_helpers(vm, ebpf_helpers_kernel()) == EBPF_OK);
    for (size_t i = 0; i < sizeof(helpers) / sizeof(helpers[0]); i++)
        must(ebpf_vm_register_helper(vm, &helpers[i]) == EBPF_OK);
    must(ebpf_vm_add_map(vm, MAP, map) == EBPF_OK);
    load(vm, program);
    return vm;
}

static void run(const struct ebpf_vm *vm, struct ebpf_map *map, uint64_t budget,
                struct outcome *out)
{
    memset(out, 0, sizeof(*out));
    for (unsigned i = 0; i < PACKET; i++)
        out->packet[i] = (uint8_t)(i * 37);
    for (uint32_t i = 0; i < ELEMENTS; i++)
        must(ebpf_map_update(map, &i, out->values[i], 0) == 0);
    const struct ebpf_input in = {.size = sizeof(in), .mem = out->packet, .mem_size = PACKET,
                                  .budget = budget};
    out->status = ebpf_vm_run(vm, &in, &out->result);
    for (uint32_t i = 0; i < ELEMENTS; i++)
        must(ebpf_map_lookup(map, &i, out->values[i]) == 0);
}

static void must_agree(const struct outcome *a, const struct outcome *b)
{
    must(a->status == b->status);
    must(a->result.r0 == b->result.r0);
    must(a->result.executed == b->result.executed);
    must(memcmp(a->packet, b->packet, PACKET) == 0);
    must(memcmp(a->values, b->values, sizeof(a->values)) == 0);
    if (a->status == EBPF_OK)
        return;
    const struct ebpf_fault *f = &a->result.fault, *g = &b->result.fault;
    must(f->status == g->status && f->insn == g->insn && f->pc == g->pc && f->size == g->size);
    must(f->has_nearest == g->has_nearest && f->nearest.kind == g->nearest.kind);
    must(strcmp(f->message, g->message) == 0);
}

/* Runs in one column; the first one tells what all others must come to. */
static void compare(const struct column *column, struct ebpf_program *program,
                    struct outcome first[3], int is_first)
{
    struct ebpf_map *map = make_map();
    struct ebpf_vm *vm = make_vm(column, program, map);
    uint64_t all = first[0].result.executed;
    uint64_t budgets[3] = {100000, all / 2, all ? all - 1 : 0};
    for (int i = 0; i < 3; i++) {
        struct outcome now;
        if (is_first && i == 1) {
            all = first[0].result.executed;
            budgets[1] = all / 2;
            budgets[2] = all ? all - 1 : 0;
        }
        if (budgets[i] == 0)
            continue;
        run(vm, map, budgets[i], is_first ? &first[i] : &now);
        if (!is_first)
            must_agree(&first[i], &now);
    }
    ebpf_vm_free(vm);
    ebpf_map_unref(map);
}

static void compare_all(struct ebpf_program *program)
{
    static const struct ebpf_code_options codes[] = {{NULL, 0}, {"none", 0}, {NULL, HARDENED}};
    static struct outcome first[3];
    const struct ebpf_backend *backend;
    compare(&(struct column){.backend = NULL}, program, first, 1);
    for (size_t i = 0; (backend = ebpf_backend_at(i)) != NULL; i++) {
        size_t ways = backend->caps & EBPF_BACKEND_NATIVE ? 3 : 1;
        for (size_t n = 0; n < ways && backend->probe() == EBPF_OK; n++) {
            struct column column = {backend->name, EBPF_POLICY_CHECKED, codes[n]};
            compare(&column, program, first, 0);
            column.policy = EBPF_POLICY_TRUSTED;
            if (first[0].status == EBPF_OK) /* programs that fault are not to be trusted */
                compare(&column, program, first, 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ebpf_program *program = make_program(data, size);
    if (!program)
        return 0;
    compare_all(program);
    ebpf_program_unref(program);
    return 0;
}
