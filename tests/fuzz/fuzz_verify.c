/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Fuzzes the verifier, the proof of safety included: a byte for the program's type, one for the
 * flags, six that align, then bytecode.  Verifying ends, says the same each time, and gives a
 * reason whenever it refuses; what one of the stricter lists accepts a laxer one does as well.
 */
#include <stdlib.h>
#include <string.h>

#include <ebpfvm/ebpfvm.h>

enum { HEADER = 8, FLAGS = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int condition)
{
    if (!condition)
        abort();
}

static const struct ebpf_verify_map maps[] = {
    {1, {.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 8, .max_entries = 16}},
    {2, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 64, .max_entries = 4}},
    {3, {.kind = EBPF_MAP_RINGBUF, .max_entries = 4096}}};

static const char *type_of(uint8_t byte)
{
    size_t count = 0;
    while (ebpf_verify_type_at(count))
        count++;
    return ebpf_verify_type_at(byte % count);
}

static ebpf_status verify(const struct ebpf_program *program, const struct ebpf_pass *const *passes,
                          const uint8_t *header)
{
    const struct ebpf_verify_options options = {.size = sizeof(options),
                                                .passes = passes,
                                                .type = type_of(header[0]),
                                                .maps = maps,
                                                .map_count = sizeof(maps) / sizeof(maps[0]),
                                                .flags = header[1] % FLAGS};
    struct ebpf_diag *diag = ebpf_diag_new(NULL);
    ebpf_status status = ebpf_verify_for(program, &options, diag);
    must(status == EBPF_OK || ebpf_diag_count(diag) > 0);
    ebpf_diag_free(diag);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ebpf_pass *const *strict = ebpf_verifier_strict();
    const struct ebpf_pass *passes[16] = {0};
    struct ebpf_program *program;
    size_t count = 0;
    for (; strict[count] && count < 14; count++)
        passes[count] = strict[count];
    passes[count] = ebpf_pass_find("safety");
    if (size < HEADER ||
        ebpf_program_decode(data + HEADER, size - HEADER, "fuzz", NULL, NULL, &program) != EBPF_OK)
        return 0;
    ebpf_status safe = verify(program, passes, data);
    must(verify(program, passes, data) == safe);
    must(safe != EBPF_OK || verify(program, strict, data) == EBPF_OK);
    must(verify(program, strict, data) != EBPF_OK ||
         verify(program, ebpf_verifier_lenient(), data) == EBPF_OK);
    ebpf_program_unref(program);
    return 0;
}
