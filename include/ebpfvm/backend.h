/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * The interface of execution engines, for those who write one: a vtable, what a program is
 * compiled from, and the state of a run. */
#ifndef EBPFVM_BACKEND_H
#define EBPFVM_BACKEND_H

#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/api.h>
#include <ebpfvm/facts.h>
#include <ebpfvm/helper.h>
#include <ebpfvm/mem.h>
#include <ebpfvm/program.h>
#include <ebpfvm/status.h>

EBPF_BEGIN_DECLS

/** What happens to an access or loop that is not proven safe. */
enum ebpf_policy {
    /** It is checked at run time; the default.  What is proven safe is not. */
    EBPF_POLICY_CHECKED = 0,
    /** There is none: a program of which anything is not proven is refused, with the reasons.
     *  Nothing is checked at run time but the budget, and interrupts. */
    EBPF_POLICY_VERIFIED = 1,
    /** Nothing is checked: only for the embedder's own programs.  The value is one that neither
     *  zeroed nor stray memory has. */
    EBPF_POLICY_TRUSTED = 0x54527354
};

/** The version of this interface; a table compiled against another one is refused. */
#define EBPF_BACKEND_ABI 5u

/** Kinds of memory that a run can reach. */
enum ebpf_region_kind {
    EBPF_REGION_STACK,   /**< the frames of the functions called so far */
    EBPF_REGION_CONTEXT, /**< the metadata buffer */
    EBPF_REGION_PACKET,  /**< packet data */
    EBPF_REGION_USER,    /**< allowed by the embedder for all runs of a VM */
    EBPF_REGION_LENT,    /**< lent by a helper until the run ends */
    EBPF_REGION_MAP,     /**< values of a map */
    EBPF_REGION_RECORD   /**< a record that the run is writing into a ring buffer */
};

/** The name of a kind of memory, such as "stack".  Static. */
EBPF_API const char *ebpf_region_name(enum ebpf_region_kind kind);

/** A piece of memory that a run can reach. base + size does not wrap. */
struct ebpf_region {
    uint64_t base;              /**< address, the host's */
    uint64_t size;              /**< in bytes; may be 0 */
    enum ebpf_region_kind kind; /**< what it is */
    uint32_t writable;          /**< whether stores are allowed; loads always are */
};

/** How long a fault's message may be, with its NUL. */
#define EBPF_FAULT_MESSAGE 80

struct ebpf_vm;

/** Why a run ended early.  If it did not, `status` is EBPF_OK and nothing else is set. */
struct ebpf_fault {
    ebpf_status status;  /**< kind of fault: an EBPF_ERR_ code of the 600s */
    uint32_t insn;       /**< index of the instruction */
    uint32_t pc;         /**< the same as a slot, as ebpf_program_pc() counts */
    uint32_t size;       /**< of the access, in bytes; 0 if it was none */
    uint64_t address;    /**< of the access; the id for an unknown helper */
    int has_nearest;     /**< whether `nearest` is set */
    struct ebpf_region nearest;        /**< for accesses: the region nearest to the address */
    char message[EBPF_FAULT_MESSAGE];  /**< from a helper; empty otherwise */
    /** After a tail call: whose program it was, as long as arrays keep it.  Else NULL. */
    const struct ebpf_vm *vm;
};

/** A switch that ends runs from outside.  Start with all zero. */
struct ebpf_interrupt {
    uint32_t raised; /**< private */
};

/** For engines: whether a run is to end with EBPF_ERR_INTERRUPTED.  To be asked so often that no
 *  run goes on for more than a millisecond: at loops and local calls, say. */
static inline int ebpf_interrupt_raised(const struct ebpf_interrupt *interrupt)
{
    return __atomic_load_n(&interrupt->raised, __ATOMIC_RELAXED) != 0;
}

/** Ends every run that was given `interrupt`, within milliseconds, and all that start before it is
 *  cleared, at once.  A run that has no loop or local call left may come to its end instead.
 *  May be called from any thread and from signal handlers. */
