/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Wide accesses against the program as it is written: random pieces of code that load and store
 * words byte by byte, interleaved, are run both ways over a small memory that some of them leave;
 * and by the engines, which make use of what is found.
 */
#include <string.h>

#include "ir/alu.h"
#include "ir/liveness.h"
#include "ir/op.h"
#include "ir/opt/wide.h"
#include "tests/unit/random.h"
#include "tests/unit/rig.h"

enum { MEMORY = 64, FRAME = 32, FRAME_END = 1 << 20, MAX = 512, NO_FAULT = -1 };

/* --- a machine with straight code, one memory and a frame ------------------------------------- */

struct machine {
    uint64_t reg[EBPF_REG_COUNT]; /* addresses are offsets into the memory; but for r10 */
    uint8_t memory[MEMORY + FRAME];
    int fault; /* the instruction that failed */
};

static bool is_in_frame(uint64_t address)
{
    return address >= FRAME_END - FRAME && address < FRAME_END;
}

static bool reaches(uint64_t address, unsigned size)
{
    uint64_t end = is_in_frame(address) ? FRAME_END : MEMORY;
    return address <= end && size <= end - address;
}

static uint8_t *at(struct machine *m, uint64_t address)
{
    return &m->memory[is_in_frame(address) ? MEMORY + address - (FRAME_END - FRAME) : address];
}

static uint64_t load(struct machine *m, uint64_t address, unsigned size)
{
    uint64_t value = 0;
    memcpy(&value, at(m, address), size);
    return value;
}

static bool access_memory(struct machine *m, const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    bool loads = info->format == EBPF_FMT_LDX;
    uint64_t address = m->reg[loads ? insn->src : insn->dst] + (uint64_t)(int64_t)insn->off;
    if (!reaches(address, info->width / 8u))
        return false;
    if (loads)
        m->reg[insn->dst] = load(m, address, info->width / 8u);
    else
        memcpy(at(m, address), &m->reg[insn->src], info->width / 8u);
    return true;
}

static bool do_insn(struct machine *m, const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    if (info->effects & (EBPF_FX_LOAD | EBPF_FX_STORE))
        return access_memory(m, insn);
    bool imm = info->format == EBPF_FMT_ALU_IMM;
    if (insn->op != EBPF_OP_EXIT)
        m->reg[insn->dst] =
            ebpf_alu_eval((enum ebpf_oper)info->oper, info->width, m->reg[insn->dst],
                          imm ? (uint64_t)insn->imm : m->reg[insn->src]);
    return true;
}

static void run_plain(struct machine *m, const struct ebpf_program *program, uint32_t from)
{
    for (uint32_t i = from; i < ebpf_program_count(program); i++) {
        if (do_insn(m, ebpf_program_at(program, i)))
            continue;
        m->fault = (int)i;
        return;
    }
}

static void do_wide(struct machine *m, const struct ebpf_wide *w)
{
    uint64_t address = m->reg[w->last_base] + (uint64_t)(int64_t)w->last_off;
    ck_assert(reaches(address, w->size));
    if (!w->store) {
        uint64_t value = load(m, address, w->size);
        m->reg[w->value] = w->swap ? ebpf_alu_eval(EBPF_OPER_BSWAP, w->size * 8u, value, 0) : value;
        return;
    }
    uint64_t value = m->reg[w->value];
    if (w->swap)
        value = ebpf_alu_eval(EBPF_OPER_BSWAP, w->size * 8u, value, 0);
    memcpy(at(m, address), &value, w->size);
}

/* As an engine would: checks at the starts, then what is kept, and the wide accesses. */
static void run_wide(struct machine *m, const struct ebpf_program *program,
                     const struct ebpf_wides *wides)
{
    const struct ebpf_wide *w = wides->wides.data;
    for (uint32_t i = 0; i < ebpf_program_count(program); i++) {
        for (size_t k = 0; k < wides->wides.count; k++) {
            uint64_t address = m->reg[w[k].start_base] + (uint64_t)(int64_t)w[k].start_off;
            if (w[k].start == i && !reaches(address, w[k].size)) {
                run_plain(m, program, i);
                return;
            }
        }
        if (wides->roles && wides->roles[i] == EBPF_WIDE_OMIT)
            continue;
        if (wides->roles && wides->roles[i] == EBPF_WIDE_LAST) {
            for (size_t k = 0; k < wides->wides.count; k++)
                if (w[k].last == i)
                    do_wide(m, &w[k]);
        } else if (!do_insn(m, ebpf_program_at(program, i))) {
            m->fault = (int)i;
            return;
        }
    }
}

