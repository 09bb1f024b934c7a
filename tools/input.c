/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/filter.h"
#include "tools/input.h"
#include "tools/output.h"

/* More than the largest program in any spelling; keeps /dev/zero from eating all memory. */
#define INPUT_MAX ((size_t)256 << 20)

const char *tool_input_name(const char *path)
{
    return strcmp(path, "-") ? path : "<stdin>";
}

/* Reads to the end. @return 0 or an errno value */
static int read_all(FILE *file, struct tool_bytes *out)
{
    size_t capacity = 4096;
    for (;;) {
        char *data = realloc(out->data, capacity + 1);
        if (!data)
            return ENOMEM;
        out->data = data;
        errno = 0;
        out->size += fread(data + out->size, 1, capacity - out->size, file);
        if (ferror(file))
            return errno ? errno : EIO;
        data[out->size] = 0;
        if (out->size < capacity)
            return 0;
        if (capacity > INPUT_MAX)
            return EFBIG;
        capacity *= 2;
    }
}

enum tool_exit tool_read(struct tool *tool, const char *path, struct tool_bytes *out)
{
    *out = (struct tool_bytes){0};
    bool is_stdin = !strcmp(path, "-");
    FILE *file = is_stdin ? stdin : fopen(path, "rb");
    int error = file ? read_all(file, out) : errno;
    if (file && !is_stdin)
        fclose(file);
    if (!error)
        return TOOL_EXIT_OK;
    free(out->data);
    *out = (struct tool_bytes){0};
    return tool_fail(tool, error == ENOMEM ? EBPF_ERR_NOMEM : EBPF_ERR_IO,
                     "cannot read '%.300s': %s", tool_input_name(path), strerror(error));
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);
    return n >= m && !strcmp(name + n - m, suffix);
}

/* Bytecode always has some byte that text has not, if only the zeros of small numbers. */
bool tool_is_binary(const struct tool_bytes *bytes)
{
    for (size_t i = 0; i < bytes->size; i++) {
        unsigned char c = (unsigned char)bytes->data[i];
        if (c < ' ' && !(c >= '\t' && c <= '\r'))
            return true;
    }
    return false;
}

bool tool_is_object(const struct tool_bytes *bytes)
{
    return bytes->size >= 4 && !memcmp(bytes->data, "\177ELF", 4);
}

/* Whether text is nothing but hexadecimal bytes, be it cut off in the middle of one. */
static bool is_hex(const char *text, size_t length)
{
    struct tool_bytes bytes;
    size_t bad;
    enum tool_hex result = tool_hex_parse(text, length, &bytes, &bad);
    bool some = bytes.size > 0;
    free(bytes.data);
    return (result == TOOL_HEX_OK && some) || (result == TOOL_HEX_ODD && length >= 16) ||
           result == TOOL_HEX_NOMEM; /* whoever reads it says so */
}

static enum tool_format guess(const char *name, const struct tool_bytes *bytes)
{
    static const struct {
        char suffix[5];
        enum tool_format format;
    } suffixes[] = {
        {".s", TOOL_FORMAT_ASM},   {".S", TOOL_FORMAT_ASM},   {".asm", TOOL_FORMAT_ASM},
        {".hex", TOOL_FORMAT_HEX}, {".bin", TOOL_FORMAT_RAW}, {".raw", TOOL_FORMAT_RAW},
    };
    if (tool_is_object(bytes))
        return TOOL_FORMAT_ELF;
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        if (has_suffix(name, suffixes[i].suffix))
            return suffixes[i].format;
    }
    if (tool_is_binary(bytes))
        return TOOL_FORMAT_RAW;
    if (tool_is_cbpf(bytes))
        return TOOL_FORMAT_CBPF;
    return is_hex(bytes->data, bytes->size) ? TOOL_FORMAT_HEX : TOOL_FORMAT_ASM;
}

static enum tool_exit assemble(struct tool *tool, const struct tool_bytes *text, const char *name,
                               struct ebpf_program **out)
{
    const struct ebpf_asm_options options = {.size = sizeof(options), .file = name};
    return tool_done(tool, ebpf_assemble(text->data, text->size, &options, tool->diag, out));
}

static enum tool_exit decode(struct tool *tool, const struct tool_bytes *bytes, const char *name,
                             struct ebpf_program **out)
{
    return tool_done(
        tool, ebpf_program_decode(bytes->data, bytes->size, name, NULL, tool->diag, out));
}

