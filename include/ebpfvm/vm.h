/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * The virtual machine: a program, the helpers and memory that it may use, and an engine. */
#ifndef EBPFVM_VM_H
#define EBPFVM_VM_H

#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/api.h>
#include <ebpfvm/backend.h>
#include <ebpfvm/helper.h>
#include <ebpfvm/kinds.h>
#include <ebpfvm/map.h>
#include <ebpfvm/mem.h>
#include <ebpfvm/program.h>
#include <ebpfvm/status.h>
#include <ebpfvm/stream.h>
#include <ebpfvm/verify.h>

EBPF_BEGIN_DECLS

/** The name of a kind of VM, such as "raw".  Static. @return NULL if there is no such kind. */
EBPF_API const char *ebpf_vm_kind_name(enum ebpf_vm_kind kind);

/** How many instructions a run may execute unless told otherwise. */
#define EBPF_BUDGET_DEFAULT UINT64_C(1000000000)
/** No limit on instructions; must be asked for. */
#define EBPF_BUDGET_UNLIMITED UINT64_MAX
/** Bytes of stack that a function has unless told otherwise. */
#define EBPF_FRAME_SIZE_DEFAULT 512u
/** The largest frame that can be asked for. */
#define EBPF_FRAME_SIZE_MAX 65536u
/** How many frames may be live unless told otherwise. */
#define EBPF_DEPTH_DEFAULT 8u
/** The largest depth that can be asked for. */
#define EBPF_DEPTH_MAX 1024u
/** How many bytes of metadata a packet may have before it, as in the kernel. */
#define EBPF_META_SIZE_MAX 252u
/** The largest offset in a fixed metadata buffer. */
#define EBPF_DATA_OFFSET_MAX 65528u

/**
 * How much stack a function of a program needs: asked for each of them when it is compiled.
 * @param function as ebpf_program_functions() counts
 * @return bytes, 0 to EBPF_FRAME_SIZE_MAX; rounded up to a multiple of 8
 */
typedef uint32_t ebpf_stack_use_fn(const struct ebpf_program *program, uint32_t function,
                                   void *ctx);

/** How a VM is made.  Start with all zero and set `size`; zero always means the default. */
struct ebpf_vm_options {
    size_t size;                           /**< sizeof(struct ebpf_vm_options) */
    enum ebpf_vm_kind kind;                /**< what programs find in their registers */
    const char *backend;                   /**< name of the engine; NULL is the best one */
    /** Engines to choose from, best first, NULL-terminated; NULL is the built-in ones.  The tables
     *  must outlive the VM, the list need not.  See ebpf_backend_find(). */
    const struct ebpf_backend *const *backends;
    enum ebpf_policy policy;               /**< what is checked at run time */
    const struct ebpf_pass *const *passes; /**< verifier; NULL is ebpf_verifier_strict().  The
                                                list is copied, its passes must outlive the VM. */
    uint64_t budget;                       /**< instructions per run */
    uint32_t frame_size;                   /**< bytes of stack per function, a multiple of 16 */
    uint32_t max_depth;                    /**< frames that may be live at once */
    ebpf_stack_use_fn *stack_use; /**< frame size of each function, in place of frame_size */
    void *stack_use_ctx;          /**< passed to stack_use */
    uint64_t stack_size; /**< bytes of stack per run, a multiple of 16; 0 is enough for max_depth
                              frames.  Less than that makes deep calls fault earlier. */
    size_t data_offset;     /**< FIXED_MBUFF: where the packet's address is stored, 8 bytes */
    size_t data_end_offset; /**< FIXED_MBUFF: where the address of its end is stored, 8 bytes */
    struct ebpf_stream trace; /**< where helpers write text, from any thread that runs the VM; all
                                   zero for nowhere */
    uint64_t seed;            /**< of the helpers that give random numbers; 0 takes a random one */
    /** Memory for machine code, which the VM owns until it is freed; NULL lets the engine get its
     *  own, which is sealed.  It is written by ebpf_vm_compile() only, so it must be writable then,
     *  and executable when the VM runs: to protect it in between is up to the embedder.  Engines
     *  that make no machine code leave it alone. */
    void *exec_memory;
    size_t exec_size; /**< its size in bytes; too little is an EBPF_ERR_LIMIT of compiling */
    struct ebpf_code_options code; /**< how machine code is made */
    const struct ebpf_mem *mem; /**< allocator, or NULL */
    /** TYPED: the type of its programs, such as "xdp", "sched_cls", "socket_filter"; see
     *  ebpf_verify_type_at().  They find the context that the kernel documents for it. */
    const char *type;
    /** TYPED: a context of your own, in place of `type`, which is NULL then.  Copied but for the
     *  names of its fields, which must outlive the VM.  Runs are given its bytes as `mbuff`; what
     *  is missing is 0, and the VM fills in the addresses of the packet. */
    const struct ebpf_context *context;
};

