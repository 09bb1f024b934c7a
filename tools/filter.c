/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "tools/capture.h"
#include "tools/filter.h"
#include "tools/output.h"

static enum tool_exit convert(struct tool *tool, const struct ebpf_cbpf *filter, const char *name,
                              struct ebpf_program **out)
{
    bool lengths = tool->options.pcap && ebpf_cbpf_reads_length(filter->insns, filter->count);
    const struct ebpf_cbpf_options options = {.size = sizeof(options), .file = name,
                                              .wire_length = lengths};
    tool->is_filter = true;
    tool->head = lengths ? EBPF_CBPF_HEAD : 0;
    return tool_done(tool, ebpf_cbpf_convert(filter->insns, filter->count, &options, tool->diag,
                                             out));
}

enum tool_exit tool_load_filter(struct tool *tool, struct ebpf_program **out)
{
    struct ebpf_cbpf *filter = malloc(sizeof(*filter));
    *out = NULL;
    if (!filter)
        return tool_fail(tool, EBPF_ERR_NOMEM, "out of memory");
    enum tool_exit code = tool_capture_filter(tool, tool->capture, filter);
    if (code == TOOL_EXIT_OK)
        code = convert(tool, filter, "--filter", out);
    free(filter);
    return code;
}

/* Numbers are all printable: what is not is an array of struct sock_filter. */
static ebpf_status read(const struct tool_bytes *bytes, const char *name, struct ebpf_diag *diag,
                        struct ebpf_cbpf *out)
{
    const struct ebpf_cbpf_options options = {.size = sizeof(options), .file = name};
    return tool_is_binary(bytes)
               ? ebpf_cbpf_decode(bytes->data, bytes->size, &options, diag, out)
               : ebpf_cbpf_parse(bytes->data, bytes->size, &options, diag, out);
}

enum tool_exit tool_load_cbpf(struct tool *tool, const struct tool_bytes *bytes, const char *name,
                              struct ebpf_program **out)
{
    struct ebpf_cbpf *filter = malloc(sizeof(*filter));
    *out = NULL;
    if (!filter)
        return tool_fail(tool, EBPF_ERR_NOMEM, "out of memory");
    enum tool_exit code = tool_done(tool, read(bytes, name, tool->diag, filter));
    if (code == TOOL_EXIT_OK)
        code = convert(tool, filter, name, out);
    free(filter);
    return code;
}

bool tool_is_cbpf(const struct tool_bytes *bytes)
{
    static struct ebpf_cbpf filter; /* so that looking cannot fail */
    return !tool_is_binary(bytes) && !memchr(bytes->data, '{', bytes->size) &&
           ebpf_cbpf_parse(bytes->data, bytes->size, NULL, NULL, &filter) == EBPF_OK &&
           filter.count > 0;
}
