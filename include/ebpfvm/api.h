/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * Marks of exported declarations. */
#ifndef EBPFVM_API_H
#define EBPFVM_API_H

/** An exported function: everything else in the library is hidden. */
#if defined(__GNUC__)
#define EBPF_API __attribute__((visibility("default")))
/** Lets the compiler check a printf-like call; indexes count from 1. */
#define EBPF_PRINTF(index, first) __attribute__((format(printf, index, first)))
#else
#define EBPF_API
#define EBPF_PRINTF(index, first)
#endif

#ifdef __cplusplus
#define EBPF_BEGIN_DECLS extern "C" {
#define EBPF_END_DECLS }
#else
/** Opens declarations of C, in C++ too. */
#define EBPF_BEGIN_DECLS
/** Closes what EBPF_BEGIN_DECLS opened. */
#define EBPF_END_DECLS
#endif

#endif
