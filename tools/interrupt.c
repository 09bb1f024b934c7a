/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <signal.h>

#include "tools/interrupt.h"

/* A signal handler reaches nothing but objects of file scope. */
static struct ebpf_interrupt interrupt;
static volatile sig_atomic_t pressed;

static void handle(int signal_number)
{
    (void)signal_number;
    pressed = 1;
    ebpf_interrupt_raise(&interrupt);
}

const struct ebpf_interrupt *tool_interrupt_install(void)
{
    /* No SA_RESTART: a read that waits for input ends, too. */
    struct sigaction action = {.sa_handler = handle, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    return &interrupt;
}

bool tool_interrupted(void)
{
    return pressed != 0;
}
