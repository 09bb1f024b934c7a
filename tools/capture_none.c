/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* In place of capture.c where the command is built without libpcap. */
#include "tools/capture.h"
#include "tools/output.h"

enum tool_exit tool_capture_open(struct tool *tool, const char *path, struct tool_capture **out)
{
    *out = NULL;
    (void)path;
    return tool_fail(tool, EBPF_ERR_UNSUPPORTED,
                     "--pcap: this ebpfvm was built without libpcap, which reads captures; "
                     "install it (Debian package: libpcap-dev) and build again");
}

void tool_capture_close(struct tool_capture *capture)
{
    (void)capture;
}

enum tool_exit tool_capture_read(struct tool *tool, struct tool_capture *capture, uint64_t limit,
                                 struct tool_batch *batch)
{
    (void)tool, (void)capture, (void)limit, (void)batch;
    return TOOL_EXIT_OK;
}

enum tool_link tool_capture_link(const struct tool_capture *capture)
{
    (void)capture;
    return TOOL_LINK_OTHER;
}

enum tool_exit tool_capture_filter(struct tool *tool, const struct tool_capture *capture,
                                   struct ebpf_cbpf *out)
{
    (void)capture, (void)out;
    return tool_fail(tool, EBPF_ERR_UNSUPPORTED,
                     "--filter: this ebpfvm was built without libpcap, which compiles filters; "
                     "install it (Debian package: libpcap-dev) and build again, or read what "
                     "`tcpdump -ddd` writes with --format=cbpf");
}

int tool_capture_frames(const struct tool_capture *capture)
{
    (void)capture;
    return 0;
}

enum tool_exit tool_capture_create(struct tool *tool, const char *path,
                                   const struct tool_capture *like, struct tool_capture_out **out)
{
    (void)tool, (void)path, (void)like;
    *out = NULL;
    return TOOL_EXIT_FAILED; /* and there is none to be like */
}

void tool_capture_write(struct tool_capture_out *out, const uint8_t *bytes,
                        const struct tool_packet *packet)
{
    (void)out, (void)bytes, (void)packet;
}

bool tool_capture_failed(struct tool_capture_out *out)
{
    (void)out;
    return false;
}

uint64_t tool_capture_written(const struct tool_capture_out *out)
{
    (void)out;
    return 0;
}

enum tool_exit tool_capture_finish(struct tool *tool, struct tool_capture_out *out,
                                   enum tool_exit code, bool whole)
{
    (void)tool, (void)out, (void)whole;
    return code;
}

double tool_capture_position(const struct tool_capture *capture)
{
    (void)capture;
    return -1;
}

const char *tool_capture_library(void)
{
    return "built without libpcap";
}
