/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Rows of the table in test_safety.c: name, type, whether it is safe, flags, map, text. */
    {"reads r2, which nobody set", "xdp", false, 0, {0},
     "mov r0, r2\n"
     "exit\n"},
    {"below the stack", "xdp", false, 0, {0},
     "stdw [r10-520], 0\n"
     "mov r0, 0\n"
     "exit\n"},
    {"a map value, checked for 0", "socket_filter", true, 0,
     {1, {.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 8,
          .max_entries = 16}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "lddw r1, map_by_fd(1)\n"
     "call 1\n"
     "jeq r0, 0, out\n"
     "ldxdw r1, [r0]\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"a map value that was not checked", "socket_filter", false, 0,
     {1, {.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 8,
          .max_entries = 16}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "lddw r1, map_by_fd(1)\n"
     "call 1\n"
     "ldxdw r1, [r0]\n"
     "mov r0, 0\n"
     "exit\n"},
    {"behind a map value", "socket_filter", false, 0,
     {1, {.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 8,
          .max_entries = 16}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "lddw r1, map_by_fd(1)\n"
     "call 1\n"
     "jeq r0, 0, out\n"
     "ldxdw r1, [r0+1]\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"a packet, checked", "xdp", true, 0, {0},
     "ldxw r2, [r1]\n"
     "ldxw r3, [r1+4]\n"
     "mov r4, r2\n"
     "add r4, 14\n"
     "jgt r4, r3, out\n"
     "ldxh r5, [r2+12]\n"
     "out:\n"
     "mov r0, 2\n"
     "exit\n"},
    {"a packet, checked with a comparison of 32 bits", "xdp", false, 0, {0},
     "ldxw r2, [r1]\n"
     "ldxw r3, [r1+4]\n"
     "mov r4, r2\n"
     "add r4, 14\n"
     "jgt32 r4, r3, out\n"
     "ldxh r5, [r2+12]\n"
     "out:\n"
     "mov r0, 2\n"
     "exit\n"},
    {"a packet, checked a byte short", "xdp", false, 0, {0},
     "ldxw r2, [r1]\n"
     "ldxw r3, [r1+4]\n"
     "mov r4, r2\n"
     "add r4, 13\n"
     "jgt r4, r3, out\n"
     "ldxh r5, [r2+12]\n"
     "out:\n"
     "mov r0, 2\n"
     "exit\n"},
    {"a loop that counts to a constant", "xdp", true, 0, {0},
     "mov r0, 0\n"
     "again:\n"
     "add r0, 1\n"
     "jlt r0, 1000, again\n"
     "exit\n"},
    {"a loop that changes nothing", "xdp", false, 0, {0},
     "mov r0, 0\n"
     "again:\n"
     "mov r1, 1\n"
     "jlt r0, 1000, again\n"
     "exit\n"},
    {"a loop from an unknown number", "xdp", true, 0, {0},
     "ldxw r0, [r1+16]\n"
     "jsgt r0, 100, out\n"
     "again:\n"
     "add r0, 1\n"
     "jlt r0, 100, again\n"
     "out:\n"
     "exit\n"},
    {"a loop that may_goto ends", "xdp", true, 0, {0},
     "mov r0, 0\n"
     "again:\n"
     "may_goto out\n"
     "add r0, 1\n"
     "ja again\n"
     "out:\n"
     "exit\n"},
    {"a local function that writes its caller's stack", "xdp", true, 0, {0},
     "mov r6, r1\n"
     "mov r2, r10\n"
     "add r2, -8\n"
     "stdw [r10-8], 5\n"
     "mov r1, r2\n"
     "call f\n"
     "ldxdw r0, [r10-8]\n"
     "exit\n"
     "f:\n"
     "stdw [r1], 7\n"
     "mov r0, 1\n"
     "exit\n"},
    {"a variable offset in a map value", "socket_filter", true, 0,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 64,
          .max_entries = 16}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "ldxw r6, [r1]\n"
     "lddw r1, map_by_fd(1)\n"
     "call 1\n"
     "jeq r0, 0, out\n"
     "and r6, 31\n"
     "add r0, r6\n"
     "ldxdw r1, [r0+24]\n"
     "ldxdw r1, [r0+25]\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"a variable offset a byte too far", "socket_filter", false, 0,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 56,
          .max_entries = 16}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "ldxw r6, [r1]\n"
     "lddw r1, map_by_fd(1)\n"
     "call 1\n"
     "jeq r0, 0, out\n"
     "and r6, 31\n"
     "add r0, r6\n"
     "ldxdw r1, [r0+24]\n"
     "ldxdw r1, [r0+25]\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"a record that is given back", "kprobe", true, 0,
     {1, {.kind = EBPF_MAP_RINGBUF, .key_size = 0, .value_size = 0,
          .max_entries = 4096}},
     "lddw r1, map_by_fd(1)\n"
     "mov r2, 8\n"
     "mov r3, 0\n"
     "call 131\n"
     "jeq r0, 0, out\n"
     "stdw [r0], 1\n"
     "mov r1, r0\n"
     "mov r2, 0\n"
     "call 132\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"a record that is not given back", "kprobe", false, 0,
     {1, {.kind = EBPF_MAP_RINGBUF, .key_size = 0, .value_size = 0,
          .max_entries = 4096}},
     "lddw r1, map_by_fd(1)\n"
     "mov r2, 8\n"
     "mov r3, 0\n"
     "call 131\n"
     "mov r0, 0\n"
     "exit\n"},
    {"a record that is given back twice", "kprobe", false, 0,
     {1, {.kind = EBPF_MAP_RINGBUF, .key_size = 0, .value_size = 0,
          .max_entries = 4096}},
     "lddw r1, map_by_fd(1)\n"
     "mov r2, 8\n"
     "mov r3, 0\n"
     "call 131\n"
     "jeq r0, 0, out\n"
     "mov r6, r0\n"
     "mov r1, r0\n"
     "mov r2, 0\n"
     "call 132\n"
     "mov r1, r6\n"
     "mov r2, 0\n"
     "call 132\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"a size checked as w7 and used as r6", "socket_filter", true, 0,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 64,
          .max_entries = 16}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "ldxdw r6, [r10-16]\n"
     "lddw r1, map_by_fd(1)\n"
     "call 1\n"
     "jeq r0, 0, out\n"
     "mov32 r7, r6\n"
     "jgt32 r7, 50, out\n"
     "mov32 r6, r6\n"
     "add r0, r6\n"
     "ldxdw r1, [r0+6]\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"a result that the type does not allow", "cgroup_skb", false, 0, {0},
     "mov r0, 2\n"
     "exit\n"},
    {"an address returned without privileges", "socket_filter", false,
     EBPF_VERIFY_UNPRIVILEGED, {0},
     "mov r0, r10\n"
     "exit\n"},
    {"an address returned with privileges", "socket_filter", true, 0, {0},
     "mov r0, r10\n"
     "exit\n"},
    {"a packet pointer compared with 0", "xdp", true, 0, {0},
     "ldxw r2, [r1]\n"
     "ldxw r3, [r1+4]\n"
     "jeq r2, 0, out\n"
     "out:\n"
     "mov r0, 2\n"
     "exit\n"},
    {"a path that cannot be, known by another number", "xdp", true, 0,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 64,
          .max_entries = 16}},
     "mov r6, 0\n"
     "mov r7, r10\n"
     "ldxw r8, [r1+16]\n"
     "jgt r8, 5, other\n"
     "mov r6, 1\n"
     "other:\n"
     "mov r0, 0\n"
     "jeq r6, 0, out\n"
     "jgt r8, 5, bad\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"
     "bad:\n"
     "ldxdw r0, [r0]\n"
     "exit\n"},
