/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A program in each of many sections; the names of the functions say which type it is. */
#include "bpf.h"

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define IN(section, type)                                                                          \
    SEC(section) int JOIN(type, __COUNTER__)(void *ctx)                                            \
    {                                                                                              \
        return 0;                                                                                  \
    }

IN("kprobe.multi/x", kprobe)
IN("kretprobe.multi", kprobe)
IN("kprobe/x", kprobe)
IN("uprobe.multi.s/bin:f", kprobe)
IN("uretprobe.s/bin:f", kprobe)
IN("usdt/bin:a:b", kprobe)
IN("ksyscall/read", kprobe)
IN("tc/ingress", sched_cls)
IN("tcx/egress", sched_cls)
IN("netkit/primary", sched_cls)
IN("classifier_x", sched_cls)
IN("action", sched_act)
IN("tp/a/b", tracepoint)
IN("raw_tp.w/a", raw_tracepoint_writable)
IN("raw_tp/a", raw_tracepoint)
IN("tp_btf/a", tracing)
IN("fentry.s/f", tracing)
IN("fexit/f", tracing)
IN("fmod_ret/f", tracing)
IN("lsm/file_open", tracing)
IN("lsm.s/file_open", tracing)
IN("iter/task", tracing)
IN("struct_ops/f", tracing)
IN("syscall", unspec)
IN("freplace/f", unspec)
IN("?xdp", xdp)
IN("xdp_drop", xdp)
IN("xdp.frags", xdp)
IN("prog", xdp)
IN("perf_event", perf_event)
IN("cgroup_skb/ingress", cgroup_skb)
IN("cgroup/connect4", cgroup_sock_addr)
IN("cgroup/sock_create", cgroup_sock)
IN("cgroup/sysctl", cgroup_sysctl)
IN("cgroup/dev", cgroup_device)
IN("lwt_xmit", lwt_xmit)
IN("sockops", sock_ops)
IN("sk_skb/stream_verdict", sk_skb)
IN("sk_msg", sk_msg)
IN("sk_lookup", sk_lookup)
IN("sk_reuseport/migrate", sk_reuseport)
IN("flow_dissector", flow_dissector)
IN("socket/1", socket_filter)
IN("from-netdev", sched_cls)
IN("to-container", sched_cls)
IN("ingress", sched_cls)
IN("egress", sched_cls)
IN("from-lxc", xdp)
IN("2/7", sched_cls)
IN("tail-3", sched_cls)
IN("netfilter", refused)
IN("cgroup/getsockopt", refused)
IN("cgroup/setsockopt", refused)
IN("tail-x", none)
IN("own_name", none)

LICENSE;
