/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Packet captures: reads what libpcap can read. */
#ifndef TOOLS_CAPTURE_H
#define TOOLS_CAPTURE_H

#include "tools/packets.h"

struct tool_capture;

/* Opens a capture file; "-" is standard input. */
enum tool_exit tool_capture_open(struct tool *tool, const char *path, struct tool_capture **out);
void tool_capture_close(struct tool_capture *capture);

/* Fills a batch with the next packets, at most up to number `limit`; none at the end.  If the
 * capture is damaged, it complains, and the batch has what was read before that. */
enum tool_exit tool_capture_read(struct tool *tool, struct tool_capture *capture, uint64_t limit,
                                 struct tool_batch *batch);

enum tool_link tool_capture_link(const struct tool_capture *capture);

/* Compiles the expression of --filter for the link of a capture, or if that is NULL for that of
 * --link. */
enum tool_exit tool_capture_filter(struct tool *tool, const struct tool_capture *capture,
                                   struct ebpf_cbpf *out);

/* How much of the file is read, 0 to 1; negative if its size is unknown. */
double tool_capture_position(const struct tool_capture *capture);

/* What reads captures: a library and its version, or that there is none. */
const char *tool_capture_library(void);

#endif