/**
 * A virtual machine.  Thread-safety: any number of threads may call ebpf_vm_run() on one VM at
 * once; calls that change it need it for themselves.
 */
struct ebpf_vm;

/**
 * Makes a VM without a program.
 * @param options or NULL for a NO_DATA one with all defaults
 * @param diag    report, or NULL
 * @param out     the VM; set to NULL on failure
 * @return EBPF_OK, EBPF_ERR_NOMEM, EBPF_ERR_INVALID or EBPF_ERR_LIMIT for an option that is
 *         refused, or EBPF_ERR_BACKEND
 */
EBPF_API ebpf_status ebpf_vm_new(const struct ebpf_vm_options *options, struct ebpf_diag *diag,
                                 struct ebpf_vm **out);

/** Frees a VM; its program loses a reference.  NULL is allowed. */
EBPF_API void ebpf_vm_free(struct ebpf_vm *vm);

/**
 * Verifies and loads a program, taking a reference; on failure the old one stays loaded.
 *
 * Whatever passes the verifier has, a program that is not well-formed is refused: engines rely on
 * that.
 *
 * The maps and data sections that the program's object declares (ebpf_program_maps()) are made,
 * under their indexes as ids, unless ebpf_vm_add_map() gave the VM a map under that id, which must
 * have the same kind and sizes.  They stay, with what they hold, while programs of the same object
 * are loaded one after the other; those of another object take their place.  Under
 * EBPF_POLICY_VERIFIED helpers and maps must be known by now.  Entries of program
 * arrays start out empty.  Without memory for them the old program may be left without its own.
 * @param program NULL unloads
 * @return EBPF_OK, EBPF_ERR_NOMEM, EBPF_ERR_UNSUPPORTED, EBPF_ERR_LIMIT or EBPF_ERR_MAP_DEF for a
 *         map that cannot be made, or the status of the rejection
 */
EBPF_API ebpf_status ebpf_vm_set_program(struct ebpf_vm *vm, struct ebpf_program *program,
                                         struct ebpf_diag *diag);

/** The loaded program; the VM's reference. NULL if there is none. */
EBPF_API struct ebpf_program *ebpf_vm_program(const struct ebpf_vm *vm);

/** Replaces the verifier.  A loaded program is verified at once; if it is rejected, the old
 *  verifier and the program stay.  @param passes as in the options */
EBPF_API ebpf_status ebpf_vm_set_verifier(struct ebpf_vm *vm,
                                          const struct ebpf_pass *const *passes,
                                          struct ebpf_diag *diag);

/** FIXED_MBUFF: moves the packet's address and that of its end, for the runs to come.
 *  @return EBPF_OK, EBPF_ERR_STATE for other kinds, EBPF_ERR_LIMIT beyond EBPF_DATA_OFFSET_MAX, or
 *          EBPF_ERR_INVALID if the two overlap */
EBPF_API ebpf_status ebpf_vm_set_data_offsets(struct ebpf_vm *vm, size_t data_offset,
                                              size_t data_end_offset, struct ebpf_diag *diag);

/**
 * Registers a helper, in place of one with the same id.  The struct is copied.
 *
 * This undoes ebpf_vm_compile(): until it is called again, runs return EBPF_ERR_STATE.
 * @return EBPF_OK, EBPF_ERR_NOMEM, or EBPF_ERR_INVALID for a struct or prototype that makes no
 *         sense
 */
EBPF_API ebpf_status ebpf_vm_register_helper(struct ebpf_vm *vm, const struct ebpf_helper *helper);

/** Registers all helpers of a set, as ebpf_vm_register_helper() does; all or none. */
EBPF_API ebpf_status ebpf_vm_register_helpers(struct ebpf_vm *vm,
                                              const struct ebpf_helper_set *set);

