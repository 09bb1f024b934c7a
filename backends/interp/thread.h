/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* How control passes from one unit to the next. */
#ifndef INTERP_THREAD_H
#define INTERP_THREAD_H

#include "backends/interp/interp.h"

#define INLINE static inline __attribute__((always_inline))
#define COLD static __attribute__((noinline, cold))
#define LIKELY(condition) __builtin_expect(!!(condition), 1)

#define ARGS const struct unit *u, struct frame *f, uint64_t limit, uint64_t acc
#define PASS u, f, limit, acc

/*
 * How a unit goes on to the next one.  A call in place of a return must become a jump, or else the
 * stack of the host grows: clang guarantees that on demand; gcc does it where it optimises and
 * nothing is instrumented (a test looks whether it did).  Otherwise units return to a loop.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__)
#define TAIL_CALLS 0
#elif defined(__x86_64__) || defined(__aarch64__)
#define TAIL_CALLS 1
#else
#define TAIL_CALLS 0
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#undef TAIL_CALLS
#define TAIL_CALLS 0
#endif
#endif

#if TAIL_CALLS && defined(__clang__)
#define TAIL_RETURN __attribute__((musttail)) return
#else
#define TAIL_RETURN return
#endif

#if TAIL_CALLS
#define GO(unit)                                                                                   \
    do {                                                                                           \
        u = (unit);                                                                                \
        TAIL_RETURN u->run(PASS);                                                                  \
    } while (0)
#else
enum { GO_ON = -1 };
#define GO(unit)                                                                                   \
    do {                                                                                           \
        f->at = (unit), f->limit = limit, f->acc = acc;                                            \
        return (ebpf_status)GO_ON;                                                                 \
    } while (0)
#endif

#endif
