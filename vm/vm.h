/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The inside of a virtual machine.  A run only reads it, but for what ebpf_host says. */
#ifndef VM_VM_H
#define VM_VM_H

#include <stdatomic.h>
#include <stdbool.h>

#include <ebpfvm/vm.h>

#include "base/vec.h"
#include "ir/context.h"

/* What a register holds when a program starts. */
enum vm_value { VALUE_ZERO, VALUE_PACKET, VALUE_PACKET_SIZE, VALUE_CONTEXT };

/* Where the metadata buffer comes from. */
enum vm_context { CONTEXT_NONE, CONTEXT_GIVEN, CONTEXT_MADE, CONTEXT_TYPED };

/* A run of a VM, with a valid `in`. */
typedef ebpf_status vm_run_fn(const struct ebpf_vm *vm, const struct ebpf_input *in,
                              struct ebpf_result *out);

/* A row of kinds.def. */
struct vm_kind {
    const char *name;
    uint8_t r1, r2;  /* enum vm_value */
    uint8_t packet;  /* whether runs take packet data */
    uint8_t context; /* enum vm_context */
    vm_run_fn *run;  /* with stack and buffer on the host's stack */
    vm_run_fn *call; /* by ebpf_vm.entry, without either */
    /* The same by its members, where that is most of all there is to do. */
    vm_run_fn *quick_call, *quick_count, *quick_compute;
    vm_run_fn *start; /* by its form for code that may come to need them */
};

/* By enum ebpf_vm_kind. */
extern const struct vm_kind ebpf_vm_kinds[];
extern const size_t ebpf_vm_kind_count;

/* What the built-in helpers share between the runs of a VM. */
struct ebpf_host {
    _Atomic uint64_t random; /* state of the generator */
    _Atomic uint64_t first;  /* when bpf_time_getns was first called; 0 if never */
};

/* Starts the generator; a seed of 0 takes a random one. */
void ebpf_host_init(struct ebpf_host *host, uint64_t seed);

/* What is proven of a program. */
struct vm_proof {
    struct ebpf_fact *facts; /* of each instruction; NULL if there are none */
    uint32_t packet_least;   /* they hold for packets of so many bytes */
};

struct ebpf_vm {
    /* What every run reads.  `code` and `entry` are what ebpf_vm_compile() makes. */
    vm_run_fn *start;       /* what ebpf_vm_run() does */
    struct ebpf_code *code; /* NULL if it has to be compiled */
    uint64_t stack_size;
    struct ebpf_entry entry;
    struct ebpf_entry burst; /* of `burst_code` */
    struct vm_proof proof; /* of `program` */

    struct ebpf_vm_options options; /* checked, with the defaults filled in */
    struct ebpf_mem mem;
    const struct vm_kind *kind;
    const struct ebpf_backend *backend;
    struct ebpf_program *program;
    struct ebpf_vec passes;  /* const struct ebpf_pass *, the last one NULL */
    struct ebpf_vec helpers; /* struct ebpf_helper as registered, sorted by id */
    struct ebpf_vec maps;    /* struct ebpf_env_map, sorted by id; each has a reference */
    struct ebpf_vec map_pointers; /* struct ebpf_map *, sorted by address */
    struct ebpf_map_table *declared; /* whose maps were made, or NULL */
    struct ebpf_vec made;    /* uint32_t: the ids of those maps */
    struct ebpf_ctx type;    /* TYPED: of its programs, and their context */
    struct ebpf_vec own;     /* struct ebpf_ctx_field: of a context of the embedder's */
    struct ebpf_ctx_host ctx;
    struct ebpf_vec regions; /* struct ebpf_region by address, neither overlapping nor empty */
    struct ebpf_host host;
    uint32_t refs;   /* 1 for who made it, until ebpf_vm_free(), and those of program arrays */

