/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The files that perf reads: /tmp/perf-PID.map (Linux, tools/perf/Documentation/jit-interface.txt),
 * and /tmp/jit-PID.dump (jitdump-specification.txt there). */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "backends/x86_64/frame.h"
#include "backends/x86_64/seen.h"
#include "base/mem.h"
#include "ir/program.h"

int x64_symbol(const struct ebpf_code *code, uint32_t index, struct x64_symbol *symbol)
{
    uint32_t count;
    const struct ebpf_function *f = ebpf_program_functions(code->in.program, &count);
    if (index >= count)
        return 0;
    uint32_t from = index ? code->offsets[f[index].first] : 0;
    uint32_t to = index + 1 < count ? code->offsets[f[index + 1].first] : code->text_size;
    symbol->start = code->starting.text + from;
    symbol->size = to - from;
    if (f[index].name)
        snprintf(symbol->name, sizeof(symbol->name), "ebpf:%.48s", f[index].name);
    else
        snprintf(symbol->name, sizeof(symbol->name), "ebpf:%s%.0u", index ? "f" : "main", index);
    return 1;
}

/* Appends in one piece, as other threads do; nothing follows symbolic links of others. */
static void append(const char *path, const void *data, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return;
    ssize_t written = write(fd, data, size);
    (void)written;
    close(fd);
}

static void write_map(const struct ebpf_code *code)
{
    char path[64], line[128];
    struct x64_symbol s;
    snprintf(path, sizeof(path), "/tmp/perf-%ld.map", (long)getpid());
    for (uint32_t i = 0; x64_symbol(code, i, &s); i++) {
        int length = snprintf(line, sizeof(line), "%llx %zx %s\n",
                              (unsigned long long)(uintptr_t)s.start, s.size, s.name);
        append(path, line, (size_t)length);
    }
}

struct jit_header {
    uint32_t magic, version, size, machine, unused, pid;
    uint64_t time, flags;
};

struct jit_load {
    uint32_t id, size;
    uint64_t time;
    uint32_t pid, tid;
    uint64_t vma, address, code_size, index;
};

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* A new file gets its header; and perf has to see it mapped. */
static void start_dump(const char *path)
{
    const struct jit_header header = {.magic = 0x4a695444, .version = 1, .size = sizeof(header),
                                      .machine = 62 /* EM_X86_64 */, .pid = (uint32_t)getpid(),
                                      .time = now()};
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return; /* it is there already */
    if (write(fd, &header, sizeof(header)) == (ssize_t)sizeof(header)) {
        size_t page = (size_t)sysconf(_SC_PAGESIZE);
        void *mark = mmap(NULL, page, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
        if (mark != MAP_FAILED)
            munmap(mark, page);
    }
    close(fd);
}

enum { RECORD_MAX = 1 << 20 };

static void write_dump(const struct ebpf_code *code)
{
    char path[64];
    struct x64_symbol s;
    snprintf(path, sizeof(path), "/tmp/jit-%ld.dump", (long)getpid());
    start_dump(path);
    for (uint32_t i = 0; x64_symbol(code, i, &s); i++) {
        size_t name = strlen(s.name) + 1, size = sizeof(struct jit_load) + name + s.size;
        uint8_t *record = size <= RECORD_MAX ? ebpf_mem_alloc(&code->mem, size) : NULL;
        if (!record)
            continue;
        uint64_t address = (uintptr_t)s.start;
        const struct jit_load load = {.size = (uint32_t)size, .time = now(),
                                      .pid = (uint32_t)getpid(), .tid = (uint32_t)getpid(),
                                      .vma = address, .address = address, .code_size = s.size,
                                      .index = address};
        memcpy(record, &load, sizeof(load));
        memcpy(record + sizeof(load), s.name, name);
        memcpy(record + sizeof(load) + name, s.start, s.size);
        append(path, record, size);
        ebpf_mem_free(&code->mem, record, size);
    }
}

void x64_tell_perf(const struct ebpf_code *code)
{
    if (code->in.code.flags & EBPF_CODE_PERF_MAP)
        write_map(code);
    if (code->in.code.flags & EBPF_CODE_JITDUMP)
        write_dump(code);
}