EBPF_API void ebpf_interrupt_raise(struct ebpf_interrupt *interrupt);

/** Lets runs go on again.  Thread-safe. */
EBPF_API void ebpf_interrupt_clear(struct ebpf_interrupt *interrupt);

/** How often a run may pass a `may_goto` before every one of them jumps, as in the kernel. */
#define EBPF_MAY_GOTO_MAX (8u * 1024 * 1024)

/** How often the helper `loop` calls its function at most, as in the kernel. */
#define EBPF_LOOP_MAX (8u * 1024 * 1024)

/** How many maps one run may look values up in, those that are arrays of its VM not counted. */
#define EBPF_RUN_MAPS 16

/** A map whose values a run may have: they stay where they are until it ends. */
struct ebpf_held {
    struct ebpf_map *map; /**< the map */
    uint32_t *reader;     /**< private to the map, or NULL */
    uint32_t cpu;         /**< per-CPU kinds: the copy that the run has */
    uint32_t owns_cpu;    /**< whether no other run has it */
};

/** How many regions helpers may lend to one run, beside stack, context and packet. */
#define EBPF_RUN_REGIONS 16

/** What a helper has done to the run that called it, in ebpf_run.ended. */
enum ebpf_run_end {
    EBPF_RUN_GOES_ON = 0, /**< nothing */
    EBPF_RUN_ENDED = 1,   /**< it ended the run; `result` stands */
    EBPF_RUN_FAULTED = 2, /**< it ended the run; `fault` stands */
    /** It took memory away, or moved the packet.  The engine forgets what it knows of regions,
     *  sets `ended` back to 0, and goes on. */
    EBPF_RUN_MOVED = 3,
    /** A tail call: another program takes the place of the function.  In the first function of a
     *  run the engine returns, as for ENDED, and the VM goes on; in any other one it calls
     *  ebpf_run_tail(), then the function returns. */
    EBPF_RUN_TAIL = 4
};

/** How many tail calls a run may make, as in the kernel. */
#define EBPF_TAIL_CALLS_MAX 33u

/** Where a packet is to go, after a helper such as redirect. */
struct ebpf_redirect {
    uint32_t is_set;      /**< whether anything of this is meant */
    struct ebpf_map *map; /**< the map of devices, processors or sockets; NULL for an interface */
    uint64_t to;          /**< the key in that map, or the number of the interface */
};

/** How many bytes the kernel's struct bpf_tunnel_key has. */
#define EBPF_TUNNEL_KEY_SIZE 44u
/** The most options of a tunnel, in bytes; then -ENOMEM. */
#define EBPF_TUNNEL_OPTIONS_MAX 255u
/** How long a run waits for a spin lock, in nanoseconds; then EBPF_ERR_HELPER_FAULT. */
#define EBPF_LOCK_WAIT_MAX 1000000000u

/** The tunnel that a packet came through, or is to go through. */
struct ebpf_tunnel {
    uint32_t is_set; /**< whether there is one */
    uint32_t flags;  /**< those of skb_set_tunnel_key; bit 0: its addresses are of IPv6 */
    uint8_t key[EBPF_TUNNEL_KEY_SIZE]; /**< a struct bpf_tunnel_key, as programs see it */
    uint32_t options_size;             /**< bytes of `options`; 0 for none */
    uint8_t options[EBPF_TUNNEL_OPTIONS_MAX + 1]; /**< of the tunnel's protocol */
};

/** A copy of a packet that a program sends, by clone_redirect. */
struct ebpf_clone {
    const void *packet; /**< as it is now; to be copied */
    uint64_t size;      /**< in bytes */
    uint32_t to;        /**< the number of the interface */
    uint32_t ingress;   /**< whether it is to arrive there rather than to leave */
};

