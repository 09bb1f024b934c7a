/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Trees of comparisons that are jump tables.
 *
 * Compilers to BPF make a tree of a switch: blocks of a single comparison each, all of one register
 * with constants.  Where the tree is large enough for what it decides, the first of its jumps looks
 * up in a table where each value leads, and what would have been charged on the way.  Blocks
 * to which nothing else leads are not written.
 */
#include "backends/x86_64/plan.h"
#include "base/mem.h"
#include "ir/op.h"

enum {
    FEWEST = 6,       /* comparisons that a table pays for */
    MOST = 64,        /* blocks, and ranges of values */
    LONGEST = 512,    /* entries of a table */
    PER_BLOCK = 4,    /* the same, for each comparison */
    FROM_START = 8    /* values from the least possible one on, which are in the table as well */
};

/* With how many edges lead to a block stands how often it was part of a tree that made no table.
 * After a few times it starts none, so that the time is linear. */
enum { EDGES = 0xfff, TRY = EDGES + 1, TRIED = 6 * TRY };

/* Values that go one way. */
struct range {
    int64_t low, high;
    uint32_t block;  /* where that is */
    int32_t charge;  /* what is charged up to there */
};

struct tree {
    struct x64_plan *plan;
    const struct ebpf_program *program;
    const struct ebpf_insn *root;
    bool is_signed, is_unsigned; /* what comparisons there are */
    int64_t least, most;         /* values of the register, in their order */
    struct range ways[MOST];
    struct range todo[MOST];     /* whose block is still to be looked at */
    uint32_t blocks[MOST];       /* of the tree, the root's jump first */
    unsigned way_count, todo_count, block_count, comparisons;
    bool failed;
};

static bool is_comparison(const struct ebpf_insn *insn)
{
    const struct ebpf_op_info *info = &ebpf_op_table[insn->op];
    return info->format == EBPF_FMT_JMP_IMM && info->oper != EBPF_OPER_JSET;
}

/* Whether a block is nothing but part of the tree. */
static bool is_inner(const struct tree *t, uint32_t block)
{
    const struct ebpf_insn *insn = ebpf_program_at(t->program, block);
    enum ebpf_format format = (enum ebpf_format)ebpf_op_table[insn->op].format;
    if (t->plan->flags[block] & (X64_HEAD | X64_CHECKPOINT | X64_ENTRY))
        return false;
    if (format == EBPF_FMT_JA || format == EBPF_FMT_JA32)
        return insn->target < ebpf_program_count(t->program);
    return is_comparison(insn) && insn->dst == t->root->dst &&
           ebpf_op_table[insn->op].width == ebpf_op_table[t->root->op].width;
}

/* The values that a comparison is true for: [*low, *high], among those of its order. */
static void true_range(struct tree *t, const struct ebpf_insn *insn, int64_t *low, int64_t *high)
{
    bool narrow = ebpf_op_table[insn->op].width == 32;
    int64_t imm = insn->imm;
    *low = INT64_MIN;
    *high = INT64_MAX;
    switch ((enum ebpf_oper)ebpf_op_table[insn->op].oper) {
    case EBPF_OPER_JSGT: *low = imm + 1; t->is_signed = true; return;
    case EBPF_OPER_JSGE: *low = imm; t->is_signed = true; return;
    case EBPF_OPER_JSLT: *high = imm - 1; t->is_signed = true; return;
    case EBPF_OPER_JSLE: *high = imm; t->is_signed = true; return;
    case EBPF_OPER_JEQ:
    case EBPF_OPER_JNE: *low = *high = imm; t->failed |= imm < 0 && !t->is_signed; return;
    default: break;
    }
    t->is_unsigned = true;
    t->failed |= imm < 0 && !narrow;
    imm = narrow ? (int64_t)(uint32_t)imm : imm;
    switch ((enum ebpf_oper)ebpf_op_table[insn->op].oper) {
    case EBPF_OPER_JGT: *low = imm + 1; return;
    case EBPF_OPER_JGE: *low = imm; return;
    case EBPF_OPER_JLT: *high = imm - 1; return;
    default: *high = imm; return;
    }
}

/* Values that have come to a block: they go on there, or have left the tree. */
static void arrive(struct tree *t, uint32_t block, int64_t low, int64_t high, int32_t charge)
{
    struct range range = {low, high, block, charge};
    if (low > high)
        return;
    bool inner = is_inner(t, block);
    if (t->todo_count == MOST || t->way_count == MOST)
        t->failed = true;
    else if (inner)
        t->todo[t->todo_count++] = range;
    else
        t->ways[t->way_count++] = range;
}

static void note_block(struct tree *t, uint32_t block)
{
    for (unsigned i = 0; i < t->block_count; i++)
        if (t->blocks[i] == block)
            return;
    if (t->block_count == MOST) {
        t->failed = true;
        return;
    }
    t->blocks[t->block_count++] = block;
    t->comparisons += is_comparison(ebpf_program_at(t->program, block));
}

