/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Settings of the kernel, and its variables and functions: some weak, some not. */
#include "bpf.h"

#define KCONFIG __attribute__((section(".kconfig")))
#define KSYM __attribute__((section(".ksyms")))
#define WEAK __attribute__((weak))

enum libbpf_tristate { TRI_NO, TRI_YES, TRI_MODULE };

extern int LINUX_KERNEL_VERSION KCONFIG;
extern unsigned long long CONFIG_HZ KCONFIG WEAK;
extern _Bool CONFIG_SMP KCONFIG WEAK;
extern enum libbpf_tristate CONFIG_IPV6 KCONFIG WEAK;
extern char CONFIG_LETTER KCONFIG WEAK;
extern char CONFIG_NAME[8] KCONFIG WEAK;
extern short CONFIG_SMALL KCONFIG WEAK;

extern const int weak_variable KSYM WEAK;
extern const int strong_variable KSYM;
extern int weak_function(int x) KSYM WEAK;
extern int strong_function(int x) KSYM;

SEC("xdp") u64 version(void *ctx)
{
    return (u32)LINUX_KERNEL_VERSION;
}

/* All that may be missing, in decimal digits. */
SEC("xdp") u64 settings(void *ctx)
{
    return CONFIG_HZ * 1000000 + CONFIG_SMP * 100000 + CONFIG_IPV6 * 10000 +
           (CONFIG_LETTER == 'm') * 1000 + (CONFIG_NAME[0] == 'v' && CONFIG_NAME[7] == 0) * 100 +
           (CONFIG_SMALL < 0) * 10;
}

SEC("xdp") u64 asks_first(void *ctx)
{
    if (&weak_variable)
        return 1;
    if (weak_function)
        return weak_function(1);
    return 2;
}

SEC("xdp") u64 does_not_ask(void *ctx)
{
    return weak_function(1);
}

SEC("xdp") u64 needs_variable(void *ctx)
{
    return (u64)&strong_variable;
}

SEC("xdp") u64 needs_function(void *ctx)
{
    return strong_function(1);
}

LICENSE;
