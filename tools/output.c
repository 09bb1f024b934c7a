/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/output.h"

void tool_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("ebpfvm: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

enum tool_exit tool_exit_of(ebpf_status status)
{
    switch (status) {
    case EBPF_OK:
        return TOOL_EXIT_OK;
    case EBPF_ERR_IO:
        return TOOL_EXIT_IO;
    case EBPF_ERR_INTERRUPTED:
        return TOOL_EXIT_INTERRUPTED;
    default:
        return TOOL_EXIT_FAILED;
    }
}

enum tool_exit tool_fail(struct tool *tool, ebpf_status status, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (tool->options.json && tool->diag) {
        const struct ebpf_diag_entry entry = {
            .status = status, .severity = EBPF_SEVERITY_ERROR, .pc = EBPF_PC_NONE};
        ebpf_diag_add(tool->diag, &entry, "%s", text);
    } else {
        tool_error("%s", text);
    }
    return tool_exit_of(status);
}

enum tool_exit tool_done(struct tool *tool, ebpf_status status)
{
    if (status == EBPF_OK || (status != EBPF_ERR_NOMEM && ebpf_diag_count(tool->diag) > 0))
        return tool_exit_of(status);
    return tool_fail(tool, status, "%s; %s", ebpf_status_text(status),
                     ebpf_status_advice(status));
}

bool tool_is_colored(const struct tool *tool, FILE *file)
{
    if (tool->options.color != TOOL_COLOR_AUTO)
        return tool->options.color == TOOL_COLOR_ALWAYS;
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    return !(no_color && *no_color) && !(term && !strcmp(term, "dumb")) && isatty(fileno(file));
}

void tool_json(struct tool *tool, const char *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("%s\"%s\": ", tool->json_open ? ",\n " : "{", key);
    vprintf(format, args);
    va_end(args);
    tool->json_open = true;
}

void tool_finish(struct tool *tool, enum tool_exit code)
{
    if (tool->options.json) {
        struct ebpf_stream out = ebpf_stream_file(stdout);
        tool_json(tool, "exit", "%d", (int)code);
        tool_json(tool, "diagnostics", "%s", "");
        if (tool->diag)
            ebpf_diag_print(tool->diag, EBPF_DIAG_JSON, &out);
        puts(tool->diag ? "}" : "[]}");
        return;
    }
    fflush(stdout); /* what was found comes before what was wrong */
    tool_output_check(tool, stdout);
    struct ebpf_stream err = ebpf_stream_file(stderr);
    bool color = tool_is_colored(tool, stderr);
    if (tool->diag)
        ebpf_diag_print(tool->diag, color ? EBPF_DIAG_COLOR : EBPF_DIAG_PLAIN, &err);
}

FILE *tool_output_open(struct tool *tool)
{
    const char *name = tool->options.output;
    if (!name)
        return stdout;
    FILE *file = fopen(name, "wb");
    if (!file)
        tool_fail(tool, EBPF_ERR_IO, "cannot write '%s': %s", name, strerror(errno));
    return file;
}

void tool_output_check(struct tool *tool, FILE *file)
{
    if (ferror(file) && !tool->write_error)
        tool->write_error = errno;
}

enum tool_exit tool_output_close(struct tool *tool, FILE *file, enum tool_exit code)
{
    tool_output_check(tool, file);
    if (file == stdout)
        return code; /* main() looks after it */
    bool failed = fflush(file) || ferror(file);
    tool_output_check(tool, file);
    if (fclose(file) != 0 && !failed) {
        failed = true;
        tool->write_error = errno;
    }
    if (failed)
        return tool_fail(tool, EBPF_ERR_IO, "cannot write '%s': %s", tool->options.output,
                         strerror(tool->write_error));
    return code;
}