    /* The rest of what ebpf_vm_compile() makes. */
    bool proof_stale;          /* it has to be looked for anew */
    /* For packets that are shorter than the proof takes for granted; NULL if there are none. */
    const struct ebpf_backend *short_backend;
    struct ebpf_code *short_code;
    struct ebpf_code *burst_code; /* a loop over packets; NULL if there is none */
    struct ebpf_program *lowered; /* what the engine has seen in place of `program`, or NULL */
    struct ebpf_helper *table; /* the helpers as engines see them */
    size_t table_count;
    uint32_t *frame_sizes;
    uint32_t frame_count;
    struct ebpf_env env;
    size_t mbuff_size;  /* of the metadata buffer that a run makes; 0 if none */
    size_t memory_size; /* what a run needs in all, see ebpf_vm_choose_start() */
    struct ebpf_code *function; /* what ebpf_vm_function() makes */
    struct ebpf_env function_env;
};

/* Whether a buffer of the caller is one: NULL has no bytes, and none wraps around.  Both in one
 * comparison: the byte before NULL is the last of all, and the first to wrap around. */
static inline bool vm_buffer_valid(const void *base, uint64_t size)
{
    uintptr_t before = (uintptr_t)base - 1;
    return before + size >= before;
}

/* Whether a program finds its packet and the length of that in r1 and r2. */
static inline bool ebpf_vm_takes_packet(const struct ebpf_vm *vm)
{
    return vm->kind->r1 == VALUE_PACKET && vm->kind->r2 == VALUE_PACKET_SIZE;
}

/* How many instructions a run may take. */
static inline uint64_t vm_budget_of(const struct ebpf_vm *vm, const struct ebpf_input *in)
{
    return in->budget ? in->budget : vm->options.budget;
}

/* What can interrupt a run: never NULL, so that nobody has to ask. */
static inline const struct ebpf_interrupt *vm_interrupt_of(const struct ebpf_input *in)
{
    static const struct ebpf_interrupt never;
    return in->interrupt ? in->interrupt : &never;
}

/* Why a VM that has no code does not run. */
static inline ebpf_status vm_not_ready(const struct ebpf_vm *vm)
{
    return vm->program ? EBPF_ERR_STATE : EBPF_ERR_NO_PROGRAM;
}

/* Whose program a run is in. */
static inline const struct ebpf_vm *ebpf_run_vm(const struct ebpf_run *run)
{
    return (const struct ebpf_vm *)(const void *)((const char *)run->env -
                                                  offsetof(struct ebpf_vm, env));
}

/* Decides how runs start, from whether there is code, and the sizes of stack and metadata buffer:
 * to be called whenever one of them has changed. */
void ebpf_vm_choose_start(struct ebpf_vm *vm);

/* Chooses the engine that the options ask for. */
ebpf_status ebpf_vm_choose_engine(struct ebpf_vm *vm, struct ebpf_diag *diag);

/* Reports every instruction of the loaded program that the engine does not take. */
ebpf_status ebpf_vm_check_groups(const struct ebpf_vm *vm, struct ebpf_diag *diag);

/* Forgets what was compiled. */
void ebpf_vm_discard(struct ebpf_vm *vm);

/* The form of a helper that engines see: one that checks the prototype, where there is one.
 * `given` must stay where it is. */
struct ebpf_helper ebpf_helper_checked(struct ebpf_helper *given);

/* The helper of a list with an id, or NULL. */
static inline const struct ebpf_helper *ebpf_helper_by_id(const struct ebpf_helper *list,
                                                          size_t count, uint32_t id)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].id == id)
            return &list[i];
    return NULL;
}

/* Whether the struct and its prototype make sense. */
bool ebpf_helper_valid(const struct ebpf_helper *helper);

/* Checks the offsets of the packet's pointers, and notes the size of the buffer. */
ebpf_status ebpf_vm_check_offsets(struct ebpf_vm *vm, size_t data, size_t data_end,
                                  struct ebpf_diag *diag);

/* Lets all runs reach a piece of memory. */
ebpf_status ebpf_vm_add_region(struct ebpf_vm *vm, const struct ebpf_region *region);

/* Takes the values of a map out of the memory of runs. */
void ebpf_vm_remove_values(struct ebpf_vm *vm, const struct ebpf_region *values);