/**
 * Lets programs of this VM read, and if `writable` also write, `size` bytes at `address`, which
 * must stay valid as long as the VM.  Ranges may overlap and touch: what any of them allows is
 * allowed.  Those with the same permission are joined; an access must lie in memory of one
 * permission.  An empty range allows nothing.
 * @return EBPF_OK, EBPF_ERR_NOMEM, or EBPF_ERR_INVALID if the range wraps around
 */
EBPF_API ebpf_status ebpf_vm_allow_memory(struct ebpf_vm *vm, void *address, uint64_t size,
                                          int writable);

/**
 * Makes a map known to programs of this VM, which refer to it by `lddw rX, map_by_fd(id)`, and to
 * values of an array by `lddw rX, map_val(map_by_fd(id)) + offset`.  The VM takes a reference; any
 * number of VMs may share a map.  Must be done before a program that refers to it is loaded, and
 * undoes ebpf_vm_compile().
 * @return EBPF_OK, EBPF_ERR_NOMEM, or EBPF_ERR_EXISTS if the VM has a map with this id
 */
EBPF_API ebpf_status ebpf_vm_add_map(struct ebpf_vm *vm, uint32_t id, struct ebpf_map *map);

/** The map with an id; the VM's reference. @return NULL if there is none. */
EBPF_API struct ebpf_map *ebpf_vm_map(const struct ebpf_vm *vm, uint32_t id);

/** The first map with a name, such as that of a map or data section which the loaded program's
 *  object declares; the VM's reference. @return NULL if there is none. */
EBPF_API struct ebpf_map *ebpf_vm_map_by_name(const struct ebpf_vm *vm, const char *name);

/** The id of map `index`, by id. @return EBPF_MAP_NONE after the last one. */
EBPF_API uint32_t ebpf_vm_map_at(const struct ebpf_vm *vm, size_t index);

/**
 * Compiles the loaded program for the VM's engine; ebpf_vm_run() needs it done.  Does nothing if
 * it stands already.
 * @return EBPF_OK, EBPF_ERR_NOMEM, EBPF_ERR_NO_PROGRAM, EBPF_ERR_HELPER for a helper that is not
 *         registered, EBPF_ERR_LIMIT for a frame that is too large, EBPF_ERR_UNSUPPORTED for
 *         instructions of a group that the engine does not take, or what the engine returns
 */
EBPF_API ebpf_status ebpf_vm_compile(struct ebpf_vm *vm, struct ebpf_diag *diag);

/** What a run is given.  Start with all zero and set `size`.  A buffer that the VM's kind has no
 *  use for is refused. */
struct ebpf_input {
    size_t size;          /**< sizeof(struct ebpf_input) */
    void *mem;            /**< packet, readable and writable; may be NULL if mem_size is 0 */
    uint64_t mem_size;    /**< in bytes */
    /** MBUFF: metadata buffer, readable and writable.  TYPED: the start of the context as the
     *  kernel's headers lay it out, such as a struct __sk_buff; what is beyond its end, and the
     *  addresses of the packet, the VM fills in.  Fields that the program writes are written
     *  back.  May be NULL.  Types without a layout that is known find these very bytes. */
    void *mbuff;
    uint64_t mbuff_size;  /**< in bytes; TYPED: what is beyond the layout is left alone */
    uint64_t budget;      /**< instructions; 0 is the VM's */
    const struct ebpf_interrupt *interrupt; /**< ends the run when raised; may be NULL */
    void *user;           /**< for helpers */
    /** TYPED: how many bytes before `mem` belong to the buffer as well: helpers such as
     *  xdp_adjust_head make them part of the packet, and xdp_adjust_meta makes them metadata.
     *  Without room they return an error. */
    uint64_t head_room;
    uint64_t tail_room; /**< TYPED: the same behind its end, for helpers like xdp_adjust_tail */
    const struct ebpf_tunnel *tunnel; /**< TYPED: that the packet came through; may be NULL */
    ebpf_clone_fn *clone; /**< TYPED: told of copies that the program sends; may be NULL */
};

/** What a run came to. */
struct ebpf_result {
    uint64_t r0;             /**< what the program returned; 0 if it did not */
    uint64_t executed;       /**< instructions executed */
    struct ebpf_fault fault; /**< what went wrong, if something did */
    /** TYPED: the packet as the program left it, in the buffer of the input; and where it is to go,
     *  if the verdict is to redirect it.  Not set for other kinds. */
    void *packet;
    uint64_t packet_size;          /**< its length */
    uint64_t meta_size; /**< how many bytes before it are metadata, made by xdp_adjust_meta; at most
                             EBPF_META_SIZE_MAX */
    struct ebpf_redirect redirect; /**< see there */
    uint64_t clones;               /**< how many copies it sent, see ebpf_input.clone */
    struct ebpf_tunnel tunnel;     /**< that the packet is to go through */
};

