/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <inttypes.h>

#include "tools/output.h"
#include "tools/report.h"
#include "tools/select.h"

/* Counts faults of a kind; `packet` is the first that had one. */
static void add_fault(struct tool_tally *tally, uint64_t count, uint64_t packet,
                      const struct ebpf_fault *fault)
{
    unsigned i = 0;
    while (i < tally->fault_kinds && tally->faults[i].first.status != fault->status)
        i++;
    if (i == TOOL_FAULT_KINDS) /* there are not so many kinds, but the last one can stand for all */
        i--;
    struct tool_fault *f = &tally->faults[i];
    bool is_new = i == tally->fault_kinds;
    tally->fault_kinds += is_new;
    if (is_new || packet < f->packet) {
        f->packet = packet;
        f->first = *fault;
    }
    f->count += count;
}

uint64_t tool_result_of(unsigned slot)
{
    return (uint64_t)slot - 1;
}

/* Verdicts are numbers of 32 bits. */
static unsigned slot_of(uint64_t r0)
{
    int32_t verdict = (int32_t)(uint32_t)r0;
    return verdict >= -1 && verdict < TOOL_RESULTS - 2 ? (unsigned)(verdict + 1)
                                                       : TOOL_RESULTS - 1;
}

void tool_tally_add(struct tool_tally *tally, const struct tool_packet *packet,
                    const struct ebpf_fault *fault)
{
    tally->packets++;
    tally->bytes += packet->length;
    tally->executed += packet->executed;
    if (packet->status == EBPF_OK)
        tally->results[slot_of(packet->r0)]++;
    if (packet->status != EBPF_OK)
        add_fault(tally, 1, packet->number, fault);
    else if (packet->passes)
        tally->passed++;
    else
        tally->dropped++;
}

void tool_tally_merge(struct tool_tally *tally, const struct tool_tally *other)
{
    tally->packets += other->packets;
    tally->passed += other->passed;
    tally->dropped += other->dropped;
    tally->bytes += other->bytes;
    tally->executed += other->executed;
    tally->nanoseconds += other->nanoseconds;
    for (unsigned i = 0; i < TOOL_RESULTS; i++)
        tally->results[i] += other->results[i];
    for (unsigned i = 0; i < other->fault_kinds; i++)
        add_fault(tally, other->faults[i].count, other->faults[i].packet, &other->faults[i].first);
}

uint64_t tool_tally_faults(const struct tool_tally *tally)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < tally->fault_kinds; i++)
        sum += tally->faults[i].count;
    return sum;
}

void tool_table_begin(struct tool *tool)
{
    if (tool->options.json) {
        tool_json(tool, "table", "[");
        return;
    }
    bool color = tool_is_colored(tool, stdout);
    printf("%s%8s %12s %7s %-10s %6s  %s%s\n", color ? "\033[1m" : "", "packet", "time", "bytes",
           "r0", "insns", "what", color ? "\033[0m" : "");
}

static void print_json_row(struct tool *tool, const struct tool_packet *p)
{
    printf("%s\n  {\"packet\": %" PRIu64 ", \"time\": %" PRIu64 ".%09" PRIu64 ", \"bytes\": %u, ",
           tool->rows++ ? "," : "", p->number, (p->time / 1000000000),
           (p->time % 1000000000), p->length);
    if (p->status == EBPF_OK)
        printf("\"r0\": %" PRIu64 ", ", p->r0);
    else
        printf("\"fault\": \"%s\", ", ebpf_status_name(p->status));
    printf("\"instructions\": %" PRIu64 "}", p->executed);
}

static void print_row(const struct tool_packet *p, const char *what, bool color)
{
    char r0[24] = "fault";
    if (p->status == EBPF_OK)
        snprintf(r0, sizeof(r0), p->r0 < 10 ? "%" PRIu64 : "0x%" PRIx64, p->r0);
    const char *on = p->status != EBPF_OK ? "\033[1;33m" : p->passes ? "\033[32m" : "\033[31m";
    printf("%8" PRIu64 " %5" PRIu64 ".%06" PRIu64 " %7u %s%-10s%s %6" PRIu64 "  %s\n", p->number,
           (p->time / 1000000000), (p->time % 1000000000 / 1000), p->length,
           color ? on : "", r0, color ? "\033[0m" : "", p->executed,
           p->status == EBPF_OK ? what : ebpf_status_text(p->status));
}

void tool_table_print(struct tool *tool, const struct tool_batch *batch, enum tool_link link)
{
    const enum tool_table table = (enum tool_table)tool->options.table;
    const bool all = table == TOOL_TABLE_ALL, color = tool_is_colored(tool, stdout);
    const struct tool_selection wanted = {.passed = all || table == TOOL_TABLE_PASSED,
                                          .dropped = all || table == TOOL_TABLE_DROPPED,
                                          .faulted = all || table == TOOL_TABLE_FAULTED};
    for (size_t i = 0; i < batch->count; i++) {
        const struct tool_packet *p = &batch->packets[i];
        if (!tool_is_selected(&wanted, p))
            continue;
        if (tool->options.json) {
            print_json_row(tool, p);
            continue;
        }
        const uint8_t *bytes = batch->pristine ? batch->pristine : batch->bytes;
        char what[160];
        tool_packet_describe(bytes + p->offset, p->length, link, what, sizeof(what));
        print_row(p, what, color);
    }
}

void tool_table_end(struct tool *tool)
{
    if (tool->options.json)
        fputs("]", stdout);
    else
        putchar('\n');
}