/* --- programs -------------------------------------------------------------------------------- */

/* A few instructions that belong together, to be mixed with others. */
struct stream {
    struct ebpf_insn insns[64];
    unsigned count, next;
};

static void emit(struct stream *s, enum ebpf_op op, unsigned dst, unsigned src, int off, int imm)
{
    struct ebpf_insn *insn = &s->insns[s->count++];
    ebpf_insn_init(insn, op);
    insn->dst = (uint8_t)dst;
    if (ebpf_op_table[op].fields & EBPF_FIELD_SRC)
        insn->src = (uint8_t)src;
    if (ebpf_op_table[op].fields & EBPF_FIELD_OFF)
        insn->off = (int16_t)off;
    if (ebpf_op_table[op].fields & EBPF_FIELD_IMM)
        insn->imm = imm;
}

static void shuffle(uint32_t *random, unsigned *order, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        order[i] = i;
    for (unsigned i = count; i > 1; i--) {
        unsigned k = next_random(random) % i, t = order[k];
        order[k] = order[i - 1];
        order[i - 1] = t;
    }
}

/* Loads `size` bytes one by one into `acc` with the help of `t`, or of the base itself for the last
 * of them, and adds the word to r0. */
static void emit_load(struct stream *s, uint32_t *random, unsigned acc, unsigned base)
{
    unsigned size = 2u << next_random(random) % 3, order[8], t;
    bool downwards = next_random(random) & 1, narrow = size <= 4 && next_random(random) & 1;
    int off = (int)(next_random(random) % (MEMORY + 2)) - 4;
    bool ends_base = next_random(random) % 4 == 0;
    shuffle(random, order, size);
    for (unsigned i = 0; i < size; i++) {
        t = ends_base && i == size - 1 ? base : acc + 1;
        unsigned to = i ? t : acc, lane = downwards ? size - 1 - order[i] : order[i];
        emit(s, EBPF_OP_LDXB, to, base, off + (int)order[i], 0);
        if (lane)
            emit(s, narrow ? EBPF_OP_LSH32_IMM : EBPF_OP_LSH64_IMM, to, 0, 0, (int)lane * 8);
        if (i)
            emit(s, narrow ? EBPF_OP_OR32_REG : EBPF_OP_OR64_REG, acc, t, 0, 0);
    }
    if (next_random(random) % 3 == 0)
        emit(s, size == 2 ? EBPF_OP_BE16 : size == 4 ? EBPF_OP_BE32 : EBPF_OP_BE64, acc, 0, 0, 0);
    emit(s, EBPF_OP_XOR64_REG, 0, acc, 0, 0);
}

/* Stores `size` bytes of `acc` one by one. */
static void emit_store(struct stream *s, uint32_t *random, unsigned acc, unsigned base)
{
    unsigned size = 2u << next_random(random) % 3, order[8], t = acc + 1;
    bool downwards = next_random(random) & 1;
    int off = (int)(next_random(random) % (MEMORY + 2)) - 4;
    shuffle(random, order, size);
    for (unsigned i = 0; i < size; i++) {
        emit(s, EBPF_OP_MOV64_REG, t, acc, 0, 0);
        unsigned lane = downwards ? size - 1 - order[i] : order[i];
        if (lane)
            emit(s, EBPF_OP_RSH64_IMM, t, 0, 0, (int)lane * 8);
        emit(s, EBPF_OP_STXB, base, t, off + (int)order[i], 0);
    }
}

/* Copies bytes one or two at a time, with one register or with two in turn, to near where they come
 * from: they may overlap. */
