# SPDX-License-Identifier: MIT OR Apache-2.0
# Writes <ebpfvm/builder_insns.h>: the builder's function for each row of ir/opcodes.def.
# usage: awk -f gen-builder.awk ir/formats.def ir/opcodes.def

function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }

# Starts a function; `params` come behind the builder.
function head(operands, params) {
    printf "/** Adds `%s%s`. */\n", mnemonic, operands ? " " operands : ""
    printf "static inline void ebpf_build_%s(struct ebpf_builder *b%s)\n{\n", tolower(id), params
}

function plain(operands, params, dst, src, off, imm) {
    head(operands, params)
    printf "    ebpf_build_insn(b, EBPF_OP_%s, %s, %s, %s, %s);\n}\n\n", id, dst, src, off, imm
}

function jump(operands, params, dst, src, imm) {
    head(operands, params)
    printf "    ebpf_build_jump(b, EBPF_OP_%s, %s, %s, %s, target);\n}\n\n", id, dst, src, imm
}

BEGIN {
    print "/* SPDX-License-Identifier: MIT OR Apache-2.0 */"
    print "/* Generated from the tables in ir/ by build-aux/gen-builder.awk; do not edit. */"
    print "/** @file\n * The builder's functions, one per instruction form, for builder.h. */"
    print "#ifndef EBPFVM_BUILDER_INSNS_H\n#define EBPFVM_BUILDER_INSNS_H\n"
    print "#include <ebpfvm/builder.h>\n\nEBPF_BEGIN_DECLS\n"
    r0 = "EBPF_R0"
    d = ", enum ebpf_reg dst"; s = ", enum ebpf_reg src"; o = ", int16_t off"
    i = ", int32_t imm"; t = ", struct ebpf_label target"; u = ", uint32_t id"
}

/^EBPF_FORMAT\(/ {
    split($0, a, /[(,)]/)
    shape_of[trim(a[2])] = trim(a[5])
}

/^EBPF_INSN\(/ {
    split($0, a, ",")
    id = a[1]; sub(/EBPF_INSN\(/, "", id); id = trim(id)
    mnemonic = trim(a[2]); gsub(/"/, "", mnemonic)
    format = trim(a[5]); shape = shape_of[format]
    if (format == "LDIND") plain("src, imm", s i, r0, "src", 0, "imm")
    else if (format == "REF") plain("dst, reference", d u, "dst", r0, 0, "id")
    else if (format == "REF_FUNC") jump("dst, code_addr(target)", d t, "dst", r0, 0)
    else if (format == "REF_OFF")
        plain("dst, reference + offset", d u ", uint32_t offset", "dst", r0, 0,
              "(int64_t)((uint64_t)offset << 32 | id)")
    else if (shape == "NONE") plain("", "", r0, r0, 0, 0)
    else if (shape == "R") plain("dst", d, "dst", r0, 0, 0)
    else if (shape == "I") plain("imm", i, r0, r0, 0, "imm")
    else if (shape == "T") jump("target", t, r0, r0, 0)
    else if (shape == "RI") plain("dst, imm", d i, "dst", r0, 0, "imm")
    else if (shape == "RR") plain("dst, src", d s, "dst", "src", 0, 0)
    else if (shape == "RM") plain("dst, [src+off]", d s o, "dst", "src", "off", 0)
    else if (shape == "MI") plain("[dst+off], imm", d o i, "dst", r0, "off", "imm")
    else if (shape == "MR") plain("[dst+off], src", d o s, "dst", "src", "off", 0)
    else if (shape == "RIT") jump("dst, imm, target", d i t, "dst", r0, "imm")
    else if (shape == "RRT") jump("dst, src, target", d s t, "dst", "src", 0)
    else if (shape == "RV") plain("dst, imm", d ", uint64_t imm", "dst", r0, 0, "(int64_t)imm")
    else { print "gen-builder.awk: no rule for shape " shape > "/dev/stderr"; exit 1 }
}

END { print "EBPF_END_DECLS\n\n#endif" }
