/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Helpers of the Linux kernel that mean something outside of it.  Errors are negative numbers of
 * <errno.h>, as in the kernel. */
#include "config.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "vm/helpers.h"
#include "vm/helpers_map.h"
#include "vm/number.h"

#define PLAIN(name)                                                                                \
    static uint64_t helper_##name(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5)
#define UNUSED ((void)r1, (void)r2, (void)r3, (void)r4, (void)r5)
#define WITH_RUN(name)                                                                             \
    static uint64_t helper_##name(struct ebpf_run *run, void *ctx, const uint64_t args[5])
#define UNUSED_RUN ((void)run, (void)ctx, (void)args)

static uint64_t failed(int error)
{
    return (uint64_t)-(int64_t)error;
}

PLAIN(ktime_get_ns)
{
    UNUSED;
    return ebpf_host_clock(CLOCK_MONOTONIC);
}

PLAIN(ktime_get_boot_ns)
{
    UNUSED;
    return ebpf_host_clock(CLOCK_BOOTTIME);
}

PLAIN(ktime_get_coarse_ns)
{
    UNUSED;
    return ebpf_host_clock(CLOCK_MONOTONIC_COARSE);
}

PLAIN(jiffies64)
{
    UNUSED;
    return ebpf_host_clock(CLOCK_MONOTONIC_COARSE) / 10000000;
}

PLAIN(get_smp_processor_id)
{
    UNUSED;
    int cpu = sched_getcpu();
    return cpu < 0 ? 0 : (uint64_t)cpu;
}

PLAIN(get_numa_node_id)
{
    UNUSED;
    unsigned cpu, node;
    return getcpu(&cpu, &node) ? 0 : node;
}

PLAIN(get_current_uid_gid)
{
    UNUSED;
    return (uint64_t)getgid() << 32 | getuid();
}

PLAIN(get_cgroup_classid)
{
    UNUSED;
    return 0;
}

PLAIN(get_route_realm)
{
    UNUSED;
    return 0;
}

PLAIN(get_socket_cookie)
{
    UNUSED;
    return 0;
}

PLAIN(get_socket_uid)
{
    UNUSED;
    return 65534;
}

PLAIN(get_current_pid_tgid)
{
    UNUSED;
    return (uint64_t)getpid() << 32 | (uint32_t)gettid();
}

WITH_RUN(get_prandom_u32)
{
    UNUSED_RUN;
    return ebpf_host_random(run->env->host) >> 32;
}

WITH_RUN(get_current_comm)
{
    UNUSED_RUN;
    char *out = (char *)(uintptr_t)args[0];
    char name[16] = "";
    if (args[1] == 0)
        return failed(EINVAL);
    prctl(PR_GET_NAME, name);
    size_t length = strnlen(name, sizeof(name));
    if (length >= args[1])
        length = args[1] - 1;
    memcpy(out, name, length);
    memset(out + length, 0, args[1] - length);
    return 0;
}

/* The sum of the 16-bit words of `size` bytes, a multiple of 4, added to `sum`, in ones'
 * complement but not folded (RFC 1071); `flip` is 0xffff to subtract them.  Byte order does not
 * matter as long as it is the same throughout. */
static uint64_t add_words(uint64_t sum, uint64_t address, uint64_t size, uint16_t flip)
{
    const uint8_t *bytes = (const uint8_t *)(uintptr_t)address;
    for (uint64_t i = 0; i < size; i += 2) {
        uint16_t word;
        memcpy(&word, bytes + i, sizeof(word));
        sum += word ^ flip;
    }
    return sum;
}

WITH_RUN(csum_diff)
{
    UNUSED_RUN;
    uint64_t from_size = args[0] ? args[1] : 0, to_size = args[2] ? args[3] : 0;
    if (from_size % 4 || to_size % 4)
        return failed(EINVAL);
    uint64_t sum = (uint32_t)args[4];
    if (from_size + to_size == 0)
        return sum;
    sum = add_words(sum, args[0], from_size, 0xffff);
    return ebpf_sum_fold(add_words(sum, args[2], to_size, 0));
}

/* Longer lines are cut, as in the kernel. */
enum { TRACE_MAX = 1024 };

static uint64_t trace(struct ebpf_run *run, const uint64_t args[5], const uint64_t *values,
                      size_t count)
{
    const char *format = (const char *)(uintptr_t)args[0];
    char text[TRACE_MAX];
    struct ebpf_formatted out = {text, sizeof(text), 0};
    if (args[1] == 0 || format[args[1] - 1] != '\0')
        return failed(EINVAL);
    int error = ebpf_run_format(run, &out, format, values, count);
    if (error || run->ended)
        return (uint64_t)error;
    return ebpf_run_trace(run, text, out.length < TRACE_MAX ? out.length : TRACE_MAX - 1);
}