static void emit_copy(struct stream *s, uint32_t *random, unsigned acc, unsigned base)
{
    unsigned piece = 1 + next_random(random) % 2, count = 2u << next_random(random) % 2, order[8];
    bool in_turn = next_random(random) & 1, swaps = next_random(random) % 4 == 0;
    enum ebpf_op in = piece == 1 ? EBPF_OP_LDXB : EBPF_OP_LDXH;
    enum ebpf_op out = piece == 1 ? EBPF_OP_STXB : EBPF_OP_STXH;
    int from = (int)(next_random(random) % (MEMORY + 2)) - 4;
    int to = from + (int)(next_random(random) % 25) - 12;
    shuffle(random, order, count);
    for (unsigned i = 0; i < count; i++) {
        unsigned reg = in_turn ? acc + i % 2 : acc;
        int off = (int)(order[i] * piece), turned = (int)((count - 1 - order[i]) * piece);
        emit(s, in, reg, base, from + off, 0);
        if (!in_turn || i % 2)
            emit(s, out, base, reg, to + (swaps ? turned : off), 0);
        if (in_turn && i % 2)
            emit(s, out, base, acc, to + (int)(order[i - 1] * piece), 0);
    }
    if (next_random(random) % 8 == 0)
        emit(s, EBPF_OP_XOR64_REG, 0, acc, 0, 0);
}

/* Swaps two bytes at each of two places, with what is known only while both are in registers. */
static void emit_swap(struct stream *s, uint32_t *random, unsigned acc, unsigned base)
{
    int a = (int)(next_random(random) % (MEMORY - 2)), b = (int)(next_random(random) % MEMORY);
    emit(s, EBPF_OP_LDXB, acc, base, a, 0);
    emit(s, EBPF_OP_LDXB, 9, base, b, 0);
    emit(s, EBPF_OP_STXB, base, 9, a, 0);
    emit(s, EBPF_OP_LDXB, acc + 1, base, a + 1, 0);
    emit(s, EBPF_OP_LDXB, 9, base, b + 1, 0);
    emit(s, EBPF_OP_STXB, base, 9, a + 1, 0);
    emit(s, EBPF_OP_STXB, base, acc, b, 0);
    emit(s, EBPF_OP_STXB, base, acc + 1, b + 1, 0);
}

/* Loads a word byte by byte, half of which is put on the stack in the meantime. */
static void emit_spill(struct stream *s, uint32_t *random, unsigned acc, unsigned base)
{
    static const struct {
        enum ebpf_op out, in;
    } widths[] = {{EBPF_OP_STXH, EBPF_OP_LDXH}, {EBPF_OP_STXW, EBPF_OP_LDXW},
                  {EBPF_OP_STXDW, EBPF_OP_LDXDW}};
    unsigned out = next_random(random) % 3, in = next_random(random) % 8 ? out : 0;
    int off = (int)(next_random(random) % (MEMORY + 2)) - 4, slot = (int)acc * -4;
    emit(s, EBPF_OP_LDXB, acc, base, off + 1, 0);
    emit(s, EBPF_OP_LSH64_IMM, acc, 0, 0, 8);
    emit(s, EBPF_OP_LDXB, acc + 1, base, off, 0);
    emit(s, EBPF_OP_OR64_REG, acc, acc + 1, 0, 0);
    emit(s, widths[out].out, EBPF_REG_FP, acc, slot, 0);
    emit(s, EBPF_OP_LDXB, acc, base, off + 2, 0);
    emit(s, EBPF_OP_LSH64_IMM, acc, 0, 0, 16);
    emit(s, EBPF_OP_LDXB, acc + 1, base, off + 3, 0);
    emit(s, EBPF_OP_LSH64_IMM, acc + 1, 0, 0, 24);
    emit(s, EBPF_OP_OR64_REG, acc, acc + 1, 0, 0);
    emit(s, widths[in].in, acc + 1, EBPF_REG_FP, slot, 0);
    emit(s, EBPF_OP_OR64_REG, acc, acc + 1, 0, 0);
    emit(s, EBPF_OP_XOR64_REG, 0, acc, 0, 0);
}

