/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Lists of passes that can be edited. */
#include <string.h>

#include <ebpfvm/verify.h>

#include "base/mem.h"
#include "base/vec.h"

struct ebpf_pass_list {
    struct ebpf_mem mem;
    struct ebpf_vec passes; /* const struct ebpf_pass *, the last one NULL */
};

static size_t length(const struct ebpf_pass_list *list)
{
    return list->passes.count - 1;
}

/* The place of the first pass of that name; the length if there is none. */
static size_t find(const struct ebpf_pass_list *list, const char *name)
{
    const struct ebpf_pass *const *passes = ebpf_pass_list_passes(list);
    size_t i = 0;
    while (passes[i] && strcmp(passes[i]->name, name) != 0)
        i++;
    return i;
}

static ebpf_status insert(struct ebpf_pass_list *list, size_t at, const struct ebpf_pass *pass)
{
    if (!ebpf_vec_push(&list->passes, 1))
        return EBPF_ERR_NOMEM;
    const struct ebpf_pass **passes = list->passes.data;
    memmove(passes + at + 1, passes + at, (length(list) - at) * sizeof(*passes));
    passes[at] = pass;
    return EBPF_OK;
}

struct ebpf_pass_list *ebpf_pass_list_new(const struct ebpf_pass *const *from,
                                          const struct ebpf_mem *mem)
{
    struct ebpf_mem m = ebpf_mem_or_default(mem);
    struct ebpf_pass_list *list = ebpf_mem_zalloc(&m, 1, sizeof(*list));
    if (!list)
        return NULL;
    list->mem = m;
    ebpf_vec_init(&list->passes, &m, sizeof(const struct ebpf_pass *));
    size_t count = 0;
    while (from && from[count])
        count++;
    const struct ebpf_pass **passes = ebpf_vec_push(&list->passes, count + 1);
    if (!passes) {
        ebpf_pass_list_free(list);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        passes[i] = from[i];
    passes[count] = NULL;
    return list;
}

void ebpf_pass_list_free(struct ebpf_pass_list *list)
{
    if (!list)
        return;
    struct ebpf_mem mem = list->mem;
    ebpf_vec_free(&list->passes);
    ebpf_mem_free(&mem, list, sizeof(*list));
}

const struct ebpf_pass *const *ebpf_pass_list_passes(const struct ebpf_pass_list *list)
{
    return list->passes.data;
}

ebpf_status ebpf_pass_list_append(struct ebpf_pass_list *list, const struct ebpf_pass *pass)
{
    return insert(list, length(list), pass);
}

ebpf_status ebpf_pass_list_prepend(struct ebpf_pass_list *list, const struct ebpf_pass *pass)
{
    return insert(list, 0, pass);
}

ebpf_status ebpf_pass_list_insert_before(struct ebpf_pass_list *list, const char *name,
                                         const struct ebpf_pass *pass)
{
    size_t at = find(list, name);
    return at < length(list) ? insert(list, at, pass) : EBPF_ERR_NOT_FOUND;
}

ebpf_status ebpf_pass_list_insert_after(struct ebpf_pass_list *list, const char *name,
                                        const struct ebpf_pass *pass)
{
    size_t at = find(list, name);
    return at < length(list) ? insert(list, at + 1, pass) : EBPF_ERR_NOT_FOUND;
}

ebpf_status ebpf_pass_list_replace(struct ebpf_pass_list *list, const char *name,
                                   const struct ebpf_pass *pass)
{
    const struct ebpf_pass **passes = list->passes.data;
    size_t at = find(list, name);
    if (at == length(list))
        return EBPF_ERR_NOT_FOUND;
    passes[at] = pass;
    return EBPF_OK;
}

ebpf_status ebpf_pass_list_remove(struct ebpf_pass_list *list, const char *name)
{
    const struct ebpf_pass **passes = list->passes.data;
    size_t at = find(list, name);
    if (at == length(list))
        return EBPF_ERR_NOT_FOUND;
    memmove(passes + at, passes + at + 1, (length(list) - at) * sizeof(*passes));
    list->passes.count--;
    return EBPF_OK;
}