/* Sends values on from the jump that ends a block; `charge` was charged up to there. */
static void send(struct tree *t, uint32_t block, const struct range *r, int32_t charge)
{
    const struct x64_block *b = &t->plan->blocks[block];
    const struct ebpf_insn *insn = ebpf_program_at(t->program, b->last);
    int64_t low, high;
    note_block(t, b->last);
    if (!is_comparison(insn)) {
        arrive(t, insn->target, r->low, r->high, charge);
        return;
    }
    true_range(t, insn, &low, &high);
    low = low > r->low ? low : r->low;
    high = high < r->high ? high : r->high;
    bool none = low > high, inverse = ebpf_op_table[insn->op].oper == EBPF_OPER_JNE;
    uint32_t to[2] = {b->last + 1, insn->target};
    uint32_t yes = to[!inverse], no = to[inverse];
    int32_t if_yes = charge + x64_on_way(t->plan, block, !inverse);
    int32_t if_no = charge + x64_on_way(t->plan, block, inverse);
    if (none) {
        arrive(t, no, r->low, r->high, if_no);
        return;
    }
    arrive(t, yes, low, high, if_yes);
    arrive(t, no, r->low, low - 1, if_no);
    arrive(t, no, high + 1, r->high, if_no);
}

/* Signed and unsigned comparisons have different orders; the root's tells which one it is. */
static bool find_order(struct tree *t, uint32_t at)
{
    const struct ebpf_op_info *info = &ebpf_op_table[t->root->op];
    int64_t low, high;
    for (uint32_t i = at; !t->is_signed && !t->is_unsigned && i < at + MOST; i++) {
        /* equality has no order: the next comparison tells, in the order of the program */
        if (i == ebpf_program_count(t->program))
            break;
        const struct ebpf_insn *insn = ebpf_program_at(t->program, i);
        if (is_comparison(insn) && insn->dst == t->root->dst)
            true_range(t, insn, &low, &high);
    }
    bool order = t->is_signed;
    t->failed = t->is_signed && t->is_unsigned;
    t->least = !order ? 0 : info->width == 32 ? INT32_MIN : INT64_MIN / 2;
    t->most = info->width == 64 ? INT64_MAX / 2 : order ? INT32_MAX : UINT32_MAX;
    return !t->failed;
}

/* Follows all values from the end of a block to where they lead. */
static bool follow(struct tree *t, uint32_t root)
{
    uint32_t at = t->plan->blocks[root].last;
    bool grows = is_inner(t, t->root->target) ||
                 (at + 1 < ebpf_program_count(t->program) && is_inner(t, at + 1));
    if (!grows || !find_order(t, at))
        return false;
    struct range all = {t->least, t->most, at, 0};
    send(t, root, &all, 0);
    while (t->todo_count > 0 && !t->failed) {
        struct range r = t->todo[--t->todo_count];
        uint32_t block = t->plan->block_of[r.block];
        send(t, block, &r, r.charge + t->plan->blocks[block].charge);
    }
    return !t->failed && !(t->is_signed && t->is_unsigned) && t->comparisons >= FEWEST;
}

/* Puts ways in the order of their values, and joins those that are one. */
static void sort_ways(struct tree *t)
{
    unsigned n = 0;
    for (unsigned i = 1; i < t->way_count; i++) {
        struct range r = t->ways[i];
        unsigned k = i;
        for (; k > 0 && t->ways[k - 1].low > r.low; k--)
            t->ways[k] = t->ways[k - 1];
        t->ways[k] = r;
    }
    for (unsigned i = 1; i < t->way_count; i++) {
        struct range *last = &t->ways[n];
        if (t->ways[i].block == last->block && t->ways[i].charge == last->charge)
            last->high = t->ways[i].high;
        else
            t->ways[++n] = t->ways[i];
    }
    t->way_count = n + 1;
}

static struct x64_way way_of(const struct range *r)
{
    return (struct x64_way){r->block, r->charge};
}

/* Makes a table of the ways, but for those at both ends; false if that does not pay. */
static bool make_table(struct tree *t, uint32_t at)
{
    const struct range *first = &t->ways[0], *last = &t->ways[t->way_count - 1];
    if (t->way_count < 3)
        return false;
    bool from_start = first->high - t->least < FROM_START;
    int64_t low = from_start ? t->least : first->high + 1, count = last->low - low;
    if (count > LONGEST || count > (int64_t)PER_BLOCK * t->comparisons)
        return false;
    if (low > INT32_MAX || low <= INT32_MIN)
        return false; /* low is compared with, and -low added */
    for (unsigned i = 0; i < t->way_count; i++)
        if (t->ways[i].charge != (int8_t)t->ways[i].charge)
            return false;
    struct x64_way *ways = ebpf_vec_push(&t->plan->ways, (size_t)count);
    struct x64_switch *s = ways ? ebpf_vec_push(&t->plan->switches, 1) : NULL;
    if (!s)
        return false; /* it is but slower */
    *s = (struct x64_switch){.insn = at, .low = (int32_t)low, .count = (uint32_t)count,
                             .first = (uint32_t)(t->plan->ways.count - (size_t)count),
                             .below = way_of(from_start ? last : first), .above = way_of(last),
                             .is_signed = t->is_signed};
    for (unsigned i = 0; i < t->way_count; i++)
        for (int64_t v = t->ways[i].low; v <= t->ways[i].high && v < low + count; v++) {
            if (v < low)
                v = low; /* all below are not in the table */
            if (v <= t->ways[i].high)
                ways[v - low] = way_of(&t->ways[i]);
        }
    t->plan->flags[at] |= X64_SWITCH;
    return true;
}

