/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/** @file
 * A program in the intermediate representation: what all front ends make and all engines run. */
#ifndef EBPFVM_PROGRAM_H
#define EBPFVM_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include <ebpfvm/api.h>
#include <ebpfvm/insn.h>
#include <ebpfvm/map.h>
#include <ebpfvm/mem.h>
#include <ebpfvm/status.h>
#include <ebpfvm/stream.h>

EBPF_BEGIN_DECLS

/** How many 8-byte slots a program may have. */
#define EBPF_PROGRAM_MAX_SLOTS 1000000u

/**
 * A program.  It does not change once it is made, so any number of threads and VMs may use one.
 * It is counted by reference: whoever keeps it holds a reference.
 */
struct ebpf_program;

/** Takes another reference. @return program. Thread-safe. */
EBPF_API struct ebpf_program *ebpf_program_ref(struct ebpf_program *program);

/** Gives a reference back; the last one frees the program.  NULL is allowed.  Thread-safe. */
EBPF_API void ebpf_program_unref(struct ebpf_program *program);

/**
 * Reads bytecode (RFC 9669, 3; little-endian).
 *
 * Only lengths are refused here (EBPF_ERR_LENGTH, EBPF_ERR_TOO_LONG): slots that are no
 * instruction become EBPF_OP_DATA, and it is for the verifier to refuse them.
 *
 * @param bytes  may have any alignment; may be NULL if length is 0; is copied
 * @param length in bytes
 * @param name   what reports call the input, or NULL; is copied
 * @param mem    allocator, or NULL
 * @param diag   report, or NULL
 * @param out    the program, one reference to it; set to NULL on failure
 */
EBPF_API ebpf_status ebpf_program_decode(const void *bytes, size_t length, const char *name,
                                         const struct ebpf_mem *mem, struct ebpf_diag *diag,
                                         struct ebpf_program **out);

/** The length of the bytecode, in bytes. */
EBPF_API size_t ebpf_program_size(const struct ebpf_program *program);

/**
 * Writes bytecode: exactly what was read, for a program that was decoded.
 * @param buffer has room for `size` bytes
 * @return EBPF_OK, EBPF_ERR_LIMIT if the room is less than ebpf_program_size(), or EBPF_ERR_RANGE
 *         if a target is too far for its field.
 */
EBPF_API ebpf_status ebpf_program_encode(const struct ebpf_program *program, void *buffer,
                                         size_t size);

/** The instructions. @param count how many. @return belongs to the program. */
EBPF_API const struct ebpf_insn *ebpf_program_insns(const struct ebpf_program *program,
                                                    uint32_t *count);

/** The pc of an instruction: the index of its first slot, as the kernel and objdump count.
 *  For `insn` equal to the count it is the number of slots. */
EBPF_API uint32_t ebpf_program_pc(const struct ebpf_program *program, uint32_t insn);

/** The instruction that starts at slot `pc`. @return EBPF_TARGET_NONE if none does. */
EBPF_API uint32_t ebpf_program_insn_at(const struct ebpf_program *program, uint32_t pc);

/** A function: the instructions from `first` to the next function, or to the end. */
struct ebpf_function {
    const char *name; /**< NULL if it has none */
    uint32_t first;   /**< index of its first instruction, its entry */
    uint32_t count;   /**< how many instructions */
};

/** The functions in order of address; the first is the program's entry. Targets of local calls
 *  start functions, and so do the names declared as such. @return belongs to the program. */
EBPF_API const struct ebpf_function *ebpf_program_functions(const struct ebpf_program *program,
                                                            uint32_t *count);

/** The index of the function that holds an instruction. */
EBPF_API uint32_t ebpf_program_function_of(const struct ebpf_program *program, uint32_t insn);

/** A label. */
struct ebpf_symbol {
    const char *name; /**< NUL-terminated */
    uint32_t insn;    /**< the instruction it stands before; the count for one at the end */
};

/** The labels in order of address. @return belongs to the program. */
EBPF_API const struct ebpf_symbol *ebpf_program_symbols(const struct ebpf_program *program,
                                                        uint32_t *count);

/** No map: the value of an index where there is none. */
#define EBPF_MAP_NONE UINT32_MAX

/** What an entry of a declared map holds before the first run. */
struct ebpf_map_init {
    uint32_t key;         /**< which entry */
    uint32_t map;         /**< maps of maps: index of the map in the table; else EBPF_MAP_NONE */
    const char *function; /**< program arrays: name of the function in the object; else NULL */
};

/**
 * A map that an object declares, or one of its data sections: those are arrays with a single entry,
 * whose value is the section.
 */
