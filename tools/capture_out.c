/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Writes captures: in libpcap's own format, with nanoseconds. */
#include <stdlib.h>

#include <pcap/pcap.h>

#include "tools/capture.h"
#include "tools/output.h"
#include "tools/replace.h"

/* Packets may have grown; this is what libpcap takes as the largest. */
enum { SNAP_LENGTH = 262144 };

struct tool_capture_out {
    struct tool_replace place;
    pcap_t *pcap;
    pcap_dumper_t *dumper; /* has `place.file` */
    uint64_t packets;
};

enum tool_exit tool_capture_create(struct tool *tool, const char *path,
                                   const struct tool_capture *like, struct tool_capture_out **out)
{
    struct tool_capture_out *c = calloc(1, sizeof(*c));
    *out = NULL;
    if (!c)
        return tool_fail(tool, EBPF_ERR_NOMEM, "out of memory");
    enum tool_exit code = tool_replace_open(tool, path, &c->place);
    if (code == TOOL_EXIT_OK) {
        c->pcap = pcap_open_dead_with_tstamp_precision(tool_capture_frames(like), SNAP_LENGTH,
                                                       PCAP_TSTAMP_PRECISION_NANO);
        c->dumper = c->pcap ? pcap_dump_fopen(c->pcap, c->place.file) : NULL;
        if (!c->dumper)
            code = tool_fail(tool, EBPF_ERR_IO, "cannot write '%.200s': %s", path,
                             c->pcap ? pcap_geterr(c->pcap) : "out of memory");
    }
    *out = c;
    if (code != TOOL_EXIT_OK) {
        tool_capture_finish(tool, c, code, false);
        *out = NULL;
    }
    return code;
}

void tool_capture_write(struct tool_capture_out *out, const uint8_t *bytes,
                        const struct tool_packet *p)
{
    struct pcap_pkthdr header = {.caplen = p->out_length, .len = p->out_length + p->cut};
    header.ts.tv_sec = (time_t)(p->stamp / 1000000000);
    header.ts.tv_usec = (suseconds_t)(p->stamp % 1000000000); /* nanoseconds, as asked for */
    pcap_dump((u_char *)out->dumper, &header, bytes);
    out->packets += !tool_replace_failed(&out->place);
}

bool tool_capture_failed(struct tool_capture_out *out)
{
    return tool_replace_failed(&out->place);
}

uint64_t tool_capture_written(const struct tool_capture_out *out)
{
    return out->packets;
}

enum tool_exit tool_capture_finish(struct tool *tool, struct tool_capture_out *out,
                                   enum tool_exit code, bool whole)
{
    if (!out)
        return code;
    /* The dumper is nothing but the file, which is closed with it: so it is left to the file. */
    if (whole)
        code = tool_replace_commit(tool, &out->place, code);
    else
        tool_replace_abort(&out->place);
    if (out->pcap)
        pcap_close(out->pcap);
    free(out);
    return code;
}