/* An address that is put on the stack, and what is loaded by it. */
static void emit_address(struct stream *s, uint32_t *random, unsigned acc, unsigned base)
{
    int by = (int)(next_random(random) % 16);
    emit(s, EBPF_OP_MOV64_REG, acc, base, 0, 0);
    emit(s, EBPF_OP_ADD64_IMM, acc, 0, 0, by);
    emit(s, EBPF_OP_STXDW, EBPF_REG_FP, acc, (int)acc * -4, 0);
    emit(s, EBPF_OP_LDXB, acc, base, by, 0);
    emit(s, EBPF_OP_LDXDW, acc + 1, EBPF_REG_FP, (int)acc * -4, 0);
    emit(s, EBPF_OP_LDXB, acc + 1, acc + 1, 1, 0);
    emit(s, EBPF_OP_LSH64_IMM, acc + 1, 0, 0, 8);
    emit(s, EBPF_OP_OR64_REG, acc, acc + 1, 0, 0);
    emit(s, EBPF_OP_XOR64_REG, 0, acc, 0, 0);
}

/* Something else, which may be in the way. */
static void emit_noise(struct stream *s, uint32_t *random)
{
    switch (next_random(random) % 8) {
    case 0:
        emit(s, EBPF_OP_LDXW, 9, 1, (int)(next_random(random) % MEMORY), 0);
        break;
    case 1:
        emit(s, EBPF_OP_STXH, 2, 9, (int)(next_random(random) % 32), 0);
        break;
    case 2:
        emit(s, EBPF_OP_ADD64_IMM, 2, 0, 0, 1);
        break;
    case 3:
        emit(s, EBPF_OP_MUL64_REG, 9, 3, 0, 0);
        break;
    case 4:
        emit(s, EBPF_OP_ADD64_REG, 0, 9, 0, 0);
        break;
    case 5:
        emit(s, EBPF_OP_STXW, EBPF_REG_FP, 9, -(int)(next_random(random) % 28) - 4, 0);
        break;
    case 6:
        emit(s, EBPF_OP_LDXH, 9, EBPF_REG_FP, -(int)(next_random(random) % 30) - 2, 0);
        break;
    case 7: /* the frame is not r10's alone any more */
        if (next_random(random) % 4 == 0)
            emit(s, EBPF_OP_MOV64_REG, 9, EBPF_REG_FP, 0, 0);
        break;
    }
}

static struct ebpf_program *random_program(uint32_t *random)
{
    struct stream streams[4] = {0};
    struct ebpf_program *program = ebpf_program_new(NULL);
    unsigned left = 0, used = 1 + next_random(random) % 3;
    for (unsigned i = 0; i < used; i++) {
        unsigned base = 1 + next_random(random) % 2, acc = 3 + 2 * i;
        static void (*const emits[])(struct stream *, uint32_t *, unsigned, unsigned) = {
            emit_load, emit_store, emit_load, emit_copy, emit_copy, emit_swap, emit_spill,
            emit_address};
        emits[next_random(random) % (sizeof(emits) / sizeof(emits[0]))](&streams[i], random, acc,
                                                                        base);
    }
    for (unsigned i = next_random(random) % 4; i > 0; i--)
        emit_noise(&streams[3], random);
    for (unsigned i = 0; i < 4; i++)
        left += streams[i].count;
    while (left) {
        struct stream *s = &streams[next_random(random) % 4];
        if (s->next < s->count) {
            *ebpf_program_push(program) = s->insns[s->next++];
            left--;
        }
    }
    ebpf_insn_init(ebpf_program_push(program), EBPF_OP_EXIT);
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    return program;
}

static void start(struct machine *m, uint32_t *random)
{
    *m = (struct machine){.fault = NO_FAULT};
    for (unsigned i = 0; i < MEMORY; i++)
        m->memory[i] = (uint8_t)next_random(random);
    for (unsigned i = 3; i < 10; i++)
        m->reg[i] = (uint64_t)next_random(random) << 32 | next_random(random);
    m->reg[1] = next_random(random) % 4;
    m->reg[2] = next_random(random) % 16;
    m->reg[EBPF_REG_FP] = FRAME_END;
}

static struct ebpf_wides wides_of(const struct ebpf_program *program)
{
    struct ebpf_wides wides;
    struct ebpf_reg_flow flow[MAX];
    ebpf_liveness(program, flow);
    ck_assert(ebpf_wides_find(program, flow, &wides));
    return wides;
}