/* The map that the embedder gave under an id, or NULL. */
struct ebpf_map *ebpf_vm_given_map(const struct ebpf_vm *vm, uint32_t id);

/* Takes a map out of the VM. */
void ebpf_vm_remove_map(struct ebpf_vm *vm, uint32_t id);

/* Makes the maps that a program's object declares, in place of those of another object. */
ebpf_status ebpf_vm_declare(struct ebpf_vm *vm, const struct ebpf_program *program,
                            struct ebpf_diag *diag);
void ebpf_vm_forget_declared(struct ebpf_vm *vm);

/* Finds the type that the options name, and with it the context. */
ebpf_status ebpf_vm_choose_type(struct ebpf_vm *vm, struct ebpf_diag *diag);

/* Where a packet is: its data, how long that is, and how much metadata is before it. */
struct vm_packet {
    const void *data;
    uint64_t size, meta_size;
};

/* TYPED: writes into a context where the packet is, and its length. */
void ebpf_vm_place_packet(const struct ebpf_vm *vm, uint8_t *context,
                          const struct vm_packet *packet);

/* How much memory a context takes that is filled 16 bytes at a time. */
static inline size_t vm_context_room(size_t size)
{
    return (size + 15) / 16 * 16;
}

/* TYPED: the context of a run in `memory`, which has room for ctx.host_size bytes, and what the
 * caller gets back of it. */
uint8_t *ebpf_vm_fill_context(const struct ebpf_vm *vm, const struct ebpf_input *in,
                              uint8_t *memory);
void ebpf_vm_return_context(const struct ebpf_vm *vm, const struct ebpf_input *in,
                            const uint8_t *context);

/* What the engine compiles in place of the program, if that has to be lowered. */
ebpf_status ebpf_vm_lower(struct ebpf_vm *vm, struct ebpf_diag *diag);

/* Verifies a program with the maps that the VM knows, and those that the program declares.
 * @param proof  gets what is proven; NULL if that is not wanted */
ebpf_status ebpf_vm_verify(const struct ebpf_vm *vm, const struct ebpf_program *program,
                           const struct ebpf_pass *const *passes, struct ebpf_diag *diag,
                           struct vm_proof *proof);

/* Looks for the facts of the loaded program, if they may be others than before; under VERIFIED
 * refuses it if it is not proven any more. */
ebpf_status ebpf_vm_prove(struct ebpf_vm *vm, struct ebpf_diag *diag);

/* Forgets the facts: what they follow from has changed. */
void ebpf_vm_forget_facts(struct ebpf_vm *vm);

/* Runs the code of a VM, for a packet of whatever length. */
static inline ebpf_status ebpf_vm_run_code(const struct ebpf_vm *vm, struct ebpf_run *run)
{
    if (__builtin_expect(run->packet_size < vm->proof.packet_least, 0))
        return vm->short_backend->run(vm->short_code, run);
    return vm->backend->run(vm->code, run);
}

/* The same for one function, see ebpf_backend.call. */
static inline ebpf_status ebpf_vm_call_code(const struct ebpf_vm *vm, struct ebpf_run *run,
                                            uint32_t function)
{
    if (run->packet_size < vm->proof.packet_least)
        return vm->short_backend->call(vm->short_code, run, function);
    return vm->backend->call(vm->code, run, function);
}

/* Gives the maps' references back, all of them or, before that, what makes the VM their holder. */
void ebpf_vm_free_maps(struct ebpf_vm *vm);
void ebpf_vm_forsake_maps(struct ebpf_vm *vm);

/* Whether program arrays have it, so that it must stay as it is. */
static inline bool ebpf_vm_is_shared(const struct ebpf_vm *vm)
{
    return __atomic_load_n(&vm->refs, __ATOMIC_ACQUIRE) > 1;
}

/* Reports something that is refused; returns `status`. */
ebpf_status ebpf_vm_refuse(struct ebpf_diag *diag, ebpf_status status, const char *advice,
                           const char *format, ...) EBPF_PRINTF(4, 5);

#endif
