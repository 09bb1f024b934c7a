/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/output.h"
#include "tools/replace.h"

static enum tool_exit complain(struct tool *tool, const struct tool_replace *r, int error)
{
    const char *kept = r->temporary && access(r->target, F_OK) == 0
                           ? "; the file is left as it was" : "";
    return tool_fail(tool, error == ENOMEM ? EBPF_ERR_NOMEM : EBPF_ERR_IO,
                     "cannot write '%.250s': %s%s", r->name, strerror(error), kept);
}

/* The permissions of what is replaced, or those of any new file. */
static mode_t permissions(const char *target)
{
    struct stat old;
    if (stat(target, &old) == 0)
        return old.st_mode & 07777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* A new file beside the target.  @return an errno value, or 0 */
static int open_beside(struct tool_replace *r)
{
    size_t size = strlen(r->target) + 8;
    r->temporary = malloc(size);
    if (!r->temporary)
        return ENOMEM;
    snprintf(r->temporary, size, "%s.XXXXXX", r->target);
    int descriptor = mkstemp(r->temporary);
    if (descriptor < 0) {
        int error = errno;
        free(r->temporary);
        r->temporary = NULL;
        return error;
    }
    r->file = fdopen(descriptor, "wb");
    if (r->file && fchmod(descriptor, permissions(r->target)) == 0)
        return 0;
    int error = errno;
    if (!r->file)
        close(descriptor);
    return error;
}

enum tool_exit tool_replace_open(struct tool *tool, const char *name, struct tool_replace *r)
{
    struct stat old;
    *r = (struct tool_replace){.name = name};
    bool exists = stat(name, &old) == 0;
    r->target = exists ? realpath(name, NULL) : strdup(name);
    int error = r->target ? 0 : errno;
    if (!error && exists && !S_ISREG(old.st_mode)) {
        r->file = fopen(name, "wb"); /* a device or pipe; a directory says so itself */
        error = r->file ? 0 : errno;
    } else if (!error && exists && access(name, W_OK) != 0) {
        error = errno; /* renaming would not ask */
    } else if (!error) {
        error = open_beside(r);
    }
    if (!error)
        return TOOL_EXIT_OK;
    enum tool_exit code = complain(tool, r, error);
    tool_replace_abort(r);
    return code;
}

void tool_replace_abort(struct tool_replace *r)
{
    if (r->file)
        fclose(r->file);
    if (r->temporary)
        unlink(r->temporary);
    free(r->temporary);
    free(r->target);
    *r = (struct tool_replace){0};
}

bool tool_replace_failed(struct tool_replace *r)
{
    if (!r->error && ferror(r->file))
        r->error = errno ? errno : EIO;
    return r->error != 0;
}

/* Closes the file. @return errno of what went wrong at any time, or 0 */
static int finish(struct tool_replace *r)
{
    bool failed = tool_replace_failed(r) || fflush(r->file) != 0 ||
                  (r->temporary && fsync(fileno(r->file)) != 0);
    int error = r->error ? r->error : failed ? errno : 0;
    failed = fclose(r->file) != 0;
    r->file = NULL;
    return !error && failed ? errno : error;
}

enum tool_exit tool_replace_commit(struct tool *tool, struct tool_replace *r, enum tool_exit code)
{
    if (!r->file)
        return code;
    int error = finish(r);
    if (!error && r->temporary && rename(r->temporary, r->target) != 0)
        error = errno;
    if (error) {
        code = complain(tool, r, error);
    } else {
        free(r->temporary);
        r->temporary = NULL;
    }
    tool_replace_abort(r);
    return code;
}
