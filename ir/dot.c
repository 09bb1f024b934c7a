/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The control-flow graph in the language of Graphviz. */
#include "ir/dot.h"

#include "base/mem.h"
#include "ir/cfg.h"
#include "ir/op.h"
#include "ir/print.h"

/* Of each block: how the path goes through it, as bits. */
enum { ON_PATH = 1 << 0, LEFT_BY = 1 << 1 /* << enum EBPF_SUCC_ */ };

struct drawing {
    const struct ebpf_program *program;
    uint8_t *marks;
    uint32_t end; /* the block where the path ends, or EBPF_BLOCK_NONE */
    struct ebpf_cfg cfg;
    struct ebpf_out out;
    struct ebpf_printer text; /* its output goes to `out`, escaped */
};

/* Text inside double quotes: what the language would take for its own is escaped. */
static int write_escaped(void *ctx, const char *data, size_t length)
{
    struct ebpf_out *out = ctx;
    for (size_t i = 0; i < length; i++) {
        if (data[i] == '"' || data[i] == '\\')
            ebpf_out_char(out, '\\');
        ebpf_out_char(out, (unsigned char)data[i] < ' ' ? '?' : data[i]);
    }
    return 0; /* `out` keeps its own error */
}

static void draw_insn(struct drawing *d, uint32_t insn)
{
    unsigned lines = ebpf_print_lines(d->program, insn);
    for (unsigned line = 0; line < lines; line++) {
        ebpf_out_decimal(&d->out, ebpf_program_pc(d->program, insn) + line);
        ebpf_out_puts(&d->out, ": ");
        ebpf_print_line(&d->text, insn, line);
        ebpf_out_flush(&d->text.out);
        ebpf_out_puts(&d->out, "\\l"); /* ends a line, to the left */
    }
}

static void draw_block(struct drawing *d, uint32_t index)
{
    const struct ebpf_block *block = &d->cfg.blocks[index];
    ebpf_out_printf(&d->out, "    b%u [label=\"", index);
    for (uint32_t i = 0; i < block->count; i++)
        draw_insn(d, block->first + i);
    ebpf_out_puts(&d->out, "\"");
    if (block->order == EBPF_BLOCK_NONE)
        ebpf_out_puts(&d->out, ", style=dashed, tooltip=\"unreachable\"");
    if (d->marks[index])
        ebpf_out_puts(&d->out, ", penwidth=3");
    if (index == d->end)
        ebpf_out_puts(&d->out, ", style=filled, fillcolor=mistyrose");
    const struct ebpf_loop *loop =
        block->loop == EBPF_BLOCK_NONE ? NULL : &d->cfg.loops[block->loop];
    if (loop && loop->header == index)
        ebpf_out_printf(&d->out, ", peripheries=2%s, tooltip=\"head of %sloop %u, depth %u\"",
                        loop->irreducible ? ", color=orange" : "",
                        loop->irreducible ? "irreducible " : "", block->loop, loop->depth);
    ebpf_out_puts(&d->out, "];\n");
}

static void draw_edge(struct drawing *d, uint32_t from, int kind)
{
    const struct ebpf_block *block = &d->cfg.blocks[from];
    uint32_t to = block->succ[kind], last = block->first + block->count - 1;
    if (to == EBPF_BLOCK_NONE)
        return;
    uint16_t fx = ebpf_op_table[ebpf_program_at(d->program, last)->op].effects;
    bool decides = fx & EBPF_FX_JUMP && !(fx & EBPF_FX_TERMINATOR);
    bool back = block->order != EBPF_BLOCK_NONE && ebpf_cfg_is_retreating(&d->cfg, from, to);
    const char *color = !decides ? "black" : kind == EBPF_SUCC_TAKEN ? "darkgreen" : "firebrick";
    ebpf_out_printf(&d->out, "    b%u -> b%u [color=%s%s%s%s];\n", from, to, color,
                    back ? ", style=bold, label=\"back\"" : "",
                    block->order == EBPF_BLOCK_NONE ? ", style=dashed" : "",
                    d->marks[from] & LEFT_BY << kind ? ", penwidth=3" : "");
}

