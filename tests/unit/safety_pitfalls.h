/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Rows of a table in test_safety.c: what verifiers have fallen for, each pitfall by its name and in
 * several ways, and next to them what is safe.  Name, type, map, what the report says (NULL: it is
 * proven), program.  Paths that are too many, and passes that take quadratic time, are in
 * tests/scale/safety.c.
 */
#define KEY "stw [r10-4], 0\nmov r2, r10\nadd r2, -4\nlddw r1, map_by_fd(1)\n"
#define LOOKUP KEY "call 1\n"
#define TWO "mov r9, r1\n" LOOKUP "mov r6, r0\n" LOOKUP
#define SLOT_OR_0 "ldxw r6, [r1+16]\nstdw [r10-16], 0\njeq r6, 0, c\n" LOOKUP \
                  "stxdw [r10-16], r0\nc: "
#define SLOT_NUMBER "ldxw r6, [r1+16]\nldxw r9, [r1+12]\n" LOOKUP "jeq r0, 0, o\nmov r7, r0\n" \
                    "stxdw [r10-16], r6\nmov r6, 0\njeq r9, 7, c\nc: "
#define HASH {1, {.kind = EBPF_MAP_HASH, .key_size = 4, .value_size = 16, .max_entries = 8}}
#define WIDE {1, {.kind = EBPF_MAP_HASH, .key_size = 16, .value_size = 64, .max_entries = 8}}
#define RING {1, {.kind = EBPF_MAP_RINGBUF, .max_entries = 4096}}
#define STORAGE {1, {.kind = EBPF_MAP_CGROUP_STORAGE, .key_size = 16, .value_size = 16}}
#define WRITTEN {1, {.kind = EBPF_MAP_ARRAY, .key_size = 4, .value_size = 16, .max_entries = 1, \
                     .flags = EBPF_MAP_WRONLY_PROG}}
#define SOCKETS {1, {.kind = EBPF_MAP_SOCKMAP, .key_size = 4, .value_size = 4, .max_entries = 1}}
#define LOOKUP_SOCKET "mov r6, r1\nstdw [r10-48], 0\nmov r2, r10\nadd r2, -48\nmov r3, 12\n" \
                      "stw [r10-40], 0\nmov r4, 0\nmov r5, 0\ncall 84\n"
