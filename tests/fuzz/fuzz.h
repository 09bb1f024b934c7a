/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What a fuzz target has, as libFuzzer and driver.c call it. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Changes an input in its place, and makes one of two; how large that is.  Not all targets have
 * them; mutate_code.c has. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other,
                                 size_t other_size, uint8_t *out, size_t room, unsigned seed);

#endif
