/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Structs of options that may grow: their first member is a size_t, the size that the caller's
 * header gave the struct. */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stddef.h>

#include <ebpfvm/status.h>

/*
 * Copies a caller's struct into `to`, of `size` bytes.  What an older caller's struct lacks is
 * zero.  EBPF_ERR_INVALID if a newer caller's has anything but zero in what is not known here, or
 * if its size cannot be one.  NULL is a struct of all zero.
 */
ebpf_status ebpf_options_copy(void *to, size_t size, const void *from);

#endif