#define LOOKUP "stw [r10-4], 0\nmov r2, r10\nadd r2, -4\nlddw r1, map_by_fd(1)\ncall 1\n"
#define HASH {1, {.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 16, .max_entries = 8}}
#define RING {1, {.kind = EBPF_MAP_RINGBUF, .max_entries = 4096}}
    {"arithmetic on an address that may be 0", "socket_filter", false, 0, HASH,
     LOOKUP "add r0, 4\njeq r0, 4, o\nldxw r1, [r0]\no: mov r0, 0\nexit"},
    {"a copy of an address that was checked", "socket_filter", true, 0, HASH,
     LOOKUP "mov r6, r0\njeq r0, 0, o\nldxdw r1, [r6]\no: mov r0, 0\nexit"},
    {"the copy from a round before", "socket_filter", false, 0, HASH,
     LOOKUP "mov r6, r0\nmov r7, 0\nl: stw [r10-4], 1\nmov r2, r10\nadd r2, -4\n"
            "lddw r1, map_by_fd(1)\ncall 1\nadd r7, 1\njlt r7, 3, l\njeq r0, 0, o\n"
            "ldxdw r1, [r6]\no: mov r0, 0\nexit"},
    {"a check for 0 of 32 bits", "socket_filter", false, 0, HASH,
     LOOKUP "jeq32 r0, 0, o\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"a spilled address that was checked", "socket_filter", true, 0, HASH,
     LOOKUP "stxdw [r10-16], r0\njeq r0, 0, o\nldxdw r1, [r10-16]\nldxdw r1, [r1+8]\n"
            "o: mov r0, 0\nexit"},
    {"a spilled address, partly overwritten", "socket_filter", false, 0, HASH,
     LOOKUP "jeq r0, 0, o\nstxdw [r10-16], r0\nstb [r10-16], 1\nldxdw r1, [r10-16]\n"
            "ldxdw r1, [r1]\no: mov r0, 0\nexit"},
    {"a key that is longer than the stack behind it", "socket_filter", false, 0, HASH,
     "stw [r10-4], 0\nmov r2, r10\nadd r2, -2\nlddw r1, map_by_fd(1)\ncall 1\nmov r0, 0\nexit"},
    {"a key that was not written, unprivileged", "socket_filter", false,
     EBPF_VERIFY_UNPRIVILEGED, HASH,
     "mov r2, r10\nadd r2, -4\nlddw r1, map_by_fd(1)\ncall 1\nmov r0, 0\nexit"},
    {"a value that is longer than the stack behind it", "socket_filter", false, 0, HASH,
     "stdw [r10-8], 0\nmov r2, r10\nadd r2, -8\nmov r3, r2\nmov r4, 0\nlddw r1, map_by_fd(1)\n"
     "call 2\nmov r0, 0\nexit"},
    {"a record used after it was given back", "kprobe", false, 0, RING,
     "lddw r1, map_by_fd(1)\nmov r2, 8\nmov r3, 0\ncall 131\njeq r0, 0, o\nmov r6, r0\n"
     "mov r1, r0\nmov r2, 0\ncall 132\nstdw [r6], 1\no: mov r0, 0\nexit"},
    {"a byte behind a record", "kprobe", false, 0, RING,
     "lddw r1, map_by_fd(1)\nmov r2, 8\nmov r3, 0\ncall 131\njeq r0, 0, o\nstb [r0+8], 1\n"
     "mov r1, r0\nmov r2, 0\ncall 132\no: mov r0, 0\nexit"},
    {"a size that survives truncation", "socket_filter", false, 0, HASH,
     "ldxw r6, [r1]\nlsh r6, 8\n" LOOKUP
     "jeq r0, 0, o\njgt32 r6, 8, o\nadd r0, r6\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"an unsigned bound on data_end - p, which may be negative", "xdp", false, 0, {0},
     "ldxw r2, [r1]\nldxw r3, [r1+4]\nmov r4, r2\nadd r4, 40\nmov r5, r3\nsub r5, r4\n"
     "jlt r5, 8, o\nldxdw r5, [r4]\no: mov r0, 2\nexit"},
    {"one way of the first jump", "xdp", false, 0, {0},
     "jeq r1, 0, bad\nmov r0, 0\nexit\nbad: ldxdw r0, [r2]\nexit"},
    {"packet data after it was moved", "xdp", false, 0, {0},
     "mov r6, r1\nldxw r7, [r1]\nldxw r3, [r1+4]\nmov r4, r7\nadd r4, 14\njgt r4, r3, o\n"
     "mov r2, 0\ncall 44\nldxb r0, [r7]\no: mov r0, 2\nexit"},
    {"data that was loaded again", "xdp", false, 0, {0},
     "ldxw r2, [r1]\nldxw r3, [r1+4]\nmov r4, r2\nadd r4, 14\njgt r4, r3, o\nldxw r5, [r1]\n"
     "ldxb r0, [r5+13]\no: mov r0, 2\nexit"},
    {"a variable offset in a packet", "xdp", true, 0, {0},
     "ldxw r2, [r1]\nldxw r3, [r1+4]\nldxw r5, [r1+16]\nand r5, 60\nadd r2, r5\nmov r4, r2\n"
     "add r4, 4\njgt r4, r3, o\nldxw r0, [r2]\no: mov r0, 2\nexit"},
    {"a variable offset that may wrap around", "xdp", false, 0, {0},
     "ldxw r2, [r1]\nldxw r3, [r1+4]\nldxw r5, [r1+16]\nadd r2, r5\nmov r4, r2\n"
     "add r4, 4\njgt r4, r3, o\nldxw r0, [r2]\no: mov r0, 2\nexit"},
    {"a store into a packet that may only be read", "cgroup_skb", false, 0, {0},
     "ldxw r2, [r1+76]\nldxw r3, [r1+80]\nmov r4, r2\nadd r4, 4\njgt r4, r3, o\nstw [r2], 0\n"
     "o: mov r0, 1\nexit"},
    {"a field of the context, misaligned", "xdp", false, 0, {0}, "ldxw r0, [r1+2]\nexit"},
    {"behind the context", "xdp", false, 0, {0}, "ldxw r0, [r1+24]\nexit"},
    {"a store into the context", "xdp", false, 0, {0}, "stw [r1+16], 0\nmov r0, 0\nexit"},
    {"a context with something added", "xdp", false, 0, {0}, "add r1, 4\nldxw r0, [r1]\nexit"},
    {"addresses multiplied", "xdp", false, 0, {0}, "mul r1, 2\nmov r0, 0\nexit"},
    {"32-bit arithmetic on an address", "xdp", false, 0, {0}, "add32 r1, 2\nmov r0, 0\nexit"},
    {"the stack pointer less a number", "xdp", false, 0, {0},
     "mov r2, r10\nsub r2, 8\nmov r0, 0\nexit"},
    {"a misaligned store on the stack", "xdp", false, EBPF_VERIFY_ANY_ALIGN, {0},
     "stdw [r10-12], 0\nmov r0, 0\nexit"},
    {"a misaligned store in a map", "socket_filter", true, 0, HASH,
     LOOKUP "jeq r0, 0, o\nstdw [r0+3], 1\no: mov r0, 0\nexit"},
    {"a misaligned store in a map, strictly", "socket_filter", false, EBPF_VERIFY_STRICT_ALIGN,
     HASH, LOOKUP "jeq r0, 0, o\nstdw [r0+3], 1\no: mov r0, 0\nexit"},
    {"registers that a helper destroys", "xdp", false, 0, {0}, "call 5\nmov r0, r1\nexit"},
    {"r0 that nobody set", "xdp", false, 0, {0}, "mov r1, 0\nexit"},
    {"a helper of another type", "socket_filter", false, 0, {0}, "mov r2, 0\ncall 44\nexit"},
    {"an argument that nobody set", "xdp", false, 0, {0}, "call 44\nexit"},
    {"a helper that does not take the kind of map", "kprobe", false, 0, RING,
     "stw [r10-4], 0\nmov r2, r10\nadd r2, -4\nlddw r1, map_by_fd(1)\ncall 1\nmov r0, 0\nexit"},
    {"recursion", "xdp", false, 0, {0}, "call f\nexit\nf: call f\nexit"},
    {"the address of a dead frame", "xdp", false, 0, {0},
     "call f\nldxdw r0, [r0]\nexit\nf: stdw [r10-8], 1\nmov r0, r10\nadd r0, -8\nexit"},
    {"the address of a frame left with the caller", "xdp", false, 0, {0},
     "mov r1, r10\nadd r1, -8\ncall f\nmov r0, 0\nexit\nf: stxdw [r1], r10\nmov r0, 0\nexit"},
    {"more stack than calls may have", "xdp", false, 0, {0},
     "stdw [r10-304], 0\ncall f\nexit\nf: stdw [r10-304], 0\nmov r0, 0\nexit"},
    {"a loop, unprivileged", "socket_filter", false, EBPF_VERIFY_UNPRIVILEGED, {0},
     "mov r0, 0\nl: add r0, 1\njlt r0, 4, l\nexit"},
    {"the way that only speculation goes", "socket_filter", false, EBPF_VERIFY_UNPRIVILEGED, {0},
     "mov r0, 0\njeq r0, 0, o\nldxdw r0, [r3]\no: exit"},
    {"an atomic on the context", "socket_filter", false, 0, {0},
     "mov r2, 1\nlock add [r1+8], r2\nmov r0, 0\nexit"},
    {"a division by 0", "xdp", true, 0, {0}, "mov r0, 8\nmov r2, 0\ndiv r0, r2\nexit"},
    {"a size for a helper that may be negative", "kprobe", false, 0, {0},
     "ldxdw r2, [r1]\njsgt r2, 8, o\nmov r1, r10\nadd r1, -8\nmov r3, 0\ncall 4\n"
     "o: mov r0, 0\nexit"},
    {"a size for a helper, bounded", "kprobe", true, 0, {0},
     "ldxdw r2, [r1]\njgt r2, 8, o\nmov r1, r10\nadd r1, -8\nmov r3, 0\ncall 4\n"
     "o: mov r0, 0\nexit"},
    {"what a helper filled is no address any more", "kprobe", false, 0, {0},
     "stxdw [r10-8], r1\nmov r1, r10\nadd r1, -8\nmov r2, 8\nmov r3, 0\ncall 4\n"
     "ldxdw r1, [r10-8]\nldxdw r0, [r1]\nexit"},

    /* Callbacks. */
