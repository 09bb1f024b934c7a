/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* An engine that believes nothing: before each instruction it looks whether what was proven of it
 * is true.  The first thing that is not ends the run with EBPF_ERR_ILLEGAL and says so. */
#ifndef TESTS_FACT_ENGINE_H
#define TESTS_FACT_ENGINE_H

#include <ebpfvm/backend.h>

extern const struct ebpf_backend fact_engine;

/* How many facts were looked at so far, by all runs; not for threads. */
unsigned long long fact_engine_looked_at(void);

#endif