/** Told of a copy, on the thread of the run. @param user ebpf_input.user */
typedef void ebpf_clone_fn(void *user, const struct ebpf_clone *clone);

/**
 * The state of one run.  The VM fills it in, an engine runs on it, helpers see it.  It lives for
 * one run only and belongs to one thread.  What a run starts with stands together, since filling it
 * in is most of what a short run costs.
 */
struct ebpf_run {
    uint64_t args[5]; /**< r1 to r5 at the start */
    uint64_t context;      /**< address of the metadata buffer; 0 if there is none */
    uint64_t context_size; /**< in bytes */
    uint64_t context_fixed; /**< how many bytes there are behind those, to be read only */
    uint64_t meta_size; /**< how many bytes before the packet are metadata that the program may read
                             and write; kernel program types only */
    uint8_t *packet;       /**< the packet, which LD_ABS and LD_IND read, too; NULL if none */
    uint64_t packet_size;  /**< in bytes */
    uint64_t result; /**< out: r0 at the exit of the program */
    /** In: how many instructions may be executed; UINT64_MAX for no limit.  Out: how many of them
     *  are left.  An instruction that faults counts, one that the budget stops does not. */
    uint64_t budget;
    /** The stack: frames are taken from its end downwards, each of the size of its function.  Not
     *  initialised: the engine must hand out frames that are zero. */
    uint8_t *stack;
    uint64_t stack_end;    /**< address of its end, a multiple of 16 */
    /** Where the live part of the stack starts, which reaches to its end: at first there.  The
     *  engine moves it down for each frame that it makes, and back at the return. */
    uint64_t stack_low;

    uint32_t may_goto;     /**< how many times `may_goto` still falls through */
    /** Set by helpers, one of enum ebpf_run_end: the engine must look at it after every call of a
     *  run_fn. */
    uint32_t ended;
    uint32_t lent_count;   /**< how many of `lent` are in use */
    uint32_t held_count;   /**< how many `held` are in use */
    /** How many frames are live: 0 when a run starts, more when ebpf_backend.call() does.  The
     *  engine brings it up to date before helpers with EBPF_HELPER_CALLS_BACK, and for
     *  ebpf_run_tail(). */
    uint32_t depth;
    uint32_t tail_calls;        /**< how many there were */
    const struct ebpf_env *env;             /**< what the program was compiled against */
    const struct ebpf_interrupt *interrupt; /**< never NULL; not raised at the start */
    void *user;            /**< the embedder's, for helpers */
    uint64_t lock;         /**< address of the spin lock that the run has; 0 if it has none */
    const struct ebpf_vm *next; /**< EBPF_RUN_TAIL: whose program goes on */

    /** How many bytes there are before the packet that helpers may make part of it, metadata
     *  included; kernel program types only. */
    uint64_t head_room;
    uint64_t tail_room; /**< the same behind it */
    struct ebpf_redirect redirect; /**< kernel program types: set by helpers */
    ebpf_clone_fn *clone; /**< kernel program types: told of copies; may be NULL */
    uint64_t clones;      /**< kernel program types: how many copies there were */
    const struct ebpf_tunnel *tunnel_given; /**< kernel program types: of the input */
    struct ebpf_tunnel tunnel; /**< kernel program types: set by helpers */

    struct ebpf_region lent[EBPF_RUN_REGIONS]; /**< what helpers lent */
    struct ebpf_held held[EBPF_RUN_MAPS];      /**< private to the helpers of maps */
    struct ebpf_fault fault; /**< out: what went wrong */
};

/** A map that programs may refer to. */
struct ebpf_env_map {
    uint32_t id;          /**< by which `lddw` refers to it */
    struct ebpf_map *map; /**< the map */
    uint64_t values;      /**< arrays: address of the first element; else 0 */
    uint64_t values_size; /**< arrays: bytes of all elements; else 0 */
};