WITH_RUN(trace_printk)
{
    (void)ctx;
    return trace(run, args, &args[2], 3);
}

WITH_RUN(trace_vprintk)
{
    uint64_t values[12]; /* as many as the row's SIZE allows */
    size_t size = args[2] ? args[3] : 0;
    (void)ctx;
    if (size % sizeof(values[0]))
        return failed(EINVAL);
    if (size)
        memcpy(values, (const void *)(uintptr_t)args[2], size);
    return trace(run, args, values, size / sizeof(values[0]));
}

WITH_RUN(snprintf)
{
    (void)ctx;
    uint64_t values[12]; /* as many as the row's SIZE allows */
    size_t data_size = args[3] ? args[4] : 0;
    if (data_size % sizeof(values[0]) || (args[0] == 0 && args[1]))
        return failed(EINVAL);
    if (data_size)
        memcpy(values, (const void *)(uintptr_t)args[3], data_size);
    struct ebpf_formatted out = {(char *)(uintptr_t)args[0], args[1], 0};
    int error = ebpf_run_format(run, &out, (const char *)(uintptr_t)args[2], values,
                                data_size / sizeof(values[0]));
    return error || run->ended ? (uint64_t)error : out.length + 1;
}

WITH_RUN(strncmp)
{
    UNUSED_RUN;
    int order = args[1] ? strncmp((const char *)(uintptr_t)args[0],
                                  (const char *)(uintptr_t)args[2], args[1])
                        : 0;
    return (uint64_t)(int64_t)((order > 0) - (order < 0));
}

/* Common to strtol and strtoul: the number's size and whether it has a minus sign are the same
 * questions. */
static uint64_t read_number(const uint64_t args[5], bool is_signed)
{
    struct ebpf_number number;
    int error = ebpf_number_read((const char *)(uintptr_t)args[0], args[1], args[2], &number);
    uint64_t largest = is_signed ? (uint64_t)INT64_MAX + number.negative : UINT64_MAX;
    if (error)
        return failed(error);
    if (number.negative && !is_signed)
        return failed(EINVAL);
    if (number.overflow || number.magnitude > largest)
        return failed(ERANGE);
    uint64_t value = number.negative ? -number.magnitude : number.magnitude;
    memcpy((void *)(uintptr_t)args[3], &value, sizeof(value));
    return number.length;
}

WITH_RUN(strtol)
{
    UNUSED_RUN;
    return read_number(args, true);
}

WITH_RUN(strtoul)
{
    UNUSED_RUN;
    return read_number(args, false);
}

/* What the program may not read itself, it cannot read this way either. */
static uint64_t probe(struct ebpf_run *run, const uint64_t args[5])
{
    void *to = (void *)(uintptr_t)args[0];
    if (args[1] == 0)
        return 0;
    const void *from = ebpf_run_memory(run, args[2], args[1], 0);
    if (from)
        memmove(to, from, args[1]);
    else
        memset(to, 0, args[1]);
    return from ? 0 : failed(EFAULT);
}

/* Cut to what there is room for, and always with a NUL. */
static uint64_t probe_string(struct ebpf_run *run, const uint64_t args[5])
{
    char *to = (char *)(uintptr_t)args[0];
    uint64_t size = args[1], i = 0;
    const char *from = NULL;
    if (size == 0)
        return 0;
    for (to[0] = '\0'; i < size; i++) {
        from = ebpf_run_memory(run, args[2] + i, 1, 0);
        to[i] = from ? *from : '\0';
        if (!to[i])
            break;
    }
    if (!from) {
        memset(to, 0, size);
        return failed(EFAULT);
    }
    to[i == size ? size - 1 : i] = '\0';
    return i == size ? size : i + 1;
}

#define PROBE(name, how)                                                                           \
    WITH_RUN(name)                                                                                 \
    {                                                                                              \
        (void)ctx;                                                                                 \
        return how(run, args);                                                                     \
    }
PROBE(probe_read, probe)
PROBE(probe_read_user, probe)
PROBE(probe_read_kernel, probe)
PROBE(copy_from_user, probe)
PROBE(probe_read_str, probe_string)
PROBE(probe_read_user_str, probe_string)
PROBE(probe_read_kernel_str, probe_string)

/* What there is none of: the same number for every call. */
#define ALWAYS(name, value)                                                                        \
    PLAIN(name)                                                                                    \
    {                                                                                              \
        UNUSED;                                                                                    \
        return value;                                                                              \
    }
