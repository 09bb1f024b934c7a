/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Graphs against the definitions, worked out the slow way. */
#include "ir/cfg.h"
#include "tests/unit/failing_mem.h"
#include "tests/unit/ir_unit.h"

#define NONE EBPF_BLOCK_NONE
enum { MAX = 40 };

/* What the graph of a small program must be; all by block. */
struct model {
    const struct ebpf_cfg *cfg;
    uint32_t n;
    bool edge[MAX][MAX];
    bool reachable[MAX];
    bool dominates[MAX][MAX];
    bool below[MAX][MAX]; /* [a][b]: a is an ancestor of b in the depth-first tree, or b itself */
    bool body[MAX][MAX];  /* [h][b]: b is in the loop with the header h */
};

static struct ebpf_program *program_of_insns(const struct ebpf_insn *insns, uint32_t count,
                                             const struct ebpf_mem *mem)
{
    struct ebpf_program *program = ebpf_program_new(mem);
    for (uint32_t i = 0; program && i < count; i++) {
        struct ebpf_insn *insn = ebpf_program_push(program);
        if (insn)
            *insn = insns[i];
    }
    if (program && program->insns.count == count && ebpf_program_finish(program, NULL) == EBPF_OK)
        return program;
    ebpf_program_unref(program);
    return NULL;
}

/* Some of everything that matters to the graph, at random; targets may lead outside. */
static struct ebpf_program *random_program(uint64_t *random, uint32_t count)
{
    static const enum ebpf_op ops[] = {
        EBPF_OP_MOV64_IMM, EBPF_OP_JEQ64_IMM, EBPF_OP_JA,       EBPF_OP_EXIT,
        EBPF_OP_JNE32_REG, EBPF_OP_JEQ64_IMM, EBPF_OP_MAY_GOTO, EBPF_OP_JSET32_IMM,
        EBPF_OP_JA32,      EBPF_OP_DATA,      EBPF_OP_LDDW,     EBPF_OP_CALL_LOCAL};
    struct ebpf_insn insns[MAX];
    /* Few kinds of instructions or many, so that all sorts of graphs come up. */
    uint64_t first = next_random(random) % 4, kinds = 2 + next_random(random) % 11;
    for (uint32_t i = 0; i < count; i++) {
        enum ebpf_op op = ops[(first + next_random(random) % kinds) % 12];
        ebpf_insn_init(&insns[i], op);
        if (ebpf_target_field(op))
            insns[i].target = (uint32_t)(next_random(random) % count);
        if (next_random(random) % 64 == 0)
            insns[i].target = NONE;
    }
    struct ebpf_program *program = program_of_insns(insns, count, NULL);
    ck_assert_ptr_nonnull(program);
    return program;
}

static uint16_t effects(const struct ebpf_program *program, uint32_t i)
{
    return ebpf_op_table[ebpf_program_at(program, i)->op].effects;
}

static bool starts_block(const struct ebpf_program *program, uint32_t i)
{
    uint32_t functions;
    const struct ebpf_function *f = ebpf_program_functions(program, &functions);
    if (i == 0 || effects(program, i - 1) & (EBPF_FX_JUMP | EBPF_FX_TERMINATOR))
        return true;
    for (uint32_t k = 0; k < functions; k++)
        if (f[k].first == i)
            return true;
    for (uint32_t k = 0; k < ebpf_program_count(program); k++)
        if (effects(program, k) & EBPF_FX_JUMP && ebpf_program_at(program, k)->target == i)
            return true;
    return false;
}

/* Where control goes from the end of a block: the block, or NONE. */
static uint32_t expected_succ(const struct ebpf_cfg *cfg, const struct ebpf_block *block, int kind)
{
    uint32_t last = block->first + block->count - 1;
    uint16_t fx = effects(cfg->program, last);
    uint32_t to = last + 1;
    if (kind == EBPF_SUCC_TAKEN)
        to = ebpf_program_at(cfg->program, last)->target;
    if (fx & (kind == EBPF_SUCC_TAKEN ? 0 : EBPF_FX_TERMINATOR) ||
        (kind == EBPF_SUCC_TAKEN && !(fx & EBPF_FX_JUMP)) ||
        to >= ebpf_program_count(cfg->program) ||
        ebpf_program_function_of(cfg->program, to) != block->function)
        return NONE;
    return cfg->block_of[to];
}