#define SK "ldxdw r1, [r1+168]\njeq r1, 0, o\n"
#define SK_END "o: mov r0, 0\nexit"
#define RESERVE "lddw r1, map_by_fd(1)\nmov r2, 8\nmov r3, 0\ncall 131\n"
#define GIVE_BACK "mov r2, 0\ncall 132\n"
#define TABLE {1, {.kind = EBPF_MAP_PROG_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1}}
#define TAIL "f: lddw r2, map_by_fd(1)\nmov r3, 0\ncall 12\nmov r0, 0\nexit"
#define PACKET "ldxw r2, [r1]\nldxw r3, [r1+4]\n"

    /* Arithmetic on an address that may be 0: the check says nothing of what was added. */
    {"nullable: a constant added before the check", "xdp", HASH, "may be 0",
     LOOKUP "add r0, 8\njeq r0, 0, o\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"nullable: a constant taken away before the check", "xdp", HASH, "may be 0",
     LOOKUP "add r0, -8\njeq r0, 0, o\nldxdw r1, [r0+8]\no: mov r0, 0\nexit"},
    {"nullable: a number added before the check", "xdp", HASH, "may be 0",
     "ldxw r6, [r1+16]\nand r6, 7\n" LOOKUP
     "add r0, r6\njeq r0, 0, o\nldxb r1, [r0]\no: mov r0, 0\nexit"},
    {"nullable: added to a number before the check", "xdp", HASH, "may be 0",
     LOOKUP "mov r6, 8\nadd r6, r0\njeq r6, 0, o\nldxdw r1, [r6]\no: mov r0, 0\nexit"},
    {"nullable: a copy is moved, the other one checked", "xdp", HASH, "may be 0",
     LOOKUP "mov r6, r0\nadd r6, 8\njeq r0, 0, o\nldxdw r1, [r6]\no: mov r0, 0\nexit"},
    {"nullable: moved before it was stored and checked", "xdp", HASH, "may be 0",
     LOOKUP "add r0, 8\nstxdw [r10-16], r0\njeq r0, 0, o\nldxdw r0, [r10-16]\nldxdw r1, [r0]\n"
            "o: mov r0, 0\nexit"},
    {"nullable: moved on one way to the check", "xdp", HASH, "may be 0",
     "ldxw r6, [r1+16]\n" LOOKUP
     "jeq r6, 0, c\nadd r0, 8\nc: jeq r0, 0, o\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"nullable: used where it is 0", "xdp", HASH, "is no address of memory",
     LOOKUP "jne r0, 0, o\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"nullable: handed to a helper", "xdp", HASH, "may be 0",
     LOOKUP "mov r2, r0\nlddw r1, map_by_fd(1)\ncall 1\nmov r0, 0\nexit"},
    {"nullable: an atomic", "xdp", HASH, "may be 0",
     LOOKUP "mov r1, 1\nlock add [r0], r1\nmov r0, 0\nexit"},
    {"nullable: on the stack, or 0; loaded, checked and loaded again", "xdp", HASH, NULL,
     SLOT_OR_0 "ldxdw r1, [r10-16]\njeq r1, 0, o\nldxdw r2, [r10-16]\nldxdw r1, [r2]\n"
               "o: mov r0, 0\nexit"},
    {"nullable: on the stack, or 0; checked, then another one is stored", "xdp", HASH, "may be 0",
     SLOT_OR_0 "ldxdw r6, [r10-16]\njeq r6, 0, o\n" LOOKUP "stxdw [r10-16], r0\n"
               "ldxdw r2, [r10-16]\nldxdw r1, [r2]\no: mov r0, 0\nexit"},
    {"nullable: on the stack, or 0; one is checked, another one loaded", "xdp", HASH, "may be 0",
     SLOT_OR_0 "ldxdw r6, [r10-16]\n" LOOKUP "stxdw [r10-16], r0\njeq r6, 0, o\n"
               "ldxdw r2, [r10-16]\nldxdw r1, [r2]\no: mov r0, 0\nexit"},
    {"a number on the stack: compared, then loaded again", "xdp", HASH, NULL,
     SLOT_NUMBER "ldxdw r2, [r10-16]\njgt r2, 8, o\nldxdw r3, [r10-16]\nadd r7, r3\n"
                 "ldxdw r1, [r7]\no: mov r0, 0\nexit"},
    {"a number on the stack: compared, stored to, then loaded again", "xdp", HASH, "not bounded",
     SLOT_NUMBER "ldxdw r2, [r10-16]\njgt r2, 8, o\nstxw [r10-16], r9\nldxdw r3, [r10-16]\n"
                 "add r7, r3\nldxdw r1, [r7]\no: mov r0, 0\nexit"},
    {"nullable: checked, then moved", "xdp", HASH, NULL,
     LOOKUP "jeq r0, 0, o\nadd r0, 8\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"nullable: the same as one that is not 0", "xdp", HASH, NULL,
     TWO "jeq r6, 0, o\njne r6, r0, o\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"nullable: the same as one that is not 0, the other way round", "xdp", HASH, NULL,
     TWO "jeq r6, 0, o\njeq r0, r6, i\nja o\ni: ldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"nullable: the same as one that may be 0", "xdp", HASH, "may be 0",
     TWO "jne r6, r0, o\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"nullable: not the same as one that is not 0", "xdp", HASH, "may be 0",
     TWO "jeq r6, 0, o\njeq r6, r0, o\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"nullable: not the same, the other way round", "xdp", HASH, "may be 0",
     TWO "jeq r6, 0, o\njne r0, r6, i\nja o\ni: ldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"nullable: the low half is the same", "xdp", HASH, "may be 0",
     TWO "jeq r6, 0, o\njne32 r6, r0, o\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"nullable: the same as what was moved to the left", "xdp", HASH, "may be 0",
     TWO "jeq r6, 0, o\nadd r6, -8\njne r6, r0, o\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"nullable: the same as a number that is not 0", "xdp", HASH, "may be 0",
     TWO "ldxw r6, [r9+16]\njeq r6, 0, o\njne r6, r0, o\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"nullable: one that is the same as what is not 0, by a copy", "xdp", HASH, NULL,
     TWO "mov r7, r0\njeq r6, 0, o\njne r6, r7, o\nldxdw r1, [r0]\no: mov r0, 0\nexit"},

    /* A comparison of 32 bits is no bound of an address. */
    {"narrow bound: jgt32", "xdp", {0}, "of the packet",
     PACKET "mov r4, r2\nadd r4, 8\njgt32 r4, r3, o\nldxdw r5, [r2]\no: mov r0, 0\nexit"},
    {"narrow bound: jle32, taken", "xdp", {0}, "of the packet",
     PACKET "mov r4, r2\nadd r4, 8\njle32 r4, r3, i\nja o\ni: ldxdw r5, [r2]\no: mov r0, 0\nexit"},
    {"narrow bound: the end first", "xdp", {0}, "of the packet",
     PACKET "mov r4, r2\nadd r4, 8\njlt32 r3, r4, o\nldxdw r5, [r2]\no: mov r0, 0\nexit"},
    {"narrow bound: equal to the end", "xdp", {0}, "of the packet",
     PACKET "jeq32 r2, r3, o\nldxb r5, [r2]\no: mov r0, 0\nexit"},
    {"narrow bound: signed", "xdp", {0}, "of the packet",
     PACKET "mov r4, r2\nadd r4, 8\njsgt r4, r3, o\nldxdw r5, [r2]\no: mov r0, 0\nexit"},
    {"narrow bound: of the metadata", "xdp", {0}, "of the packet",
     "ldxw r2, [r1+8]\nldxw r3, [r1]\nmov r4, r2\nadd r4, 4\njgt32 r4, r3, o\nldxw r5, [r2]\n"
     "o: mov r0, 0\nexit"},
    {"narrow bound: of the rest, as a number", "xdp", {0}, "of the packet",
     PACKET "sub r3, r2\nmov32 r3, r3\nlsh r3, 1\njlt32 r3, 8, o\nldxdw r5, [r2]\n"
            "o: mov r0, 0\nexit"},
    {"narrow bound: 64 bits", "xdp", {0}, NULL,
     PACKET "mov r4, r2\nadd r4, 8\njgt r4, r3, o\nldxdw r5, [r2]\no: mov r0, 0\nexit"},

    /* An address that is loaded again is one that no comparison was about, as in the kernel. */
    {"loaded again: after the comparison", "xdp", {0}, "of which 0 bytes are proven",
     PACKET "mov r4, r2\nadd r4, 8\njgt r4, r3, o\nldxw r2, [r1]\nldxdw r5, [r2]\n"
     "o: mov r0, 0\nexit"},
    {"loaded again: the old one still does", "xdp", {0}, NULL,
     PACKET "mov r4, r2\nadd r4, 8\njgt r4, r3, o\nldxw r5, [r1]\nldxdw r5, [r2]\n"
     "o: mov r0, 0\nexit"},
    {"loaded again: before the comparison", "xdp", {0}, NULL,
     PACKET "mov r4, r2\nadd r4, 8\nldxw r5, [r1]\njgt r4, r3, o\nldxdw r5, [r5]\n"
     "o: mov r0, 0\nexit"},
    {"loaded again: compared again", "xdp", {0}, NULL,
     PACKET "mov r4, r2\nadd r4, 8\njgt r4, r3, o\nldxw r2, [r1]\nmov r4, r2\nadd r4, 8\n"
     "jgt r4, r3, o\nldxdw r5, [r2]\no: mov r0, 0\nexit"},
    {"loaded again: compared again, on the stack", "xdp", {0}, NULL,
     PACKET "mov r4, r2\nadd r4, 8\njgt r4, r3, o\nldxw r2, [r1]\nstxdw [r10-8], r2\n"
     "mov r4, r2\nadd r4, 8\njgt r4, r3, o\nldxdw r2, [r10-8]\nldxdw r5, [r2]\n"
     "o: mov r0, 0\nexit"},
    {"loaded again: on one way", "xdp", {0}, "of which 0 bytes are proven",
     "ldxw r6, [r1+16]\n" PACKET "mov r4, r2\nadd r4, 8\njgt r4, r3, o\njeq r6, 0, c\n"
     "ldxw r2, [r1]\nc: ldxdw r5, [r2]\no: mov r0, 0\nexit"},
    {"loaded again: a number added to it", "xdp", {0}, "of which 0 bytes are proven",
     "ldxw r6, [r1+16]\nand r6, 7\n" PACKET "mov r4, r2\nadd r4, 16\njgt r4, r3, o\n"
     "ldxw r2, [r1]\nadd r2, r6\nldxdw r5, [r2]\no: mov r0, 0\nexit"},
    {"loaded again: the room before it", "xdp", {0}, "of which 0 bytes are proven",
     "ldxw r2, [r1+8]\nldxw r3, [r1]\nmov r4, r2\nadd r4, 4\njgt r4, r3, o\n"
     "ldxw r2, [r1+8]\nldxw r5, [r2]\no: mov r0, 0\nexit"},
    {"loaded again: in a function, for its caller", "sched_cls", {0},
     "of which 0 bytes are proven",
     "ldxw r2, [r1+76]\nldxw r3, [r1+80]\nmov r0, r2\nadd r0, 8\njgt r0, r3, o\nmov r4, r10\n"
     "add r4, -8\nstxdw [r4], r2\ncall f\nldxdw r4, [r10-8]\nldxb r0, [r4]\no: mov r0, 0\n"
     "exit\nf: ldxw r2, [r1+76]\nstxdw [r4], r2\nmov r0, 0\nexit"},
    {"loaded again: then its length is compared", "xdp", {0}, NULL,
     PACKET "mov r4, r2\nadd r4, 8\njgt r4, r3, o\nldxw r2, [r1]\nsub r3, r2\n"
     "jlt r3, 8, o\nldxdw r5, [r2]\no: mov r0, 0\nexit"},

    /* A packet that was too short before is too short still. */
    {"too short: the same comparison again", "xdp", {0}, NULL,
     PACKET "mov r4, r2\nadd r4, 42\nmov r5, 0\njgt r4, r3, c\nmov r5, r2\n"
     "c: jgt r4, r3, o\nldxw r1, [r5+38]\no: mov r0, 0\nexit"},
    {"too short: the end first", "xdp", {0}, NULL,
     PACKET "mov r4, r2\nadd r4, 42\nmov r5, 0\njlt r3, r4, c\nmov r5, r2\n"
     "c: jge r3, r4, i\nja o\ni: ldxw r1, [r5+38]\no: mov r0, 0\nexit"},
    {"too short: for more than was wanted before", "xdp", {0}, NULL,
     PACKET "mov r4, r2\nadd r4, 42\nmov r5, 0\njgt r4, r3, c\nmov r5, r2\n"
     "c: add r4, 1\njgt r4, r3, o\nldxw r1, [r5+39]\no: mov r0, 0\nexit"},
    {"too short: for less than was wanted before", "xdp", {0}, "is no address of memory",
     PACKET "mov r4, r2\nadd r4, 42\nmov r5, 0\njgt r4, r3, c\nmov r5, r2\n"
     "c: add r4, -1\njgt r4, r3, o\nldxw r1, [r5+37]\no: mov r0, 0\nexit"},
    {"too short: as long as that, and not longer", "xdp", {0}, "is no address of memory",
     PACKET "mov r4, r2\nadd r4, 42\nmov r5, 0\njge r4, r3, c\nmov r5, r2\n"
     "c: jgt r4, r3, o\nldxw r1, [r5+38]\no: mov r0, 0\nexit"},
    {"too short: the low half of an address", "xdp", {0}, "is no address of memory",
     PACKET "mov r4, r2\nadd r4, 42\nmov r5, 0\njgt32 r4, r3, c\nmov r5, r2\n"
     "c: jgt r4, r3, o\nldxw r1, [r5+38]\no: mov r0, 0\nexit"},
    {"too short: in between it has become longer", "xdp", {0}, "is no address of memory",
     "mov r6, r1\n" PACKET "mov r4, r2\nadd r4, 42\nmov r7, 0\njgt r4, r3, c\nmov r7, 1\n"
     "c: mov r1, r6\nmov r2, 42\ncall 65\nmov r5, 0\nldxw r2, [r6]\nldxw r3, [r6+4]\n"
     "mov r4, r2\nadd r4, 42\njgt r4, r3, o\nldxw r1, [r5]\no: mov r0, 0\nexit"},
    {"too short: by a number that is not known", "xdp", {0}, "is no address of memory",
     "ldxw r6, [r1+16]\nand r6, 31\n" PACKET "mov r4, r2\nadd r4, r6\nmov r5, 0\n"
     "jgt r4, r3, c\nmov r5, r2\nc: mov r4, r2\nadd r4, 42\njgt r4, r3, o\nldxw r1, [r5]\n"
     "o: mov r0, 0\nexit"},

    /* Keys and values have to lie within the stack, written. */
    {"short slot: a key of 16 bytes in 8", "xdp", WIDE, "not within the stack",
     "stdw [r10-8], 0\nmov r2, r10\nadd r2, -8\nlddw r1, map_by_fd(1)\ncall 1\nmov r0, 0\nexit"},
    {"short slot: a value of 64 bytes in 16", "xdp", WIDE, "not within the stack",
     "stdw [r10-16], 0\nstdw [r10-8], 0\nmov r2, r10\nadd r2, -16\nmov r3, r2\nmov r4, 0\n"
     "lddw r1, map_by_fd(1)\ncall 2\nmov r0, 0\nexit"},
    {"short slot: a key at a number below", "xdp", HASH, "not within the stack",
     "ldxw r6, [r1+16]\nand r6, 3\n" KEY "add r2, r6\ncall 1\nmov r0, 0\nexit"},
    {"short slot: a key in the value of the map, too far back", "xdp", HASH,
     "of a map value of 16 bytes",
     LOOKUP "jeq r0, 0, o\nmov r2, r0\nadd r2, 13\nlddw r1, map_by_fd(1)\ncall 1\n"
            "o: mov r0, 0\nexit"},
    {"short slot: a value behind the end of the packet", "xdp", HASH, "of the packet",
     "ldxw r6, [r1]\nldxw r7, [r1+4]\nmov r8, r6\nadd r8, 15\njgt r8, r7, o\n" KEY
     "mov r3, r6\nmov r4, 0\ncall 2\no: mov r0, 0\nexit"},
    {"short slot: a key deleted", "xdp", WIDE, "not within the stack",
     "stdw [r10-8], 0\nmov r2, r10\nadd r2, -8\nlddw r1, map_by_fd(1)\ncall 3\nmov r0, 0\nexit"},
    {"short slot: the frame of a function", "xdp", WIDE, "not within the stack",
     "call f\nmov r0, 0\nexit\nf: stdw [r10-8], 0\nmov r2, r10\nadd r2, -8\n"
     "lddw r1, map_by_fd(1)\ncall 1\nmov r0, 0\nexit"},
    {"short slot: below the stack", "xdp", WIDE, "not within the stack",
     "stdw [r10-512], 0\nmov r2, r10\nadd r2, -520\nlddw r1, map_by_fd(1)\ncall 1\nmov r0, 0\n"
     "exit"},
    {"short slot: long enough", "xdp", WIDE, NULL,
     "stdw [r10-16], 0\nstdw [r10-8], 0\nmov r2, r10\nadd r2, -16\nlddw r1, map_by_fd(1)\ncall 1\n"
     "mov r0, 0\nexit"},

    /* Records of ring buffers. */
    {"record: read after it was submitted", "kprobe", RING, "is no address of memory",
     RESERVE "jeq r0, 0, o\nmov r6, r0\nmov r1, r0\n" GIVE_BACK "ldxdw r1, [r6]\n"
             "o: mov r0, 0\nexit"},
    {"record: written after it was discarded", "kprobe", RING, "is no address of memory",
     RESERVE "jeq r0, 0, o\nmov r6, r0\nmov r1, r0\nmov r2, 0\ncall 133\nstdw [r6], 0\n"
             "o: mov r0, 0\nexit"},
    {"record: a stored copy used after it was submitted", "kprobe", RING,
     "is no address of memory",
     RESERVE "jeq r0, 0, o\nstxdw [r10-8], r0\nmov r1, r0\n" GIVE_BACK "ldxdw r1, [r10-8]\n"
             "ldxdw r1, [r1]\no: mov r0, 0\nexit"},
    {"record: a function's copy used after it was submitted", "kprobe", RING,
     "is no address of memory",
     RESERVE "jeq r0, 0, o\nmov r6, r0\nmov r1, r0\ncall f\nstdw [r6], 1\no: mov r0, 0\nexit\n"
             "f: " GIVE_BACK "mov r0, 0\nexit"},
    {"record: submitted after the check for 0 of another one", "kprobe", RING, "must be a record",
     RESERVE "mov r6, r0\n" RESERVE "mov r7, r0\njeq r7, 0, o\nmov r1, r6\n" GIVE_BACK
             "mov r1, r7\n" GIVE_BACK "o: mov r0, 0\nexit"},
    {"record: submitted unchecked", "kprobe", RING, "must be a record",
     RESERVE "mov r1, r0\n" GIVE_BACK "mov r0, 0\nexit"},
    {"record: submitted with something added", "kprobe", RING, "must be a record",
     RESERVE "jeq r0, 0, o\nmov r1, r0\nadd r1, 1\n" GIVE_BACK "o: mov r0, 0\nexit"},
    {"record: discarded and submitted", "kprobe", RING, "must be a record",
     RESERVE "jeq r0, 0, o\nmov r6, r0\nmov r1, r0\nmov r2, 0\ncall 133\nmov r1, r6\n" GIVE_BACK
             "o: mov r0, 0\nexit"},
    {"record: submitted twice, the second time from the stack", "kprobe", RING, "must be a record",
     RESERVE "jeq r0, 0, o\nstxdw [r10-8], r0\nmov r1, r0\n" GIVE_BACK "ldxdw r1, [r10-8]\n"
             GIVE_BACK "o: mov r0, 0\nexit"},
    {"record: kept on one way", "kprobe", RING, "not given back",
     "ldxdw r7, [r1]\n" RESERVE "jeq r0, 0, o\nmov r1, r0\njeq r7, 0, o\n" GIVE_BACK
     "o: mov r0, 0\nexit"},
    {"record: kept by who overwrites it", "kprobe", RING, "not given back",
     RESERVE "mov r0, 0\nexit"},
    {"record: kept in a round of a loop", "kprobe", RING, "not given back",
     "mov r6, 0\nl: " RESERVE "add r6, 1\njlt r6, 3, l\njeq r0, 0, o\nmov r1, r0\n" GIVE_BACK
     "o: mov r0, 0\nexit"},
    {"record: behind it, with a number", "kprobe", RING, "of a ring buffer record of 8 bytes",
     "ldxdw r6, [r1]\nand r6, 8\n" RESERVE
     "jeq r0, 0, o\nmov r1, r0\nadd r0, r6\nstb [r0], 1\n" GIVE_BACK "o: mov r0, 0\nexit"},
    {"record: given back on all ways", "kprobe", RING, NULL,
     "ldxdw r7, [r1]\n" RESERVE "jeq r0, 0, o\nmov r1, r0\njeq r7, 0, d\n" GIVE_BACK
     "o: mov r0, 0\nexit\nd: mov r2, 0\ncall 133\nmov r0, 0\nexit"},

    {"record: its address, kept as a number", "kprobe", RING, NULL,
     RESERVE "jeq r0, 0, o\nmov r6, r0\nmov r1, r0\n" GIVE_BACK "mov r0, r6\no: exit"},

    /* Sockets that were looked up have to be given back. */
    {"socket: given back", "sched_cls", {0}, NULL,
     LOOKUP_SOCKET "jeq r0, 0, o\nmov r1, r0\ncall 86\no: mov r0, 0\nexit"},
    {"socket: kept", "sched_cls", {0}, "not given back", LOOKUP_SOCKET "mov r0, 0\nexit"},
    {"socket: kept on one way", "sched_cls", {0}, "not given back",
     LOOKUP_SOCKET "jeq r0, 0, o\nldxw r2, [r6]\njeq r2, 0, o\nmov r1, r0\ncall 86\n"
                   "o: mov r0, 0\nexit"},
    {"socket: given back unchecked", "sched_cls", {0}, "must be a socket",
     LOOKUP_SOCKET "mov r1, r0\ncall 86\nmov r0, 0\nexit"},
    {"socket: given back twice", "sched_cls", {0}, "must be a socket",
     LOOKUP_SOCKET "jeq r0, 0, o\nmov r7, r0\nmov r1, r0\ncall 86\nmov r1, r7\ncall 86\n"
                   "o: mov r0, 0\nexit"},
    {"socket: given back in a function, checked before", "sched_cls", {0}, NULL,
     LOOKUP_SOCKET "mov r1, r0\njeq r0, 0, o\ncall f\no: mov r0, 0\nexit\n"
                   "f: call 86\nmov r0, 0\nexit"},
    {"socket: stored with a caller, who gives it back", "sched_cls", {0}, NULL,
     "mov r6, r1\nmov r2, r10\nadd r2, -56\nmov r7, r2\ncall f\nldxdw r1, [r10-56]\n"
     "jeq r1, 0, o\ncall 86\no: mov r0, 0\nexit\n"
     "f: mov r7, r2\nmov r6, r1\n" LOOKUP_SOCKET "stxdw [r7], r0\nmov r0, 0\nexit"},
    {"socket: a number given back", "sched_cls", {0}, "must be a socket",
     "mov r1, 1\ncall 86\nmov r0, 0\nexit"},
    {"socket: with something added", "sched_cls", {0}, "addition to",
     LOOKUP_SOCKET "jeq r0, 0, o\nadd r0, 8\nmov r1, r0\ncall 86\no: mov r0, 0\nexit"},
    {"socket: with something added before the check", "sched_cls", {0}, "may be 0",
     LOOKUP_SOCKET "add r0, 8\njeq r0, 0, o\nmov r1, r0\ncall 86\no: mov r0, 0\nexit"},
    {"socket: given back as another type", "sched_cls", {0}, NULL,
     LOOKUP_SOCKET "jeq r0, 0, o\nmov r7, r0\nmov r1, r0\ncall 96\nmov r1, r0\njne r0, 0, b\n"
                   "mov r1, r7\nb: call 86\no: mov r0, 0\nexit"},
    {"socket: kept because it is none of another type", "sched_cls", {0}, "not given back",
     LOOKUP_SOCKET "jeq r0, 0, o\nmov r1, r0\ncall 96\njeq r0, 0, o\nmov r1, r0\ncall 86\n"
                   "o: mov r0, 0\nexit"},
    {"socket: another type of it, after it was given back", "sched_cls", {0}, "must be a socket",
     LOOKUP_SOCKET "jeq r0, 0, o\nmov r7, r0\nmov r1, r0\ncall 96\nmov r8, r0\nmov r1, r7\n"
                   "call 86\njeq r8, 0, o\nmov r1, r8\ncall 95\no: mov r0, 0\nexit"},
    {"socket: one that is lent is given back", "sched_cls", {0}, "only lent",
     LOOKUP_SOCKET "jeq r0, 0, o\nmov r7, r0\nmov r1, r0\ncall 98\nmov r8, r0\nmov r1, r7\n"
                   "call 86\njeq r8, 0, o\nmov r1, r8\ncall 86\no: mov r0, 0\nexit"},
    {"socket: a legacy load while it is held", "sched_cls", {0}, "is held",
     LOOKUP_SOCKET "mov r7, r0\nldabsb 0\nmov r1, r7\njeq r7, 0, o\ncall 86\no: mov r0, 0\nexit"},
    {"socket: fields that all have", "cgroup_skb", {0}, NULL,
     SK "ldxw r0, [r1+4]\nldxh r0, [r1+48]\nldxb r0, [r1+72]\n" SK_END},
    {"socket: a part of a field that is not its first", "cgroup_skb", {0}, "at offset 73",
     SK "ldxb r0, [r1+73]\n" SK_END},
    {"socket: fields that not all have", "cgroup_skb", {0}, "at offset 8 of a socket",
     SK "ldxw r0, [r1+8]\n" SK_END},
    {"socket: fields of a whole one", "cgroup_skb", {0}, NULL,
     SK "call 95\njeq r0, 0, o\nldxw r1, [r0+8]\nldxb r1, [r0+30]\nldxw r1, [r0+48]\n" SK_END},
    {"socket: behind a field of 2 bytes", "cgroup_skb", {0}, "2 bytes at offset 50 of a socket",
     SK "call 95\njeq r0, 0, o\nldxh r1, [r0+50]\n" SK_END},
    {"socket: behind all fields", "cgroup_skb", {0}, "at offset 80 of a socket",
     SK "call 95\njeq r0, 0, o\nldxw r1, [r0+80]\n" SK_END},
    {"socket: before all fields", "cgroup_skb", {0}, "at offset -4 of a socket",
     SK "ldxw r1, [r1-4]\n" SK_END},
    {"socket: fields of TCP", "cgroup_skb", {0}, NULL,
     SK "call 96\njeq r0, 0, o\nldxw r1, [r0]\nldxdw r1, [r0+88]\n" SK_END},
    {"socket: half a field of TCP", "cgroup_skb", {0}, "4 bytes at offset 88 of a socket",
     SK "call 96\njeq r0, 0, o\nldxw r1, [r0+88]\n" SK_END},
    {"socket: a field is stored", "cgroup_skb", {0}, "invalid store",
     SK "stw [r1+4], 0\n" SK_END},
    {"socket: an atomic on a field", "cgroup_skb", {0}, "invalid store",
     SK "mov r2, 1\nlock add32 [r1+4], r2\n" SK_END},
    {"socket: of a packet, unchecked", "cgroup_skb", {0}, "may be 0",
     "ldxdw r1, [r1+168]\nldxw r0, [r1+4]\n" SK_END},
    {"socket: of a packet, half of the field", "cgroup_skb", {0}, "invalid load of 4 bytes",
     "ldxw r1, [r1+168]\n" SK_END},
    {"socket: of a packet is not given back", "sched_cls", {0}, "only lent", SK "call 86\n" SK_END},
    {"socket: a field of one that was given back", "sched_cls", {0}, "is no address of memory",
     LOOKUP_SOCKET "jeq r0, 0, o\nmov r6, r0\nmov r1, r0\ncall 86\nldxw r0, [r6+4]\n" SK_END},
    {"socket: memory for a helper", "cgroup_skb", HASH, "of a socket",
     SK "mov r2, r1\nlddw r1, map_by_fd(1)\ncall 1\n" SK_END},
    {"socket: that the context has for certain", "sk_reuseport", {0}, NULL,
     "ldxdw r1, [r1+40]\nldxw r0, [r1+8]\n" SK_END},
    {"socket: one place reads of different types", "cgroup_skb", {0}, "socket of another type",
     "mov r6, r1\nldxw r7, [r1]\n" SK "mov r8, r1\njeq r7, 5, c\ncall 96\njeq r0, 0, o\n"
     "mov r8, r0\nc: ldxw r0, [r8+4]\n" SK_END},
    {"socket: one place reads of a socket or the stack", "cgroup_skb", {0}, "the socket and",
     "mov r6, r1\nldxw r7, [r1]\n" SK "mov r8, r1\nstdw [r10-8], 0\njeq r7, 5, c\n"
     "mov r8, r10\nadd r8, -12\nc: ldxw r0, [r8+4]\n" SK_END},
    {"socket: in a map, given back", "sk_skb", SOCKETS, NULL,
     KEY "call 1\njeq r0, 0, o\nldxw r6, [r0+8]\nmov r1, r0\ncall 86\n" SK_END},
    {"socket: in a map, kept", "sk_skb", SOCKETS, "not given back", KEY "call 1\n" SK_END},
    {"socket: put into a map", "sched_cls", SOCKETS, NULL,
     SK "mov r6, r1\n" KEY "mov r3, r6\nmov r4, 0\ncall 2\n" SK_END},
    {"socket: a number put into a map of sockets", "sched_cls", SOCKETS, "must be a socket",
     KEY "mov r3, r2\nmov r4, 0\ncall 2\n" SK_END},
    {"socket: put into a map, by who may not", "cgroup_skb", SOCKETS, "puts no sockets",
     SK "mov r6, r1\n" KEY "mov r3, r6\nmov r4, 0\ncall 2\n" SK_END},
    {"socket: removed from a map, in a filter", "xdp", SOCKETS, NULL,
     KEY "call 3\nmov r0, 0\nexit"},
    {"socket: removed from a map, in a probe", "kprobe", SOCKETS, "removes no sockets",
     KEY "call 3\nmov r0, 0\nexit"},

    /* What helpers take. */
    {"helper: 0 bytes of nothing, where that may not be", "kprobe", {0}, "is no address of memory",
     "mov r1, 0\nmov r2, 0\nmov r3, 0\ncall 113\nmov r0, 0\nexit"},
    {"helper: 0 bytes of nothing, where that may be", "sched_cls", {0}, NULL,
     "mov r1, 0\nmov r2, 0\nmov r3, 0\nmov r4, 0\nmov r5, 0\ncall 28\nmov r0, 0\nexit"},
    {"helper: some bytes of nothing", "sched_cls", {0}, "is no address of memory",
     "mov r1, 0\nmov r2, 4\nmov r3, 0\nmov r4, 0\nmov r5, 0\ncall 28\nmov r0, 0\nexit"},
    {"helper: packet data as a key", "xdp", HASH, NULL,
     PACKET "mov r4, r2\nadd r4, 4\njgt r4, r3, o\nlddw r1, map_by_fd(1)\ncall 1\n"
            "o: mov r0, 0\nexit"},
    {"helper: packet data where it may not be", "xdp", {0}, "may not be packet data",
     "mov r6, r1\n" PACKET "mov r4, r2\nadd r4, 4\njgt r4, r3, o\nmov r1, r6\nmov r3, r2\n"
     "mov r2, 8\nmov r4, 4\ncall 190\no: mov r0, 0\nexit"},
    {"helper: 8 bytes that are not aligned", "cgroup_sysctl", {0}, "misaligned",
     "stdw [r10-8], 48\nmov r1, r10\nadd r1, -8\nmov r2, 8\nmov r3, 0\nmov r4, r10\n"
     "add r4, -20\ncall 105\nmov r0, 0\nexit"},
    {"helper: 8 bytes that are", "cgroup_sysctl", {0}, NULL,
     "stdw [r10-8], 48\nmov r1, r10\nadd r1, -8\nmov r2, 8\nmov r3, 0\nmov r4, r10\n"
     "add r4, -24\ncall 105\nmov r0, 0\nexit"},
    {"helper: how much a string has is no more than there is room for", "kprobe", HASH, NULL,
     LOOKUP "jeq r0, 0, o\nmov r6, r0\nmov r1, r6\nmov r2, 15\nmov r3, 0\ncall 115\n"
            "jslt r0, 0, o\nadd r6, r0\nstb [r6], 0\no: mov r0, 0\nexit"},
    {"helper: which may be an error", "kprobe", HASH, "of a map value",
     LOOKUP "jeq r0, 0, o\nmov r6, r0\nmov r1, r6\nmov r2, 15\nmov r3, 0\ncall 115\n"
            "add r6, r0\nstb [r6], 0\no: mov r0, 0\nexit"},
    {"helper: the coarse clock in a probe", "kprobe", {0}, "may not call", "call 160\nexit"},
    {"helper: the coarse clock in a filter", "xdp", {0}, NULL, "call 160\nexit"},
    {"helper: the name space of nobody", "cgroup_sock", {0}, NULL,
     "mov r1, 0\ncall 122\nmov r0, 0\nexit"},
    {"helper: the name space of another number", "cgroup_sock", {0}, "must be the context",
     "mov r1, 1\ncall 122\nmov r0, 0\nexit"},
    {"helper: storage of a group", "cgroup_skb", STORAGE, NULL,
     "lddw r1, map_by_fd(1)\nmov r2, 0\ncall 81\nldxdw r1, [r0+8]\nmov r0, 0\nexit"},
    {"helper: behind the storage of a group", "cgroup_skb", STORAGE, "of a map value",
     "lddw r1, map_by_fd(1)\nmov r2, 0\ncall 81\nldxdw r1, [r0+16]\nmov r0, 0\nexit"},
    {"helper: storage of a group, with flags", "cgroup_skb", STORAGE, "must be 0",
     "lddw r1, map_by_fd(1)\nmov r2, 1\ncall 81\nmov r0, 0\nexit"},
    {"helper: storage in a map of another kind", "cgroup_skb", HASH, "of a kind",
     "lddw r1, map_by_fd(1)\nmov r2, 0\ncall 81\nmov r0, 0\nexit"},
    {"helper: a value that may only be written", "xdp", WRITTEN, NULL,
     LOOKUP "jeq r0, 0, o\nstdw [r0], 1\no: mov r0, 0\nexit"},
    {"helper: a value that may only be written, read", "xdp", WRITTEN, "may not read",
     LOOKUP "jeq r0, 0, o\nldxdw r1, [r0]\no: mov r0, 0\nexit"},

    /* What stands on the stack after a check for 0. */
    {"slot: the copy of another lookup", "xdp", HASH, "may be 0",
     LOOKUP "stxdw [r10-16], r0\n" LOOKUP "jeq r0, 0, o\nldxdw r1, [r10-16]\nldxdw r1, [r1]\n"
            "o: mov r0, 0\nexit"},
    {"slot: a copy of 4 bytes", "xdp", HASH, "part of an address is stored",
     LOOKUP "stxw [r10-16], r0\njeq r0, 0, o\nldxw r1, [r10-16]\nldxdw r1, [r1]\n"
            "o: mov r0, 0\nexit"},
    {"slot: half of the copy", "xdp", HASH, "part of an address is read",
     LOOKUP "stxdw [r10-16], r0\njeq r0, 0, o\nldxw r1, [r10-16]\nldxdw r1, [r1]\n"
            "o: mov r0, 0\nexit"},
    {"slot: the upper half overwritten before the check", "xdp", HASH, "is no address of memory",
     LOOKUP "stxdw [r10-16], r0\nstw [r10-12], 0\njeq r0, 0, o\nldxdw r1, [r10-16]\n"
            "ldxdw r1, [r1]\no: mov r0, 0\nexit"},
    {"slot: overwritten by a helper", "kprobe", HASH, "is no address of memory",
     LOOKUP "stxdw [r10-16], r0\njeq r0, 0, o\nmov r1, r10\nadd r1, -16\nmov r2, 8\nmov r3, 0\n"
            "call 4\nldxdw r1, [r10-16]\nldxdw r1, [r1]\no: mov r0, 0\nexit"},
    {"slot: overwritten at a number", "xdp", HASH, "is no address of memory",
     "ldxw r6, [r1+16]\nand r6, 8\n" LOOKUP
     "stxdw [r10-16], r0\njeq r0, 0, o\nmov r1, r10\nadd r1, -24\nadd r1, r6\nstdw [r1], 5\n"
     "ldxdw r1, [r10-16]\nldxdw r1, [r1]\no: mov r0, 0\nexit"},
    {"slot: overwritten by a function", "xdp", HASH, "is no address of memory",
     LOOKUP "stxdw [r10-16], r0\njeq r0, 0, o\nmov r1, r10\nadd r1, -16\ncall f\n"
            "ldxdw r1, [r10-16]\nldxdw r1, [r1]\no: mov r0, 0\nexit\n"
            "f: stdw [r1], 5\nmov r0, 0\nexit"},
    {"slot: checked on one way", "xdp", HASH, "may be 0",
     "ldxw r6, [r1+16]\n" LOOKUP
     "stxdw [r10-16], r0\njeq r6, 0, u\njeq r0, 0, o\nu: ldxdw r1, [r10-16]\nldxdw r1, [r1]\n"
     "o: mov r0, 0\nexit"},
    {"slot: where it is 0", "xdp", HASH, "is no address of memory",
     LOOKUP "stxdw [r10-16], r0\njne r0, 0, o\nldxdw r1, [r10-16]\nldxdw r1, [r1]\n"
            "o: mov r0, 0\nexit"},
    {"slot: a copy of what two paths have looked up", "xdp", HASH, NULL,
     "ldxw r6, [r1+16]\njeq r6, 0, e\n" LOOKUP "ja m\ne: " LOOKUP
     "m: mov r7, r0\nstxdw [r10-16], r0\njeq r0, 0, o\nldxdw r1, [r7]\nldxdw r1, [r10-16]\n"
     "ldxdw r1, [r1]\no: mov r0, 0\nexit"},
    {"slot: checked through the slot", "xdp", HASH, NULL,
     LOOKUP "stxdw [r10-16], r0\nldxdw r1, [r10-16]\njeq r1, 0, o\nldxdw r1, [r0]\n"
            "o: mov r0, 0\nexit"},

    /* Addresses on the stack are stored and loaded in one piece. */
    {"slot: its low half", "xdp", {0}, "part of an address is read",
     "stxdw [r10-8], r1\nldxw r0, [r10-8]\nmov r0, 0\nexit"},
    {"slot: its last byte", "xdp", {0}, "part of an address is read",
     "stxdw [r10-8], r10\nldxb r0, [r10-1]\nmov r0, 0\nexit"},
    {"slot: an atomic on half of it", "xdp", {0}, "part of an address is read",
     "stxdw [r10-8], r10\nmov r1, 1\nlock add32 [r10-8], r1\nmov r0, 0\nexit"},
    {"slot: half of it overwritten, then read", "xdp", {0}, NULL,
     "stxdw [r10-8], r1\nstw [r10-8], 1\nldxw r0, [r10-4]\nmov r0, 0\nexit"},
    {"slot: an address that an atomic gives", "xdp", {0}, NULL,
     "stdw [r10-16], 3\nmov r2, r10\nadd r2, -16\nstxdw [r10-8], r2\nmov r3, 0\n"
     "lock fetch add [r10-8], r3\nldxdw r0, [r3]\nexit"},
    {"slot: an address that an atomic has changed", "xdp", {0}, "is no address of memory",
     "stxdw [r10-8], r10\nmov r3, 1\nlock fetch add [r10-8], r3\nldxdw r2, [r10-8]\n"
     "ldxb r0, [r2-16]\nexit"},
    {"slot: a number that an atomic gives", "xdp", {0}, NULL,
     "stdw [r10-8], 5\nmov r1, 2\nlock fetch add [r10-8], r1\njeq r1, 5, o\nldxdw r1, [r1]\n"
     "o: mov r0, 0\nexit"},
    {"slot: a number that an atomic has changed", "xdp", {0}, "is no address of memory",
     "stdw [r10-8], 5\nmov r1, 2\nlock add [r10-8], r1\nldxdw r1, [r10-8]\njeq r1, 5, o\n"
     "ldxdw r1, [r1]\no: mov r0, 0\nexit"},
    {"slot: the address of its own frame", "xdp", {0}, NULL,
     "stxdw [r10-8], r10\nmov r0, 0\nexit"},
    {"slot: the address of a caller's frame, in that frame", "xdp", {0}, "frame of a caller",
     "stdw [r10-8], 0\nmov r1, r10\nadd r1, -8\ncall f\nmov r0, 0\nexit\n"
     "f: stxdw [r1], r1\nmov r0, 0\nexit"},
    {"slot: the address of a frame that is gone", "xdp", {0}, "frame of a caller",
     "mov r1, r10\nadd r1, -8\ncall f\nldxdw r2, [r10-8]\nldxdw r0, [r2-8]\nexit\n"
     "f: stxdw [r1], r10\nmov r0, 0\nexit"},
    {"slot: the address of a frame that is gone is no address of the next one", "xdp", {0},
     "frame of a caller",
     "mov r1, r10\nadd r1, -8\ncall f\nldxdw r1, [r10-8]\ncall g\nmov r0, 0\nexit\n"
     "f: stxdw [r1], r10\nmov r0, 0\nexit\n"
     "g: stdw [r1-8], 1\nldxdw r0, [r10-8]\nexit"},
    {"slot: the address of a frame that is gone, stored somewhere in a caller's", "xdp", {0},
     "frame of a caller",
     "ldxw r2, [r1+16]\nand r2, 8\nmov r1, r10\nadd r1, -16\nstdw [r1], 0\nstdw [r1+8], 0\n"
     "add r1, r2\ncall f\nldxdw r2, [r10-8]\nldxdw r0, [r2-8]\nexit\n"
     "f: stxdw [r1], r10\nmov r0, 0\nexit"},
    /* Numbers that are stored in part of their own width are the same when they are loaded. */
    {"slot: a byte, checked through its copy", "xdp", {0}, NULL,
     "ldxw r6, [r1+16]\nand r6, 255\nstxb [r10-8], r6\nldxb r7, [r10-8]\njgt r7, 7, o\n"
     "mov r1, r10\nadd r1, -16\nadd r1, r6\nldxb r0, [r1]\no: mov r0, 0\nexit"},
    {"slot: a half word, its low byte checked", "xdp", {0}, "not within the stack",
     "ldxw r6, [r1+16]\nand r6, 65535\nstxb [r10-8], r6\nldxb r7, [r10-8]\njgt r7, 7, o\n"
     "mov r1, r10\nadd r1, -16\nadd r1, r6\nldxb r0, [r1]\no: mov r0, 0\nexit"},
    {"slot: the low half of a small number", "xdp", {0}, NULL,
     "ldxw r6, [r1+16]\nstxdw [r10-8], r6\nldxw r7, [r10-8]\njgt r7, 7, o\n"
     "mov r1, r10\nadd r1, -16\nadd r1, r6\nldxb r0, [r1]\no: mov r0, 0\nexit"},
    {"slot: the low half of a large number", "kprobe", {0}, "not bounded",
     "ldxdw r6, [r1]\nstxdw [r10-8], r6\nldxw r7, [r10-8]\njgt r7, 7, o\n"
     "mov r1, r10\nadd r1, -16\nadd r1, r6\nldxb r0, [r1]\no: mov r0, 0\nexit"},

    /* The context and other memory at one instruction: it is not laid out as programs see it. */
    {"one place: the context or a map value", "socket_filter", HASH, "the context and",
     "mov r6, r1\n" LOOKUP "jne r0, 0, a\nmov r0, r6\na: ldxw r0, [r0+4]\nmov r0, 0\nexit"},
    {"one place: the stack or the context", "xdp", {0}, "the context and",
     "ldxw r2, [r1+16]\nmov r3, r1\njeq r2, 0, a\nmov r3, r10\nadd r3, -16\nstdw [r3], 0\n"
     "stdw [r3+8], 0\na: ldxw r0, [r3+12]\nmov r0, 0\nexit"},
    {"one place: the stack or a map value", "xdp", HASH, NULL,
     LOOKUP "jne r0, 0, a\nstdw [r10-16], 0\nmov r0, r10\nadd r0, -16\na: ldxw r0, [r0+4]\n"
            "mov r0, 0\nexit"},

    /* Calls that nest too deep, whether they are reached or not. */
    {"depth: a function that calls itself a few times", "xdp", {0}, "more than 8 frames",
     "mov r1, 0\ncall f\nmov r0, 0\nexit\nf: add r1, 1\nmov r0, r1\njge r1, 3, o\n"
     "call f\no: exit"},
    {"depth: nine, which are never reached", "xdp", {0}, "more than 8 frames",
     "mov r1, 0\ncall a\nmov r0, 0\nexit\na: jeq r1, 0, o\ncall b\no: mov r0, 0\nexit\n"
     "b: call c\nexit\nc: call d\nexit\nd: call e\nexit\ne: call f\nexit\nf: call g\nexit\n"
     "g: call h\nexit\nh: mov r0, 0\nexit"},
    {"depth: eight", "xdp", {0}, NULL,
     "mov r1, 0\ncall a\nmov r0, 0\nexit\na: jeq r1, 0, o\ncall b\no: mov r0, 0\nexit\n"
     "b: call c\nexit\nc: call d\nexit\nd: call e\nexit\ne: call f\nexit\nf: call g\nexit\n"
     "g: mov r0, 0\nexit"},

    /* Shifts by more than the width: what they give depends on the machine. */
    {"shift: 64 bits by 64", "xdp", {0}, "not bounded",
     "mov r1, 0\nmov r2, 64\nlsh r1, r2\nmov r3, r10\nadd r3, -8\nadd r3, r1\nldxb r0, [r3]\n"
     "mov r0, 0\nexit"},
    {"shift: 32 bits by 33", "xdp", HASH, "not bounded",
     LOOKUP "jeq r0, 0, o\nmov r1, 2\nmov r2, 33\nrsh32 r1, r2\nadd r0, r1\nldxb r0, [r0]\n"
            "o: mov r0, 0\nexit"},
    {"shift: 32 bits by 31", "xdp", HASH, NULL,
     LOOKUP "jeq r0, 0, o\nmov r1, 2\nmov r2, 31\nrsh32 r1, r2\nadd r0, r1\nldxb r0, [r0]\n"
            "o: mov r0, 0\nexit"},

    /* Differences of 32 bits are numbers. */
    {"difference: an address from a number", "xdp", {0}, NULL,
     "mov r0, 1\nsub32 r0, r1\nmov r0, 0\nexit"},
    {"difference: of 64 bits", "xdp", {0}, "sub64 of an address",
     "mov r0, 1\nsub r0, r1\nmov r0, 0\nexit"},
    {"difference: used as an address", "xdp", {0}, "is no address of memory",
     "mov r2, 0\nsub32 r2, r10\nldxb r0, [r2]\nmov r0, 0\nexit"},

    /* What the kernel's verifier does not follow. */
    {"halves: a number in the upper half of 8 bytes", "sched_cls", {0}, "of the packet",
     "ldxw r2, [r1+76]\nldxw r3, [r1+80]\nmov32 r4, 8\nstxw [r10-4], r4\nldxw r4, [r10-4]\n"
     "mov r5, r2\nadd r5, r4\njgt r5, r3, o\nldxdw r0, [r2]\no: mov r0, 0\nexit"},
    {"halves: a number in the lower half of 8 bytes", "sched_cls", {0}, NULL,
     "ldxw r2, [r1+76]\nldxw r3, [r1+80]\nmov32 r4, 8\nstxw [r10-8], r4\nldxw r4, [r10-8]\n"
     "mov r5, r2\nadd r5, r4\njgt r5, r3, o\nldxdw r0, [r2]\no: mov r0, 0\nexit"},
    {"halves: the low half of a wide number is checked, not its copy", "kprobe", HASH,
     "of a map value",
     "ldxdw r6, [r1]\nmov32 r7, r6\n" LOOKUP
     "jeq r0, 0, o\njgt32 r6, 7, o\nand r7, 255\nadd r0, r7\nldxb r0, [r0]\no: mov r0, 0\nexit"},
    {"halves: the low half of a narrow number is checked, and its copy", "kprobe", HASH, NULL,
     "ldxw r6, [r1]\nmov32 r7, r6\n" LOOKUP
     "jeq r0, 0, o\njgt32 r6, 7, o\nadd r0, r7\nldxb r0, [r0]\no: mov r0, 0\nexit"},

    /* Comparisons of addresses. */
    {"comparison: with 0 in 32 bits, the other way", "xdp", HASH, "may be 0",
     LOOKUP "jne32 r0, 0, i\nmov r0, 0\nexit\ni: ldxdw r1, [r0]\nmov r0, 0\nexit"},
    {"comparison: with a register that is 0, in 32 bits", "xdp", HASH, "may be 0",
     LOOKUP "mov r6, 0\njeq32 r0, r6, o\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"comparison: greater than 0, in 32 bits", "xdp", HASH, "may be 0",
     LOOKUP "jgt32 r0, 0, i\nmov r0, 0\nexit\ni: ldxdw r1, [r0]\nmov r0, 0\nexit"},
    {"comparison: with another number", "xdp", HASH, "may be 0",
     LOOKUP "jeq r0, 1, o\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"comparison: bits of an address", "xdp", HASH, "may be 0",
     LOOKUP "jset r0, 1, i\nmov r0, 0\nexit\ni: ldxdw r1, [r0]\nmov r0, 0\nexit"},
    {"comparison: of addresses of different packets", "xdp", {0}, "of the packet",
     "ldxw r2, [r1+8]\nldxw r3, [r1+4]\nmov r4, r2\nadd r4, 8\njgt r4, r3, o\nldxw r5, [r1]\n"
     "ldxdw r5, [r5]\no: mov r0, 0\nexit"},
    {"comparison: equal addresses are no numbers", "xdp", HASH, "is no address of memory",
     LOOKUP "mov r6, 0\njne r0, r10, o\nldxdw r1, [r6]\no: mov r0, 0\nexit"},
    {"comparison: a number that is the same as an address in 32 bits", "xdp", {0},
     "is no address of memory",
     "mov32 r2, r10\njne32 r2, r10, o\nldxdw r0, [r2-8]\no: mov r0, 0\nexit"},

    /* A size that was checked in 32 bits is one of 32 bits. */
    {"truncated: the upper half is not checked", "xdp", HASH, "not bounded",
     "ldxw r6, [r1+16]\nlsh r6, 4\n" LOOKUP
     "jeq r0, 0, o\njgt32 r6, 8, o\nadd r0, r6\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"truncated: a copy of the low half is checked", "xdp", HASH, "not bounded",
     "ldxw r6, [r1+16]\nlsh r6, 4\n" LOOKUP
     "jeq r0, 0, o\nmov32 r7, r6\njgt r7, 8, o\nadd r0, r6\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"truncated: a sum that wraps around", "xdp", HASH, "not bounded",
     "ldxw r6, [r1+16]\n" LOOKUP
     "jeq r0, 0, o\nmov r7, r6\nadd32 r7, 16\njgt r7, 24, o\nadd r0, r6\nldxdw r1, [r0]\n"
     "o: mov r0, 0\nexit"},
    {"truncated: a product that wraps around", "xdp", HASH, "not bounded",
     "ldxw r6, [r1+16]\n" LOOKUP
     "jeq r0, 0, o\nmov r7, r6\nmul32 r7, 2\njgt r7, 8, o\nadd r0, r6\nldxdw r1, [r0]\n"
     "o: mov r0, 0\nexit"},
    {"truncated: by a shift to the left and back", "xdp", HASH, "not bounded",
     "ldxw r6, [r1+16]\nlsh r6, 4\n" LOOKUP
     "jeq r0, 0, o\nmov r7, r6\nlsh r7, 56\nrsh r7, 56\njgt r7, 8, o\nadd r0, r6\n"
     "ldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"truncated: signed in 32 bits", "xdp", HASH, "not bounded",
     "ldxw r6, [r1+16]\n" LOOKUP
     "jeq r0, 0, o\njsgt32 r6, 8, o\nadd r0, r6\nldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"truncated: stored in 4 bytes", "xdp", HASH, "not bounded",
     "ldxw r6, [r1+16]\nlsh r6, 4\n" LOOKUP
     "jeq r0, 0, o\nstxw [r10-8], r6\nldxw r7, [r10-8]\njgt r7, 8, o\nadd r0, r6\n"
     "ldxdw r1, [r0]\no: mov r0, 0\nexit"},
    {"truncated: a size for a helper", "kprobe", {0}, "not bounded",
     "ldxdw r2, [r1]\njgt32 r2, 8, o\nmov r1, r10\nadd r1, -8\nmov r3, 0\ncall 4\n"
     "o: mov r0, 0\nexit"},
    {"truncated: cut off before it is checked", "xdp", HASH, NULL,
     "ldxw r6, [r1+16]\nlsh r6, 4\nmov32 r6, r6\n" LOOKUP
     "jeq r0, 0, o\njgt32 r6, 8, o\nadd r0, r6\nldxdw r1, [r0]\no: mov r0, 0\nexit"},

    /* data_end - p is negative where p is behind the end. */
    {"rest: unsigned, p beyond a constant", "xdp", {0}, "of the packet",
     PACKET "add r2, 64\nsub r3, r2\njlt r3, 4, o\nldxw r5, [r2]\no: mov r0, 0\nexit"},
    {"rest: unsigned, the other way", "xdp", {0}, "of the packet",
     PACKET "add r2, 64\nsub r3, r2\njge r3, 4, i\nja o\ni: ldxw r5, [r2]\no: mov r0, 0\nexit"},
    {"rest: unsigned, p beyond a number", "xdp", {0}, "of the packet",
     PACKET "ldxw r6, [r1+16]\nand r6, 255\nadd r2, r6\nsub r3, r2\njlt r3, 4, o\nldxw r5, [r2]\n"
            "o: mov r0, 0\nexit"},
    {"rest: unsigned in 32 bits", "xdp", {0}, "of the packet",
     PACKET "add r2, 64\nsub r3, r2\njlt32 r3, 4, o\nldxw r5, [r2]\no: mov r0, 0\nexit"},
    {"rest: cut to 32 bits", "xdp", {0}, "of the packet",
     PACKET "add r2, 64\nsub r3, r2\nmov32 r3, r3\njsgt r3, 4, i\nja o\ni: ldxw r5, [r2]\n"
            "o: mov r0, 0\nexit"},
    {"rest: not 0", "xdp", {0}, "of the packet",
     PACKET "add r2, 64\nsub r3, r2\njeq r3, 0, o\nldxb r5, [r2]\no: mov r0, 0\nexit"},
    {"rest: the wrong way round", "xdp", {0}, "of the packet",
     PACKET "mov r4, r2\nsub r4, r3\njsgt r4, 4, i\nja o\ni: ldxw r5, [r2]\no: mov r0, 0\nexit"},
    {"rest: a byte short", "xdp", {0}, "of the packet",
     PACKET "sub r3, r2\njlt r3, 3, o\nldxw r5, [r2]\no: mov r0, 0\nexit"},

    /* All ways of the first jump of a program, and of the only one. */
    {"first jump: the way that is taken", "xdp", {0}, "not within the stack",
     "jne r1, 0, bad\nmov r0, 0\nexit\nbad: ldxdw r0, [r10+8]\nexit"},
    {"first jump: the way that is not taken", "xdp", {0}, "not within the stack",
     "jset r1, 1, ok\nldxdw r0, [r10+8]\nexit\nok: mov r0, 0\nexit"},
    {"first jump: to the end", "xdp", {0}, "r0",
     "jset r1, 1, o\nmov r0, 0\no: exit"},
    {"first jump: over nothing", "xdp", {0}, "not within the stack",
     "jset r1, 1, n\nn: ldxdw r0, [r10+8]\nexit"},
    {"first jump: may_goto, taken", "xdp", {0}, "not within the stack",
     "may_goto bad\nmov r0, 0\nexit\nbad: ldxdw r0, [r10+8]\nexit"},
    {"first jump: back to itself", "xdp", {0}, "not shown to end",
     "l: jset r1, 1, l\nmov r0, 0\nexit"},
    {"first jump: of a function", "xdp", {0}, "not within the stack",
     "call f\nmov r0, 0\nexit\nf: jset r1, 1, bad\nmov r0, 0\nexit\nbad: ldxdw r0, [r10+8]\nexit"},
    {"first jump: unconditional", "xdp", {0}, "not within the stack",
     "ja bad\nbad: ldxdw r0, [r10+8]\nexit"},

    /* What the kernel minds only where a path leads. */
    {"dead code: writes r10", "xdp", {0}, NULL,
     "ldxw r2, [r1+16]\nand r2, 7\njlt r2, 8, o\nmov r10, 0\no: mov r0, 0\nexit"},
    {"dead code: writes r10, behind what may be", "xdp", {0}, "writes r10",
     "ldxw r2, [r1+16]\nand r2, 15\njlt r2, 8, o\nmov r10, 0\no: mov r0, 0\nexit"},
    {"dead code: divides by 0, shifts by too much", "xdp", {0}, NULL,
     "mov r0, 5\njeq r0, 5, o\ndiv r0, 0\nlsh r0, 64\no: exit"},
    {"dead code: divides by 0 where a path leads", "xdp", {0}, "by the constant 0",
     "ldxw r0, [r1+16]\njeq r0, 5, o\ndiv r0, 0\no: exit"},
    {"dead code: shifts by too much where a path leads", "xdp", {0}, "lsh64 by 64",
     "ldxw r0, [r1+16]\njeq r0, 5, o\nlsh r0, 64\no: exit"},
    {"dead code: r10 is written, then used", "xdp", {0}, "writes r10",
     "mov r0, 0\nmov r10, r1\nstxdw [r10-8], r0\nexit"},
    {"dead code: in a function that is called where it is not", "xdp", {0}, "writes r10",
     "mov r0, 1\njeq r0, 1, c\ncall f\nc: call f\nmov r0, 0\nexit\n"
     "f: add r10, 8\nmov r0, 0\nexit"},

    /* A tail call in a function: the other program takes its place. */
    {"tail call in a function: the packet", "xdp", TABLE, "is no address of memory",
     "mov r6, r1\nldxw r7, [r1]\nldxw r3, [r1+4]\nmov r4, r7\nadd r4, 8\njgt r4, r3, o\n"
     "call f\nldxb r0, [r7]\no: mov r0, 0\nexit\n" TAIL},
    {"tail call in a function: what it returns", "xdp", TABLE, "not bounded",
     "call f\nmov r2, r10\nadd r2, -8\nadd r2, r0\nstb [r2], 0\nmov r0, 0\nexit\n" TAIL},
    {"tail call in a function: the number of a verdict", "cgroup_skb", TABLE, "return 0 to 1",
     "call f\nexit\n" TAIL},
    {"tail call in a function of a function", "cgroup_skb", TABLE, "return 0 to 1",
     "call g\nexit\ng: call f\nexit\n" TAIL},
    {"tail call in a function: all of that looked at again", "xdp", TABLE, NULL,
     "mov r6, r1\ncall f\nmov r2, r10\nadd r2, -8\nand r0, 7\nadd r2, r0\nstb [r2], 0\n"
     "ldxw r7, [r6]\nldxw r3, [r6+4]\nmov r4, r7\nadd r4, 8\njgt r4, r3, o\nldxb r0, [r7]\n"
     "o: mov r0, 0\nexit\n" TAIL},
    {"tail call in the program itself, which goes on if that fails", "xdp", TABLE, NULL,
     "ldxw r7, [r1]\nldxw r3, [r1+4]\nmov r4, r7\nadd r4, 8\njgt r4, r3, o\n"
     "lddw r2, map_by_fd(1)\nmov r3, 0\ncall 12\nldxb r0, [r7]\no: mov r0, 0\nexit"},
    {"tail call in a function, which goes on if that fails", "xdp", TABLE, NULL,
     "call g\nmov r0, 0\nexit\ng: ldxw r7, [r1]\nldxw r3, [r1+4]\nmov r4, r7\nadd r4, 8\n"
     "jgt r4, r3, o\nlddw r2, map_by_fd(1)\nmov r3, 0\ncall 12\nldxb r0, [r7]\n"
     "o: mov r0, 0\nexit"},

    /* Signed ranges with numbers of both signs, of which the unsigned range has those of one. */
    {"both signs: only those that are not negative", "xdp", {0}, NULL,
     "ldxw r0, [r1+16]\nmovsx864 r0, r0\nmov r3, -256\njgt r0, r3, o\njlt r0, 128, o\n"
     "ldxdw r2, [r10+8]\no: mov r0, 0\nexit"},
    {"both signs: only those that are negative", "xdp", {0}, NULL,
     "ldxw r0, [r1+16]\nmovsx864 r0, r0\njlt r0, 256, o\njsge r0, -128, n\n"
     "ldxdw r2, [r10+8]\nn: jslt r0, 0, o\nldxdw r2, [r10+8]\no: mov r0, 0\nexit"},
    {"both signs: those that are not negative, of 32 bits", "xdp", {0}, NULL,
     "ldxw r0, [r1+16]\njgt32 r0, 0x80000003, o\njslt32 r0, -3, o\njsgt32 r0, 5, o\n"
     "jle32 r0, 5, o\nldxdw r2, [r10+8]\no: mov r0, 0\nexit"},
    {"both signs: the unsigned range meets both parts", "xdp", {0}, "not within the stack",
     "ldxw r0, [r1+16]\nmovsx864 r0, r0\nmov r3, -128\njgt r0, r3, o\njlt r0, 128, o\n"
     "ldxdw r2, [r10+8]\no: mov r0, 0\nexit"},
    {"both signs: the unsigned range meets both parts, of 32 bits", "xdp", {0},
     "not within the stack",
     "ldxw r0, [r1+16]\njgt32 r0, 0xfffffffd, o\njslt32 r0, -3, o\njsgt32 r0, 5, o\n"
     "jle32 r0, 5, o\nldxdw r2, [r10+8]\no: mov r0, 0\nexit"},

    /* States that meet: what a byte says of itself is nothing of the bytes behind it. */
