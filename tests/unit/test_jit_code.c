/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Mistakes that compilers to machine code have made, one test each; and where the code lives. */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backends/exec_memory.h"
#include "backends/x86_64/x86_64.h"
#include "tests/unit/failing_mem.h"
#include "tests/unit/rig.h"

static const struct ebpf_backend *const jit = &ebpf_backend_x86_64;

static struct ebpf_code *compile(struct rig *rig)
{
    struct ebpf_code *code;
    ck_assert_int_eq(jit->compile(&rig->code, NULL, &code), EBPF_OK);
    return code;
}

/* The result of a program that ends well. */
static uint64_t result_of(struct rig *rig)
{
    rig_reset(rig);
    ck_assert_int_eq(rig_run(rig, jit), EBPF_OK);
    return rig->run.result;
}

static size_t size_of(struct rig *rig)
{
    struct ebpf_code *code = compile(rig);
    size_t size = jit->code_size(code);
    jit->destroy(code);
    return size;
}

/* What a program jumps over costs nothing if it can be written in another order. */
START_TEST(blocks_stand_where_they_are_wanted)
{
    RIG(straight, I(JEQ64_IMM, 1, 0, 2, 0), I(MOV64_IMM, 0, 0, 0, 1), I(EXIT, 0, 0, 0, 0),
        I(MOV64_IMM, 0, 0, 0, 2), I(EXIT, 0, 0, 0, 0));
    RIG(jumps, I(JNE64_IMM, 1, 0, 1, 0), I(JA, 0, 0, 1, 0), I(JA, 0, 0, 2, 0),
        I(MOV64_IMM, 0, 0, 0, 2), I(EXIT, 0, 0, 0, 0), I(MOV64_IMM, 0, 0, 0, 1),
        I(EXIT, 0, 0, 0, 0));
    jumps.code.policy = straight.code.policy = EBPF_POLICY_TRUSTED;
    ck_assert_uint_eq(result_of(&jumps), 1);
    ck_assert_uint_eq(result_of(&straight), 1);
    jumps.code.as_function = straight.code.as_function = 1;
    ck_assert_uint_eq(size_of(&jumps), size_of(&straight));
    rig_free(&straight);
    rig_free(&jumps);
}
END_TEST

/* A loop that is entered in its middle, and left from there: every iteration has one jump that is
 * taken, wherever the compiler has put its parts. */
START_TEST(loops_are_written_as_they_run)
{
    RIG(rig, I(MOV64_IMM, 0, 0, 0, 0), I(MOV64_IMM, 2, 0, 0, 10), I(JA, 0, 0, 3, 0),
        I(ADD64_IMM, 0, 0, 0, 100), I(SUB64_IMM, 2, 0, 0, 1), I(JEQ64_IMM, 2, 0, 3, 0),
        I(ADD64_REG, 0, 2, 0, 0), I(JSET64_IMM, 0, 0, -5, 1), I(JA, 0, 0, -5, 0),
        I(EXIT, 0, 0, 0, 0));
    ck_assert_uint_eq(result_of(&rig), 10 + 9 + 8 + 7 + 6 + 5 + 4 + 3 + 2 + 1 + 5 * 100);
    rig_free(&rig);
}
END_TEST

/* Some machine registers need more than others to serve as a base. */
START_TEST(every_register_is_a_base)
{
    static const int16_t offsets[] = {0, 1, -1, 8, 127, 128, -128, -129, 1000, -1000};
    for (uint8_t base = 0; base < 10; base++)
        for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
            uint8_t other = base == 2 ? 3 : 2;
            RIG(rig, I(MOV64_REG, base, 1, 0, 0), I(ADD64_IMM, base, 0, 0, 8 - offsets[i]),
                I(MOV64_IMM, other, 0, 0, 0x77), I(STXB, base, other, offsets[i], 0),
                I(STH, base, 0, (int16_t)(offsets[i] + 2), 0x1234),
                I(LDXDW, 0, base, offsets[i], 0), I(EXIT, 0, 0, 0, 0));
            uint64_t expected = 0;
            rig_reset(&rig);
            memcpy(&expected, rig.context + 8, 8);
            expected = (expected & ~UINT64_C(0xffff00ff)) | 0x12340077;
            ck_assert_uint_eq(result_of(&rig), expected);
            rig_free(&rig);
        }
}
END_TEST

static uint64_t clobber(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
    __asm__ volatile("" ::: "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11");
    return a ^ b ^ c ^ d ^ e;
}

