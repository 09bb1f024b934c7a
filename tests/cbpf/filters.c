/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Filter expressions of libpcap over packets, those of a capture and many that are made up, whole
 * and cut off: the verdicts of its bpf_filter() and of the converted filter, in every engine and
 * policy and as a C function, must be the same.
 *
 * usage: test-filters [-v] [FILE]   the expressions; tests/cbpf/expressions below top_srcdir
 *        test-filters -w CAPTURE    writes the packets for Ethernet, whole
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <pcap/pcap.h>

#include "tests/cbpf/machines.h"
#include "tests/cbpf/packets.h"

enum { LINE = 400, PATH = 4096, SNAPLEN = 262144, PACKETS = 2000, CAPTURED = 1000 };
#define NETMASK 0xffffff00u /* for `ip broadcast` */

struct tally {
    unsigned filters, filters_unmatched, failed;
    unsigned long verdicts, passed;
    bool verbose;
    /* the capture, of Ethernet */
    struct packet_maker captured[CAPTURED];
    unsigned captured_count;
};

/* A filter with and without libpcap's optimiser, and with the two meanings of the length. */
struct filter {
    const char *text;
    int link;
    bool optimised;
    int wire_length;
    struct bpf_program code;
    struct machines machines;
};

static int fail(const struct filter *f, struct tally *t, const char *what,
                const struct ebpf_diag *diag)
{
    struct ebpf_stream out = ebpf_stream_file(stdout);
    printf("FAIL: '%s' (%s%s): %s\n", f->text, pcap_datalink_val_to_name(f->link),
           f->optimised ? "" : ", not optimised", what);
    ebpf_diag_print(diag, EBPF_DIAG_PLAIN, &out);
    t->failed++;
    return -1;
}

/* Makes the machines of a filter whose code is there. */
static int convert(struct filter *f, struct tally *t)
{
    const struct ebpf_cbpf_options options = {.size = sizeof(options),
                                              .wire_length = f->wire_length};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    struct ebpf_program *program;
    int result = 0;
    f->machines.count = 0;
    ebpf_status status =
        ebpf_cbpf_convert((const struct ebpf_cbpf_insn *)(const void *)f->code.bf_insns,
                          f->code.bf_len, &options, diag, &program);
    if (!status)
        status = machines_make(&f->machines, program, diag);
    if (status)
        result = fail(f, t, ebpf_status_name(status), diag);
    ebpf_program_unref(program);
    ebpf_diag_free(diag);
    return result;
}

/* The first `size` bytes of a packet, in a block of their own. */
static bool same(const struct filter *f, const struct packet_maker *m, size_t size,
                 struct tally *t)
{
    size_t head = f->wire_length ? EBPF_CBPF_HEAD : 0;
    uint32_t wire = f->wire_length ? (uint32_t)m->size : (uint32_t)size;
    uint8_t *mem = malloc(head + size + 1);
    if (!mem)
        exit(99);
    memcpy(mem, &wire, head);
    memcpy(mem + head, m->bytes, size);
    u_int expected = bpf_filter(f->code.bf_insns, mem + head, wire, (u_int)size);
    unsigned wrong = machines_differ(&f->machines, mem, head + size, expected);
    if (wrong)
        printf("FAIL: '%s': %s %s differs from libpcap's %u, %zu of %zu bytes\n", f->text,
               ebpf_vm_backend(f->machines.vms[wrong - 1])->name, f->machines.names[wrong - 1],
               expected, size, m->size);
    t->verdicts++;
    t->passed += expected != 0;
    free(mem);
    return !wrong;
}

static void run(struct filter *f, struct tally *t)
{
    struct packet_maker m = {.random = 1};
    unsigned long before = t->passed;
    bool fine = convert(f, t) == 0;
    for (int i = 0; fine && i < PACKETS; i++) {
        packet_make(&m, f->link);
        fine = same(f, &m, m.size, t) && same(f, &m, packet_random(&m, (uint32_t)m.size), t);
        t->failed += !fine;
    }
    for (unsigned i = 0; fine && f->link == DLT_EN10MB && i < t->captured_count; i++) {
        fine = same(f, &t->captured[i], t->captured[i].size, t);
        t->failed += !fine;
    }
    machines_free(&f->machines);
    t->filters++;
    t->filters_unmatched += t->passed == before;
    if (t->verbose && t->passed == before)
        printf("never: %s: %s\n", pcap_datalink_val_to_name(f->link), f->text);
}

