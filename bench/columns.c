/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The columns of this library: each engine under each policy, through ebpf_vm_run(), and as a C
 * function where the engine makes one. */
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"

struct state {
    struct ebpf_vm *vm;
    struct ebpf_result last;
    ebpf_function_fn *function;
};

static struct ebpf_program *decode(const struct bench_program *program)
{
    struct ebpf_program *code;
    ebpf_status status =
        ebpf_program_decode(program->code, program->size, program->name, NULL, NULL, &code);
    if (status)
        bench_die(program->name, ebpf_status_text(status));
    return code;
}

/* A VM with the program loaded and verified, but not compiled. */
static struct ebpf_vm *load(const struct bench_column *column, struct ebpf_program *code)
{
    struct ebpf_vm_options options = {.size = sizeof(options),
                                      .kind = EBPF_VM_RAW,
                                      .backend = column->backend->name,
                                      .policy = column->policy,
                                      .code = {.flags = column->flags}};
    struct ebpf_vm *vm = NULL;
    ebpf_status status = ebpf_vm_new(&options, NULL, &vm);
    if (!status)
        status = ebpf_vm_set_program(vm, code, NULL);
    if (status)
        bench_die(column->name, ebpf_status_text(status));
    return vm;
}

static void *vm_open(const struct bench_column *column, const struct bench_program *program)
{
    struct ebpf_program *code = decode(program);
    struct state *s = calloc(1, sizeof(*s));
    if (!s)
        bench_die(program->name, "no memory");
    s->vm = load(column, code);
    ebpf_program_unref(code);
    ebpf_status status = ebpf_vm_compile(s->vm, NULL);
    if (status)
        bench_die(program->name, ebpf_status_text(status));
    return s;
}

static uint64_t vm_run(void *state, uint8_t *mem, long calls)
{
    struct state *s = state;
    struct ebpf_input in = {.size = sizeof(in), .mem = mem, .mem_size = BENCH_MEM};
    ebpf_status status = EBPF_OK;
    for (long i = 0; i < calls; i++)
        status |= ebpf_vm_run(s->vm, &in, &s->last);
    if (status)
        bench_die("run", ebpf_status_text(s->last.fault.status));
    return s->last.r0;
}

static void vm_close(void *state)
{
    struct state *s = state;
    ebpf_vm_free(s->vm);
    free(s);
}

static size_t vm_code_size(void *state)
{
    struct state *s = state;
    const struct ebpf_backend *backend = ebpf_vm_backend(s->vm);
    return backend->code_size ? backend->code_size(ebpf_vm_code(s->vm)) : 0;
}

static uint64_t vm_executed(void *state)
{
    return ((struct state *)state)->last.executed;
}

static double vm_compile(const struct bench_column *column, const struct bench_program *program)
{
    struct ebpf_program *code = decode(program);
    struct ebpf_vm *vm = load(column, code);
    double start = bench_now();
    ebpf_status status = ebpf_vm_compile(vm, NULL);
    double time = bench_now() - start;
    if (status)
        bench_die(program->name, ebpf_status_text(status));
    ebpf_vm_free(vm);
    ebpf_program_unref(code);
    return time;
}

/* Programs that cannot be functions are left out. */
static void *function_open(const struct bench_column *column, const struct bench_program *program)
{
    struct state *s = vm_open(column, program);
    if (ebpf_vm_function(s->vm, NULL, &s->function) == EBPF_OK)
        return s;
    vm_close(s);
    return NULL;
}

static uint64_t function_run(void *state, uint8_t *mem, long calls)
{
    const struct state *s = state;
    uint64_t result = 0;
    for (long i = 0; i < calls; i++)
        result = s->function(mem, BENCH_MEM);
    return result;
}

static size_t no_size(void *state)
{
    (void)state;
    return 0;
}

static void name_column(struct bench_column *c, const char *engine, const char *what)
{
    snprintf(c->name, sizeof(c->name), "%s %s", engine, what);
}

static const struct bench_column vm = {.open = vm_open, .run = vm_run, .close = vm_close,
                                       .code_size = vm_code_size, .executed = vm_executed,
                                       .compile = vm_compile};

/* The best engine as it is, then with each way to make its code harder to attack. */
int bench_hardened_columns(struct bench_column *to, int room)
{
    static const struct {
        const char *name;
        uint32_t flags;
    } ways[] = {{"as it is", 0},
                {"sealed", EBPF_CODE_SEALED},
                {"blinded", EBPF_CODE_BLINDED},
                {"shuffled", EBPF_CODE_SHUFFLED},
                {"masked", EBPF_CODE_MASKED},
                {"all of it", EBPF_CODE_SEALED | EBPF_CODE_BLINDED | EBPF_CODE_SHUFFLED |
                                  EBPF_CODE_MASKED}};
    const int count = sizeof(ways) / sizeof(ways[0]);
    for (int i = 0; i < count && i < room; i++) {
        to[i] = vm;
        to[i].backend = ebpf_backend_find(NULL);
        to[i].flags = ways[i].flags;
        name_column(&to[i], to[i].backend->name, ways[i].name);
    }
    return count < room ? count : room;
}

int bench_vm_columns(struct bench_column *to, int room, const char *engine)
{
    const struct ebpf_backend *backend;
    int count = 0;
    for (size_t i = 0; (backend = ebpf_backend_at(i)); i++) {
        if (backend->probe() || (engine && strcmp(engine, backend->name) != 0))
            continue;
        /* Checks are the smallest part of what an interpreter does: one column will do. */
        int policies = backend->caps & EBPF_BACKEND_NATIVE ? 2 : 1;
        for (int trusted = 0; trusted < policies && count < room; trusted++) {
            struct bench_column *c = &to[count++];
            *c = vm;
            c->backend = backend;
            c->policy = trusted ? EBPF_POLICY_TRUSTED : EBPF_POLICY_CHECKED;
            name_column(c, backend->name, trusted ? "trusted" : "checked");
        }
        if (policies < 2 || count == room)
            continue;
        struct bench_column *c = &to[count++];
        *c = (struct bench_column){.open = function_open, .run = function_run, .close = vm_close,
                                   .code_size = no_size, .backend = backend,
                                   .policy = EBPF_POLICY_TRUSTED};
        name_column(c, backend->name, "function");
    }
    return count;
}
