/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Fuzzes what takes bytecode.  Any bytes decode or are refused; what decodes encodes to the same
 * bytes, prints in every form, reads back to the same bytes, is verified; and what the lenient
 * verifier accepts runs in every engine without touching what it was not given.
 */
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

/* Runs are short: most mutants that loop do so for ever. */
#define BUDGET 2000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* assert() that no NDEBUG removes. */
static void must(int condition)
{
    if (!condition)
        abort();
}

static void must_encode_to(const struct ebpf_program *program, const uint8_t *data, size_t size)
{
    must(ebpf_program_size(program) == size);
    uint8_t *bytes = malloc(size + 1);
    must(bytes != NULL);
    must(ebpf_program_encode(program, bytes, size) == EBPF_OK);
    must(size == 0 || memcmp(bytes, data, size) == 0);
    free(bytes);
}

static void print_and_read_back(const struct ebpf_program *program, const uint8_t *data,
                                size_t size, const struct ebpf_print_options *options)
{
    struct ebpf_text text = {0};
    struct ebpf_stream out = ebpf_stream_text(&text);
    struct ebpf_program *again;
    must(ebpf_program_print(program, options, &out) == EBPF_OK);
    if (!options->json && !options->pcs && !options->bytes) {
        must(ebpf_assemble(text.data, text.length, NULL, NULL, &again) == EBPF_OK);
        must_encode_to(again, data, size);
        ebpf_program_unref(again);
    }
    ebpf_text_free(&text);
}

static void print_all(const struct ebpf_program *program, const uint8_t *data, size_t size)
{
    for (int form = 0; form < 32; form++) {
        const struct ebpf_print_options options = {
            .size = sizeof(options),
            .dialect = form & 1 ? EBPF_DIALECT_PSEUDOC : EBPF_DIALECT_MNEMONIC,
            .labels = form >> 1 & 1,
            .pcs = form >> 2 & 1,
            .bytes = form >> 3 & 1,
            .json = form >> 4 & 1};
        print_and_read_back(program, data, size, &options);
    }
    struct ebpf_text text = {0};
    struct ebpf_stream out = ebpf_stream_text(&text);
    must(ebpf_program_print_ir(program, &out) == EBPF_OK);
    must(ebpf_program_print_dot(program, &out) == EBPF_OK);
    ebpf_text_free(&text);
}

static void run(struct ebpf_program *program, const struct ebpf_backend *backend)
{
    uint8_t packet[64];
    memset(packet, 0x5a, sizeof(packet));
    const struct ebpf_vm_options options = {.size = sizeof(options),
                                            .kind = EBPF_VM_RAW,
                                            .backend = backend->name,
                                            .passes = ebpf_verifier_lenient(),
                                            .budget = BUDGET};
    const struct ebpf_input in = {
        .size = sizeof(in), .mem = packet, .mem_size = sizeof(packet)};
    struct ebpf_result result;
    struct ebpf_vm *vm;
    must(ebpf_vm_new(&options, NULL, &vm) == EBPF_OK);
    must(ebpf_vm_set_program(vm, program, NULL) == EBPF_OK);
    ebpf_status status = ebpf_vm_compile(vm, NULL);
    must(status == EBPF_OK || status == EBPF_ERR_HELPER || status == EBPF_ERR_UNSUPPORTED);
    if (status == EBPF_OK) {
        status = ebpf_vm_run(vm, &in, &result);
        must(result.executed <= BUDGET);
        must(status == result.fault.status);
    }
    ebpf_vm_free(vm);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    const struct ebpf_backend *backend;
    struct ebpf_program *program;
    ebpf_status status = ebpf_program_decode(data, size, "fuzz", NULL, diag, &program);
    must((status == EBPF_OK) == (size % 8 == 0));
    if (status == EBPF_OK) {
        must_encode_to(program, data, size);
        print_all(program, data, size);
        int strict = ebpf_verify(program, ebpf_verifier_strict(), NULL, diag) == EBPF_OK;
        int lenient = ebpf_verify(program, ebpf_verifier_lenient(), NULL, diag) == EBPF_OK;
        must(lenient || !strict);
        for (size_t i = 0; lenient && (backend = ebpf_backend_at(i)) != NULL; i++) {
            if (backend->probe() == EBPF_OK)
                run(program, backend);
        }
    }
    ebpf_program_unref(program);
    ebpf_diag_free(diag);
    return 0;
}