ALWAYS(perf_event_read, failed(ENOENT))
ALWAYS(get_stackid, failed(EFAULT))
ALWAYS(skb_under_cgroup, failed(ENOENT))
ALWAYS(get_current_task, 0)
ALWAYS(get_current_task_btf, 0)
ALWAYS(current_task_under_cgroup, failed(EAGAIN))
ALWAYS(setsockopt, failed(EINVAL))
ALWAYS(sk_redirect_map, 0)
ALWAYS(sk_redirect_hash, 0)
ALWAYS(msg_redirect_map, 0)
ALWAYS(msg_redirect_hash, 0)
ALWAYS(sock_map_update, failed(EOPNOTSUPP))
ALWAYS(sock_hash_update, failed(EOPNOTSUPP))
ALWAYS(sock_ops_cb_flags_set, failed(EINVAL))
ALWAYS(bind, failed(EINVAL))
ALWAYS(fib_lookup, 4) /* BPF_FIB_LKUP_RET_NOT_FWDED */
ALWAYS(skb_cgroup_id, 0)
ALWAYS(get_current_cgroup_id, 0)
ALWAYS(skb_ancestor_cgroup_id, 0)
ALWAYS(get_current_ancestor_cgroup_id, 0)
ALWAYS(sk_select_reuseport, failed(ENOENT))
ALWAYS(sk_lookup_tcp, 0)
ALWAYS(sk_lookup_udp, 0)
ALWAYS(skc_lookup_tcp, 0)
ALWAYS(sk_release, failed(EINVAL))
ALWAYS(sk_fullsock, 0)
ALWAYS(tcp_sock, 0)
ALWAYS(get_listener_sock, 0)
ALWAYS(tcp_check_syncookie, failed(EINVAL))
ALWAYS(tcp_gen_syncookie, failed(EINVAL))
ALWAYS(check_mtu, failed(ENODEV))
ALWAYS(send_signal, failed(EPERM))
ALWAYS(send_signal_thread, failed(EPERM))
ALWAYS(get_netns_cookie, 1)
ALWAYS(skb_cgroup_classid, 0)
ALWAYS(get_func_ip, 0)
ALWAYS(get_attach_cookie, 0)

/* The same for those that fill memory, from argument `at` on, of the size behind it. */
static uint64_t fill_nothing(const uint64_t args[5], unsigned at, int error)
{
    if (args[at + 1])
        memset((void *)(uintptr_t)args[at], 0, args[at + 1]);
    return failed(error);
}

WITH_RUN(perf_event_read_value)
{
    (void)run, (void)ctx;
    return fill_nothing(args, 2, ENOENT);
}

WITH_RUN(perf_prog_read_value)
{
    (void)run, (void)ctx;
    return fill_nothing(args, 1, EINVAL);
}

WITH_RUN(skb_get_xfrm_state)
{
    (void)run, (void)ctx;
    return fill_nothing(args, 2, EINVAL);
}

WITH_RUN(get_ns_current_pid_tgid)
{
    (void)run, (void)ctx;
    return fill_nothing(args, 2, EINVAL);
}

WITH_RUN(getsockopt)
{
    (void)run, (void)ctx;
    return fill_nothing(args, 3, EINVAL);
}

WITH_RUN(get_stack)
{
    (void)run, (void)ctx;
    return fill_nothing(args, 1, EFAULT);
}

/* What the program may not write itself, it cannot write this way either. */
WITH_RUN(probe_write_user)
{
    (void)ctx;
    void *to = ebpf_run_memory(run, args[0], args[2], 1);
    if (!to)
        return failed(EPERM);
    if (args[2])
        memmove(to, (const void *)(uintptr_t)args[1], args[2]);
    return 0;
}

PLAIN(ktime_get_tai_ns)
{
    UNUSED;
    return ebpf_host_clock(CLOCK_TAI);
}

#define FLAGS_RUN 0
#define FLAGS_LOOKUP EBPF_HELPER_MAP_LOOKUP
#define FLAGS_CALLS EBPF_HELPER_CALLS_BACK
static const struct ebpf_helper helpers[] = {
#define EBPF_HELPER(set, ...) ROW_##set(__VA_ARGS__)
#define ROW_RBPF(...)
#define ROW_KERNEL HELPER_ROW
#define ROW_MAP(number, form, symbol, summary, ...)                                                \
    {.id = number, .name = #symbol, .run_fn = ebpf_helper_##symbol, .flags = FLAGS_##form,         \
     .proto = &(const struct ebpf_prototype){.args = {__VA_ARGS__}}},
#include "vm/helpers.def"
};

const struct ebpf_helper_set *ebpf_helpers_kernel(void)
{
    static const struct ebpf_helper_set set = {"kernel", helpers,
                                               sizeof(helpers) / sizeof(helpers[0])};
    return &set;
}