/** What the host offers to programs: helpers, memory and maps. */
struct ebpf_env {
    const struct ebpf_helper *helpers; /**< sorted by id */
    uint32_t helper_count; /**< how many `helpers` has */
    uint32_t region_count;             /**< how many `regions` has */
    const struct ebpf_region *regions; /**< memory for all runs, by address, not overlapping */
    const struct ebpf_stream *trace; /**< where helpers write text; NULL if nowhere */
    struct ebpf_host *host;          /**< private to the built-in helpers */
    const struct ebpf_env_map *maps;      /**< sorted by id */
    struct ebpf_map *const *map_pointers; /**< the same maps, sorted by address */
    uint32_t map_count;                   /**< how many there are */
    /** The memory of maps that a run holds, by address; NULL if there are no maps. */
    const struct ebpf_region *(*find_held)(const struct ebpf_run *run, uint64_t address);
    /** The value of a key in a map that programs may read: an address, or 0.  The key is not
     *  checked.  NULL without maps. */
    uint64_t (*lookup)(struct ebpf_run *run, struct ebpf_map *map, const void *key);
    ebpf_status (*tail)(struct ebpf_run *run); /**< see ebpf_run_tail(); NULL without maps */
};

/** What `lddw` of a function loads: no address of anything, but helpers know it again. */
#define EBPF_FUNCTION_TAG (UINT64_C(0xebf0) << 48)

/** The helper with an id. @return NULL if there is none. */
EBPF_API const struct ebpf_helper *ebpf_env_helper(const struct ebpf_env *env, uint32_t id);

/** For engines: the constant that an instruction of two slots loads, be it the address of a map or
 *  of an array's values, or EBPF_FUNCTION_TAG with the first instruction of a function.
 *  @return EBPF_OK, or EBPF_ERR_REFERENCE if it refers to nothing known. */
EBPF_API ebpf_status ebpf_env_constant(const struct ebpf_env *env, const struct ebpf_insn *insn,
                                       uint64_t *value);

/**
 * For engines: may the run touch `size` bytes at `address`?  Exact, and as fast as a search over
 * all regions can be; engines keep the last answer for speed.
 * @param found  gets the region that holds all of them and allows the access; may be NULL
 * @return whether there is one
 */
EBPF_API int ebpf_run_find(const struct ebpf_run *run, uint64_t address, uint64_t size, int store,
                           struct ebpf_region *found);

/** For engines: memory number `index` of a run, from 0 on: the live part of its stack, context and
 *  packet where there are any, what helpers lent. @return whether there are so many */
EBPF_API int ebpf_run_region(const struct ebpf_run *run, uint32_t index,
                             struct ebpf_region *region);

/** For engines: fills in run->fault for a failed access, with the nearest region.  For a store,
 *  tells READ_ONLY from STORE.  @return the status. */
EBPF_API ebpf_status ebpf_run_fault_access(struct ebpf_run *run, uint32_t insn, uint64_t address,
                                           uint32_t size, int store);

/** For engines: fills in run->fault for an atomic access that is allowed, but not aligned.
 *  @return EBPF_ERR_ALIGNMENT */
EBPF_API ebpf_status ebpf_run_fault_alignment(struct ebpf_run *run, uint32_t insn,
                                              uint64_t address, uint32_t size);

/** For engines: fills in run->fault for a fault that is no access. @return status. */
EBPF_API ebpf_status ebpf_run_fault(struct ebpf_run *run, ebpf_status status, uint32_t insn,
                                    uint64_t address);