/* How many edges lead to a block from those of the tree that are not written, or from the root. */
static uint32_t edges_from_tree(const struct tree *t, uint32_t block)
{
    uint32_t edges = 0;
    for (unsigned i = 0; i < t->block_count; i++) {
        uint32_t to[2];
        if (i > 0 && !(t->plan->flags[t->blocks[i]] & X64_SUBSUMED))
            continue;
        for (int n = x64_successors(t->program, t->blocks[i], to); n-- > 0;)
            edges += to[n] == block;
    }
    return edges;
}

/* Blocks that only the tree leads to are not written. */
static void subsume(struct tree *t, const uint16_t *edges)
{
    for (unsigned i = 1; i < t->block_count; i++)
        t->plan->flags[t->blocks[i]] |= X64_SUBSUMED;
    for (bool changed = true; changed;) {
        changed = false;
        for (unsigned i = 1; i < t->block_count; i++) {
            uint16_t *flags = &t->plan->flags[t->blocks[i]];
            if (!(*flags & X64_SUBSUMED) ||
                edges_from_tree(t, t->blocks[i]) == (edges[t->blocks[i]] & EDGES))
                continue;
            *flags &= (uint16_t)~X64_SUBSUMED;
            changed = true;
        }
    }
}

static void give_up(const struct tree *t, uint16_t *edges)
{
    for (unsigned i = 1; i < t->block_count; i++)
        if (edges[t->blocks[i]] < TRIED)
            edges[t->blocks[i]] = (uint16_t)(edges[t->blocks[i]] + TRY);
}

/* How often each register is compared with constants; whether that is often enough for a tree. */
static bool count_comparisons(const struct x64_plan *plan, const struct ebpf_program *program,
                              uint32_t comparisons[EBPF_REG_COUNT])
{
    bool enough = false;
    for (uint32_t i = 0; i < plan->block_count; i++) {
        const struct ebpf_insn *last = ebpf_program_at(program, plan->blocks[i].last);
        enough |= is_comparison(last) && ++comparisons[last->dst] == FEWEST;
    }
    return enough;
}

/* Looks for trees from where control comes first. */
static void find_trees(struct x64_plan *plan, const struct ebpf_compile *in,
                       const uint32_t comparisons[EBPF_REG_COUNT], uint16_t *edges)
{
    for (uint32_t i = plan->block_count; i-- > 0;) {
        uint32_t at = plan->blocks[i].last;
        const struct ebpf_insn *insn = ebpf_program_at(in->program, at);
        if (!is_comparison(insn) || comparisons[insn->dst] < FEWEST || edges[at] >= TRIED ||
            plan->flags[plan->blocks[i].first] & X64_SUBSUMED)
            continue;
        struct tree t;
        t.plan = plan;
        t.program = in->program;
        t.root = insn;
        t.is_signed = t.is_unsigned = t.failed = false;
        t.way_count = t.todo_count = t.block_count = t.comparisons = 0;
        bool found = follow(&t, i);
        if (found)
            sort_ways(&t);
        if (found && make_table(&t, at))
            subsume(&t, edges);
        else
            give_up(&t, edges);
    }
}

ebpf_status x64_plan_switches(struct x64_plan *plan, const struct ebpf_compile *in)
{
    uint32_t count = ebpf_program_count(in->program), comparisons[EBPF_REG_COUNT] = {0};
    /* Speculation must not find a way past the comparison, nor constants be found in tables. */
    if (in->code.flags & (EBPF_CODE_MASKED | EBPF_CODE_BLINDED) ||
        !count_comparisons(plan, in->program, comparisons))
        return EBPF_OK;
    uint16_t *edges = ebpf_mem_zalloc(&plan->arena.mem, count, sizeof(*edges));
    if (!edges)
        return EBPF_ERR_NOMEM;
    for (uint32_t i = 0; i < plan->block_count; i++) {
        const struct x64_block *block = &plan->blocks[i];
        for (int n = 0; n < 2 && block->to[n] != X64_NO_BLOCK; n++) {
            uint16_t *to = &edges[plan->blocks[block->to[n]].first];
            *to = (uint16_t)(*to + (*to < EDGES));
        }
    }
    find_trees(plan, in, comparisons, edges);
    ebpf_mem_free(&plan->arena.mem, edges, count * sizeof(*edges));
    return EBPF_OK;
}
