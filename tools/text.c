/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>

#include "tools/text.h"

void tool_print_name(FILE *out, bool json, const char *name)
{
    for (const char *p = name ? name : ""; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c < ' ' || c >= 0x7f)
            fprintf(out, json ? "\\u%04x" : "?", c < 0x80 ? c : 0xfffdu);
        else
            fprintf(out, json && (c == '"' || c == '\\') ? "\\%c" : "%c", c);
    }
}

void tool_print_column(const char *name, size_t width)
{
    size_t length = name ? strlen(name) : 0;
    tool_print_name(stdout, false, name);
    printf("%*s  ", (int)(length < width ? width - length : 0), "");
}

void tool_print_member(FILE *out, const char *key, const char *value)
{
    fprintf(out, "%s\"%s\": ", strcmp(key, "name") ? ", " : "{", key);
    if (!value) {
        fputs("null", out);
        return;
    }
    putc('"', out);
    tool_print_name(out, true, value);
    putc('"', out);
}

/* The flags of a map by name; those that have none as a number. */
static const struct {
    uint32_t flag;
    const char *name;
} flags[] = {
    {EBPF_MAP_NO_PREALLOC, "no_prealloc"}, {EBPF_MAP_NO_COMMON_LRU, "no_common_lru"},
    {EBPF_MAP_RDONLY, "rdonly"},           {EBPF_MAP_WRONLY, "wronly"},
    {EBPF_MAP_ZERO_SEED, "zero_seed"},     {EBPF_MAP_RDONLY_PROG, "rdonly_prog"},
    {EBPF_MAP_WRONLY_PROG, "wronly_prog"}, {EBPF_MAP_MMAPABLE, "mmapable"},
    {EBPF_MAP_INNER, "inner_map"},
};

static void print_flags(uint32_t bits, const char *separator, const char *quote)
{
    const char *before = "";
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        if (!(bits & flags[i].flag))
            continue;
        printf("%s%s%s%s", before, quote, flags[i].name, quote);
        before = separator;
        bits &= ~flags[i].flag;
    }
    if (bits)
        printf("%s%s0x%x%s", before, quote, bits, quote);
}

static void print_text(uint32_t index, const struct ebpf_map_decl *m)
{
    const char *kind = ebpf_map_kind_name(m->def.kind);
    printf("%3u  ", index);
    tool_print_column(m->def.name, 24);
    if (m->is_data) {
        printf("data, %u bytes%s%s\n", m->def.value_size, m->data ? "" : " of zeros",
               m->is_frozen ? ", read-only" : "");
        return;
    }
    printf("%s, key %u, value %u, entries %u", kind ? kind : "?", m->def.key_size,
           m->def.value_size, m->def.max_entries);
    if (m->def.flags) {
        printf(", flags 0x%x (", m->def.flags);
        print_flags(m->def.flags, ", ", "");
        putchar(')');
    }
    if (m->def.inner)
        printf(", of %s", ebpf_map_kind_name(m->def.inner->kind));
    if (m->init_count)
        printf(", %u set at the start", m->init_count);
    printf("%s\n", m->is_pinned ? ", pinned" : "");
}

static void print_json(const struct ebpf_map_decl *m)
{
    tool_print_member(stdout, "name", m->def.name);
    tool_print_member(stdout, "kind", ebpf_map_kind_name(m->def.kind));
    printf(", \"data\": %s, \"key_size\": %u, \"value_size\": %u, \"max_entries\": %u, "
           "\"flags\": %u, \"flag_names\": [", m->is_data ? "true" : "false", m->def.key_size,
           m->def.value_size, m->def.max_entries, m->def.flags);
    print_flags(m->def.flags, ", ", "\"");
    printf("], \"frozen\": %s, \"pinned\": %s, \"set\": %u", m->is_frozen ? "true" : "false",
           m->is_pinned ? "true" : "false", m->init_count);
    if (m->def.inner)
        tool_print_member(stdout, "inner", ebpf_map_kind_name(m->def.inner->kind));
    putchar('}');
}

void tool_print_declared(const struct tool *tool, const struct ebpf_map_decl *maps, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (tool->options.json) {
            fputs(i ? ",\n  " : "\n  ", stdout);
            print_json(&maps[i]);
        } else {
            fputs("  ", stdout);
            print_text(i, &maps[i]);
        }
    }
}