/** How machine code is made, as bits. */
enum ebpf_code_flags {
    /** It gets pages of its own, which are written, then made executable and read-only for good;
     *  that takes several system calls and a page at least.  Without: small programs of all VMs of
     *  the process share pages, which are writable at one address, while they are being filled, and
     *  executable at another. */
    EBPF_CODE_SEALED = 1 << 0,
    /** Constants of the program do not stand in it as they are. */
    EBPF_CODE_BLINDED = 1 << 1,
    /** It starts at a random place, and has no-operations at random places. */
    EBPF_CODE_SHUFFLED = 1 << 2,
    /** Accesses are not executed speculatively out of bounds (Spectre v1), so all are checked. */
    EBPF_CODE_MASKED = 1 << 3,
    /** perf can name it: a line in /tmp/perf-PID.map. */
    EBPF_CODE_PERF_MAP = 1 << 4,
    /** perf can annotate it: a record in /tmp/jit-PID.dump, for `perf inject --jit`. */
    EBPF_CODE_JITDUMP = 1 << 5,
    /** gdb can name it and unwind through it, and so can backtrace() of the C library. */
    EBPF_CODE_GDB = 1 << 6
};
/** All bits of enum ebpf_code_flags. */
#define EBPF_CODE_ALL 0x7fu

/** How machine code is made.  All zero is the default; engines that make none leave it alone. */
struct ebpf_code_options {
    /** Optional instructions of the CPU that it may use, such as "bmi2,movbe", or "none"; NULL for
     *  all that the host has.  What the host lacks is not used in any case.  Must outlive
     *  compiling. */
    const char *cpu;
    uint32_t flags; /**< bits of enum ebpf_code_flags */
};

/** For engines: a helper that ended the run by a fault does not know where it was called.  One that
 *  called a function of the program leaves the place of the fault in there. @return the status */
static inline ebpf_status ebpf_run_fault_in_helper(struct ebpf_run *run, uint32_t insn)
{
    if (run->fault.insn == EBPF_TARGET_NONE)
        run->fault.insn = insn;
    return run->fault.status;
}

/** For engines: a tail call (EBPF_RUN_TAIL) in a function that was called.  The frame is given up:
 *  run->stack_low is where the caller's frame starts, run->depth is how many frames are below it,
 *  run->budget is what is left.
 *  @return EBPF_OK: the function returns to its caller, with run->result in r0, unless run->ended
 *          says otherwise.  Else the status of run->fault. */
EBPF_API ebpf_status ebpf_run_tail(struct ebpf_run *run);

/** What a program is compiled from. */
struct ebpf_compile {
    size_t size;                         /**< sizeof(struct ebpf_compile) of the caller */
    const struct ebpf_program *program;  /**< well-formed: the structure pass accepted it */
    const struct ebpf_env *env;          /**< outlives the code */
    enum ebpf_policy policy;             /**< what to check */
    /** Of each function, in bytes, multiples of 8.  The first one fits into any run's stack; a
     *  local call whose frame does not fit any more faults with EBPF_ERR_CALL_DEPTH. */
    const uint32_t *frame_sizes;
    uint32_t max_depth;                  /**< how many frames may be live, 1 or more; or the same */
    uint64_t stack_size;                 /**< bytes of stack that every run has */
    void *exec_memory;   /**< the embedder's memory for machine code, writable; NULL if none */
    size_t exec_size;    /**< its size in bytes; too little of it is EBPF_ERR_LIMIT */
    const struct ebpf_mem *mem;          /**< allocator, or NULL; outlives the code */
    /** Whether the code is to be called through ebpf_backend.entry only: it has no run, so nothing
     *  is counted, checked or interrupted.  The VM asks for it only under EBPF_POLICY_TRUSTED, for
     *  programs that call nothing but plain functions, that do not recurse, and whose frames take
     *  no more than `stack_size` bytes.  Asked of EBPF_BACKEND_NATIVE engines with an entry. */
    uint32_t as_function;
    /** The same over many packets: ebpf_entry.burst.  The VM asks for it, under any policy, only if
     *  ebpf_backend.entry told `call` or `count` of code made from the same.  An engine that makes
     *  none of this program returns EBPF_ERR_UNSUPPORTED, and reports nothing. */
    uint32_t as_burst;
    uint32_t packet_least; /**< as_burst: how many bytes packets have, or the loop ends */
    struct ebpf_code_options code; /**< how machine code is made */
    uint64_t seed;                 /**< of what is random in that */
    /** Whether LD_ABS and LD_IND do what the kernel does: they load in the order of the network,
     *  and where there is no packet they are an exit with r0 = 0.  Else they load in the order of
     *  the host, and fault.  See ebpf_packet_offset(). */
    uint32_t kernel_packet;
    /** What is proven of each instruction of the program, so that it needs no check; NULL if
     *  nothing is.  An engine that takes no notice is slower, and no less safe.  The facts hold
     *  only if all other checks are made.  They are gone after compiling. */
    const struct ebpf_fact *facts;
};