#define HALF_OF_A_WORD "ldxw r6, [r1+16]\nmov r7, r6\nand r7, 255\nmov r8, r6\nand r8, 256\n"
#define READ_AT_WORD "j: ldxw r1, [r10-8]\nmov r2, r10\nadd r2, -264\nadd r2, r1\n" \
                     "ldxb r0, [r2]\nmov r0, 0\nexit"
    {"a word on the stack, and a byte of the same range in front of more", "xdp", {0},
     "not bounded",
     HALF_OF_A_WORD "jeq r8, 0, b\nstxw [r10-8], r7\nja j\n"
                    "b: stxw [r10-8], r6\nstxb [r10-8], r7\n" READ_AT_WORD},
    {"the same, the other way first", "xdp", {0}, "not bounded",
     HALF_OF_A_WORD "jne r8, 0, b\nstxw [r10-8], r6\nstxb [r10-8], r7\nja j\n"
                    "b: stxw [r10-8], r7\n" READ_AT_WORD},
    {"words of the same range on both ways", "xdp", {0}, NULL,
     HALF_OF_A_WORD "jeq r8, 0, b\nstxw [r10-8], r7\nja j\nb: stxw [r10-8], r7\n"
     READ_AT_WORD},
    {"what is behind an address before the packet, where lengths that are known meet", "xdp", {0},
     "of the packet",
     PACKET "mov r4, r3\nsub r4, r2\njeq r4, 14, l\njeq r4, 20, l\njeq r4, 24, l\n"
     "jeq r4, 28, l\njeq r4, 32, l\njeq r4, 36, l\nmov r0, 0\nexit\n"
     "l: mov r5, r2\nadd r5, -4\nmov r6, r3\nsub r6, r5\nsub r6, 4\nadd r2, r6\n"
     "ldxw r0, [r2]\nmov r0, 0\nexit"},