enum tool_exit tool_open_object(struct tool *tool, const struct tool_bytes *bytes,
                                const char *name, struct ebpf_elf **out)
{
    const struct tool_options *o = &tool->options;
    struct tool_bytes btf = {0}, kconfig = {0};
    enum tool_exit code = TOOL_EXIT_OK;
    *out = NULL;
    if (o->btf)
        code = tool_read(tool, o->btf, &btf);
    if (code == TOOL_EXIT_OK && o->kconfig)
        code = tool_read(tool, o->kconfig, &kconfig);
    const struct ebpf_elf_options options = {
        .size = sizeof(options), .file = name, .btf = btf.data, .btf_size = btf.size,
        .kconfig = kconfig.data};
    if (code == TOOL_EXIT_OK)
        code = tool_done(tool,
                         ebpf_elf_open(bytes->data, bytes->size, &options, tool->diag, out));
    free(btf.data);
    free(kconfig.data);
    return code;
}

enum tool_exit tool_load_object(struct tool *tool, const struct tool_bytes *bytes,
                                const char *name, struct ebpf_program **out)
{
    struct ebpf_elf *elf;
    uint32_t function, count;
    *out = NULL;
    enum tool_exit code = tool_open_object(tool, bytes, name, &elf);
    if (code != TOOL_EXIT_OK)
        return code;
    ebpf_status status = ebpf_elf_find(elf, tool->options.program, tool->diag, &function);
    if (status == EBPF_OK)
        status = ebpf_elf_load(elf, function, tool->diag, out);
    if (status == EBPF_OK && !tool->options.type)
        tool->type = ebpf_verify_type_name(ebpf_elf_functions(elf, &count)[function].type);
    ebpf_elf_close(tool->elf);
    tool->elf = elf;
    return tool_done(tool, status);
}

static enum tool_exit load_bytes(struct tool *tool, const struct tool_bytes *bytes,
                                 const char *name, struct ebpf_program **out)
{
    int format = tool->options.format;
    if (format == TOOL_FORMAT_AUTO)
        format = guess(name, bytes);
    if (format == TOOL_FORMAT_ELF)
        return tool_load_object(tool, bytes, name, out);
    if (tool->options.program)
        return tool_fail(tool, EBPF_ERR_INVALID, "--program: '%.300s' is no ELF object", name);
    if (format == TOOL_FORMAT_CBPF)
        return tool_load_cbpf(tool, bytes, name, out);
    if (format == TOOL_FORMAT_ASM)
        return assemble(tool, bytes, name, out);
    if (format == TOOL_FORMAT_RAW)
        return decode(tool, bytes, name, out);
    struct tool_bytes decoded;
    enum tool_exit code = tool_hex_read(tool, bytes->data, bytes->size, name, &decoded);
    if (code != TOOL_EXIT_OK)
        return code;
    code = decode(tool, &decoded, name, out);
    free(decoded.data);
    return code;
}

/* Whether an operand is bytes rather than the name of a file. */
static bool is_literal(const struct tool *tool, const char *operand)
{
    if (access(operand, F_OK) == 0 ||
        (errno != ENOENT && errno != ENAMETOOLONG && errno != ENOTDIR))
        return false;
    return tool->options.format == TOOL_FORMAT_HEX ||
           (tool->options.format == TOOL_FORMAT_AUTO && is_hex(operand, strlen(operand)));
}

enum tool_exit tool_load(struct tool *tool, const char *operand, struct ebpf_program **out)
{
    struct tool_bytes bytes;
    *out = NULL;
    if (tool->options.filter)
        return tool_load_filter(tool, out);
    if (strcmp(operand, "-") && is_literal(tool, operand)) {
        enum tool_exit code =
            tool_hex_read(tool, operand, strlen(operand), "<argument>", &bytes);
        if (code == TOOL_EXIT_OK)
            code = decode(tool, &bytes, "<argument>", out);
        free(bytes.data);
        return code;
    }
    enum tool_exit code = tool_read(tool, operand, &bytes);
    if (code == TOOL_EXIT_OK)
        code = load_bytes(tool, &bytes, tool_input_name(operand), out);
    free(bytes.data);
    return code;
}

enum tool_exit tool_load_text(struct tool *tool, const char *path, struct ebpf_program **out)
{
    struct tool_bytes bytes;
    int format = tool->options.format;
    *out = NULL;
    if (tool->options.filter)
        return tool_load_filter(tool, out);
    enum tool_exit code = tool_read(tool, path, &bytes);
    if (code == TOOL_EXIT_OK && format == TOOL_FORMAT_AUTO && tool_is_cbpf(&bytes))
        format = TOOL_FORMAT_CBPF;
    if (code == TOOL_EXIT_OK && format == TOOL_FORMAT_CBPF)
        code = tool_load_cbpf(tool, &bytes, tool_input_name(path), out);
    else if (code == TOOL_EXIT_OK)
        code = assemble(tool, &bytes, tool_input_name(path), out);
    free(bytes.data);
    return code;
}