/* 0 if the stack is aligned as C functions may expect. */
static uint64_t misalignment(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
    (void)a, (void)b, (void)c, (void)d, (void)e;
    return (uintptr_t)__builtin_frame_address(0) % 16;
}

static uint64_t run_misalignment(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)run, (void)ctx, (void)args;
    return (uintptr_t)__builtin_frame_address(0) % 16;
}

static uint64_t end(struct ebpf_run *run, void *ctx, const uint64_t args[5])
{
    (void)ctx;
    ebpf_run_end(run, args[0]);
    return 0;
}

static const struct ebpf_helper helpers[] = {{.id = 1, .fn = clobber},
                                             {.id = 2, .fn = misalignment},
                                             {.id = 3, .run_fn = run_misalignment},
                                             {.id = 4, .run_fn = end}};

static void give_helpers(struct rig *rig)
{
    rig->env.helpers = helpers;
    rig->env.helper_count = sizeof(helpers) / sizeof(helpers[0]);
}

START_TEST(registers_survive_helpers)
{
    RIG(rig, I(MOV64_IMM, 6, 0, 0, 1), I(MOV64_IMM, 7, 0, 0, 2), I(MOV64_IMM, 8, 0, 0, 4),
        I(MOV64_IMM, 9, 0, 0, 8), I(CALL, 0, 0, 0, 1), I(ADD64_REG, 6, 7, 0, 0),
        I(ADD64_REG, 6, 8, 0, 0), I(ADD64_REG, 6, 9, 0, 0), I(MOV64_REG, 0, 6, 0, 0),
        I(EXIT, 0, 0, 0, 0));
    give_helpers(&rig);
    ck_assert_uint_eq(result_of(&rig), 15);
    rig_free(&rig);
}
END_TEST

/* With every number of saved registers, in the first function and in a local one. */
START_TEST(helpers_find_the_stack_aligned)
{
    for (uint8_t saved = 0; saved < 5; saved++)
        for (int id = 2; id <= 4; id++)
            for (int local = 0; local < 2; local++) {
                struct ebpf_insn insns[16];
                size_t n = 0;
                if (local) {
                    insns[n++] = (struct ebpf_insn)I(CALL_LOCAL, 0, 0, 0, 1);
                    insns[n++] = (struct ebpf_insn)I(EXIT, 0, 0, 0, 0);
                }
                for (uint8_t reg = 6; reg < 6 + saved; reg++)
                    insns[n++] = (struct ebpf_insn)I(MOV64_IMM, reg == 10 ? 0 : reg, 0, 0, 1);
                insns[n++] = (struct ebpf_insn)I(MOV64_IMM, 1, 0, 0, 0);
                insns[n++] = id == 4 ? (struct ebpf_insn)I(MOV64_IMM, 2, 0, 0, 3)
                                     : (struct ebpf_insn)I(CALL, 0, 0, 0, id);
                insns[n++] = id == 4 ? (struct ebpf_insn)I(CALLX, 2, 0, 0, 0)
                                     : (struct ebpf_insn)I(CALL, 0, 0, 0, id);
                insns[n++] = (struct ebpf_insn)I(EXIT, 0, 0, 0, 0);
                struct rig rig;
                rig_init(&rig, insns, n);
                give_helpers(&rig);
                ck_assert_uint_eq(result_of(&rig), 0);
                rig_free(&rig);
            }
}
END_TEST

START_TEST(first_instruction_can_be_a_loop_head)
{
    RIG(rig, I(ADD64_IMM, 6, 0, 0, 1), I(JLT64_IMM, 6, 0, -2, 10), I(MOV64_REG, 0, 6, 0, 0),
        I(EXIT, 0, 0, 0, 0));
    ck_assert_uint_eq(result_of(&rig), 10);
    ck_assert_uint_eq(rig.run.budget, UINT64_MAX - 22);
    rig_free(&rig);
}
END_TEST