/** For engines: whether an instruction was proven to need no check. */
static inline int ebpf_compile_is_proven(const struct ebpf_compile *in, uint32_t insn)
{
    return in->facts && ebpf_fact_is_proven(&in->facts[insn]);
}

/** For engines: where LD_ABS and LD_IND of the kernel read, given the sum of their operands: a
 *  number of 32 bits, which below 0 counts from the network header (SKF_NET_OFF, -0x100000) or from
 *  the start (SKF_LL_OFF, -0x200000). @return the offset; one that no packet has for others */
static inline uint64_t ebpf_packet_offset(uint64_t sum)
{
    const int64_t net = -0x100000, start = -0x200000, header = 14;
    int64_t offset = (int32_t)sum;
    if (offset >= 0)
        return (uint64_t)offset;
    if (offset >= net)
        return offset - net < -net - 0x1000 ? (uint64_t)(offset - net + header) : UINT64_MAX;
    return offset >= start ? (uint64_t)(offset - start) : UINT64_MAX;
}

/** Compiled code: each engine has its own. It does not change, so threads may share it. */
struct ebpf_code;

/** What code that counts comes to. */
struct ebpf_counted {
    uint64_t r0;   /**< the result */
    uint64_t left; /**< of the budget, in instructions */
};

struct ebpf_start;
struct ebpf_burst_packet;

/** What a VM does for code that it has started without a run. */
struct ebpf_start_ops {
    /** Makes a run, for code that cannot do without any more: sets all that a run has at its start,
     *  but for the budget and the stack, which are the engine's. */
    void (*make_run)(const struct ebpf_start *start, struct ebpf_run *run);
    /** Reports that the run ended with run->fault, whose status is `status`. */
    void (*report)(const struct ebpf_start *start, ebpf_status status, struct ebpf_run *run);
};

/** Less than a run: see ebpf_entry.start. */
struct ebpf_start {
    uint64_t r1; /**< at the start; r3 to r5 are 0 */
    uint64_t r2; /**< the same */
    uint64_t budget; /**< as in struct ebpf_run */
    uint64_t result; /**< out: r0 at the exit */
    const struct ebpf_interrupt *interrupt; /**< NULL if there is none; not raised at the start */
    const struct ebpf_start_ops *ops;       /**< what the VM does */
};

/** Code that can be started without a struct ebpf_run. */
struct ebpf_entry {
    /** The code, if every call executes the same number of instructions; or else NULL. Returns
     *  r0. */
    uint64_t (*call)(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5);
    /** Instructions that a call executes, at most in the case of `count`: what the budget must be.
     *  0 if compiled `as_function`. */
    uint64_t executed;
    /** The code, if how many instructions a call executes depends on what it finds; or else
     *  NULL. */
    struct ebpf_counted (*count)(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5,
                                 uint64_t budget);
    /** Runs code that never ends otherwise than by its exit, if it cannot be called by itself and
     *  is neither `call` nor `count`; or else NULL.  r3 to r5 are 0, and of a budget of UINT64_MAX
     *  it returns what is left. */
    struct ebpf_counted (*compute)(const struct ebpf_code *code, uint64_t r1, uint64_t r2);
    /** Runs code that needs a run only where something unusual happens, if it is none of those
     *  above; or else NULL.  The budget is `executed` at least.  If a run had to be made and
     *  ended with a fault, that was reported. @return EBPF_OK, or the status of the fault */
    ebpf_status (*start)(const struct ebpf_code *code, struct ebpf_start *start);
    /** Code that was made `as_burst`, all other members are NULL then; or else NULL.  Runs the
     *  program over packets, r1 = `mem` and r2 = `mem_size`, and stores what came of each, as
     *  long as there are any, the interrupt is not raised, and each is `packet_least` bytes long
     *  and does not wrap around.  There is one packet at least. @return the first one that was not
     *  run */
    struct ebpf_burst_packet *(*burst)(struct ebpf_burst_packet *packets,
                                       const struct ebpf_burst_packet *end,
                                       const struct ebpf_interrupt *interrupt);
};

