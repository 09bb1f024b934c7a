/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Random numbers that are the same in every run (Marsaglia's xorshift32). */
#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

#include <stdint.h>

static inline uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

#endif