/* A run that ends in a nested function leaves the host's registers as they were. */
START_TEST(early_ends_restore_the_host)
{
    RIG(rig, I(MOV64_IMM, 6, 0, 0, 11), I(MOV64_IMM, 7, 0, 0, 12), I(CALL_LOCAL, 0, 0, 0, 1),
        I(EXIT, 0, 0, 0, 0), I(MOV64_IMM, 8, 0, 0, 13), I(MOV64_IMM, 9, 0, 0, 14),
        I(CALL_LOCAL, 0, 0, 0, 1), I(EXIT, 0, 0, 0, 0), I(MOV64_IMM, 1, 0, 0, 42),
        I(MOV64_IMM, 6, 0, 0, 15), I(CALL, 0, 0, 0, 4), I(EXIT, 0, 0, 0, 0));
    volatile uint64_t source = 5;
    give_helpers(&rig);
    struct ebpf_code *code = compile(&rig);
    for (int fault = 0; fault < 2; fault++) {
        uint64_t a = source + 1, b = source * 3, c = source ^ 9, d = source << 4, e = source - 2;
        rig_reset(&rig);
        rig.run.budget = fault ? 8 : UINT64_MAX;
        ck_assert_int_eq(jit->run(code, &rig.run), fault ? EBPF_ERR_BUDGET : EBPF_OK);
        ck_assert_uint_eq(a + b + c + d + e, 6 + 15 + 12 + 80 + 3);
        if (!fault)
            ck_assert_uint_eq(rig.run.result, 42);
    }
    jit->destroy(code);
    rig_free(&rig);
}
END_TEST

START_TEST(illegal_instructions_end_the_run)
{
    static const enum ebpf_op ops[] = {EBPF_OP_DATA, EBPF_OP_LDDW_MAP_FD, EBPF_OP_CALL_BTF};
    for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
        RIG(rig, {.op = (uint16_t)ops[i]}, I(EXIT, 0, 0, 0, 0));
        ck_assert_int_eq(rig_run(&rig, jit), EBPF_ERR_ILLEGAL);
        rig_free(&rig);
    }
}
END_TEST

START_TEST(trusted_programs_count_but_do_not_check)
{
    RIG(rig, I(LDXDW, 0, 4, 0, 0), I(JA, 0, 0, -2, 0));
    static uint64_t outside = 7;
    rig.code.policy = EBPF_POLICY_TRUSTED;
    rig.run.args[3] = (uintptr_t)&outside;
    rig.run.budget = 9;
    ck_assert_int_eq(rig_run(&rig, jit), EBPF_ERR_BUDGET);
    ck_assert_uint_eq(rig.run.budget, 0);
    rig_free(&rig);
}
END_TEST

/* Of the mapping that holds an address: its protection, as in /proc/self/maps. */
static void protection_of(uintptr_t address, char protection[5])
{
    char line[512];
    FILE *maps = fopen("/proc/self/maps", "r");
    ck_assert_ptr_nonnull(maps);
    strcpy(protection, "none");
    while (fgets(line, sizeof(line), maps)) {
        uintptr_t low, high;
        char found[5];
        if (sscanf(line, "%lx-%lx %4s", &low, &high, found) == 3 && low <= address &&
            address < high)
            memcpy(protection, found, 5);
    }
    fclose(maps);
}

START_TEST(memory_is_sealed_and_guarded)
{
    struct ebpf_exec_memory memory;
    char protection[5];
    ck_assert_int_eq(ebpf_exec_memory_new(&memory, 5000), EBPF_OK);
    memory.write[0] = 0xc3;
    memory.write[4999] = 0xc3;
    ck_assert_uint_eq(memory.code[5000], 0xcc);
    ck_assert_int_eq(ebpf_exec_memory_seal(&memory), EBPF_OK);
    protection_of((uintptr_t)memory.code, protection);
    ck_assert_str_eq(protection, "r-xp");
    protection_of((uintptr_t)memory.code - 1, protection);
    ck_assert_str_eq(protection, "---p");
    protection_of((uintptr_t)memory.code + 8192, protection);
    ck_assert_str_eq(protection, "---p");
    uintptr_t code = (uintptr_t)memory.code;
    ebpf_exec_memory_free(&memory);
    protection_of(code, protection);
    ck_assert_str_eq(protection, "none");
    ebpf_exec_memory_free(&memory);
}
END_TEST

