/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Runs vectors: a line in, a line out, until the input ends.
 *
 *     KIND PROGRAM PACKET MBUFF DATA_OFFSET DATA_END_OFFSET STACK HELPERS ENGINE
 *
 * PROGRAM and PACKET are bytes in hex, or "-".  MBUFF is the size of the metadata buffer; the
 * packet's pointers are stored at the offsets, by us or by the VM.  STACK is the bytes of stack of
 * every function and of the run, or 0.  HELPERS is a list such as "0=gather_bytes,1=memfrob,".
 * Answers are "return 0x2a", "load NAME" or "run NAME", NAME being that of a status.  An engine
 * that cannot run here ends the program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

struct vector {
    char kind[16], program[20000], packet[4000], helpers[200], engine[16];
    size_t mbuff_size, data_offset, data_end_offset;
    unsigned stack;
};

/* Decodes in place; returns the length. */
static size_t decode(char *hex)
{
    size_t length = hex[0] == '-' ? 0 : strlen(hex) / 2;
    for (size_t i = 0; i < length; i++) {
        char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        hex[i] = (char)strtoul(pair, NULL, 16);
    }
    return length;
}

static ebpf_status register_named(struct ebpf_vm *vm, const char *list)
{
    unsigned id;
    char name[32];
    int used;
    ebpf_status status = EBPF_OK;
    for (; !status && sscanf(list, "%u=%31[^,],%n", &id, name, &used) == 2; list += used) {
        struct ebpf_helper helper = *ebpf_helper_find(ebpf_helpers_rbpf(), name);
        helper.id = id;
        status = ebpf_vm_register_helper(vm, &helper);
    }
    return status;
}

static ebpf_status load(struct ebpf_vm *vm, struct vector *v)
{
    struct ebpf_program *program;
    ebpf_status status = register_named(vm, v->helpers);
    if (!status)
        status = ebpf_program_decode(v->program, decode(v->program), NULL, NULL, NULL, &program);
    if (status)
        return status;
    status = ebpf_vm_set_program(vm, program, NULL);
    ebpf_program_unref(program);
    return status ? status : ebpf_vm_compile(vm, NULL);
}

static uint32_t stack_use(const struct ebpf_program *program, uint32_t function, void *ctx)
{
    (void)program;
    (void)function;
    return *(unsigned *)ctx;
}

static void run(struct vector *v)
{
    struct ebpf_vm_options options = {
        .size = sizeof(options), .backend = v->engine[0] == '-' ? NULL : v->engine,
        .passes = ebpf_verifier_lenient(), .stack_use = v->stack ? stack_use : NULL,
        .stack_use_ctx = &v->stack, .stack_size = v->stack};
    while (strcmp(ebpf_vm_kind_name(options.kind), v->kind) != 0)
        options.kind++;
    if (options.kind == EBPF_VM_FIXED_MBUFF) {
        options.data_offset = v->data_offset;
        options.data_end_offset = v->data_end_offset;
    }
    struct ebpf_vm *vm = NULL;
    struct ebpf_result result;
    ebpf_status status = ebpf_vm_new(&options, NULL, &vm);
    if (status == EBPF_ERR_BACKEND) {
        fprintf(stderr, "no engine %s\n", v->engine);
        exit(2);
    }
    if (!status)
        status = load(vm, v);
    if (status) {
        printf("load %s\n", ebpf_status_name(status));
        ebpf_vm_free(vm);
        return;
    }
    uint8_t mbuff[256] = {0};
    struct ebpf_input in = {.size = sizeof(in), .mem = v->packet, .mbuff = mbuff};
    in.mem_size = decode(v->packet);
    in.mbuff_size = v->mbuff_size;
    const char *end = v->packet + in.mem_size;
    memcpy(mbuff + v->data_offset, &in.mem, sizeof(in.mem));
    memcpy(mbuff + v->data_end_offset, &end, sizeof(end));
    status = ebpf_vm_run(vm, &in, &result);
    if (status)
        printf("run %s\n", ebpf_status_name(status));
    else
        printf("return 0x%llx\n", (unsigned long long)result.r0);
    ebpf_vm_free(vm);
}

int main(void)
{
    static struct vector v;
    while (scanf("%15s %19999s %3999s %zu %zu %zu %u %199s %15s", v.kind, v.program, v.packet,
                 &v.mbuff_size, &v.data_offset, &v.data_end_offset, &v.stack, v.helpers,
                 v.engine) == 9)
        run(&v);
    return 0;
}