static void check_blocks(const struct ebpf_cfg *cfg)
{
    uint32_t count = ebpf_program_count(cfg->program), next = 0;
    for (uint32_t b = 0; b < cfg->block_count; b++) {
        const struct ebpf_block *block = &cfg->blocks[b];
        ck_assert_uint_eq(block->first, next);
        ck_assert_uint_gt(block->count, 0);
        ck_assert_uint_eq(block->function, ebpf_program_function_of(cfg->program, next));
        for (uint32_t i = 0; i < block->count; i++) {
            ck_assert_int_eq(starts_block(cfg->program, next + i), i == 0);
            ck_assert_uint_eq(cfg->block_of[next + i], b);
        }
        for (int kind = 0; kind < 2; kind++)
            ck_assert_uint_eq(block->succ[kind], expected_succ(cfg, block, kind));
        next += block->count;
    }
    ck_assert_uint_eq(next, count);
}

static void check_preds(const struct ebpf_cfg *cfg)
{
    for (uint32_t to = 0; to < cfg->block_count; to++) {
        const struct ebpf_block *block = &cfg->blocks[to];
        uint32_t edges = 0;
        for (uint32_t from = 0; from < cfg->block_count; from++) {
            uint32_t expected = (cfg->blocks[from].succ[0] == to) +
                                (cfg->blocks[from].succ[1] == to), found = 0;
            for (uint32_t i = 0; i < block->pred_count; i++)
                found += cfg->preds[block->pred_first + i] == from;
            ck_assert_uint_eq(found, expected);
            edges += expected;
        }
        ck_assert_uint_eq(block->pred_count, edges);
    }
}

/* Marks what can be reached from `from` without entering `without`, over edges inside `inside`. */
static void reach(const struct model *m, uint32_t from, uint32_t without, const bool *inside,
                  bool *reached)
{
    if (from == without || reached[from] || (inside && !inside[from]))
        return;
    reached[from] = true;
    for (uint32_t to = 0; to < m->n; to++)
        if (m->edge[from][to])
            reach(m, to, without, inside, reached);
}

static void reach_from_entries(const struct model *m, uint32_t without, bool *reached)
{
    uint32_t functions;
    const struct ebpf_function *f = ebpf_program_functions(m->cfg->program, &functions);
    memset(reached, 0, MAX);
    for (uint32_t i = 0; i < functions; i++)
        reach(m, m->cfg->block_of[f[i].first], without, NULL, reached);
}

static void model_tree(struct model *m)
{
    for (uint32_t v = 0; v < m->cfg->reach_count; v++)
        for (uint32_t up = v; up != NONE; up = m->cfg->parent[up])
            m->below[m->cfg->walk[up]][m->cfg->walk[v]] = true;
}

/* A loop: the descendants of h in the tree that lead back to h without leaving its descendants. */
static void model_loops(struct model *m)
{
    for (uint32_t h = 0; h < m->n; h++) {
        bool any = false;
        for (uint32_t b = 0; b < m->n && m->reachable[h]; b++) {
            bool reached[MAX] = {false};
            if (!m->below[h][b])
                continue;
            for (uint32_t to = 0; to < m->n; to++)
                if (m->edge[b][to])
                    reach(m, to, NONE, m->below[h], reached);
            m->body[h][b] = reached[h];
            any |= reached[h];
        }
        m->body[h][h] = any;
    }
}

static void make_model(struct model *m, const struct ebpf_cfg *cfg)
{
    memset(m, 0, sizeof(*m));
    m->cfg = cfg;
    m->n = cfg->block_count;
    for (uint32_t b = 0; b < m->n; b++)
        for (int kind = 0; kind < 2; kind++)
            if (cfg->blocks[b].succ[kind] != NONE)
                m->edge[b][cfg->blocks[b].succ[kind]] = true;
    reach_from_entries(m, NONE, m->reachable);
    for (uint32_t a = 0; a < m->n; a++) {
        bool without[MAX];
        reach_from_entries(m, a, without);
        for (uint32_t b = 0; b < m->n; b++)
            m->dominates[a][b] = m->reachable[a] && m->reachable[b] && !without[b];
    }
    model_tree(m);
    model_loops(m);
}

static void check_orders(const struct model *m)
{
    const struct ebpf_cfg *cfg = m->cfg;
    uint32_t reachable = 0, function = 0;
    for (uint32_t b = 0; b < m->n; b++) {
        ck_assert_int_eq(cfg->blocks[b].order != NONE, m->reachable[b]);
        ck_assert_int_eq(cfg->number[b] != NONE, m->reachable[b]);
        reachable += m->reachable[b];
    }
    ck_assert_uint_eq(cfg->reach_count, reachable);
    for (uint32_t i = 0; i < reachable; i++) {
        const struct ebpf_block *block = &cfg->blocks[cfg->order[i]];
        ck_assert_uint_eq(block->order, i);
        ck_assert_uint_ge(block->function, function);
        function = block->function;
        ck_assert_uint_eq(cfg->number[cfg->walk[i]], i);
        for (uint32_t to = 0; to < m->n; to++)
            if (m->edge[cfg->order[i]][to])
                ck_assert_int_eq(ebpf_cfg_is_retreating(cfg, cfg->order[i], to),
                                 m->below[to][cfg->order[i]]);
    }
}

