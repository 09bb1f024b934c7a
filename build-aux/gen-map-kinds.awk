# SPDX-License-Identifier: MIT OR Apache-2.0
# Writes <ebpfvm/map_kinds.h>, the public names of the rows of ir/map_kinds.def.
# usage: awk -f gen-map-kinds.awk ir/map_kinds.def

BEGIN {
    print "/* SPDX-License-Identifier: MIT OR Apache-2.0 */"
    print "/* Generated from ir/map_kinds.def by build-aux/gen-map-kinds.awk; do not edit. */"
    print "/** @file\n * The kinds of maps. */"
    print "#ifndef EBPFVM_MAP_KINDS_H\n#define EBPFVM_MAP_KINDS_H\n"
    print "/** Kinds of maps, with the numbers that the kernel gives them. */"
    print "enum ebpf_map_kind {\n    EBPF_MAP_UNSPEC = 0, /**< none */"
}

/^EBPF_MAP_KIND\(/ {
    split($0, a, /[(,]/)
    gsub(/[ \t]/, "", a[2]); gsub(/[ \t]/, "", a[3])
    split($0, q, "\"")
    printf "    EBPF_MAP_%s = %s, /**< `%s` */\n", a[2], a[3], q[2]
}

END { print "};\n\n#endif" }