/** What an engine can do, as bits of ebpf_backend.caps. */
enum ebpf_backend_caps {
    EBPF_BACKEND_NATIVE = 1 << 0 /**< it makes machine code */
};

/**
 * An engine: one const table, no member NULL but those that say so.  All its functions are
 * thread-safe, but for destroy() against run() of the same code.
 *
 * Engines of your own are given to VMs in ebpf_vm_options.backends; docs/howto/add-a-backend.md
 * walks through one.  `name` and `abi` stay where they are in all versions of the interface.
 */
struct ebpf_backend {
    const char *name;    /**< by which it is chosen */
    const char *summary; /**< a line for people */
    uint32_t abi;        /**< EBPF_BACKEND_ABI */
    uint32_t caps;       /**< bits of enum ebpf_backend_caps */
    /** Bits of enum ebpf_group: what it accepts.  Programs with other instructions are refused
     *  before they come to it. */
    uint32_t groups;
    /** Can this host run it? @return EBPF_OK, or EBPF_ERR_UNSUPPORTED. */
    ebpf_status (*probe)(void);
    /** Makes code of a program.  Resolves helpers: an unknown one is EBPF_ERR_HELPER. */
    ebpf_status (*compile)(const struct ebpf_compile *in, struct ebpf_diag *diag,
                           struct ebpf_code **out);
    /** Runs code. @return EBPF_OK with run->result, or the status of run->fault. */
    ebpf_status (*run)(const struct ebpf_code *code, struct ebpf_run *run);
    /**
     * Runs one function of code on a run that is under way: for helpers that call back, and tail
     * calls in functions.  r1 to r5 are run->args, all other registers 0; its frame lies below
     * run->stack_low, which is as it was at a return, and run->depth frames are live.
     * @return as run(); if there is no room for the frame, EBPF_ERR_CALL_DEPTH with
     *         run->fault.insn = EBPF_TARGET_NONE
     */
    ebpf_status (*call)(const struct ebpf_code *code, struct ebpf_run *run, uint32_t function);
    /** Writes what the code looks like, for people. */
    ebpf_status (*dump)(const struct ebpf_code *code, const struct ebpf_stream *out);
    /** Frees code.  NULL is allowed. */
    void (*destroy)(struct ebpf_code *code);
    /** How many bytes of machine code there are.  NULL for an engine that makes none. */
    size_t (*code_size)(const struct ebpf_code *code);
    /** Tells how code is started without a run, if it can be: if it calls nothing that sees a run,
     *  and does not need one to find out whether an access is allowed.  Then `call`, `count` or
     *  `start` is not NULL; the engine sets all of the struct.  NULL if the engine never has such
     *  code. */
    void (*entry)(const struct ebpf_code *code, struct ebpf_entry *entry);
};

/** A built-in engine by name; NULL asks for the best one that can run here.
 *  @return NULL if there is none. */
EBPF_API const struct ebpf_backend *ebpf_backend_find(const char *name);

/** Built-in engine `index`, best first. @return NULL after the last one. */
EBPF_API const struct ebpf_backend *ebpf_backend_at(size_t index);

EBPF_END_DECLS

#endif
