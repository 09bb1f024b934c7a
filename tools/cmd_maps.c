/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "tools/maps.h"
#include "tools/output.h"
#include "tools/text.h"

/* What a file of ebpf_map_save() has. */
static enum tool_exit show_saved(struct tool *tool, const char *path)
{
    struct ebpf_map *map;
    ebpf_status status = ebpf_map_load(path, NULL, tool->diag, &map);
    if (status != EBPF_OK)
        return tool_done(tool, status);
    enum tool_exit code = tool_map_print(tool, map);
    ebpf_map_unref(map);
    return code;
}

/* The maps that an object declares. */
static enum tool_exit list_declared(struct tool *tool, const struct tool_bytes *bytes,
                                    const char *name)
{
    struct ebpf_elf *elf;
    enum tool_exit code = tool_open_object(tool, bytes, name, &elf);
    if (code != TOOL_EXIT_OK)
        return code;
    uint32_t count;
    const struct ebpf_map_decl *maps = ebpf_elf_maps(elf, &count);
    if (tool->options.json)
        tool_json(tool, "maps", "[");
    tool_print_declared(tool, maps, count);
    if (tool->options.json)
        putchar(']');
    else if (count == 0)
        puts("  (no maps)");
    ebpf_elf_close(elf);
    return TOOL_EXIT_OK;
}

static enum tool_exit run(struct tool *tool)
{
    struct tool_bytes bytes;
    const char *path = tool->operands[0];
    enum tool_exit code = tool_read(tool, path, &bytes);
    if (code != TOOL_EXIT_OK)
        return code;
    if (tool_is_saved_map(&bytes) && strcmp(path, "-") != 0)
        code = show_saved(tool, path);
    else if (tool_is_object(&bytes))
        code = list_declared(tool, &bytes, tool_input_name(path));
    else
        code = tool_fail(tool, EBPF_ERR_INVALID, "'%.200s' is neither an ELF object nor the file "
                         "of a map; 'ebpfvm run --maps' shows what maps hold after a run",
                         tool_input_name(path));
    free(bytes.data);
    return code;
}

static const struct tool_example examples[] = {
    {"Which maps does an object declare?", "ebpfvm maps firewall.o"},
    {"What is in a map that a program with the library has saved?", "ebpfvm maps blocked.map"},
    {"Start a run with what another one left",
     "ebpfvm run --pcap a.pcap --save-maps=a.json f.o; "
     "ebpfvm run --pcap b.pcap --map blocked=a.json f.o"},
    {NULL, NULL},
};

const struct tool_command tool_cmd_maps = {
    .name = "maps",
    .operands = "FILE|-",
    .summary = "list the maps of an ELF object, or show a saved one",
    .description =
        "Prints the maps and data sections that an object declares: their names, kinds, sizes and "
        "flags. Of a file that ebpf_map_save() of the library wrote it prints what the map holds, "
        "in the form of 'ebpfvm run --maps'.\n\n"
        "In JSON a map is {\"name\": \"ports\", \"kind\": \"hash\", \"key_size\": 2, "
        "\"value_size\": 4, \"max_entries\": 64, \"entries\": [{\"key\": \"0035\", \"values\": "
        "[1]}]}. Keys and values of 4 and 8 bytes are numbers up to 2^53, all others strings of "
        "hexadecimal digits, in the order of memory. There is one value, or one for each "
        "processor where the kind has them. Entries of arrays that are all 0 are left out.\n\n"
        "'ebpfvm run --map' reads the same, alone or in the list \"maps\" of an object, as --json "
        "--maps and --save-maps write it: of the description only \"entries\" is needed, "
        "\"value\" may stand for a list of one, numbers may also be of 1 or 2 bytes or negative, "
        "and lists of bytes, as bpftool writes them, do as well.",
    .examples = examples,
    .bit = TOOL_MAPS,
    .operands_min = 1,
    .operands_max = 1,
    .usage_exit = TOOL_EXIT_USAGE,
    .run = run,
};