/**
 * Runs the compiled program.
 * @param in  NULL for no data
 * @param out may be NULL
 * @return EBPF_OK; EBPF_ERR_NO_PROGRAM or EBPF_ERR_STATE if nothing is loaded or compiled;
 *         EBPF_ERR_INVALID for input that makes no sense; EBPF_ERR_NOMEM if there is no memory for
 *         a large stack; or the status of the fault, an EBPF_ERR_ code of the 600s
 */
EBPF_API ebpf_status ebpf_vm_run(const struct ebpf_vm *vm, const struct ebpf_input *in,
                                 struct ebpf_result *out);

/** A program as a C function: of kind RAW, on a packet and its length; of kind NO_DATA, to be
 *  called with NULL and 0.  Returns r0. */
typedef uint64_t ebpf_function_fn(void *mem, size_t size);

/** The most stack that ebpf_vm_function() gives to the frames of a program, in bytes. */
#define EBPF_FUNCTION_STACK_MAX 65536u

/**
 * Makes a plain C function of the loaded program, for those who call it most: calling it costs what
 * calling C costs.  There is no budget, no interrupt, no fault, and no check whatever: a program
 * that would fault does damage instead, and one that does not end does not return.
 *
 * So the VM must have been made with EBPF_POLICY_VERIFIED, which has the program proven to do
 * neither, or with EBPF_POLICY_TRUSTED; for kind RAW or NO_DATA; and the program may not call
 * helpers that see a run (run_fn), `callx`, `may_goto`, packet loads, recursion, or more stack than
 * EBPF_FUNCTION_STACK_MAX.  Helpers are called without looking at prototypes.
 *
 * Compiles the program, too, as ebpf_vm_compile() does, if that was not done.  Not thread-safe, but
 * the function is: any number of threads may call it.  It lasts until the VM is freed, loads
 * another program, or whatever else undoes ebpf_vm_compile().
 * @param out the function; set to NULL on failure
 * @return EBPF_OK, EBPF_ERR_STATE if the program is neither proven nor trusted,
 *         EBPF_ERR_NOT_PROVEN if something is left to be checked at run time, EBPF_ERR_UNSUPPORTED
 *         for a kind, engine or instruction that does not allow it, EBPF_ERR_LIMIT for the stack,
 *         or what ebpf_vm_compile() returns
 */
EBPF_API ebpf_status ebpf_vm_function(struct ebpf_vm *vm, struct ebpf_diag *diag,
                                      ebpf_function_fn **out);

/** Adds a fault of a run to a report, with the place in the source, the memory nearest to the
 *  access, and advice.  The program must be the one that ran. */
EBPF_API void ebpf_vm_explain(const struct ebpf_vm *vm, const struct ebpf_fault *fault,
                              struct ebpf_diag *diag);

/** The engine that a VM uses. */
EBPF_API const struct ebpf_backend *ebpf_vm_backend(const struct ebpf_vm *vm);

/** The compiled code, for ebpf_backend.dump; NULL if there is none. */
EBPF_API const struct ebpf_code *ebpf_vm_code(const struct ebpf_vm *vm);

/**
 * Puts the program of a VM, which must be compiled, into a program array: tail calls to the index
 * go on there.  The array keeps a reference to the VM, which cannot be changed any more
 * (EBPF_ERR_STATE) until it is out of all arrays; it may be freed.  An array lets go of its
 * programs when nobody has it but them.
 *
 * All programs of an array, and those that call through it, must have their kind of VM, engine,
 * policy and sizes of the stack in common.
 * @param vm NULL to leave the index empty
 * @return EBPF_OK, EBPF_ERR_STATE if the program is not compiled, EBPF_ERR_INVALID for another kind
 *         of map, an index out of range, or a program of another sort; EBPF_ERR_NOMEM
 */
EBPF_API ebpf_status ebpf_map_set_program(struct ebpf_map *map, uint32_t index, struct ebpf_vm *vm,
                                          struct ebpf_diag *diag);

EBPF_END_DECLS

#endif
