# SPDX-License-Identifier: MIT OR Apache-2.0
# Writes <ebpfvm/kinds.h>, the public names of the rows of vm/kinds.def.
# usage: awk -f gen-kinds.awk vm/kinds.def

BEGIN {
    print "/* SPDX-License-Identifier: MIT OR Apache-2.0 */"
    print "/* Generated from vm/kinds.def by build-aux/gen-kinds.awk; do not edit. */"
    print "/** @file\n * The kinds of virtual machines. */"
    print "#ifndef EBPFVM_KINDS_H\n#define EBPFVM_KINDS_H\n"
    print "/** What a program finds in its registers when it starts. */"
    print "enum ebpf_vm_kind {"
}

/^EBPF_KIND\(/ {
    split($0, a, /[(,]/)
    gsub(/[ \t]/, "", a[2])
    n = split($0, q, "\"")
    printf "%s    EBPF_VM_%s /**< %s */", (rows++ ? ",\n" : ""), a[2], q[n - 1]
}

END {
    print "\n};\n\n#endif"
}
