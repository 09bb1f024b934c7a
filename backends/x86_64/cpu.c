/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "backends/x86_64/cpu.h"

#include <cpuid.h>

unsigned x64_cpu_features(void)
{
    unsigned a, b, c, d, features = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) && c & bit_MOVBE)
        features |= X64_MOVBE;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && b & bit_BMI2)
        features |= X64_BMI2;
    return features;
}