START_TEST(both_ways_end_the_same)
{
    uint32_t random = 4711;
    size_t found = 0, omitted = 0, faults = 0;
    for (int round = 0; round < 20000; round++) {
        struct ebpf_program *program = random_program(&random);
        struct ebpf_wides wides = wides_of(program);
        struct machine plain, wide;
        start(&plain, &random);
        wide = plain;
        run_plain(&plain, program, 0);
        run_wide(&wide, program, &wides);
        ck_assert_msg(plain.fault == wide.fault, "round %d: fault %d, wide %d", round, plain.fault,
                      wide.fault);
        ck_assert_msg(memcmp(plain.memory, wide.memory, sizeof(plain.memory)) == 0, "round %d",
                      round);
        if (plain.fault == NO_FAULT)
            ck_assert_msg(plain.reg[0] == wide.reg[0], "round %d", round);
        found += wides.wides.count;
        for (uint32_t i = 0; wides.roles && i < wides.count; i++)
            omitted += wides.roles[i] == EBPF_WIDE_OMIT;
        faults += plain.fault != NO_FAULT;
        ebpf_wides_free(&wides);
        ebpf_program_unref(program);
    }
    /* The test is worth something only if it sees all of it. */
    ck_assert_uint_gt(found, 15000);
    ck_assert_msg(omitted > 100000, "%zu", omitted);
    ck_assert_uint_gt(faults, 2000);
    ck_assert_uint_lt(faults, 18000);
}
END_TEST

/* How a run of a rig has ended. */
static void check_same(const struct rig *rig, const struct rig *expected, const char *what)
{
    ck_assert_msg(rig->run.budget == expected->run.budget, "%s: budget", what);
    ck_assert_msg(!memcmp(rig->context, expected->context, RIG_MEM), "%s: context", what);
    ck_assert_msg(!memcmp(rig->packet, expected->packet, RIG_MEM), "%s: packet", what);
}

/* Whether all addresses are those that r1, r2 and r10 have at the start.  Others may lead to the
 * stack by chance, which engines that check nothing have elsewhere. */
static bool keeps_to_bases(const struct ebpf_program *program)
{
    const unsigned known = 1 << 1 | 1 << 2 | 1 << EBPF_REG_FP;
    for (uint32_t i = 0; i < ebpf_program_count(program); i++) {
        const struct ebpf_insn *insn = ebpf_program_at(program, i);
        uint16_t fx = ebpf_op_table[insn->op].effects;
        unsigned base = fx & EBPF_FX_STORE ? insn->dst : insn->src;
        if (fx & (EBPF_FX_LOAD | EBPF_FX_STORE) && !(known >> base & 1))
            return false;
    }
    return true;
}

/* The stack is just below the context; r1 is so far from it that it does not lead there. */
static void reset(struct rig *rig, enum ebpf_policy policy, uint64_t budget)
{
    rig_reset(rig);
    rig->run.args[0] += RIG_MEM / 4;
    rig->run.budget = budget;
    rig->code.policy = policy;
}

static void run_in_engine(struct rig *rig, const struct ebpf_backend *engine,
                          enum ebpf_policy policy, uint64_t budget)
{
    reset(rig, EBPF_POLICY_CHECKED, budget);
    ebpf_status status = rig_step(rig);
    struct rig expected = *rig;
    if (policy == EBPF_POLICY_TRUSTED && (status || !keeps_to_bases(rig->program)))
        return;
    reset(rig, policy, budget);
    ck_assert_msg(rig_run(rig, engine) == status, "%s", engine->name);
    check_same(rig, &expected, engine->name);
    if (status)
        ck_assert_uint_eq(rig->run.fault.insn, expected.run.fault.insn);
    else
        ck_assert_uint_eq(rig->run.result, expected.run.result);
}

START_TEST(engines_end_as_the_program_says)
{
    uint32_t random = 1147;
    for (int round = 0; round < 4000; round++) {
        struct ebpf_program *program = random_program(&random);
        struct rig rig;
        rig_init(&rig, program->insns.data, ebpf_program_count(program));
        const struct ebpf_backend *engine;
        for (size_t i = 0; (engine = ebpf_backend_at(i)); i++) {
            run_in_engine(&rig, engine, EBPF_POLICY_TRUSTED, UINT64_MAX);
            run_in_engine(&rig, engine, EBPF_POLICY_CHECKED, UINT64_MAX);
            run_in_engine(&rig, engine, EBPF_POLICY_CHECKED, next_random(&random) % 100);
        }
        rig_free(&rig);
        ebpf_program_unref(program);
    }
}
END_TEST

