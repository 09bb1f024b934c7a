/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "tools/capture.h"
#include "tools/input.h"
#include "tools/interrupt.h"
#include "tools/machine.h"
#include "tools/maps.h"
#include "tools/output.h"
#include "tools/runner.h"
#include "tools/select.h"

/* All that running takes. */
struct session {
    struct tool *tool;
    struct tool_runner runner;
    enum ebpf_vm_kind kind;
    struct tool_bytes mbuff;
    struct tool_selection kept;   /* what --out gets */
    struct tool_capture_out *out; /* or NULL */
    bool broken; /* running failed: what is in `out` is not what was asked for */
};

static enum tool_exit run_batch(struct session *s, double done)
{
    const struct tool_options *o = &s->tool->options;
    s->broken = true;
    if ((o->repeat > 1 || o->table) && !tool_batch_keep(s->runner.batch))
        return tool_fail(s->tool, EBPF_ERR_NOMEM, "out of memory");
    ebpf_status status = tool_runner_run(&s->runner, done);
    s->broken = status != EBPF_OK && status != EBPF_ERR_INTERRUPTED;
    if (!s->broken)
        return tool_exit_of(status);
    return tool_fail(s->tool, status, "%s; %s", ebpf_status_text(status),
                     ebpf_status_advice(status));
}

/* Says of each kind of fault where it came first. */
static enum tool_exit explain(struct session *s, enum tool_exit code)
{
    const struct tool_tally *t = &s->runner.tally;
    for (unsigned i = 0; i < t->fault_kinds; i++)
        ebpf_vm_explain(s->runner.vm, &t->faults[i].first, s->tool->diag);
    return code == TOOL_EXIT_OK && t->fault_kinds > 0 ? TOOL_EXIT_FAILED : code;
}

/* Writes the packets of the batch that --out gets.  Whether that goes well so far. */
static bool write_batch(struct session *s)
{
    const struct tool_batch *b = s->runner.batch;
    for (size_t i = 0; i < b->count && s->out && !tool_capture_failed(s->out); i++)
        if (tool_is_selected(&s->kept, &b->packets[i]))
            tool_capture_write(s->out, b->bytes + b->packets[i].out_offset, &b->packets[i]);
    return !s->out || !tool_capture_failed(s->out);
}

/* Runs, writes and prints the packets of the batch. */
static enum tool_exit run_packets(struct session *s, const struct tool_capture *capture)
{
    struct tool *tool = s->tool;
    double done = tool_capture_position(capture);
    enum tool_exit code = run_batch(s, done);
    if (!write_batch(s) && code == TOOL_EXIT_OK)
        code = TOOL_EXIT_IO; /* ending the file says why */
    if (tool->options.table)
        tool_table_print(tool, s->runner.batch, tool_capture_link(capture));
    tool_output_check(tool, stdout);
    tool_progress_update(&s->runner.progress, done, s->runner.tally.packets);
    return code;
}

static enum tool_exit run_all(struct session *s, struct tool_capture *capture)
{
    uint64_t limit = s->tool->options.limit ? s->tool->options.limit : UINT64_MAX;
    enum tool_exit code;
    do {
        code = tool_capture_read(s->tool, capture, limit, s->runner.batch);
        if (s->runner.batch->count == 0)
            break;
        enum tool_exit run_code = run_packets(s, capture);
        code = run_code != TOOL_EXIT_OK ? run_code : code;
    } while (code == TOOL_EXIT_OK && !ferror(stdout));
    tool_progress_end(&s->runner.progress);
    s->broken |= code == TOOL_EXIT_FAILED; /* faults are no failures here */
    return code;
}

static enum tool_exit run_capture(struct session *s)
{
    struct tool *tool = s->tool;
    const struct tool_options *o = &tool->options;
    struct tool_capture *capture = tool->capture;
    enum tool_exit code = TOOL_EXIT_OK;
    if (!capture)
        code = tool_capture_open(tool, o->pcap, &capture);
    tool->capture = capture;
    if (code == TOOL_EXIT_OK && o->out)
        code = tool_capture_create(tool, o->out, capture, &s->out);
    if (code == TOOL_EXIT_OK) {
        if (o->table)
            tool_table_begin(tool);
        code = run_all(s, capture);
        if (o->table)
            tool_table_end(tool);
        uint64_t written = s->out ? tool_capture_written(s->out) : UINT64_MAX;
        code = tool_capture_finish(tool, s->out, code, !s->broken);
        tool_summary(tool, &s->runner.tally, written);
        code = explain(s, code);
    }
    return code;
}

static enum tool_exit run_memory(struct session *s, const struct tool_bytes *memory)
{
    struct tool_runner *r = &s->runner;
    struct tool_packet *packet =
        tool_batch_add(r->batch, memory->data, (uint32_t)memory->size, 0); /* never that large */
    if (!packet)
        return tool_fail(s->tool, EBPF_ERR_NOMEM, "out of memory");
    packet->number = 1;
    enum tool_exit code = run_batch(s, -1);
    tool_progress_end(&r->progress);
    if (r->tally.packets > 0)
        tool_result(s->tool, packet, &r->tally);
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
    return tool_hex_read(s->tool, o->mbuff, strlen(o->mbuff), "--mbuff", &s->mbuff);
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
    if (!o->pcap && (o->table || o->limit || o->out))
        return "--table, --limit and --out are for --pcap";
    if (o->keep && !o->out)
        return "--keep is for --out";
    if (o->filter && o->kind && kind != EBPF_VM_RAW)
        return "--filter is for --kind=raw";
    if (o->filter && o->link && o->pcap)
        return "--link is for --filter without --pcap, which tells it";
    if (!strcmp(tool->operands[0], "-") &&
        ((o->pcap && !strcmp(o->pcap, "-")) || (o->mem_file && !strcmp(o->mem_file, "-"))))
        return "the program and its memory cannot both come from standard input";
    return NULL;
}