static void print_json_summary(struct tool *tool, const struct tool_tally *t)
{
    tool_json(tool, "packets", "%" PRIu64, t->packets);
    tool_json(tool, "bytes", "%" PRIu64, t->bytes);
    tool_json(tool, "passed", "%" PRIu64, t->passed);
    tool_json(tool, "dropped", "%" PRIu64, t->dropped);
    tool_json(tool, "verdicts", "{");
    for (unsigned slot = 0, rows = 0; slot < TOOL_RESULTS - 1 && tool->type; slot++) {
        const char *name = ebpf_verdict_of(tool->type, tool_result_of(slot)).name;
        if (name)
            printf("%s\"%s\": %" PRIu64, rows++ ? ", " : "", name, t->results[slot]);
    }
    fputs("}", stdout);
    tool_json(tool, "faults", "[");
    for (unsigned i = 0; i < t->fault_kinds; i++) {
        const struct tool_fault *f = &t->faults[i];
        printf("%s{\"status\": \"%s\", \"count\": %" PRIu64 ", \"packet\": %" PRIu64
               ", \"pc\": %u}",
               i ? ", " : "", ebpf_status_name(f->first.status), f->count, f->packet, f->first.pc);
    }
    fputs("]", stdout);
}

static void print_share(const char *name, uint64_t part, uint64_t whole)
{
    printf("%-13s %12" PRIu64 "   %5.1f %%\n", name, part,
           whole ? 100.0 * (double)part / (double)whole : 0.0);
}

/* How often each verdict came that has a name, and how often there was none. */
static void print_verdicts(const struct tool *tool, const struct tool_tally *t)
{
    uint64_t others = t->passed + t->dropped;
    bool named = false;
    for (unsigned slot = 0; slot < TOOL_RESULTS - 1 && tool->type; slot++) {
        const char *name = ebpf_verdict_of(tool->type, tool_result_of(slot)).name;
        named |= name != NULL;
        others -= name ? t->results[slot] : 0;
        if (name && t->results[slot])
            printf("  %-17s %6" PRIu64 "\n", name, t->results[slot]);
    }
    if (named && others)
        printf("  %-17s %6" PRIu64 "\n", "no verdict", others);
}

/* A duration in a unit that suits it. */
static void print_time(uint64_t nanoseconds)
{
    static const char *const units[] = {"ns", "us", "ms", "s"};
    double value = (double)nanoseconds;
    int unit = 0;
    for (; value >= 1000 && unit < 3; unit++)
        value /= 1000;
    printf("%-13s %12.*f %-2s", "time", unit ? 3 : 0, value, units[unit]);
}

/* Instructions and time, with what that is per run. */
static void print_work(struct tool *tool, const struct tool_tally *t, const char *unit)
{
    double runs = t->packets ? (double)t->packets : 1;
    if (tool->options.json) {
        tool_json(tool, "instructions", "%" PRIu64, t->executed);
        tool_json(tool, "nanoseconds", "%" PRIu64, t->nanoseconds);
        return;
    }
    printf("%-13s %12" PRIu64 "   %.1f per %s\n", "instructions", t->executed,
           (double)t->executed / runs, unit);
    print_time(t->nanoseconds);
    printf(" %.1f ns per %s", (double)t->nanoseconds / runs, unit);
    if (t->nanoseconds > 0)
        printf(", %.0f %ss/s", runs * 1e9 / (double)t->nanoseconds, unit);
    putchar('\n');
}

void tool_summary(struct tool *tool, const struct tool_tally *t, uint64_t written)
{
    if (tool->options.json) {
        print_json_summary(tool, t);
        if (written != UINT64_MAX)
            tool_json(tool, "written", "%" PRIu64, written);
        print_work(tool, t, "packet");
        return;
    }
    printf("%-13s %12" PRIu64 "   %" PRIu64 " bytes\n", "packets", t->packets, t->bytes);
    print_share("passed", t->passed, t->packets);
    print_share("dropped", t->dropped, t->packets);
    print_verdicts(tool, t);
    print_share("faults", tool_tally_faults(t), t->packets);
    for (unsigned i = 0; i < t->fault_kinds; i++) {
        const struct tool_fault *f = &t->faults[i];
        printf("%-13s %12" PRIu64 "   %s, first in packet %" PRIu64 "\n", "", f->count,
               ebpf_status_text(f->first.status), f->packet);
    }
    if (written != UINT64_MAX)
        printf("%-13s %12" PRIu64 "   to %s\n", "written", written, tool->options.out);
    print_work(tool, t, "packet");
}

void tool_result(struct tool *tool, const struct tool_packet *packet, const struct tool_tally *t)
{
    const struct tool_options *o = &tool->options;
    uint64_t r0 = packet->r0;
    if (packet->status == EBPF_OK && o->json) {
        tool_json(tool, "r0", "%" PRIu64, r0);
        tool_json(tool, "r0_hex", "\"0x%" PRIx64 "\"", r0);
    } else if (packet->status == EBPF_OK) {
        printf("r0 = 0x%" PRIx64 " (%" PRIu64, r0, r0);
        if (r0 >> 63)
            printf(", %" PRId64, (int64_t)r0);
        puts(")");
    } else if (o->json) {
        tool_json(tool, "fault", "\"%s\"", ebpf_status_name(packet->status));
    }
    if (o->json || o->count || o->repeat > 1)
        print_work(tool, t, "run");
}