/* No mapping is ever writable and executable, and what is full cannot be written any more. */
START_TEST(small_pieces_share_pages)
{
    enum { PIECES = 200, SIZE = 1000 };
    struct ebpf_exec_memory pieces[PIECES];
    char protection[5];
    uintptr_t write = 0;
    int shared = 0;
    for (int i = 0; i < PIECES; i++) {
        struct ebpf_exec_memory *m = &pieces[i];
        ck_assert_int_eq(ebpf_exec_memory_share(m, SIZE), EBPF_OK);
        if (!m->chunk) { /* this system has no such memory */
            for (; i >= 0; i--)
                ebpf_exec_memory_free(&pieces[i]);
            return;
        }
        protection_of((uintptr_t)m->code, protection);
        ck_assert_str_eq(protection, "r-xs");
        protection_of((uintptr_t)m->write, protection);
        ck_assert_str_eq(protection, "rw-s");
        ck_assert_uint_eq((uintptr_t)m->code % 64, 0);
        ck_assert_uint_eq(m->code[0], 0xcc);
        memset(m->write, i, SIZE);
        ck_assert_uint_eq(m->code[SIZE - 1], i);
        write = i == 0 ? (uintptr_t)m->write : write;
        shared += i && m->code - pieces[i - 1].code == 1024;
        ck_assert_int_eq(ebpf_exec_memory_seal(m), EBPF_OK);
        ck_assert_ptr_null(m->write);
    }
    ck_assert_int_gt(shared, PIECES / 2);
    protection_of(write, protection);
    ck_assert_str_ne(protection, "rw-s"); /* its chunk was full */
    for (int i = 0; i < PIECES; i++) {
        ck_assert_uint_eq(pieces[i].code[i], i);
        ebpf_exec_memory_free(&pieces[i]);
    }
}
END_TEST