static struct ebpf_program *program_of(const struct stream *s)
{
    struct ebpf_program *program = ebpf_program_new(NULL);
    for (unsigned i = 0; i < s->count; i++)
        *ebpf_program_push(program) = s->insns[i];
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    return program;
}

/* The example of wide.h, with the last piece loaded to a register. */
static void emit_example(struct stream *s, unsigned last)
{
    emit(s, EBPF_OP_LDXB, 2, 1, 1, 0);
    emit(s, EBPF_OP_LSH64_IMM, 2, 0, 0, 8);
    emit(s, EBPF_OP_LDXB, last, 1, 0, 0);
    emit(s, EBPF_OP_OR64_REG, 2, last, 0, 0);
    emit(s, EBPF_OP_MOV64_REG, 0, 2, 0, 0);
}

START_TEST(a_word_is_loaded_where_it_is_complete)
{
    struct stream s = {0};
    emit_example(&s, 3);
    emit(&s, EBPF_OP_EXIT, 0, 0, 0, 0);
    struct ebpf_program *program = program_of(&s);
    struct ebpf_wides wides = wides_of(program);
    ck_assert_uint_eq(wides.wides.count, 1);
    const struct ebpf_wide *w = wides.wides.data;
    ck_assert_uint_eq(w->start, 0);
    ck_assert_uint_eq(w->last, 3);
    ck_assert_uint_eq(w->size, 2);
    ck_assert_uint_eq(w->value, 2);
    ck_assert_uint_eq(w->last_base, 1);
    ck_assert_int_eq(w->last_off, 0);
    ck_assert(!w->swap && !w->store);
    static const uint8_t roles[] = {EBPF_WIDE_OMIT, EBPF_WIDE_OMIT, EBPF_WIDE_OMIT,
                                    EBPF_WIDE_LAST, EBPF_WIDE_KEEP, EBPF_WIDE_KEEP};
    ck_assert_mem_eq(wides.roles, roles, sizeof(roles));
    ebpf_wides_free(&wides);
    ebpf_program_unref(program);
}
END_TEST

/* The last piece is loaded to the base: that still holds the address, as long as nothing else is
 * made of it. */
START_TEST(the_last_piece_may_take_the_base)
{
    struct stream s = {0};
    emit_example(&s, 1);
    unsigned count = s.count;
    for (int needed = 0; needed < 2; needed++) {
        s.count = count;
        if (needed)
            emit(&s, EBPF_OP_ADD64_REG, 0, 1, 0, 0);
        emit(&s, EBPF_OP_EXIT, 0, 0, 0, 0);
        struct ebpf_program *program = program_of(&s);
        struct ebpf_wides wides = wides_of(program);
        ck_assert_uint_eq(wides.wides.count, !needed);
        if (!needed)
            ck_assert_uint_eq(((const struct ebpf_wide *)wides.wides.data)->last_base, 1);
        ebpf_wides_free(&wides);
        ebpf_program_unref(program);
    }
}
END_TEST

/* A store between the loads may change what they read. */
START_TEST(stores_end_what_is_known_of_memory)
{
    struct stream s = {0};
    emit(&s, EBPF_OP_LDXB, 2, 1, 0, 0);
    emit(&s, EBPF_OP_STXB, 1, 4, 1, 0);
    emit(&s, EBPF_OP_LDXB, 3, 1, 1, 0);
    emit(&s, EBPF_OP_LSH64_IMM, 3, 0, 0, 8);
    emit(&s, EBPF_OP_OR64_REG, 3, 2, 0, 0);
    emit(&s, EBPF_OP_MOV64_REG, 0, 3, 0, 0);
    emit(&s, EBPF_OP_EXIT, 0, 0, 0, 0);
    struct ebpf_program *program = program_of(&s);
    struct ebpf_wides wides = wides_of(program);
    ck_assert_uint_eq(wides.wides.count, 0);
    ck_assert_ptr_null(wides.roles);
    ebpf_wides_free(&wides);
    ebpf_program_unref(program);
}
END_TEST

