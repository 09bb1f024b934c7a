/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <ebpfvm/status.h>

struct row {
    const char *name, *text, *advice;
};

/* A switch, so that two rows with one code do not compile. */
static struct row row_of(ebpf_status status)
{
    switch (status) {
    case EBPF_OK:
        return (struct row){"EBPF_OK", "success", ""};
#define EBPF_ERROR(id, code, text, advice)                                                         \
    case EBPF_ERR_##id:                                                                            \
        return (struct row){"EBPF_ERR_" #id, text, advice};
#include "base/errors.def"
#undef EBPF_ERROR
    }
    return (struct row){"EBPF_ERR_?", "unknown status", ""};
}

const char *ebpf_status_name(ebpf_status status)
{
    return row_of(status).name;
}

const char *ebpf_status_text(ebpf_status status)
{
    return row_of(status).text;
}

const char *ebpf_status_advice(ebpf_status status)
{
    return row_of(status).advice;
}