/* A process that may not write large files, as sandboxes have it, is not ended for what is none. */
START_TEST(files_may_be_limited)
{
    struct ebpf_exec_memory memory;
    struct rlimit limit, old;
    char protection[5];
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    limit = (struct rlimit){4096, old.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ebpf_status status = ebpf_exec_memory_share(&memory, 64);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    ck_assert_int_eq(status, EBPF_OK);
    ck_assert_ptr_null(memory.chunk);
    memset(memory.write, 7, 64);
    ck_assert_int_eq(ebpf_exec_memory_seal(&memory), EBPF_OK);
    protection_of((uintptr_t)memory.code, protection);
    ck_assert_str_eq(protection, "r-xp");
    ck_assert_uint_eq(memory.code[63], 7);
    ebpf_exec_memory_free(&memory);
}
END_TEST

/* A child goes on with what it inherited, and neither it nor its parent see what the other
 * compiles later. */
START_TEST(shared_pages_survive_fork)
{
    struct ebpf_exec_memory before, after;
    ck_assert_int_eq(ebpf_exec_memory_share(&before, 64), EBPF_OK);
    before.write[0] = 1;
    ck_assert_int_eq(ebpf_exec_memory_seal(&before), EBPF_OK);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    ck_assert_int_eq(ebpf_exec_memory_share(&after, 64), EBPF_OK);
    after.write[0] = child ? 2 : 3;
    ck_assert_int_eq(ebpf_exec_memory_seal(&after), EBPF_OK);
    int status = 0;
    if (child)
        ck_assert_int_eq(waitpid(child, &status, 0), child);
    bool good = before.code[0] == 1 && after.code[0] == (child ? 2 : 3) && status == 0;
    ebpf_exec_memory_free(&after);
    ebpf_exec_memory_free(&before);
    if (!child)
        _exit(!good);
    ck_assert(good);
}
END_TEST

/* Code runs wherever it is put; memory is enough to the byte, or the call says so. */
START_TEST(embedder_gives_memory)
{
    RIG(rig, I(LDXDW, 0, 1, 0, 0), I(JNE64_IMM, 0, 0, 1, 0), I(CALL, 0, 0, 0, 1),
        I(EXIT, 0, 0, 0, 0));
    give_helpers(&rig);
    enum { SIZE = 16384 };
    uint8_t *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    struct ebpf_code *code = NULL;
    rig.code.exec_memory = memory + 3;
    size_t enough = 0;
    while (!code) {
        rig.code.exec_size = ++enough;
        ebpf_status status = jit->compile(&rig.code, NULL, &code);
        ck_assert_int_eq(status, code ? EBPF_OK : EBPF_ERR_LIMIT);
        ck_assert_uint_eq(memory[3 + enough], 0);
    }
    ck_assert_uint_gt(enough, 50);
    ck_assert_int_eq(mprotect(memory, SIZE, PROT_READ | PROT_EXEC), 0);
    ck_assert_int_eq(jit->run(code, &rig.run), EBPF_OK);
    jit->destroy(code);
    ck_assert_int_eq(munmap(memory, SIZE), 0);
    rig_free(&rig);
}
END_TEST

/* Functions zero only what they use of their frames: who guesses an address finds zeros all the
 * same, in every frame that is live. */
START_TEST(guessed_addresses_of_frames)
{
    RIG(rig, I(STDW, 10, 0, -16, 1), I(MOV64_IMM, 6, 0, 0, 7), I(CALL_LOCAL, 0, 0, 0, 1),
        I(EXIT, 0, 0, 0, 0), I(MOV64_IMM, 7, 0, 0, 7), I(STW, 10, 0, -24, 2),
        I(CALL_LOCAL, 0, 0, 0, 1), I(EXIT, 0, 0, 0, 0), I(LDXDW, 0, 5, 0, 0),
        I(STXDW, 5, 0, 0, 0), I(EXIT, 0, 0, 0, 0));
    struct ebpf_code *code = compile(&rig);
    for (size_t at = 0; at < sizeof(rig.stack); at += 8) {
        struct ebpf_run runs[2];
        for (int engine = 0; engine < 2; engine++) {
            rig_reset(&rig);
            rig.run.args[4] = (uintptr_t)rig.stack + at;
            ebpf_status status = engine ? jit->run(code, &rig.run)
                                        : ebpf_step_whole(&rig.code, &rig.run);
            ck_assert_int_eq(status, at < RIG_FRAME ? EBPF_ERR_LOAD : EBPF_OK);
            runs[engine] = rig.run;
        }
        ck_assert_uint_eq(runs[0].result, runs[1].result);
        ck_assert_uint_eq(runs[0].budget, runs[1].budget);
    }
    jit->destroy(code);
    rig_free(&rig);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    RIG(rig, I(LDXDW, 0, 2, 0, 0), I(STXDW, 1, 0, 8, 0), I(CALL_LOCAL, 0, 0, 0, 2),
        I(JNE64_IMM, 0, 0, -4, 0), I(EXIT, 0, 0, 0, 0), I(DIV64_REG, 0, 2, 0, 0),
        I(CALL, 0, 0, 0, 1), I(EXIT, 0, 0, 0, 0));
    give_helpers(&rig);
    for (struct failing_mem f = failing_mem_first(); failing_mem_next(&f);) {
        struct ebpf_code *code;
        rig.code.mem = &f.mem;
        failing_mem_check(&f, jit->compile(&rig.code, NULL, &code));
        jit->destroy(code);
    }
    rig_free(&rig);
}
END_TEST

START_TEST(dump_shows_all_instructions)
{
    RIG(rig, I(MOV64_IMM, 0, 0, 0, 1), I(EXIT, 0, 0, 0, 0));
    struct ebpf_text text = {0};
    struct ebpf_stream out = ebpf_stream_text(&text);
    struct ebpf_code *code = compile(&rig);
    ck_assert_int_eq(jit->dump(code, &out), EBPF_OK);
    ck_assert_ptr_nonnull(strstr(text.data, "r0 = 1\n"));
    ck_assert_ptr_nonnull(strstr(text.data, " b8 01 00 00 00"));
#ifdef HAVE_ZYDIS
    ck_assert_ptr_nonnull(strstr(text.data, "  mov eax, 0x01\n"));
    ck_assert_ptr_nonnull(strstr(text.data, "  ret\n"));
#endif
    ck_assert_ptr_nonnull(strstr(text.data, " c3"));
    ebpf_text_free(&text);
    jit->destroy(code);
    rig_free(&rig);
}
END_TEST

static TCase *mistakes(void)
{
    TCase *tc = tcase_create("mistakes");
    tcase_add_test(tc, blocks_stand_where_they_are_wanted);
    tcase_add_test(tc, loops_are_written_as_they_run);
    tcase_add_test(tc, every_register_is_a_base);
    tcase_add_test(tc, registers_survive_helpers);
    tcase_add_test(tc, helpers_find_the_stack_aligned);
    tcase_add_test(tc, first_instruction_can_be_a_loop_head);
    tcase_add_test(tc, early_ends_restore_the_host);
    tcase_add_test(tc, illegal_instructions_end_the_run);
    tcase_add_test(tc, guessed_addresses_of_frames);
    tcase_add_test(tc, trusted_programs_count_but_do_not_check);
    return tc;
}

static TCase *memory(void)
{
    TCase *tc = tcase_create("memory");
    tcase_add_test(tc, memory_is_sealed_and_guarded);
    tcase_add_test(tc, small_pieces_share_pages);
    tcase_add_test(tc, files_may_be_limited);
    tcase_add_test(tc, shared_pages_survive_fork);
    tcase_add_test(tc, embedder_gives_memory);
    tcase_add_test(tc, every_allocation_may_fail);
    tcase_add_test(tc, dump_shows_all_instructions);
    return tc;
}

RUN_SUITE("jit-code", mistakes, memory)