/* Runs the program on what the VM, its maps and the batch are ready for. */
static enum tool_exit run_program(struct session *s, const struct tool_bytes *memory)
{
    struct tool *tool = s->tool;
    struct tool_runner *r = &s->runner;
    enum tool_exit code = TOOL_EXIT_OK;
    r->interrupt = tool_interrupt_install();
    tool_progress_start(tool, &r->progress);
    if (!tool_runner_start(r))
        code = tool_fail(tool, EBPF_ERR_NOMEM, "out of memory for %u threads",
                         r->worker_count + 1);
    else
        code = tool->options.pcap ? run_capture(s) : run_memory(s, memory);
    tool_runner_stop(r);
    return code;
}

static enum tool_exit execute(struct session *s, struct ebpf_program *program)
{
    struct tool *tool = s->tool;
    struct tool_bytes memory = {0};
    enum tool_exit code = tool_machine(tool, s->kind, program, &s->runner.vm);
    if (code == TOOL_EXIT_OK)
        code = read_memory(s, &memory);
    if (code == TOOL_EXIT_OK)
        code = tool_maps_fill(tool, s->runner.vm);
    if (code == TOOL_EXIT_OK) {
        code = run_program(s, &memory);
        if (tool->options.show_maps)
            code = tool_maps_print(tool, s->runner.vm, code);
        code = tool_maps_save(tool, s->runner.vm, code);
    }
    if (code == TOOL_EXIT_INTERRUPTED)
        tool_fail(tool, EBPF_ERR_INTERRUPTED, "interrupted");
    ebpf_vm_free(s->runner.vm);
    free(memory.data);
    return code;
}

/* Reads the two numbers of --rooms; only the context of a type tells where a packet has moved. */
static enum tool_exit make_batch(struct session *s)
{
    const char *text = s->tool->options.rooms;
    uint64_t head = TOOL_ROOM_DEFAULT, tail = TOOL_ROOM_DEFAULT;
    if (text && (!tool_numbers(text, &head, &tail) || head > TOOL_ROOM_MAX ||
                 tail > TOOL_ROOM_MAX)) {
        tool_error("--rooms: '%.40s' is not two numbers up to %d with a comma between", text,
                   (int)TOOL_ROOM_MAX);
        return TOOL_EXIT_USAGE;
    }
    s->runner.batch = calloc(1, sizeof(*s->runner.batch));
    if (!s->runner.batch)
        return tool_fail(s->tool, EBPF_ERR_NOMEM, "out of memory");
    s->runner.batch->head = s->tool->head;
    s->runner.batch->rooms.head = s->tool->head;
    if (s->kind == EBPF_VM_TYPED)
        s->runner.batch->rooms = (struct tool_rooms){(uint32_t)head, (uint32_t)tail};
    return TOOL_EXIT_OK;
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

/* What follows from the kind of VM and the program's type, which an object may have told. */
static enum tool_exit prepare(struct session *s)
{
    struct tool *tool = s->tool;
    const struct tool_options *o = &tool->options;
    s->runner.type = s->kind == EBPF_VM_TYPED ? tool->type : NULL;
    if (s->kind != EBPF_VM_TYPED && o->rooms) {
        tool_error("--rooms is for programs of a type: see --type");
        return TOOL_EXIT_USAGE;
    }
    enum tool_exit code = TOOL_EXIT_OK;
    if (o->out)
        code = tool_select("keep", o->keep ? o->keep : "passed", s->runner.type, &s->kept);
    return code == TOOL_EXIT_OK ? make_batch(s) : code;
}

static enum tool_exit run(struct tool *tool)
{
    static const enum ebpf_vm_kind kinds[] = {EBPF_VM_NO_DATA, EBPF_VM_RAW, EBPF_VM_MBUFF,
                                              EBPF_VM_FIXED_MBUFF}; /* as --kind has them */
    const struct tool_options *o = &tool->options;
    struct session s = {.tool = tool};
    struct ebpf_program *program = NULL;
    s.runner.tool = tool;
    s.runner.mbuff = &s.mbuff;
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
    if (code == TOOL_EXIT_OK)
        code = prepare(&s);
    if (code == TOOL_EXIT_OK)
        code = execute(&s, program);
    if (s.runner.batch)
        tool_batch_free(s.runner.batch);
    free(s.runner.batch);
    free(s.mbuff.data);
    tool_capture_close(tool->capture);
    ebpf_program_unref(program);
    return code;
}

static const struct tool_example examples[] = {
    {"Run a program on eight bytes", "ebpfvm run --mem 0011223344556677 sum.s"},
    {"Filter a capture: which packets pass?", "ebpfvm run --pcap web.pcap --table=passed port.s"},
    {"Run a stock XDP program, then look at its maps",
     "ebpfvm run --pcap web.pcap --maps firewall.o"},
    {"What does it make of the packets that it sends back?",
     "ebpfvm run --pcap web.pcap --out out.pcap --keep=XDP_TX balance.o"},
    {"Filter it by an expression of tcpdump",
     "ebpfvm run --filter 'tcp port 80' --pcap web.pcap --table=passed"},
    {"Give it the ports to block",
     "ebpfvm run --pcap web.pcap --map blocked=ports.json firewall.o"},
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
        "Helpers that resize packets find room around them; --out writes packets as the program "
        "left them. Maps start with what --map puts into them; ebpfvm-maps(1) has the form.\n\n"
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
