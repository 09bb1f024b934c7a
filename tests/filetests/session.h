/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A case on its way through assembler, verifier and engines: what the parts of the runner share. */
#ifndef TESTS_SESSION_H
#define TESTS_SESSION_H

#include "tests/filetests/filetest.h"

/* Runs of more instructions are not stopped at each of them. */
#define SWEEP_MAX 400

/* What a run left behind. */
struct outcome {
    ebpf_status status;
    struct ebpf_result result;
    struct ft_bytes mem, mbuff, user;
};

/* A case on its way through the engines. */
struct session {
    const struct ft_case *test;
    struct ft_totals *totals;
    bool failed;
    struct ebpf_diag *diag;
    struct ebpf_program *program;
    struct ft_bytes mem, mbuff, user; /* what runs see */
    struct ft_host host;
    const char *engine; /* for messages */
    enum ebpf_policy policy;
    bool have_first;       /* the first engine's outcome stands, for comparison */
    struct outcome first;
    uint32_t stops[SWEEP_MAX]; /* where the first engine stops with a budget of 1, 2, ... */
};

/* Prints what is wrong, with file, line, case and engine; the case has failed. */
void ft_fail(struct session *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints what the library reported. */
void ft_print_diag(const struct session *s);

/* Whether a call went well; if not, whether that was expected and reported so is checked. */
bool ft_check_report(struct session *s, const struct ft_report *want, ebpf_status status,
                     const char *what);

/* Compares bytes, if any are expected. */
void ft_check_bytes(struct session *s, const char *what, const struct ft_bytes *want,
                    const uint8_t *data, size_t size);

/* Compares the end of a run with what the file says, and with what the first engine did:
 * everything, whether the file tells it or not. */
void ft_check_outcome(struct session *s, const struct outcome *o);
void ft_check_against_first(struct session *s, const struct outcome *o);

/* Assembles; NULL if that fails. */
struct ebpf_program *ft_assemble(const char *text, size_t length, const char *file,
                                 struct ebpf_diag *diag, ebpf_status *status);

/* Checks the bytes of the program, prints it in every form, and reads all of that back. */
void ft_check_text(struct session *s);

#endif
