/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/options.h"

#include <string.h>

ebpf_status ebpf_options_copy(void *to, size_t size, const void *from)
{
    size_t given = size;
    memset(to, 0, size);
    if (from)
        memcpy(&given, from, sizeof(given));
    if (given < sizeof(given))
        return EBPF_ERR_INVALID;
    for (size_t i = size; i < given; i++)
        if (((const unsigned char *)from)[i])
            return EBPF_ERR_INVALID;
    if (from)
        memcpy(to, from, given < size ? given : size);
    memcpy(to, &size, sizeof(size));
    return EBPF_OK;
}
