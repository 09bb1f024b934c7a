/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Optional instructions of the CPU. */
#ifndef BACKENDS_X86_64_CPU_H
#define BACKENDS_X86_64_CPU_H

#include <stdbool.h>

enum x64_feature {
    X64_BMI2 = 1 << 0, /* shlx, shrx, sarx, rorx, mulx */
    X64_MOVBE = 1 << 1 /* movbe */
};

/* The features that a list of names such as "bmi2,movbe" allows; also "all" and "none".  False if
 * one is unknown. */
bool x64_cpu_parse(const char *list, unsigned *features);

/* What this CPU has, as bits of enum x64_feature. */
unsigned x64_cpu_features(void);

#endif
