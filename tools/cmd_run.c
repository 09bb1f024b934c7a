/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "tools/capture.h"
#include "tools/input.h"
#include "tools/interrupt.h"
#include "tools/machine.h"
#include "tools/maps.h"
#include "tools/output.h"
#include "tools/progress.h"
#include "tools/report.h"

/* All that running takes. */
struct session {
    struct tool *tool;
    struct ebpf_vm *vm;
    struct ebpf_input input; /* of the next run */
    struct ebpf_result result;
    enum ebpf_vm_kind kind;
    const char *type; /* of a TYPED program, else NULL */
    struct tool_bytes mbuff, mbuff_run; /* as given, and the copy of a run */
    struct tool_batch *batch;
    struct tool_tally tally;
    struct tool_progress progress;
};

/* Runs one packet. @return EBPF_OK, be it with a fault; else why to stop. */
static ebpf_status run_packet(struct session *s, struct tool_packet *p)
{
    struct ebpf_input *in = &s->input;
    struct ebpf_result *result = &s->result;
    in->mem_size = (uint64_t)p->length + s->batch->head;
    in->mem = in->mem_size ? s->batch->bytes + p->offset - s->batch->head : NULL;
    if (s->mbuff.size > 0)
        memcpy(s->mbuff_run.data, s->mbuff.data, s->mbuff.size);
    result->fault.status = EBPF_OK;
    p->status = ebpf_vm_run(s->vm, in, result);
    if (p->status == EBPF_ERR_INTERRUPTED ||
        (p->status != EBPF_OK && result->fault.status == EBPF_OK))
        return p->status;
    p->r0 = result->r0;
    p->executed = result->executed;
    p->passes = ebpf_verdict_of(s->type, p->r0).goes_on != 0;
    tool_tally_add(&s->tally, p, &result->fault);
    return EBPF_OK;
}

/* Runs the packets of the batch once; what was not reached for an interrupt is cut off. */
static ebpf_status run_round(struct session *s)
{
    struct tool_batch *b = s->batch;
    ebpf_status status = EBPF_OK;
    for (size_t i = 0; i < b->count && status == EBPF_OK; i++) {
        /* A short program ends before an engine looks at the switch. */
        status = tool_interrupted() ? EBPF_ERR_INTERRUPTED : run_packet(s, &b->packets[i]);
        if (status != EBPF_OK)
            b->count = i;
    }
    return status;
}

/* Runs the batch as often as asked for.  A program that does not write to its packets is not
 * slowed down by bringing them back. */
static ebpf_status run_rounds(struct session *s, double done)
{
    uint64_t rounds = s->tool->options.repeat ? s->tool->options.repeat : 1, start = tool_clock();
    ebpf_status status = run_round(s);
    bool changed = rounds > 1 && tool_batch_is_changed(s->batch);
    for (uint64_t i = 1; i < rounds && status == EBPF_OK; i++) {
        if (changed)
            tool_batch_restore(s->batch);
        size_t count = s->batch->count;
        status = run_round(s);
        s->batch->count = count;
        if (i % 1024 == 0 || count > 16)
            tool_progress_update(&s->progress, done < 0 ? (double)i / (double)rounds : done,
                                 s->tally.packets);
    }
    s->tally.nanoseconds += tool_clock() - start;
    return status;
}

static enum tool_exit run_batch(struct session *s, double done)
{
    const struct tool_options *o = &s->tool->options;
    if ((o->repeat > 1 || o->table) && !tool_batch_keep(s->batch))
        return tool_fail(s->tool, EBPF_ERR_NOMEM, "out of memory");
    ebpf_status status = run_rounds(s, done);
    if (status == EBPF_OK || status == EBPF_ERR_INTERRUPTED)
        return tool_exit_of(status);
    return tool_fail(s->tool, status, "%s; %s", ebpf_status_text(status),
                     ebpf_status_advice(status));
}

/* Says of each kind of fault where it came first. */
static enum tool_exit explain(struct session *s, enum tool_exit code)
{
    for (unsigned i = 0; i < s->tally.fault_kinds; i++)
        ebpf_vm_explain(s->vm, &s->tally.faults[i].first, s->tool->diag);
    return code == TOOL_EXIT_OK && s->tally.fault_kinds > 0 ? TOOL_EXIT_FAILED : code;
}

