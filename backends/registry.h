/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The tables of the built-in engines. */
#ifndef BACKENDS_REGISTRY_H
#define BACKENDS_REGISTRY_H

#include "config.h"

#include <ebpfvm/backend.h>

#define EBPF_BACKEND(name) extern const struct ebpf_backend ebpf_backend_##name;
#include "backends/backends.def"
#undef EBPF_BACKEND

#endif