static void try_expression(pcap_t *pcap, const char *text, struct tally *t)
{
    struct filter f = {.text = text, .link = pcap_datalink(pcap)};
    for (int i = 0; i < 2; i++) {
        f.optimised = i;
        if (pcap_compile(pcap, &f.code, text, i, NETMASK) != 0) {
            fail(&f, t, pcap_geterr(pcap), NULL);
            return;
        }
        f.wire_length = 0;
        run(&f, t);
        f.wire_length = 1;
        if (ebpf_cbpf_reads_length((const void *)f.code.bf_insns, f.code.bf_len))
            run(&f, t);
        pcap_freecode(&f.code);
    }
}

/* Opens what a line `link NAME` names. */
static pcap_t *open_link(pcap_t *old, const char *name)
{
    int link = pcap_datalink_name_to_val(name);
    if (old)
        pcap_close(old);
    pcap_t *pcap = link < 0 ? NULL : pcap_open_dead(link, SNAPLEN);
    if (!pcap)
        printf("no link '%s'\n", name);
    return pcap;
}

static int try_file(FILE *file, struct tally *t)
{
    char line[LINE];
    pcap_t *pcap = open_link(NULL, "EN10MB");
    while (pcap && fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, "link ", 5) == 0)
            pcap = open_link(pcap, line + 5);
        else if (line[0] && line[0] != '#')
            try_expression(pcap, line, t);
    }
    if (pcap)
        pcap_close(pcap);
    return pcap ? 0 : -1;
}

/* Keeps the packets of a capture of Ethernet, or what fits of them. */
static int read_capture(const char *path, struct tally *t)
{
    char why[PCAP_ERRBUF_SIZE] = "";
    struct pcap_pkthdr *header;
    const u_char *bytes;
    pcap_t *pcap = pcap_open_offline(path, why);
    if (!pcap || pcap_datalink(pcap) != DLT_EN10MB) {
        fprintf(stderr, "%s: %s\n", path, pcap ? "is not of Ethernet" : why);
        return -1;
    }
    while (t->captured_count < CAPTURED && pcap_next_ex(pcap, &header, &bytes) == 1) {
        struct packet_maker *m = &t->captured[t->captured_count++];
        m->size = header->caplen < PACKET_MAX ? header->caplen : PACKET_MAX;
        memcpy(m->bytes, bytes, m->size);
    }
    pcap_close(pcap);
    return 0;
}

static int write_capture(const char *path)
{
    struct packet_maker m = {.random = 1};
    pcap_t *pcap = pcap_open_dead(DLT_EN10MB, SNAPLEN);
    pcap_dumper_t *out = pcap_dump_open(pcap, path);
    for (int i = 0; out && i < PACKETS; i++) {
        packet_make(&m, DLT_EN10MB);
        const struct pcap_pkthdr header = {.caplen = (bpf_u_int32)m.size,
                                           .len = (bpf_u_int32)m.size};
        pcap_dump((u_char *)out, &header, m.bytes);
    }
    if (!out)
        fprintf(stderr, "%s\n", pcap_geterr(pcap));
    else
        pcap_dump_close(out);
    pcap_close(pcap);
    return out ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    static struct tally t;
    char path[PATH];
    t.verbose = argc > 1 && !strcmp(argv[1], "-v");
    if (argc > 2 && !strcmp(argv[1], "-w"))
        return write_capture(argv[2]);
    const char *root = getenv("top_srcdir");
    snprintf(path, sizeof(path), "%s/examples/data/traffic.pcap", root ? root : ".");
    if (read_capture(path, &t) != 0)
        return 99;
    snprintf(path, sizeof(path), "%s/tests/cbpf/expressions", root ? root : ".");
    FILE *file = fopen(argc > 1 + t.verbose ? argv[1 + t.verbose] : path, "r");
    if (!file) {
        perror(path);
        return 99;
    }
    int bad = try_file(file, &t);
    fclose(file);
    printf("%u filters, %u of which never match; %lu verdicts, %lu of them pass; %u failed\n",
           t.filters, t.filters_unmatched, t.verdicts, t.passed, t.failed);
    return bad || t.failed || !t.filters ? EXIT_FAILURE : EXIT_SUCCESS;
}