/* Two addresses of six bytes, swapped through six registers: r0, r3 to r6, r8 hold the first. */
static void emit_addresses(struct stream *s)
{
    static const uint8_t regs[6] = {0, 3, 4, 5, 6, 8};
    for (int i = 0; i < 6; i++)
        emit(s, EBPF_OP_LDXB, regs[i], 1, i, 0);
    for (int i = 0; i < 6; i++) {
        emit(s, EBPF_OP_LDXB, 7, 1, 6 + i, 0);
        emit(s, EBPF_OP_STXB, 1, 7, i, 0);
    }
    for (int i = 0; i < 6; i++)
        emit(s, EBPF_OP_STXB, 1, regs[i], 6 + i, 0);
}

/* Words that are copied: whether one that is stored at an offset has a size. */
static bool is_stored(const struct ebpf_wides *wides, int32_t off, unsigned size)
{
    const struct ebpf_wide *w = wides->wides.data;
    for (size_t i = 0; i < wides->wides.count; i++)
        if (w[i].store && w[i].last_base == 1 && w[i].last_off == off && w[i].size == size)
            return true;
    return false;
}

START_TEST(copies_of_bytes_are_copies_of_words)
{
    for (int used = 0; used < 2; used++) {
        struct stream s = {0};
        emit_addresses(&s);
        if (used) /* of the word that r0 would hold */
            emit(&s, EBPF_OP_ADD64_REG, 2, 0, 0, 0);
        emit(&s, EBPF_OP_MOV64_IMM, 0, 0, 0, 0);
        emit(&s, used ? EBPF_OP_XOR64_REG : EBPF_OP_MOV64_REG, 0, 2, 0, 0);
        emit(&s, EBPF_OP_EXIT, 0, 0, 0, 0);
        struct ebpf_program *program = program_of(&s);
        struct ebpf_wides wides = wides_of(program);
        ck_assert(is_stored(&wides, 0, 4) && is_stored(&wides, 4, 2) && is_stored(&wides, 8, 4));
        ck_assert_int_eq(is_stored(&wides, 6, 2), !used);
        ck_assert_uint_eq(wides.wides.count, used ? 6 : 8);
        ebpf_wides_free(&wides);
        ebpf_program_unref(program);
    }
}
END_TEST

/* A word of which half was on the stack, which nothing else leads to; or something does. */
START_TEST(halves_come_back_from_the_stack)
{
    for (int leads = 0; leads < 2; leads++) {
        struct stream s = {0};
        emit_example(&s, 3);
        s.count--;
        emit(&s, EBPF_OP_STXH, EBPF_REG_FP, 2, -8, 0);
        emit(&s, EBPF_OP_LDXH, 2, 1, 2, 0);
        emit(&s, EBPF_OP_LSH64_IMM, 2, 0, 0, 16);
        emit(&s, EBPF_OP_LDXH, 3, EBPF_REG_FP, -8, 0);
        emit(&s, EBPF_OP_OR64_REG, 2, 3, 0, 0);
        emit(&s, EBPF_OP_MOV64_REG, 0, 2, 0, 0);
        if (leads)
            emit(&s, EBPF_OP_ADD64_REG, 0, EBPF_REG_FP, 0, 0);
        emit(&s, EBPF_OP_EXIT, 0, 0, 0, 0);
        struct ebpf_program *program = program_of(&s);
        struct ebpf_wides wides = wides_of(program);
        const struct ebpf_wide *w = wides.wides.data;
        ck_assert_uint_eq(wides.wides.count, leads ? 1 : 2);
        ck_assert_uint_eq(w[wides.wides.count - 1].size, leads ? 2 : 4);
        ebpf_wides_free(&wides);
        ebpf_program_unref(program);
    }
}
END_TEST

static TCase *wide(void)
{
    TCase *tc = tcase_create("wide");
    tcase_add_test(tc, a_word_is_loaded_where_it_is_complete);
    tcase_add_test(tc, the_last_piece_may_take_the_base);
    tcase_add_test(tc, stores_end_what_is_known_of_memory);
    tcase_add_test(tc, copies_of_bytes_are_copies_of_words);
    tcase_add_test(tc, halves_come_back_from_the_stack);
    tcase_add_test(tc, both_ways_end_the_same);
    tcase_add_test(tc, engines_end_as_the_program_says);
    tcase_set_timeout(tc, 60);
    return tc;
}

RUN_SUITE("wide", wide)
