/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Runs every program through `ebpfvm plugin` with every engine and compares what it prints.
 *
 *     conformance COMMAND ENGINE...
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/conformance/conformance.h"

extern char **environ;

/* What the command made of a program. */
struct outcome {
    int status;
    char out[256], err[1024];
};

static _Noreturn void broken(const char *what)
{
    fprintf(stderr, "conformance: %s: %s\n", what, strerror(errno));
    exit(99);
}

static char *hex(const uint8_t *bytes, size_t size, char *out)
{
    for (size_t i = 0; i < size; i++)
        out += sprintf(out, "%02x ", bytes[i]);
    *out = '\0';
    return out;
}

/* The program as one line, numbers little-endian. */
static size_t encode(const struct program *p, char *line)
{
    char *end = line;
    for (size_t i = 0; i < p->count; i++) {
        const struct slot *s = &p->slots[i];
        const uint8_t bytes[8] = {
            s->opcode, (uint8_t)(s->src << 4 | s->dst), (uint8_t)s->off,
            (uint8_t)((uint16_t)s->off >> 8), (uint8_t)s->imm, (uint8_t)((uint32_t)s->imm >> 8),
            (uint8_t)((uint32_t)s->imm >> 16), (uint8_t)((uint32_t)s->imm >> 24)};
        end = hex(bytes, 8, end);
    }
    *end++ = '\n';
    return (size_t)(end - line);
}

static void write_all(int fd, const char *data, size_t size)
{
    while (size) {
        ssize_t written = write(fd, data, size);
        if (written < 0)
            break; /* the command has given up already: its exit code will tell */
        data += written;
        size -= (size_t)written;
    }
    close(fd);
}

/* What little the command writes fits into a pipe. */
static void read_all(int fd, char *data, size_t size)
{
    size_t length = 0;
    ssize_t n;
    while (length + 1 < size && (n = read(fd, data + length, size - 1 - length)) > 0)
        length += (size_t)n;
    data[length] = '\0';
    close(fd);
}

static void run(char *const argv[], const char *line, size_t length, struct outcome *o)
{
    int in[2], out[2], err[2];
    pid_t pid;
    posix_spawn_file_actions_t actions;
    if (pipe(in) || pipe(out) || pipe(err) || posix_spawn_file_actions_init(&actions))
        broken("pipe");
    const int *const ends[] = {in, out, err};
    for (int i = 0; i < 3; i++)
        posix_spawn_file_actions_adddup2(&actions, ends[i][i ? 1 : 0], i);
    for (int i = 0; i < 6; i++)
        posix_spawn_file_actions_addclose(&actions, ends[i / 2][i % 2]);
    if (posix_spawn(&pid, argv[0], &actions, NULL, argv, environ))
        broken(argv[0]);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]), close(out[1]), close(err[1]);
    write_all(in[1], line, length);
    read_all(out[0], o->out, sizeof(o->out));
    read_all(err[0], o->err, sizeof(o->err));
    if (waitpid(pid, &o->status, 0) != pid)
        broken("waitpid");
}

/* A result is one line on standard output and nothing else; a fault is a reason and exit code 1. */
static bool is_right(const struct outcome *o, bool is_result, uint64_t result)
{
    char *end;
    if (!is_result)
        return WIFEXITED(o->status) && WEXITSTATUS(o->status) == 1 && !*o->out && *o->err;
    errno = 0;
    return WIFEXITED(o->status) && WEXITSTATUS(o->status) == 0 && !*o->err &&
           strtoull(o->out, &end, 16) == result && !errno && end > o->out && !strcmp(end, "\n");
}

int main(int argc, char **argv)
{
    static struct program program;
    static char line[MAX_SLOTS * 24 + 2], memory[MAX_MEMORY * 3 + 1];
    unsigned kind = 0, number = 0, tried = 0, failed = 0;
    time_t start = time(NULL);
    if (argc < 3)
        return 99;
    signal(SIGPIPE, SIG_IGN);
    while (make_program(&program, &kind, &number)) {
        uint64_t result;
        bool is_result = reference_run(&program, &result);
        size_t length = encode(&program, line);
        hex(program.memory, program.memory_size, memory);
        for (int i = 2; i < argc; i++) {
            struct outcome o;
            char command[] = "plugin", engine[64];
            snprintf(engine, sizeof(engine), "--backend=%s", argv[i]);
            char *args[] = {argv[1], command, memory, engine, NULL};
            run(args, line, length, &o);
            tried++;
            if (is_right(&o, is_result, result))
                continue;
            printf("FAIL: %s %u with %s: %s%llx is expected, not status 0x%x, %s%s\n",
                   program.name, number - 1, argv[i], is_result ? "" : "a fault, or ",
                   (unsigned long long)result, o.status, o.out, o.err);
            if (++failed == 20)
                return 1;
        }
    }
    printf("conformance: %u runs, %u failed, %ld s\n", tried, failed, (long)(time(NULL) - start));
    return failed != 0;
}
