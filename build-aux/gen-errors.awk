# SPDX-License-Identifier: MIT OR Apache-2.0
# Writes <ebpfvm/errors.h>, the public names of the rows of base/errors.def.
# usage: awk -f gen-errors.awk base/errors.def

BEGIN {
    print "/* SPDX-License-Identifier: MIT OR Apache-2.0 */"
    print "/* Generated from base/errors.def by build-aux/gen-errors.awk; do not edit. */"
    print "/** @file\n * The status codes that calls of the library return. */"
    print "#ifndef EBPFVM_ERRORS_H\n#define EBPFVM_ERRORS_H\n"
    print "/** What a call came to: EBPF_OK, or why it failed.  Codes never change. */"
    print "enum ebpf_status {\n    EBPF_OK = 0, /**< done */"
}

/^EBPF_ERROR\(/ {
    split($0, a, /[(,]/)
    gsub(/[ \t]/, "", a[2]); gsub(/[ \t]/, "", a[3])
    split($0, q, "\"")
    printf "    EBPF_ERR_%s = %s, /**< %s */\n", a[2], a[3], q[2]
}

END {
    print "};\n\n/** The type in which functions return an enum ebpf_status. */"
    print "typedef enum ebpf_status ebpf_status;\n\n#endif"
}