#define CALLS(count)                                                                               \
    "mov r1, " count "\nlddw r2, code_addr(f)\nmov r3, r10\nadd r3, -8\nmov r4, 0\ncall 181\n"
#define EACH                                                                                       \
    "lddw r1, map_by_fd(1)\nlddw r2, code_addr(f)\nmov r3, r10\nadd r3, -8\nmov r4, 0\n"           \
    "call 164\nmov r0, 0\nexit\nf: "
    {"a sum that a function adds to", "xdp", true, 0, {0},
     "stdw [r10-8], 0\n" CALLS("100") "ldxdw r0, [r10-8]\nand r0, 1\nexit\n"
     "f: ldxdw r3, [r2]\nadd r3, r1\nstxdw [r2], r3\nmov r0, 0\nexit"},
    {"an index that the count bounds", "xdp", true, 0, {0},
     "stdw [r10-8], 0\n" CALLS("8") "mov r0, 0\nexit\n"
     "f: add r2, r1\nstb [r2], 1\nmov r0, 0\nexit"},
    {"an index that the count does not bound", "xdp", false, 0, {0},
     "stdw [r10-8], 0\n" CALLS("9") "mov r0, 0\nexit\n"
     "f: add r2, r1\nstb [r2], 1\nmov r0, 0\nexit"},
    {"what a function leaves may be there, once or often", "xdp", false, 0, {0},
     "stdw [r10-8], 0\n" CALLS("100") "ldxdw r1, [r10-8]\nmov r2, r10\nadd r2, -16\nadd r2, r1\n"
     "ldxb r0, [r2]\nmov r0, 0\nexit\n"
     "f: ldxdw r3, [r2]\nadd r3, 1\nstxdw [r2], r3\nmov r0, 0\nexit"},
    {"what a function bounds is bounded", "xdp", true, 0, {0},
     "stdw [r10-8], 0\nstdw [r10-16], 0\n" CALLS("100") "ldxdw r1, [r10-8]\njgt r1, 7, o\n"
     "mov r2, r10\nadd r2, -16\nadd r2, r1\nldxb r0, [r2]\no: mov r0, 0\nexit\n"
     "f: ldxdw r3, [r2]\nadd r3, 1\nand r3, 7\nstxdw [r2], r3\nmov r0, 0\nexit"},
    {"a function that is called back after it spoilt its argument", "xdp", false, 0, {0},
     "stxdw [r10-8], r10\n" CALLS("2") "mov r0, 0\nexit\n"
     "f: ldxdw r3, [r2]\nldxb r4, [r3-1]\nstdw [r2], 0\nmov r0, 0\nexit"},
    {"a function that leaves what it was called with", "xdp", true, 0, {0},
     "stdw [r10-16], 1\nstxdw [r10-8], r10\n" CALLS("2") "mov r0, 0\nexit\n"
     "f: ldxdw r3, [r2]\nldxb r4, [r3-9]\nmov r0, 0\nexit"},
    {"packet addresses after a function moved the packet", "xdp", false, 0, {0},
     "stxdw [r10-8], r1\nldxw r6, [r1]\nldxw r7, [r1+4]\nmov r8, r6\nadd r8, 1\njgt r8, r7, o\n"
     CALLS("2") "ldxb r0, [r6]\no: mov r0, 0\nexit\n"
     "f: ldxdw r1, [r2]\nmov r2, 1\ncall 44\nmov r0, 0\nexit"},
    {"a function that returns 2", "xdp", false, 0, {0},
     "stdw [r10-8], 0\n" CALLS("2") "mov r0, 0\nexit\nf: mov r0, 2\nexit"},
    {"a function that returns an address", "xdp", false, 0, {0},
     "stdw [r10-8], 0\n" CALLS("2") "mov r0, 0\nexit\nf: mov r0, r2\nexit"},
    {"a number that is called", "xdp", false, 0, {0},
     "mov r1, 1\nmov r2, 8\nmov r3, 0\nmov r4, 0\ncall 181\nmov r0, 0\nexit"},
    {"arguments that a function has not", "xdp", false, 0, {0},
     "stdw [r10-8], 0\n" CALLS("2") "mov r0, 0\nexit\nf: mov r0, r3\nand r0, 1\nexit"},
    {"a function that is called in a loop", "xdp", false, 0, {0},
     "mov r6, 0\nstdw [r10-8], 0\nl: " CALLS("2") "ldxdw r1, [r10-8]\njne r1, 0, l\nmov r0, 0\n"
     "exit\nf: stdw [r2], 1\nmov r0, 0\nexit"},
    {"functions in functions", "xdp", true, 0, {0},
     "stdw [r10-8], 0\n" CALLS("10") "mov r0, 0\nexit\n"
     "f: mov r3, r2\nmov r1, 10\nlddw r2, code_addr(g)\nmov r4, 0\ncall 181\nmov r0, 0\nexit\n"
     "g: mov r3, 1\nlock add [r2], r3\nmov r0, 0\nexit"},
    {"a function that calls itself back", "xdp", false, 0, {0},
     "stdw [r10-8], 0\n" CALLS("1") "mov r0, 0\nexit\n"
     "f: mov r3, 0\nmov r1, 1\nlddw r2, code_addr(f)\nmov r4, 0\ncall 181\nmov r0, 0\nexit"},
    {"elements one by one", "xdp", true, 0, HASH,
     "stdw [r10-8], 0\n" EACH "ldxw r5, [r2]\nldxdw r0, [r3+8]\nadd r5, r0\nstxdw [r4], r5\n"
     "stxdw [r3], r5\nmov r0, 0\nexit"},
    {"behind an element", "xdp", false, 0, HASH,
     "stdw [r10-8], 0\n" EACH "ldxdw r0, [r3+9]\nmov r0, 0\nexit"},
    {"behind a key", "xdp", false, 0, HASH,
     "stdw [r10-8], 0\n" EACH "ldxw r0, [r2+4]\nmov r0, 0\nexit"},
    {"a key that is changed", "xdp", false, 0, HASH,
     "stdw [r10-8], 0\n" EACH "stw [r2], 1\nmov r0, 0\nexit"},
    {"an element that is deleted by its key", "xdp", true, 0, HASH,
     "stdw [r10-8], 0\n" EACH "call 3\nmov r0, 0\nexit"},
    {"elements of a map that has none", "xdp", false, 0, RING,
     "stdw [r10-8], 0\n" EACH "mov r0, 0\nexit"},
    {"a record that a function keeps", "xdp", false, 0, RING,
     CALLS("2") "mov r0, 0\nexit\n"
     "f: lddw r1, map_by_fd(1)\nmov r2, 8\nmov r3, 0\ncall 131\nmov r0, 0\nexit"},