static void check_dominators(const struct model *m)
{
    for (uint32_t b = 0; b < m->n; b++) {
        uint32_t idom = m->cfg->blocks[b].idom, dominators = 0;
        for (uint32_t a = 0; a < m->n; a++) {
            ck_assert_int_eq(ebpf_cfg_dominates(m->cfg, a, b), m->dominates[a][b]);
            dominators += m->dominates[a][b] && a != b;
            if (idom != NONE && a != b && m->dominates[a][b])
                ck_assert(m->dominates[a][idom]); /* it is the nearest */
        }
        ck_assert_int_eq(idom != NONE, dominators > 0);
        if (idom != NONE)
            ck_assert(m->dominates[idom][b] && idom != b);
    }
}

/* The innermost loop around a block, not counting the one that it heads, by header. */
static uint32_t header_around(const struct model *m, uint32_t block)
{
    uint32_t best = NONE;
    for (uint32_t h = 0; h < m->n; h++)
        if (h != block && m->body[h][block] &&
            (best == NONE || m->cfg->number[h] > m->cfg->number[best]))
            best = h;
    return best;
}

static bool entered_elsewhere(const struct model *m, uint32_t header)
{
    for (uint32_t from = 0; from < m->n; from++)
        for (uint32_t to = 0; to < m->n; to++)
            if (m->edge[from][to] && m->reachable[from] && !m->body[header][from] &&
                m->body[header][to] && to != header)
                return true;
    return false;
}

static void check_loop(const struct model *m, const struct ebpf_loop *loop)
{
    uint32_t around = header_around(m, loop->header), blocks = 0;
    ck_assert(m->body[loop->header][loop->header]);
    for (uint32_t b = 0; b < m->n; b++)
        blocks += m->body[loop->header][b];
    ck_assert_uint_eq(loop->block_count, blocks);
    ck_assert_uint_eq(loop->irreducible, entered_elsewhere(m, loop->header));
    ck_assert_uint_gt(loop->back_edges, 0);
    if (around == NONE) {
        ck_assert_uint_eq(loop->parent, NONE);
        ck_assert_uint_eq(loop->depth, 1);
    } else {
        const struct ebpf_loop *parent = &m->cfg->loops[loop->parent];
        ck_assert(parent < loop);
        ck_assert_uint_eq(parent->header, around);
        ck_assert_uint_eq(loop->depth, parent->depth + 1);
    }
}

static void check_loops(const struct model *m)
{
    uint32_t loops = 0;
    for (uint32_t b = 0; b < m->n; b++) {
        uint32_t header = m->body[b][b] ? b : header_around(m, b), loop = m->cfg->blocks[b].loop;
        loops += m->body[b][b];
        ck_assert_int_eq(loop != NONE, header != NONE);
        if (loop != NONE)
            ck_assert_uint_eq(m->cfg->loops[loop].header, header);
    }
    ck_assert_uint_eq(m->cfg->loop_count, loops);
    for (uint32_t i = 0; i < loops; i++)
        check_loop(m, &m->cfg->loops[i]);
}

START_TEST(graphs_are_as_defined)
{
    uint64_t random = 0x1234 + (uint64_t)_i;
    static struct model model;
    for (int round = 0; round < 400; round++) {
        struct ebpf_program *program =
            random_program(&random, 1 + (uint32_t)(next_random(&random) % MAX));
        struct ebpf_cfg cfg;
        ck_assert_int_eq(ebpf_cfg_build(&cfg, program, NULL), EBPF_OK);
        ck_assert_int_eq(ebpf_cfg_find_dominators(&cfg), EBPF_OK);
        ck_assert_int_eq(ebpf_cfg_find_loops(&cfg), EBPF_OK);
        check_blocks(&cfg);
        check_preds(&cfg);
        make_model(&model, &cfg);
        check_orders(&model);
        check_dominators(&model);
        check_loops(&model);
        ebpf_cfg_free(&cfg);
        ebpf_program_unref(program);
    }
}
END_TEST