static enum tool_exit run_capture(struct session *s)
{
    struct tool *tool = s->tool;
    struct tool_capture *capture = tool->capture;
    uint64_t limit = tool->options.limit ? tool->options.limit : UINT64_MAX;
    enum tool_exit code = TOOL_EXIT_OK;
    if (!capture)
        code = tool_capture_open(tool, tool->options.pcap, &capture);
    if (code != TOOL_EXIT_OK)
        return code;
    tool->capture = capture;
    if (tool->options.table)
        tool_table_begin(tool);
    do {
        enum tool_exit run_code = TOOL_EXIT_OK;
        code = tool_capture_read(tool, capture, limit, s->batch);
        if (s->batch->count == 0)
            break;
        double done = tool_capture_position(capture);
        run_code = run_batch(s, done);
        if (run_code != TOOL_EXIT_OK)
            code = run_code;
        if (tool->options.table)
            tool_table_print(tool, s->batch, tool_capture_link(capture));
        tool_output_check(tool, stdout);
        tool_progress_update(&s->progress, done, s->tally.packets);
    } while (code == TOOL_EXIT_OK && !ferror(stdout));
    tool_progress_end(&s->progress);
    if (tool->options.table)
        tool_table_end(tool);
    tool_summary(tool, &s->tally);
    return explain(s, code);
}

static enum tool_exit run_memory(struct session *s, const struct tool_bytes *memory)
{
    struct tool_packet *packet =
        tool_batch_add(s->batch, memory->data, (uint32_t)memory->size, 0); /* never that large */
    if (!packet)
        return tool_fail(s->tool, EBPF_ERR_NOMEM, "out of memory");
    packet->number = 1;
    enum tool_exit code = run_batch(s, -1);
    tool_progress_end(&s->progress);
    if (s->tally.packets > 0)
        tool_result(s->tool, packet, &s->tally);
    return explain(s, code);
}

/* Reads what --mem, --mem-file and --mbuff name. */
static enum tool_exit read_memory(struct session *s, struct tool_bytes *memory)
{
    const struct tool_options *o = &s->tool->options;
    enum tool_exit code = TOOL_EXIT_OK;
    if (o->mem)
        code = tool_hex_read(s->tool, o->mem, strlen(o->mem), "--mem", memory);
    else if (o->mem_file)
        code = tool_read(s->tool, o->mem_file, memory);
    if (code != TOOL_EXIT_OK || s->kind != EBPF_VM_MBUFF)
        return code;
    code = tool_hex_read(s->tool, o->mbuff, strlen(o->mbuff), "--mbuff", &s->mbuff);
    if (code != TOOL_EXIT_OK)
        return code;
    s->mbuff_run.data = malloc(s->mbuff.size + 1);
    return s->mbuff_run.data ? code : tool_fail(s->tool, EBPF_ERR_NOMEM, "out of memory");
}

/* Options that make no sense together. */
static const char *contradiction(const struct tool *tool, enum ebpf_vm_kind kind)
{
    const struct tool_options *o = &tool->options;
    if (!!o->mem + !!o->mem_file + !!o->pcap > 1)
        return "only one of --mem, --mem-file and --pcap can be given";
    if (kind == EBPF_VM_NO_DATA && (o->mem || o->mem_file || o->pcap))
        return "--kind=none takes no memory";
    if (o->kind && o->type)
        return "--kind and --type exclude each other";
    if ((kind == EBPF_VM_MBUFF) != (o->mbuff != NULL))
        return "--kind=mbuff and --mbuff=HEX need each other";
    if (kind != EBPF_VM_FIXED_MBUFF && o->offsets)
        return "--offsets is for --kind=fixed";
    if (!o->pcap && (o->table || o->limit))
        return "--table and --limit are for --pcap";
    if (o->filter && o->kind && kind != EBPF_VM_RAW)
        return "--filter is for --kind=raw";
    if (o->filter && o->link && o->pcap)
        return "--link is for --filter without --pcap, which tells it";
    if (!strcmp(tool->operands[0], "-") &&
        ((o->pcap && !strcmp(o->pcap, "-")) || (o->mem_file && !strcmp(o->mem_file, "-"))))
        return "the program and its memory cannot both come from standard input";
    return NULL;
}

static enum tool_exit execute(struct session *s, struct ebpf_program *program)
{
    struct tool_bytes memory = {0};
    enum tool_exit code = tool_machine(s->tool, s->kind, program, &s->vm);
    if (code == TOOL_EXIT_OK)
        code = read_memory(s, &memory);
    if (code == TOOL_EXIT_OK)
        code = tool_maps_fill(s->tool, s->vm);
    if (code == TOOL_EXIT_OK) {
        s->input = (struct ebpf_input){.size = sizeof(s->input), .mbuff = s->mbuff_run.data,
                                       .mbuff_size = s->mbuff.size,
                                       .interrupt = tool_interrupt_install()};
        tool_progress_start(s->tool, &s->progress);
        code = s->tool->options.pcap ? run_capture(s) : run_memory(s, &memory);
        if (s->tool->options.show_maps)
            tool_maps_print(s->tool, s->vm);
        code = tool_maps_save(s->tool, s->vm, code);
    }
    if (code == TOOL_EXIT_INTERRUPTED)
        tool_fail(s->tool, EBPF_ERR_INTERRUPTED, "interrupted");
    ebpf_vm_free(s->vm);
    free(memory.data);
    return code;
}

