/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Packet captures: reads what libpcap can read, writes its own format. */
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

/* The same by libpcap's number. */
int tool_capture_frames(const struct tool_capture *capture);

/* How much of the file is read, 0 to 1; negative if its size is unknown. */
double tool_capture_position(const struct tool_capture *capture);

/* A capture that is written: it takes the place of `path` once it is whole. */
struct tool_capture_out;

/* Starts a capture with frames like those of another one. */
enum tool_exit tool_capture_create(struct tool *tool, const char *path,
                                   const struct tool_capture *like, struct tool_capture_out **out);

/* Adds a packet as the program left it; `bytes` are those of it. */
void tool_capture_write(struct tool_capture_out *out, const uint8_t *bytes,
                        const struct tool_packet *packet);

/* Whether writing failed, so that there is no use in going on; how many packets it has. */
bool tool_capture_failed(struct tool_capture_out *out);
uint64_t tool_capture_written(const struct tool_capture_out *out);

/* Ends it; if it is not `whole`, what was at its place stays there.  `code`, unless that fails. */
enum tool_exit tool_capture_finish(struct tool *tool, struct tool_capture_out *out,
                                   enum tool_exit code, bool whole);

/* What reads captures: a library and its version, or that there is none. */
const char *tool_capture_library(void);

#endif
