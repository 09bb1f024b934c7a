/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ir/env.h"

static const struct verdict {
    enum ebpf_type type;
    int32_t value;
    struct ebpf_verdict verdict;
} verdicts[] = {
#define EBPF_VERDICT(type, value, name, goes_on) {EBPF_TYPE_##type, value, {name, goes_on}},
#include "ir/verdicts.def"
#undef EBPF_VERDICT
};

struct ebpf_verdict ebpf_verdict_of(const char *type, uint64_t r0)
{
    enum ebpf_type t = type ? ebpf_type_find(type) : EBPF_TYPE_COUNT;
    bool has_rows = false;
    if (t == EBPF_TYPE_SCHED_ACT) /* the same numbers */
        t = EBPF_TYPE_SCHED_CLS;
    for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
        has_rows |= verdicts[i].type == t;
        if (verdicts[i].type == t && verdicts[i].value == (int32_t)(uint32_t)r0)
            return verdicts[i].verdict;
    }
    /* The kernel takes what it does not know for a mistake. */
    return (struct ebpf_verdict){NULL, !has_rows && r0 != 0};
}