static void draw_function(struct drawing *d, uint32_t index, const struct ebpf_function *f)
{
    uint32_t first = d->cfg.block_of[f->first], end = ebpf_cfg_function_end(&d->cfg, f);
    ebpf_out_printf(&d->out, "  subgraph cluster_%u {\n    label=\"", index);
    if (f->name)
        ebpf_out_puts(&d->text.out, f->name);
    else
        ebpf_out_printf(&d->text.out, "function at %u", ebpf_program_pc(d->program, f->first));
    ebpf_out_flush(&d->text.out);
    ebpf_out_puts(&d->out, "\";\n");
    for (uint32_t b = first; b < end; b++)
        draw_block(d, b);
    for (uint32_t b = first; b < end; b++)
        for (int kind = 0; kind < 2; kind++)
            draw_edge(d, b, kind);
    ebpf_out_puts(&d->out, "  }\n");
}

/* Local calls, which are no edges of the graph, for orientation. */
static void draw_calls(struct drawing *d)
{
    for (uint32_t i = 0; i < ebpf_program_count(d->program); i++) {
        const struct ebpf_insn *insn = ebpf_program_at(d->program, i);
        if (insn->op == EBPF_OP_CALL_LOCAL && insn->target < ebpf_program_count(d->program))
            ebpf_out_printf(&d->out, "  b%u -> b%u [color=gray, style=dotted, label=\"call\"];\n",
                            d->cfg.block_of[i], d->cfg.block_of[insn->target]);
    }
}

static void draw(struct drawing *d)
{
    uint32_t functions;
    const struct ebpf_function *f = ebpf_program_functions(d->program, &functions);
    ebpf_out_puts(&d->out, "digraph cfg {\n  node [shape=box, fontname=\"monospace\"];\n");
    for (uint32_t i = 0; i < functions; i++)
        draw_function(d, i, &f[i]);
    draw_calls(d);
    ebpf_out_puts(&d->out, "}\n");
}

/* Follows the only way from a block to another one, and marks it. */
static void follow(struct drawing *d, uint32_t from, uint32_t to)
{
    for (uint32_t b = from, n = 0; b != EBPF_BLOCK_NONE && n <= d->cfg.block_count; n++) {
        const struct ebpf_block *block = &d->cfg.blocks[b];
        int kind = block->succ[EBPF_SUCC_NEXT] == EBPF_BLOCK_NONE;
        d->marks[b] |= ON_PATH;
        if (b == to)
            return;
        d->marks[b] |= (uint8_t)(LEFT_BY << kind);
        b = block->succ[kind];
    }
}

static void mark(struct drawing *d, const struct ebpf_dot_path *path)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < path->count; i++) {
        const struct ebpf_waypoint *turn = &path->turns[i];
        uint32_t b = d->cfg.block_of[turn->insn];
        const struct ebpf_block *block = &d->cfg.blocks[b];
        follow(d, d->cfg.block_of[at], b);
        at = turn->next;
        for (int kind = 0; kind < 2; kind++)
            if (block->succ[kind] != EBPF_BLOCK_NONE && block->succ[kind] == d->cfg.block_of[at] &&
                block->first + block->count - 1 == turn->insn) {
                d->marks[b] |= (uint8_t)(LEFT_BY << kind);
                break;
            }
    }
    d->end = d->cfg.block_of[path->end];
    follow(d, d->cfg.block_of[at], d->end);
}

ebpf_status ebpf_dot_draw(const struct ebpf_program *program, const struct ebpf_dot_path *path,
                          const struct ebpf_stream *out)
{
    struct drawing d = {.program = program, .end = EBPF_BLOCK_NONE};
    struct ebpf_stream escaped = {write_escaped, &d.out};
    ebpf_status status = ebpf_cfg_build(&d.cfg, program, &program->mem);
    if (!status)
        status = ebpf_cfg_find_dominators(&d.cfg);
    if (!status)
        status = ebpf_cfg_find_loops(&d.cfg);
    if (!status && !(d.marks = ebpf_mem_zalloc(&program->mem, d.cfg.block_count, 1)))
        status = EBPF_ERR_NOMEM;
    if (!status) {
        if (path->end != EBPF_TARGET_NONE)
            mark(&d, path);
        d.text = (struct ebpf_printer){.program = program, .dialect = EBPF_DIALECT_PSEUDOC};
        ebpf_out_init(&d.text.out, &escaped);
        ebpf_out_init(&d.out, out);
        draw(&d);
        status = ebpf_out_flush(&d.out);
    }
    ebpf_mem_free(&program->mem, d.marks, d.cfg.block_count);
    ebpf_cfg_free(&d.cfg);
    return status;
}

ebpf_status ebpf_program_print_dot(const struct ebpf_program *program,
                                   const struct ebpf_stream *out)
{
    static const struct ebpf_dot_path none = {.end = EBPF_TARGET_NONE};
    return ebpf_dot_draw(program, &none, out);
}