START_TEST(an_empty_program_has_an_empty_graph)
{
    struct ebpf_program *program = program_of_hex("");
    struct ebpf_cfg cfg;
    ck_assert_int_eq(ebpf_cfg_build(&cfg, program, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_cfg_find_dominators(&cfg), EBPF_OK);
    ck_assert_int_eq(ebpf_cfg_find_loops(&cfg), EBPF_OK);
    ck_assert_uint_eq(cfg.block_count + cfg.reach_count + cfg.loop_count, 0);
    ebpf_cfg_free(&cfg);
    ebpf_program_unref(program);
}
END_TEST

/* if r1 == 0 goto 3; 1: r0 = 0; if r0 == 0 goto 3; exit; 4: if r1 == 0 goto 1: entered at both. */
START_TEST(a_loop_with_two_entries_is_irreducible)
{
    struct ebpf_program *program = program_of_hex("1501030000000000 b700000000000000 "
                                                  "1500010000000000 9500000000000000 "
                                                  "1501fcff00000000 9500000000000000");
    struct ebpf_cfg cfg;
    ck_assert_int_eq(ebpf_cfg_build(&cfg, program, NULL), EBPF_OK);
    ck_assert_int_eq(ebpf_cfg_find_dominators(&cfg), EBPF_OK);
    ck_assert_int_eq(ebpf_cfg_find_loops(&cfg), EBPF_OK);
    ck_assert_uint_eq(cfg.loop_count, 1);
    ck_assert_uint_eq(cfg.loops[0].irreducible, 1);
    ck_assert_uint_eq(cfg.loops[0].block_count, 2);
    ebpf_cfg_free(&cfg);
    ebpf_program_unref(program);
}
END_TEST

static TCase *small(void)
{
    TCase *tc = tcase_create("small graphs");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, graphs_are_as_defined, 0, 10);
    tcase_add_test(tc, an_empty_program_has_an_empty_graph);
    tcase_add_test(tc, a_loop_with_two_entries_is_irreducible);
    return tc;
}

START_TEST(every_allocation_may_fail)
{
    uint64_t random = 99;
    struct ebpf_program *program = random_program(&random, MAX);
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_cfg cfg;
        ebpf_status status = ebpf_cfg_build(&cfg, program, &f.mem);
        if (!status)
            status = ebpf_cfg_find_dominators(&cfg);
        if (!status)
            status = ebpf_cfg_find_loops(&cfg);
        ebpf_cfg_free(&cfg);
        failing_mem_check(&f, status);
    }
    ebpf_program_unref(program);
}
END_TEST

/* Shapes that are bad for somebody: each gives the target of conditional jump i of n. */
static uint32_t onward(uint32_t i, uint32_t n) { return i + 2 < n ? i + 2 : n - 1; }
static uint32_t to_the_end(uint32_t i, uint32_t n) { (void)i; return n - 1; }
static uint32_t to_the_start(uint32_t i, uint32_t n) { (void)i, (void)n; return 0; }
static uint32_t nested(uint32_t i, uint32_t n) { return i < n / 2 ? i + 1 : n - 1 - i; }
static uint32_t mirrored(uint32_t i, uint32_t n) { return n - 1 - i; }
static uint32_t scattered(uint32_t i, uint32_t n) { return (uint32_t)(i * 2654435761ull % n); }
/* Each block of the first half enters one of the second half, which go up in steps of two. */
static uint32_t crossing(uint32_t i, uint32_t n) { return i < n / 2 ? n - 1 - i : i - n / 2; }

static uint32_t (*const shapes[])(uint32_t, uint32_t) = {
    onward, to_the_end, to_the_start, nested, mirrored, scattered, crossing};

/* If any of it took more than nearly linear time, this would run for hours. */
START_TEST(large_graphs_take_linear_time_and_memory)
{
    enum { COUNT = 1000000 };
    struct ebpf_program *program = ebpf_program_new(NULL);
    for (uint32_t i = 0; i < COUNT; i++) {
        struct ebpf_insn *insn = ebpf_program_push(program);
        ebpf_insn_init(insn, i + 1 < COUNT ? EBPF_OP_JEQ64_IMM : EBPF_OP_EXIT);
        insn->target = i + 1 < COUNT ? shapes[_i](i, COUNT) : NONE;
    }
    ck_assert_int_eq(ebpf_program_finish(program, NULL), EBPF_OK);
    struct failing_mem counting = {.mem = {failing_resize, &counting}};
    struct ebpf_cfg cfg;
    ck_assert_int_eq(ebpf_cfg_build(&cfg, program, &counting.mem), EBPF_OK);
    ck_assert_int_eq(ebpf_cfg_find_dominators(&cfg), EBPF_OK);
    ck_assert_int_eq(ebpf_cfg_find_loops(&cfg), EBPF_OK);
    ck_assert_uint_eq(cfg.reach_count, cfg.block_count);
    ck_assert_uint_gt(cfg.block_count, COUNT / 2);
    ck_assert_uint_lt(counting.used, 150ull * COUNT);
    ebpf_cfg_free(&cfg);
    ebpf_program_unref(program);
}
END_TEST

static TCase *limits(void)
{
    TCase *tc = tcase_create("limits");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, every_allocation_may_fail);
    tcase_add_loop_test(tc, large_graphs_take_linear_time_and_memory, 0,
                        sizeof(shapes) / sizeof(shapes[0]));
    return tc;
}

RUN_SUITE("ir/cfg", small, limits)
