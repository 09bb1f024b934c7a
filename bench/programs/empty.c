/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Returns at once: what a call costs. */
#define BENCH_NAME empty
#include "bench/programs/program.h"

PROGRAM
{
    (void)mem;
    (void)len;
    return 0;
}
