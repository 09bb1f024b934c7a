/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Filters of libpcap: its interpreter, bpf_filter(), beside the same filters as machine code, by
 * ebpf_vm_run(), by ebpf_vm_run_burst() and as C functions, over the packets of captures.  Samples
 * are taken in turn; of each filter the median of the ratios within samples counts.
 * `make bench-filters`
 */
#define _DEFAULT_SOURCE
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <pcap/pcap.h>

#include <ebpfvm/ebpfvm.h>

enum { SAMPLES = 15, SAMPLE_NS = 30000, BURST_SIZE = 256 };
enum { LINE = 400, FILTERS = 1000, PACKETS = 4096 };
enum { LIBPCAP, RUN, BURST, FUNCTION, WAYS };
static const char *const ways[WAYS] = {"bpf_filter", "run", "burst", "function"};

struct packet {
    uint8_t *bytes;
    u_int size;
};

/* All that is measured at a time. */
struct bench {
    pcap_t *pcap; /* of the link of the capture */
    struct packet packets[PACKETS];
    struct ebpf_burst_packet burst[PACKETS];
    unsigned packet_count;
    struct bpf_program code;
    struct ebpf_vm *vm;
    ebpf_function_fn *function;
    bool verbose;
    /* of each filter, libpcap's time divided by that of the way */
    double ratios[WAYS][FILTERS], total[WAYS];
    unsigned filters, slower[WAYS];
};

static void die(const char *what, const char *why)
{
    fprintf(stderr, "bench-filters: %s: %s\n", what, why);
    exit(EXIT_FAILURE);
}

static void check(ebpf_status status, const char *what)
{
    if (status)
        die(what, ebpf_status_text(status));
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void read_capture(struct bench *b, const char *path)
{
    char why[PCAP_ERRBUF_SIZE];
    struct pcap_pkthdr *header;
    const u_char *bytes;
    pcap_t *capture = pcap_open_offline(path, why);
    if (!capture)
        die(path, why);
    b->packet_count = 0;
    while (b->packet_count < PACKETS && pcap_next_ex(capture, &header, &bytes) == 1) {
        struct packet *p = &b->packets[b->packet_count++];
        p->size = header->caplen;
        p->bytes = malloc(p->size + 1u);
        if (!p->bytes)
            die(path, "out of memory");
        memcpy(p->bytes, bytes, p->size);
        b->burst[b->packet_count - 1].mem = p->bytes;
        b->burst[b->packet_count - 1].mem_size = p->size;
    }
    b->pcap = pcap_open_dead(pcap_datalink(capture), 262144);
    pcap_close(capture);
    if (b->packet_count == 0)
        die(path, "no packets");
}

static uint64_t run_libpcap(struct bench *b)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < b->packet_count; i++)
        sum += bpf_filter(b->code.bf_insns, b->packets[i].bytes, b->packets[i].size,
                          b->packets[i].size);
    return sum;
}

static uint64_t run_vm(struct bench *b)
{
    struct ebpf_input in = {.size = sizeof(in)};
    struct ebpf_result result;
    uint64_t sum = 0;
    for (unsigned i = 0; i < b->packet_count; i++) {
        in.mem = b->packets[i].bytes;
        in.mem_size = b->packets[i].size;
        check(ebpf_vm_run(b->vm, &in, &result), "run");
        sum += result.r0;
    }
    return sum;
}

/* As an application does: some packets are handed over, then what came of them is looked at. */
static uint64_t run_burst(struct bench *b)
{
    struct ebpf_burst burst = {.size = sizeof(burst)};
    uint64_t sum = 0;
    for (unsigned from = 0; from < b->packet_count; from += BURST_SIZE) {
        unsigned rest = b->packet_count - from;
        burst.packets = &b->burst[from];
        burst.count = rest < BURST_SIZE ? rest : BURST_SIZE;
        check(ebpf_vm_run_burst(b->vm, &burst, NULL), "burst");
        for (unsigned i = 0; i < burst.count; i++)
            sum += burst.packets[i].r0;
    }
    return sum;
}

static uint64_t run_function(struct bench *b)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < b->packet_count; i++)
        sum += b->function(b->packets[i].bytes, b->packets[i].size);
    return sum;
}

static uint64_t (*const runs[WAYS])(struct bench *) = {run_libpcap, run_vm, run_burst,
                                                         run_function};

