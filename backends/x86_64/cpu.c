/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "backends/x86_64/cpu.h"

#include <cpuid.h>
#include <string.h>

/* What the processor said, and KNOWN; 0 until it was asked.  Atomic: all threads find the same. */
static unsigned answer;

enum { KNOWN = 1 << 30 };

static unsigned ask(void)
{
    unsigned a, b, c, d, features = KNOWN;
    if (__get_cpuid(1, &a, &b, &c, &d) && c & bit_MOVBE)
        features |= X64_MOVBE;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && b & bit_BMI2)
        features |= X64_BMI2;
    return features;
}

unsigned x64_cpu_features(void)
{
    unsigned features = __atomic_load_n(&answer, __ATOMIC_RELAXED);
    if (!features) {
        features = ask();
        __atomic_store_n(&answer, features, __ATOMIC_RELAXED);
    }
    return features & ~(unsigned)KNOWN;
}

bool x64_cpu_parse(const char *list, unsigned *features)
{
    static const struct {
        const char *name;
        unsigned features;
    } known[] = {{"all", ~0u}, {"none", 0}, {"bmi2", X64_BMI2}, {"movbe", X64_MOVBE}};
    *features = 0;
    for (;; list++) {
        size_t length = strcspn(list, ","), i = 0, count = sizeof(known) / sizeof(known[0]);
        while (i < count &&
               (strlen(known[i].name) != length || memcmp(known[i].name, list, length) != 0))
            i++;
        if (i == count)
            return false;
        *features |= known[i].features;
        list += length;
        if (*list == 0)
            return true;
    }
}