#undef CALLS
#undef EACH
#undef LOOKUP
#undef HASH
#undef RING
    {"may_goto that jumps closes a loop, and spends nothing", "xdp", false, 0, {0},
     "mov r6, 0\n"
     "again:\n"
     "may_goto out\n"
     "ja again\n"
     "out:\n"
     "jeq r6, 0, again\n"
     "mov r0, 0\n"
     "exit\n"},
    {"an endless loop around one that may_goto ends", "xdp", false, 0, {0},
     "mov r6, 0\n"
     "again:\n"
     "mov r1, 0\n"
     "inner:\n"
     "may_goto out\n"
     "add r1, 1\n"
     "ja inner\n"
     "out:\n"
     "jeq r6, 0, again\n"
     "mov r0, 0\n"
     "exit\n"},
    {"an endless loop around a function whose loop may_goto ends", "xdp", false, 0, {0},
     "mov r6, 0\n"
     "again:\n"
     "mov r1, r6\n"
     "call f\n"
     "jeq r6, 0, again\n"
     "mov r0, 0\n"
     "exit\n"
     "f:\n"
     "mov r0, 0\n"
     "inner:\n"
     "may_goto out\n"
     "add r0, 1\n"
     "ja inner\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"both ways of a may_goto close a loop", "xdp", false, 0, {0},
     "mov r6, 0\n"
     "again:\n"
     "mov r1, 0\n"
     "may_goto next\n"
     "next:\n"
     "jeq r6, 0, again\n"
     "mov r0, 0\n"
     "exit\n"},
    {"an endless loop that numbers hide around one that may_goto ends", "xdp", false, 0, {0},
     "ldxw r6, [r1+16]\n"
     "again:\n"
     "mov r1, 0\n"
     "inner:\n"
     "may_goto out\n"
     "add r1, 1\n"
     "ja inner\n"
     "out:\n"
     "jne r6, 0, again\n"
     "mov r0, 0\n"
     "exit\n"},
    {"an endless loop enters one that may_goto ends in the middle", "xdp", false, 0, {0},
     "ldxw r7, [r1+16]\n"
     "mov r6, 0\n"
     "again:\n"
     "mov r1, 0\n"
     "jeq r7, 1, middle\n"
     "inner:\n"
     "may_goto out\n"
     "middle:\n"
     "add r1, 1\n"
     "jeq r7, 2, out\n"
     "ja inner\n"
     "out:\n"
     "jeq r6, 0, again\n"
     "mov r0, 0\n"
     "exit\n"},
    {"a loop that counts around one that may_goto ends", "xdp", true, 0, {0},
     "mov r6, 0\n"
     "again:\n"
     "mov r1, 0\n"
     "inner:\n"
     "may_goto out\n"
     "add r1, 1\n"
     "ja inner\n"
     "out:\n"
     "add r6, 1\n"
     "jlt r6, 10, again\n"
     "mov r0, 0\n"
     "exit\n"},
    {"loops that may_goto ends, in each other", "xdp", true, 0, {0},
     "mov r6, 0\n"
     "again:\n"
     "may_goto done\n"
     "inner:\n"
     "may_goto out\n"
     "add r6, 1\n"
     "ja inner\n"
     "out:\n"
     "ja again\n"
     "done:\n"
     "mov r0, 0\n"
     "exit\n"},
    /* What the unprivileged may not do, nor on paths that are taken by mistake only. */
    {"0 in a register taken from the context", "socket_filter", true, 0,
     {0},
     "mov r0, 0\n"
     "sub r1, r0\n"
     "mov r0, 0\n"
     "exit\n"},
    {"0 in a register added to a map", "socket_filter", true, 0,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 48,
          .max_entries = 1}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "mov r0, 0\n"
     "lddw r1, map_by_fd(1)\n"
     "add r1, r0\n"
     "call 1\n"
     "mov r0, 0\n"
     "exit\n"},
    {"other constants on other paths", "socket_filter", true, 0,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 48,
          .max_entries = 1}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "mov r6, r1\n"
     "lddw r1, map_by_fd(1)\n"
     "call 1\n"
     "jeq r0, 0, out\n"
     "ldxb r1, [r0]\n"
     "jeq r1, 7, b\n"
     "mov r1, 3\n"
     "ja c\n"
     "b:\n"
     "mov r1, 5\n"
     "c:\n"
     "add r0, r1\n"
     "ldxb r0, [r0]\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"other ranges on other paths", "socket_filter", true, 0,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 48,
          .max_entries = 1}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "mov r6, r1\n"
     "lddw r1, map_by_fd(1)\n"
     "call 1\n"
     "jeq r0, 0, out\n"
     "ldxb r1, [r0]\n"
     "ldxb r2, [r0+1]\n"
     "jeq r1, 7, b\n"
     "and r2, 3\n"
     "ja c\n"
     "b:\n"
     "and r2, 15\n"
     "c:\n"
     "add r0, r2\n"
     "ldxb r0, [r0]\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"back by another number", "socket_filter", true, 0,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 48,
          .max_entries = 1}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "mov r6, r1\n"
     "lddw r1, map_by_fd(1)\n"
     "call 1\n"
     "jeq r0, 0, out\n"
     "ldxb r1, [r0]\n"
     "or r1, 7\n"
     "and r1, 15\n"
     "add r0, r1\n"
     "ldxb r1, [r0]\n"
     "and r1, 7\n"
     "sub r0, r1\n"
     "ldxb r0, [r0]\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"an address compared with 1", "socket_filter", true, 0,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 48,
          .max_entries = 1}},
     "lddw r2, map_by_fd(1)\n"
     "mov r0, 0\n"
     "jeq r2, 1, out\n"
     "out:\n"
     "exit\n"},
    {"an atomic that gives an address", "socket_filter", true, 0,
     {0},
     "stxdw [r10-8], r10\n"
     "mov r2, 0\n"
     "lock fetch or [r10-8], r2\n"
     "mov r0, 0\n"
     "exit\n"},
    {"the time of a packet set", "cgroup_skb", true, 0,
     {0},
     "mov r0, 0\n"
     "stxdw [r1+152], r0\n"
     "exit\n"},
    {"0 in a register taken from the context, unprivileged", "socket_filter", false,
     EBPF_VERIFY_UNPRIVILEGED,
     {0},
     "mov r0, 0\n"
     "sub r1, r0\n"
     "mov r0, 0\n"
     "exit\n"},
    {"0 in a register added to a map, unprivileged", "socket_filter", false,
     EBPF_VERIFY_UNPRIVILEGED,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 48,
          .max_entries = 1}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "mov r0, 0\n"
     "lddw r1, map_by_fd(1)\n"
     "add r1, r0\n"
     "call 1\n"
     "mov r0, 0\n"
     "exit\n"},
    {"other constants on other paths, unprivileged", "socket_filter", false,
     EBPF_VERIFY_UNPRIVILEGED,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 48,
          .max_entries = 1}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "mov r6, r1\n"
     "lddw r1, map_by_fd(1)\n"
     "call 1\n"
     "jeq r0, 0, out\n"
     "ldxb r1, [r0]\n"
     "jeq r1, 7, b\n"
     "mov r1, 3\n"
     "ja c\n"
     "b:\n"
     "mov r1, 5\n"
     "c:\n"
     "add r0, r1\n"
     "ldxb r0, [r0]\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"other ranges on other paths, unprivileged", "socket_filter", false, EBPF_VERIFY_UNPRIVILEGED,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 48,
          .max_entries = 1}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "mov r6, r1\n"
     "lddw r1, map_by_fd(1)\n"
     "call 1\n"
     "jeq r0, 0, out\n"
     "ldxb r1, [r0]\n"
     "ldxb r2, [r0+1]\n"
     "jeq r1, 7, b\n"
     "and r2, 3\n"
     "ja c\n"
     "b:\n"
     "and r2, 15\n"
     "c:\n"
     "add r0, r2\n"
     "ldxb r0, [r0]\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"back by another number, unprivileged", "socket_filter", false, EBPF_VERIFY_UNPRIVILEGED,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 48,
          .max_entries = 1}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "mov r6, r1\n"
     "lddw r1, map_by_fd(1)\n"
     "call 1\n"
     "jeq r0, 0, out\n"
     "ldxb r1, [r0]\n"
     "or r1, 7\n"
     "and r1, 15\n"
     "add r0, r1\n"
     "ldxb r1, [r0]\n"
     "and r1, 7\n"
     "sub r0, r1\n"
     "ldxb r0, [r0]\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"an address compared with 1, unprivileged", "socket_filter", false, EBPF_VERIFY_UNPRIVILEGED,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 48,
          .max_entries = 1}},
     "lddw r2, map_by_fd(1)\n"
     "mov r0, 0\n"
     "jeq r2, 1, out\n"
     "out:\n"
     "exit\n"},
    {"an atomic that gives an address, unprivileged", "socket_filter", false,
     EBPF_VERIFY_UNPRIVILEGED,
     {0},
     "stxdw [r10-8], r10\n"
     "mov r2, 0\n"
     "lock fetch or [r10-8], r2\n"
     "mov r0, 0\n"
     "exit\n"},
    {"the time of a packet set, unprivileged", "cgroup_skb", false, EBPF_VERIFY_UNPRIVILEGED,
     {0},
     "mov r0, 0\n"
     "stxdw [r1+152], r0\n"
     "exit\n"},
    {"the same range on all paths, unprivileged", "socket_filter", true, EBPF_VERIFY_UNPRIVILEGED,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 48,
          .max_entries = 1}},
     "stw [r10-4], 0\n"
     "mov r2, r10\n"
     "add r2, -4\n"
     "mov r6, r1\n"
     "lddw r1, map_by_fd(1)\n"
     "call 1\n"
     "jeq r0, 0, out\n"
     "ldxb r1, [r0]\n"
     "ldxb r2, [r0+1]\n"
     "jeq r1, 7, b\n"
     "and r2, 15\n"
     "ja c\n"
     "b:\n"
     "and r2, 15\n"
     "c:\n"
     "add r0, r2\n"
     "ldxb r0, [r0]\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"a map compared with 0, unprivileged", "socket_filter", true, EBPF_VERIFY_UNPRIVILEGED,
     {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 48,
          .max_entries = 1}},
     "lddw r2, map_by_fd(1)\n"
     "mov r0, 0\n"
     "jeq r2, 0, out\n"
     "out:\n"
     "exit\n"},
    {"the mark of a packet set, unprivileged", "cgroup_skb", true, EBPF_VERIFY_UNPRIVILEGED,
     {0},
     "mov r0, 0\n"
     "stxw [r1+8], r0\n"
     "exit\n"},
    {"a tail call, unprivileged", "socket_filter", true, EBPF_VERIFY_UNPRIVILEGED,
     {1, {.kind = EBPF_MAP_PROG_ARRAY, .key_size = 4, .value_size = 4,
          .max_entries = 1}},
     "lddw r2, map_by_fd(1)\n"
     "mov r3, 0\n"
     "call 12\n"
     "mov r0, 0\n"
     "exit\n"},
    {"a record, unprivileged", "socket_filter", true, EBPF_VERIFY_UNPRIVILEGED,
     {1, {.kind = EBPF_MAP_RINGBUF, .max_entries = 4096}},
     "lddw r1, map_by_fd(1)\n"
     "mov r2, 8\n"
     "mov r3, 0\n"
     "call 131\n"
     "jeq r0, 0, out\n"
     "stdw [r0], 1\n"
     "mov r1, r0\n"
     "mov r2, 0\n"
     "call 132\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
    {"a record, of which the address stays, unprivileged", "socket_filter", false,
     EBPF_VERIFY_UNPRIVILEGED,
     {1, {.kind = EBPF_MAP_RINGBUF, .max_entries = 4096}},
     "lddw r1, map_by_fd(1)\n"
     "mov r2, 8\n"
     "mov r3, 0\n"
     "call 131\n"
     "jeq r0, 0, out\n"
     "mov r6, r0\n"
     "mov r1, r0\n"
     "mov r2, 0\n"
     "call 132\n"
     "mov r0, r6\n"
     "exit\n"
     "out:\n"
     "mov r0, 0\n"
     "exit\n"},
