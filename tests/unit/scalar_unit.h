/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What tests of sets of numbers share: random numbers, the operations, and the checks of one pair
 * of numbers whose sets are known. */
#ifndef TESTS_UNIT_SCALAR_UNIT_H
#define TESTS_UNIT_SCALAR_UNIT_H

#include "ir/alu.h"
#include "ir/verify/safety/scalar.h"
#include "tests/unit/unit.h"

/* How many times as long as usual a test goes on: SCALAR_RUNS in the environment. */
static inline uint64_t runs(void)
{
    const char *text = getenv("SCALAR_RUNS");
    long long wanted = text ? atoll(text) : 1;
    return wanted > 1 ? (uint64_t)wanted : 1;
}

/* A check that costs nothing where it holds: there are millions. */
#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            ck_abort_msg("%s does not hold", #condition);                                          \
    } while (0)

static uint64_t random_state = 0x9e3779b97f4a7c15;

static inline uint64_t next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

/* Numbers near which the borders of ranges are. */
static inline uint64_t number(void)
{
    static const uint64_t borders[] = {0, UINT64_C(1) << 31, UINT64_C(1) << 32, UINT64_C(1) << 63,
                                       UINT64_MAX, UINT32_MAX, 1, 255, 64, 32};
    uint64_t r = next();
    switch (r >> 60) {
    case 0: case 1: case 2: case 3: return borders[r % 10] + (next() & 7) - 3;
    case 4: case 5: case 6: return next() >> (r & 63);
    case 7: case 8: return r & 255;
    case 9: return (uint64_t)-(int64_t)(r & 255);
    default: return next();
    }
}

static const enum ebpf_oper opers[] = {
#define EBPF_ALU(id, symbol, value) EBPF_OPER_##id,
#define EBPF_UNARY(id, symbol, value) EBPF_OPER_##id,
#define EBPF_SWAP(id, symbol, value) EBPF_OPER_##id,
#define EBPF_COND(id, symbol, value)
#define EBPF_RMW(id, symbol, value)
#define EBPF_OPER(id)
#include "ir/alu.def"
#undef EBPF_ALU
#undef EBPF_UNARY
#undef EBPF_SWAP
#undef EBPF_COND
};

static const enum ebpf_oper conditions[] = {
#define EBPF_ALU(id, symbol, value)
#define EBPF_UNARY(id, symbol, value)
#define EBPF_SWAP(id, symbol, value)
#define EBPF_COND(id, symbol, value) EBPF_OPER_##id,
#include "ir/alu.def"
#undef EBPF_ALU
#undef EBPF_UNARY
#undef EBPF_SWAP
#undef EBPF_COND
#undef EBPF_RMW
#undef EBPF_OPER
};

static inline bool swaps(enum ebpf_oper oper)
{
    return oper == EBPF_OPER_LE || oper == EBPF_OPER_BE || oper == EBPF_OPER_BSWAP;
}

static inline void check_alu(enum ebpf_oper oper, unsigned width, const struct ebpf_scalar *a,
                             const struct ebpf_scalar *b, uint64_t x, uint64_t y)
{
    struct ebpf_scalar r = ebpf_scalar_alu(oper, width, a, b);
    uint64_t z = ebpf_alu_eval(oper, width, x, y);
    if (!ebpf_scalar_has(&r, z))
        ck_abort_msg("operation %d of %u bits: %llx, %llx gives %llx",
                     (int)oper, width, (unsigned long long)x, (unsigned long long)y,
                     (unsigned long long)z);
}

static inline void check_condition(enum ebpf_oper oper, unsigned width, const struct ebpf_scalar *a,
                                   const struct ebpf_scalar *b, uint64_t x, uint64_t y)
{
    bool holds = ebpf_cond_eval(oper, width, x, y);
    struct ebpf_scalar p = *a, q = *b;
    if (!ebpf_scalar_assume(oper, width, !holds, &p, &q) || !ebpf_scalar_has(&p, x) ||
        !ebpf_scalar_has(&q, y))
        ck_abort_msg("condition %d of %u bits loses %llx, %llx", (int)oper, width,
                     (unsigned long long)x, (unsigned long long)y);
    HOLDS(ebpf_scalar_decide(oper, width, a, b) !=
              (holds ? EBPF_BRANCH_NEVER : EBPF_BRANCH_ALWAYS));
}

#endif