/* Reads the program, which may say what kind it is of.  A filter is compiled for the capture that
 * it is to run on. */
static enum tool_exit load(struct session *s, struct ebpf_program **program)
{
    struct tool *tool = s->tool;
    const struct tool_options *o = &tool->options;
    enum tool_exit code = TOOL_EXIT_OK;
    if (o->filter && o->pcap)
        code = tool_capture_open(tool, o->pcap, &tool->capture);
    if (code == TOOL_EXIT_OK)
        code = tool_load(tool, tool->operands[0], program);
    if (tool->is_filter && !o->kind)
        s->kind = EBPF_VM_RAW;
    else if (tool->type && !o->kind)
        s->kind = EBPF_VM_TYPED;
    return code;
}

static enum tool_exit run(struct tool *tool)
{
    static const enum ebpf_vm_kind kinds[] = {EBPF_VM_NO_DATA, EBPF_VM_RAW, EBPF_VM_MBUFF,
                                              EBPF_VM_FIXED_MBUFF}; /* as --kind has them */
    const struct tool_options *o = &tool->options;
    struct session s = {.tool = tool};
    struct ebpf_program *program = NULL;
    s.kind = o->kind                              ? kinds[o->kind - 1]
             : o->type                            ? EBPF_VM_TYPED
             : o->mem || o->mem_file || o->pcap   ? EBPF_VM_RAW
                                                  : EBPF_VM_NO_DATA;
    tool->type = o->type;
    const char *wrong = contradiction(tool, s.kind);
    if (wrong) {
        tool_error("%s", wrong);
        return TOOL_EXIT_USAGE;
    }
    enum tool_exit code = load(&s, &program);
    if (code != TOOL_EXIT_OK) {
        tool_capture_close(tool->capture);
        return code;
    }
    s.type = s.kind == EBPF_VM_TYPED ? tool->type : NULL;
    s.batch = calloc(1, sizeof(*s.batch));
    if (s.batch)
        s.batch->head = tool->head;
    code = s.batch ? execute(&s, program) : tool_fail(tool, EBPF_ERR_NOMEM, "out of memory");
    if (s.batch)
        tool_batch_free(s.batch);
    free(s.batch);
    free(s.mbuff.data);
    free(s.mbuff_run.data);
    tool_capture_close(tool->capture);
    ebpf_program_unref(program);
    return code;
}

static const struct tool_example examples[] = {
    {"Run a program on eight bytes", "ebpfvm run --mem 0011223344556677 sum.s"},
    {"Filter a capture: which packets pass?", "ebpfvm run --pcap web.pcap --table=passed port.s"},
    {"Run a stock XDP program, then look at its maps",
     "ebpfvm run --pcap web.pcap --maps firewall.o"},
    {"Filter it by an expression of tcpdump",
     "ebpfvm run --filter 'tcp port 80' --pcap web.pcap --table=passed"},
    {"Measure it", "ebpfvm run --pcap web.pcap --repeat 1000 port.s"},
    {"Look into a fault, with another engine",
     "ebpfvm run --backend=interp --pcap web.pcap --table=faulted port.s"},
    {NULL, NULL},
};

const struct tool_command tool_cmd_run = {
    .name = "run",
    .operands = "FILE|-|HEX",
    .summary = "run a program on memory, or on the packets of a capture",
    .description =
        "Checks a program and runs it: once on the memory that --mem or --mem-file give, printing "
        "r0; or once for each packet of a capture, printing a summary and, with --table, a line "
        "for each packet. A packet passes if r0 is not 0, or if it is a verdict that lets it go "
        "on: those of --type=xdp are XDP_PASS, XDP_TX and XDP_REDIRECT.\n\n"
        "A program of an ELF object runs as the type that its section names, such as xdp or tc, "
        "on the context that the kernel has for it, with the maps and data of the object.\n\n"
        "With --filter, or if FILE is classic BPF, a packet passes if the filter takes it; "
        "what it finds as the length of a packet of a capture is that on the wire.\n\n"
        "A run that reaches outside of its memory, exceeds its budget or calls an unknown helper "
        "ends in a fault; the first of each kind is explained. The rest of a capture goes on. "
        "Ctrl-C ends the work, and prints what was found so far.\n\n"
        "The time is that of running alone, without reading the capture and printing.",
    .examples = examples,
    .bit = TOOL_RUN,
    .operands_min = 1,
    .operands_max = 1,
    .usage_exit = TOOL_EXIT_USAGE,
    .run = run,
};