#define EACH_KEY "stdw [r10-8], 0\nlddw r1, map_by_fd(1)\nlddw r2, code_addr(f)\nmov r3, r10\n" \
                 "add r3, -8\nmov r4, 0\ncall 164\n"
    {"a key that was lent to a callback, kept on the stack", "xdp", HASH, "is no address of memory",
     EACH_KEY "ldxdw r6, [r10-8]\njeq r6, 0, o\nldxw r0, [r6]\no: mov r0, 0\nexit\n"
              "f: stxdw [r4+0], r2\nmov r0, 0\nexit"},
    {"a key that was lent to a callback, on the stack of that", "xdp", HASH, NULL,
     EACH_KEY "mov r0, 0\nexit\n"
              "f: stxdw [r10-8], r2\nldxdw r6, [r10-8]\nldxw r0, [r6]\nmov r0, 0\nexit"},
#undef EACH_KEY
#undef HALF_OF_A_WORD
#undef READ_AT_WORD
#undef KEY
#undef LOOKUP
#undef TWO
#undef HASH
#undef WIDE
#undef RING
#undef RESERVE
#undef GIVE_BACK
#undef PACKET
#undef TABLE
#undef TAIL
#undef STORAGE
#undef WRITTEN
#undef SOCKETS
#undef LOOKUP_SOCKET
#undef SK
#undef SK_END