struct ebpf_map_decl {
    struct ebpf_map_def def; /**< what to make; its name is that of the map or section */
    const void *data;        /**< data sections: the value at the start; NULL is all zero */
    const struct ebpf_map_init *inits; /**< entries that are not empty at the start */
    uint32_t init_count;               /**< how many */
    uint32_t inner;     /**< maps of maps: index of the map that is their pattern, if the table has
                             it, or EBPF_MAP_NONE; def.inner has it in any case */
    uint8_t is_data;    /**< whether this is a data section */
    uint8_t is_frozen;  /**< nobody may write, neither programs nor the host */
    uint8_t is_pinned;  /**< it is to be shared under its name */
};

/**
 * The maps of the object that a program comes from; none if it comes from elsewhere.
 *
 * Every program of an object has the same table.  Instructions refer to it by index:
 * EBPF_OP_LDDW_MAP_FD has the index of a map in `imm`, EBPF_OP_LDDW_MAP_VAL_FD the index of a data
 * section in the low half of `imm` and an offset into it in the high half.
 * @return belongs to the program
 */
EBPF_API const struct ebpf_map_decl *ebpf_program_maps(const struct ebpf_program *program,
                                                       uint32_t *count);

/** What the host lacks where a program of an object calls the helper `id`: such calls stand for
 *  what could not be made, and end the run that reaches them.
 *  @return text that belongs to the program; NULL for a helper that is one */
EBPF_API const char *ebpf_program_missing(const struct ebpf_program *program, uint32_t id);

/** The declared map that an instruction refers to: an index of ebpf_program_maps().
 *  @return EBPF_MAP_NONE if it refers to none */
EBPF_API uint32_t ebpf_insn_map(const struct ebpf_program *program, uint32_t insn);

/** Where an instruction came from. */
struct ebpf_location {
    const char *file;   /**< NULL if unknown */
    uint32_t line;      /**< counted from 1; 0 if unknown */
    uint32_t column;    /**< in bytes, counted from 1; 0 if unknown */
    uint32_t width;     /**< bytes to underline */
    const char *source; /**< the line itself, not NUL-terminated, or NULL */
    uint32_t source_length; /**< its length in bytes, without the newline */
};

/** The source location of an instruction; all unknown if it has none.  Strings belong to the
 *  program. */
EBPF_API struct ebpf_location ebpf_program_location(const struct ebpf_program *program,
                                                    uint32_t insn);

/** Languages that the assembler reads and the disassembler writes. */
enum ebpf_dialect {
    EBPF_DIALECT_MNEMONIC, /**< `add64 r1, 0x5`, to the letter as rbpf prints it */
    EBPF_DIALECT_PSEUDOC   /**< `r1 += 5`, as clang, llvm-objdump and the kernel print it */
};

/** How a program is printed.  Start with all zero and set `size`. */
struct ebpf_print_options {
    size_t size;               /**< sizeof(struct ebpf_print_options) */
    enum ebpf_dialect dialect; /**< the language */
    int labels;                /**< labels for targets, in place of offsets */
    int pcs;                   /**< each line starts with the pc */
    int bytes;                 /**< each line starts with the bytes */
    int json;                  /**< an array of objects, one per instruction; see below */
};

/**
 * Prints a program; without pcs and bytes the assembler reads the text back to the same bytes.
 * What is no instruction, or has a reserved field set that text would lose, prints as `.8byte`, a
 * line per slot.
 *
 * In JSON, every object has `pc`, `op` (the name of the form, EBPF_OP_<op>), `mnemonic`, `text`
 * (in the dialect asked for), and as encoded `bytes` (hexadecimal digits), `dst`, `src`, `off`,
 * `imm` (signed; 64 bits for two slots).  It has `label` or `function` if labels are asked for and
 * it has one, `target_pc` if it leads to an instruction, `line` and `column` if they are known.
 * Keys may be added, never removed.
 *
 * @param options NULL for the mnemonic dialect with offsets
 * @return EBPF_OK, EBPF_ERR_IO, EBPF_ERR_NOMEM, or EBPF_ERR_INVALID for an unknown dialect
 */
EBPF_API ebpf_status ebpf_program_print(const struct ebpf_program *program,
                                        const struct ebpf_print_options *options,
                                        const struct ebpf_stream *out);

/**
 * Prints one instruction without a newline at the end; offsets in place of labels.
 * @return also EBPF_ERR_INVALID if there is no such instruction or dialect
 */
EBPF_API ebpf_status ebpf_insn_print(const struct ebpf_program *program, uint32_t insn,
                                     enum ebpf_dialect dialect, const struct ebpf_stream *out);

/** Prints the typed representation: functions, labels, instructions with all fields. */
EBPF_API ebpf_status ebpf_program_print_ir(const struct ebpf_program *program,
                                           const struct ebpf_stream *out);

/** Prints the control-flow graph in Graphviz' language, a cluster per function, loops marked. */
EBPF_API ebpf_status ebpf_program_print_dot(const struct ebpf_program *program,
                                            const struct ebpf_stream *out);

EBPF_END_DECLS

#endif
