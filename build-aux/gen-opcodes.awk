# SPDX-License-Identifier: MIT OR Apache-2.0
# Writes <ebpfvm/opcodes.h>, the public names of the rows of ir/{groups,formats,alu,opcodes}.def.
# usage: awk -f gen-opcodes.awk ir/groups.def ir/formats.def ir/alu.def ir/opcodes.def

function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }

function open_enum(name, doc) {
    if (opened) print "};\n"
    opened = 1
    printf "/** %s */\nenum %s {\n", doc, name
}

BEGIN {
    print "/* SPDX-License-Identifier: MIT OR Apache-2.0 */"
    print "/* Generated from the tables in ir/ by build-aux/gen-opcodes.awk; do not edit. */"
    print "/** @file\n * The names of all instruction forms, their formats, operations and groups."
    print " * What each means is told by ebpf_op_info(). */"
    print "#ifndef EBPFVM_OPCODES_H\n#define EBPFVM_OPCODES_H\n"
}

!/^EBPF_/ { next }

{
    line = $0
    kind = line; sub(/\(.*/, "", kind)
    args = substr(line, length(kind) + 2)
    n = split(args, a, ",")
    id = a[1]; sub(/\).*/, "", id); id = trim(id)
}

kind == "EBPF_GROUP" {
    if (section != "group") {
        section = "group"
        open_enum("ebpf_group", "Conformance groups (RFC 9669, 2.4), as bits.")
    }
    printf "    EBPF_GROUP_%s = 1u << %d,\n", id, bit++
    next
}

kind == "EBPF_FORMAT" {
    if (section != "format") {
        section = "format"
        print "};\n"
        opened = 0
        printf "/** Every group, for engines that accept all of them. */\n"
        printf "#define EBPF_GROUP_ALL ((1u << %d) - 1)\n\n", bit
        open_enum("ebpf_format", "Operand formats: which fields of the encoding are operands.")
    }
    printf "    EBPF_FMT_%s,\n", id
    next
}

kind == "EBPF_INSN" {
    if (section != "insn") {
        section = "insn"
        open_enum("ebpf_op", "Instruction forms; the comment is the mnemonic and the opcode byte.")
        print "    EBPF_OP_DATA, /**< eight bytes that are no instruction; imm holds them */"
    }
    mnemonic = trim(a[2]); gsub(/"/, "", mnemonic)
    printf "    EBPF_OP_%s, /**< `%s`, %s */\n", id, mnemonic, trim(a[3])
    next
}

{
    if (section != "oper") {
        section = "oper"
        open_enum("ebpf_oper", "Operations: what an instruction computes or compares.")
    }
    printf "    EBPF_OPER_%s,\n", id
}

END {
    print "    EBPF_OP_COUNT /**< how many there are; may grow with the library */\n};\n"
    print "#endif"
}
