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

double tool_capture_position(const struct tool_capture *capture)
{
    (void)capture;
    return -1;
}

const char *tool_capture_library(void)
{
    return "built without libpcap";
}
