/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The command `ebpfvm`: tools/commands.def lists what it can do. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>

#include "tools/cli.h"
#include "tools/output.h"

static enum tool_exit execute(struct tool *tool)
{
    if (tool->options.help) {
        tool_help(tool->command, stdout);
        return TOOL_EXIT_OK;
    }
    if (tool->options.version) {
        tool_version(stdout);
        return TOOL_EXIT_OK;
    }
    tool->diag = ebpf_diag_new(NULL);
    if (!tool->diag) {
        enum tool_exit code = tool_fail(tool, EBPF_ERR_NOMEM, "out of memory");
        tool_finish(tool, code);
        return code;
    }
    enum tool_exit code = tool->command->run(tool);
    tool_finish(tool, code);
    ebpf_elf_close(tool->elf);
    ebpf_diag_free(tool->diag);
    return code;
}

/* A file that is opened must not get the number of a stream that is closed: what is written to the
 * one would go into the other.  What takes the number here fails as a closed stream does. */
static void keep_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

int main(int argc, char *argv[])
{
    struct tool tool = {0};
    keep_streams();
    /* A reader that has seen enough ends us quietly, whatever our parent made of the signal. */
    signal(SIGPIPE, SIG_DFL);
    enum tool_exit code = tool_parse(&tool, argc, argv);
    if (code == TOOL_EXIT_OK)
        code = execute(&tool);
    bool failed = fflush(stdout) || ferror(stdout);
    tool_output_check(&tool, stdout);
    if (failed) {
        tool_error("cannot write to standard output: %s", strerror(tool.write_error));
        code = TOOL_EXIT_IO;
    }
    return code;
}