/* Makes the machine code. */
static void prepare(struct bench *b, const char *text)
{
    const struct ebpf_vm_options options = {.size = sizeof(options), .kind = EBPF_VM_RAW,
                                            .policy = EBPF_POLICY_VERIFIED};
    struct ebpf_program *program;
    check(ebpf_cbpf_convert((const void *)b->code.bf_insns, b->code.bf_len, NULL, NULL, &program),
          text);
    check(ebpf_vm_new(&options, NULL, &b->vm), text);
    b->function = NULL;
    if (ebpf_vm_set_program(b->vm, program, NULL) == EBPF_OK) /* one with a loop is not proven */
        check(ebpf_vm_function(b->vm, NULL, &b->function), text);
    ebpf_program_unref(program);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof(*values), by_value);
    return values[count / 2];
}

/* Nanoseconds per packet. */
static double sample(struct bench *b, int way, long rounds)
{
    double start = now();
    for (long i = 0; i < rounds; i++)
        runs[way](b);
    return (now() - start) / (double)rounds / b->packet_count;
}

static void measure(struct bench *b, const char *text)
{
    double times[WAYS][SAMPLES], ratios[WAYS][SAMPLES];
    uint64_t expected = run_libpcap(b);
    long rounds = 1 + (long)(SAMPLE_NS / (sample(b, LIBPCAP, 1) * b->packet_count));
    for (int i = 0; i < SAMPLES; i++) {
        for (int w = 0; w < WAYS; w++) {
            if (i == 0 && runs[w](b) != expected)
                die(text, "the verdicts differ");
            times[w][i] = sample(b, w, rounds);
            ratios[w][i] = times[LIBPCAP][i] / times[w][i];
        }
    }
    for (int w = 0; w < WAYS; w++) {
        double ratio = b->ratios[w][b->filters] = median(ratios[w], SAMPLES);
        double time = median(times[w], SAMPLES);
        b->slower[w] += ratio < 3;
        b->total[w] += time;
        if (b->verbose)
            printf("%8.2f ns %6.2f x  ", time, ratio);
    }
    if (b->verbose)
        printf("%s\n", text);
    b->filters++;
}

static void measure_expression(struct bench *b, const char *text)
{
    if (pcap_compile(b->pcap, &b->code, text, 1, 0xffffff00u) != 0)
        die(text, pcap_geterr(b->pcap));
    prepare(b, text);
    if (b->function && b->filters < FILTERS)
        measure(b, text);
    ebpf_vm_free(b->vm);
    pcap_freecode(&b->code);
}

/* The expressions for the link of the capture; that of a file is Ethernet at first. */
static void measure_file(struct bench *b, const char *path)
{
    char line[LINE];
    int link = DLT_EN10MB;
    FILE *file = fopen(path, "r");
    if (!file)
        die(path, "cannot be read");
    while (fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, "link ", 5) == 0)
            link = pcap_datalink_name_to_val(line + 5);
        else if (line[0] && line[0] != '#' && link == pcap_datalink(b->pcap))
            measure_expression(b, line);
    }
    fclose(file);
}

static void report(struct bench *b, const char *capture)
{
    printf("%s: %u packets, %u filters; how many times as fast as bpf_filter\n", capture,
           b->packet_count, b->filters);
    printf("%-12s %8s %8s %8s %8s %8s  %s\n", "", "in all", "mean", "least", "median", "most",
           "below 3");
    for (int w = RUN; w < WAYS && b->filters; w++) {
        double logs = 0;
        for (unsigned i = 0; i < b->filters; i++)
            logs += log(b->ratios[w][i]);
        double middle = median(b->ratios[w], (int)b->filters);
        printf("%-12s %8.2f %8.2f %8.2f %8.2f %8.2f  %u\n", ways[w],
               b->total[LIBPCAP] / b->total[w], exp(logs / b->filters),
               b->ratios[w][0], middle, b->ratios[w][b->filters - 1], b->slower[w]);
    }
}

int main(int argc, char **argv)
{
    static struct bench b;
    int at = 1;
    if (at < argc && !strcmp(argv[at], "-v"))
        b.verbose = at++;
    if (argc - at < 2)
        die("usage", "ebpfvm-bench-filters [-v] EXPRESSIONS CAPTURE...");
    if (!(ebpf_backend_find(NULL)->caps & EBPF_BACKEND_NATIVE))
        die("engine", "none makes machine code here");
    for (int i = at + 1; i < argc; i++) {
        b.filters = 0;
        memset(b.slower, 0, sizeof(b.slower));
        memset(b.total, 0, sizeof(b.total));
        read_capture(&b, argv[i]);
        measure_file(&b, argv[at]);
        report(&b, argv[i]);
        while (b.packet_count > 0)
            free(b.packets[--b.packet_count].bytes);
        pcap_close(b.pcap);
    }
    return EXIT_SUCCESS;
}
