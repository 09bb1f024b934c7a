/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "tools/capture.h"
#include "tools/input.h"
#include "tools/interrupt.h"
#include "tools/output.h"

struct tool_capture {
    pcap_t *pcap;
    FILE *file; /* belongs to pcap */
    const char *name;
    long size; /* of the file, -1 if unknown */
    uint64_t packets, first_time;
};

static long size_of(FILE *file)
{
    if (fseek(file, 0, SEEK_END) != 0)
        return -1;
    long size = ftell(file);
    rewind(file);
    return size;
}

/* libpcap closes the file if it can read it. */
static enum tool_exit start(struct tool *tool, struct tool_capture *c)
{
    char why[PCAP_ERRBUF_SIZE] = "";
    c->size = c->file == stdin ? -1 : size_of(c->file);
    c->pcap = pcap_fopen_offline_with_tstamp_precision(c->file, PCAP_TSTAMP_PRECISION_NANO, why);
    if (c->pcap)
        return TOOL_EXIT_OK;
    if (tool_interrupted())
        return TOOL_EXIT_INTERRUPTED;
    bool truncated = ferror(c->file) == 0 && feof(c->file) != 0;
    tool_fail(tool, EBPF_ERR_IO, "'%.200s' is no packet capture%s: %s", c->name,
              truncated ? ", or cut off" : "", why);
    if (c->file != stdin)
        fclose(c->file);
    return TOOL_EXIT_IO;
}

enum tool_exit tool_capture_open(struct tool *tool, const char *path, struct tool_capture **out)
{
    struct tool_capture *c = calloc(1, sizeof(*c));
    *out = NULL;
    if (!c)
        return tool_fail(tool, EBPF_ERR_NOMEM, "out of memory");
    c->name = tool_input_name(path);
    c->file = strcmp(path, "-") ? fopen(path, "rb") : stdin;
    if (!c->file) {
        free(c);
        return tool_fail(tool, EBPF_ERR_IO, "cannot read '%.300s': %s", path, strerror(errno));
    }
    enum tool_exit code = start(tool, c);
    if (code == TOOL_EXIT_OK)
        *out = c;
    else
        free(c);
    return code;
}

void tool_capture_close(struct tool_capture *capture)
{
    if (!capture)
        return;
    pcap_close(capture->pcap);
    free(capture);
}

static bool add(struct tool_capture *c, const struct pcap_pkthdr *header, const u_char *bytes,
                struct tool_batch *batch)
{
    /* The microseconds' field has nanoseconds, as asked for. */
    uint64_t time = (uint64_t)header->ts.tv_sec * 1000000000u + (uint64_t)header->ts.tv_usec;
    uint32_t cut = header->len > header->caplen ? header->len - header->caplen : 0;
    struct tool_packet *packet = tool_batch_add(batch, bytes, header->caplen, cut);
    if (!packet)
        return false;
    if (c->packets++ == 0)
        c->first_time = time;
    packet->number = c->packets;
    packet->stamp = time;
    packet->time = time > c->first_time ? time - c->first_time : 0;
    return true;
}

enum tool_exit tool_capture_read(struct tool *tool, struct tool_capture *capture, uint64_t limit,
                                 struct tool_batch *batch)
{
    tool_batch_clear(batch);
    while (!tool_batch_is_full(batch) && capture->packets < limit) {
        struct pcap_pkthdr *header;
        const u_char *bytes;
        int got = pcap_next_ex(capture->pcap, &header, &bytes);
        if (got == PCAP_ERROR_BREAK)
            break;
        if (tool_interrupted())
            return TOOL_EXIT_INTERRUPTED;
        if (got != 1)
            return tool_fail(tool, EBPF_ERR_IO, "'%.200s' is damaged after packet %llu: %s",
                             capture->name, (unsigned long long)capture->packets,
                             pcap_geterr(capture->pcap));
        if (!add(capture, header, bytes, batch))
            return tool_fail(tool, EBPF_ERR_NOMEM, "out of memory");
    }
    return TOOL_EXIT_OK;
}

enum tool_link tool_capture_link(const struct tool_capture *capture)
{
    switch (pcap_datalink(capture->pcap)) {
    case DLT_EN10MB:
        return TOOL_LINK_ETHERNET;
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
        return TOOL_LINK_IP;
    default:
        return TOOL_LINK_OTHER;
    }
}

/* The bytes of the largest packets that libpcap captures. */
enum { SNAPLEN = 262144 };

static enum tool_exit compile(struct tool *tool, pcap_t *pcap, struct ebpf_cbpf *out)
{
    struct bpf_program code;
    if (pcap_compile(pcap, &code, tool->options.filter, 1, PCAP_NETMASK_UNKNOWN) != 0)
        return tool_fail(tool, EBPF_ERR_SYNTAX, "--filter: '%.200s': %s", tool->options.filter,
                         pcap_geterr(pcap));
    ebpf_status status = ebpf_cbpf_decode(
        code.bf_insns, code.bf_len * sizeof(*code.bf_insns), NULL, tool->diag, out);
    pcap_freecode(&code);
    return tool_done(tool, status);
}

enum tool_exit tool_capture_filter(struct tool *tool, const struct tool_capture *capture,
                                   struct ebpf_cbpf *out)
{
    const char *name = tool->options.link ? tool->options.link : "EN10MB";
    int link = capture ? pcap_datalink(capture->pcap) : pcap_datalink_name_to_val(name);
    if (link < 0)
        return tool_fail(tool, EBPF_ERR_NOT_FOUND,
                         "--link: '%.40s' is no type of link; pcap-linktype(7) lists them", name);
    pcap_t *pcap = pcap_open_dead(link, SNAPLEN);
    if (!pcap)
        return tool_fail(tool, EBPF_ERR_NOMEM, "out of memory");
    enum tool_exit code = compile(tool, pcap, out);
    pcap_close(pcap);
    return code;
}

int tool_capture_frames(const struct tool_capture *capture)
{
    return pcap_datalink(capture->pcap);
}

double tool_capture_position(const struct tool_capture *capture)
{
    return capture->size > 0 ? (double)ftell(capture->file) / (double)capture->size : -1;
}

const char *tool_capture_library(void)
{
    return pcap_lib_version();
}
