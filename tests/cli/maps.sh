#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Maps: listed, filled before runs, written after them.
. "${top_srcdir:-.}/tests/cli/lib.sh"
firewall=$top_srcdir/examples/xdp/firewall.o
objects=$top_srcdir/tests/objects
needs_elf

# frame PORT: a UDP datagram to a port, given in hexadecimal.
frame() {
    echo '0000000000000000000000000800 4500002000000000401100007f0000017f000001' \
        "1234${1}000c000000000000"
}

# Listed: kinds, sizes, flags.
exits 0 "$ebpfvm" maps "$firewall"
out_has 'passed                    percpu_array, key 4, value 8, entries 256'
out_has '.rodata                   data, 2 bytes, read-only'
exits 0 "$ebpfvm" maps "$objects/maps_btf-v3.o"
out_has 'hash, key 8, value 16, entries 4096, flags 0x1 (no_prealloc), pinned'
out_has 'array_of_maps, key 4, value 4, entries 4, of array, 2 set at the start'
exits 0 "$ebpfvm" maps --json "$objects/maps_btf-v3.o"
out_json
out_has '"flags": 1, "flag_names": ["no_prealloc"]'
cp "$firewall" "$work/in"
exits 0 "$ebpfvm" maps -
out_has 'blocked'
exits 3 "$ebpfvm" maps "$work/missing"
err_has 'cannot read'
exits 1 "$ebpfvm" maps "$filter"
err_has 'neither an ELF object nor the file of a map'
exits 1 "$ebpfvm" maps --json "$filter"
out_json
exits 2 "$ebpfvm" maps
# A saved one that is damaged.
printf 'EBPFMAP\1garbage' >"$work/broken.map"
exits 1 "$ebpfvm" maps "$work/broken.map"
err_has 'no file of a map'
printf 'EBPFMAP\2%080d' 0 >"$work/new.map"
exits 1 "$ebpfvm" maps "$work/new.map"
err_has 'another version'

# One that a program with the library has saved is shown, and starts a run.
exits 0 "$top_builddir/tests/cli/save-map" "$work/ports.map"
exits 0 "$ebpfvm" maps "$work/ports.map"
out_has 'map ports, hash of 4'
out_has ' = 41'
exits 0 "$ebpfvm" maps --json "$work/ports.map"
out_json
out_has '"values": [41]'
exits 0 "$ebpfvm" run --map blocked="$work/ports.map" --maps --mem "$(frame 1f90)" "$firewall"
out_has 'r0 = 0x1 (1)'
out_has ' = 42'
exits 1 "$ebpfvm" run --map passed="$work/ports.map" "$firewall"
err_has 'keys of 2 bytes and values of 8; the map has 4 and 8'

if ! "$ebpfvm" version | grep -q 'json *jansson'; then
    echo '{}' >"$work/empty.json"
    exits 1 "$ebpfvm" run --map blocked="$work/empty.json" "$firewall"
    err_has 'built without jansson'
    err_has 'libjansson-dev'
    finish
fi

# fill TEXT: runs the firewall with what the text puts into 'blocked'.
fill() {
    printf '%s' "$1" >"$work/m.json"
    last="--map blocked: $1"
    "$ebpfvm" run --map blocked="$work/m.json" --maps --mem "$(frame 1f90)" "$firewall" \
        >"$work/out" 2>"$work/err"
    code=$?
    cases=$((cases + 1))
}
filled() {
    fill "$1"
    test $code -eq 0 || fail "exit code $code, not 0"
    err_empty
}
refused() {
    fill "$1"
    test $code -eq 1 || fail "exit code $code, not 1"
    out_empty
    err_has "$2"
}

# Port 8080 is 0x1f90; in the order of memory of the host that runs this, as a number.
filled '{"entries": []}'
out_has 'r0 = 0x2 (2)'
filled '{"entries": [{"key": 8080, "values": [7]}]}'
out_has 'r0 = 0x1 (1)'
out_has ' = 8'
# Entries stand by their keys as they are printed, and so always in the same order.
for key in 8080 80 443 22 65535 5; do
    printf '%s{"key": %s, "value": %s}' "${separator-}" $key $key
    separator=,
done >"$work/keys"
filled "{\"entries\": [$(cat "$work/keys")]}"
test "$(sed -n 's/^  \(....\) = .*/\1/p' "$work/out" | tr '\n' ' ')" = \
    '0500 1600 5000 901f bb01 ffff ' || fail 'the entries are in another order'
filled '{"name": "blocked", "kind": "hash",
    "entries": [{"key": 8080, "value": "0700000000000000"}]}'
out_has 'r0 = 0x1 (1)'
filled '{"maps": [{"name": "other", "entries": 1},
    {"name": "blocked", "entries": [{"key": 80, "value": 1}, {"key": 8080, "value": 1}]}]}'
out_has 'r0 = 0x1 (1)'
filled '{"entries": [{"key": ["0x90", "0x1f"], "value": [1, 2, 3, 0, 0, 0, 0, 0]}]}'
filled '{"entries": [{"key": "90 1f", "value": -1}]}'
filled '{"entries": [{"key": 8080, "value": 1}, {"key": 8080, "value": 2}]}'
filled '{"entries": [{"key": -1, "value": 1}]}'

# What is wrong is told with its place.
refused '' "m.json:1:1: error: no JSON"
refused '{"entries": [
  {"key": 1, "value": }]}' 'm.json:2:23: error: no JSON'
refused '{"entries": [{"key": 1, "key": 2, "value": 1}]}' 'duplicate object key'
refused '{"entries": 1}' 'no list "entries"'
refused '[1]' 'no list "entries"'
refused '{"maps": []}' "has no map 'blocked'"
refused '{"maps": [{"name": "x"}, {"name": "y"}]}' "has no map 'blocked'"
refused '{"kind": "array", "entries": []}' "of kind array, where the program's is a hash"
refused '{"entries": [{"key": 1, "value": 1}, {"key": "010203", "value": 1}]}' \
    'entry 2: key: 3 bytes, where the map has 2'
refused '{"entries": [{"key": 65536, "value": 1}]}' 'entry 1: key: 65536 does not fit into 2 bytes'
refused '{"entries": [{"key": -32769, "value": 1}]}' 'does not fit into 2 bytes'
refused '{"entries": [{"key": 1, "value": "0102"}]}' 'value: 2 bytes, where the map has 8'
refused '{"entries": [{"key": 1, "value": [1, 2]}]}' 'value: 2 bytes, where the map has 8'
refused '{"entries": [{"key": [1, 256], "value": 1}]}' '256 does not fit into 1 bytes'
refused '{"entries": [{"key": [1, null], "value": 1}]}' 'a list is one of bytes'
refused '{"entries": [{"key": "0x1g", "value": 1}]}' 'not in hexadecimal'
refused '{"entries": [{"key": "123", "value": 1}]}' 'an odd number of hexadecimal digits'
refused '{"entries": [{"key": 1.5, "value": 1}]}' 'key: neither a number'
refused '{"entries": [{"value": 1}]}' 'key: missing'
refused '{"entries": [{"key": 1}]}' 'values: an entry has'
refused '{"entries": [{"key": 1, "values": []}]}' 'values: an entry has'
refused '{"entries": [{"key": 1, "values": [1, 2]}]}' 'the map has one for each key'
refused '{"entries": [{"key": 1, "value": 1, "values": [1]}]}' 'values: an entry has'
refused '{"entries": [1]}' 'an object with "key" and "values" is wanted'
refused '{"entries": [{"key": 1, "value": 99999999999999999999}]}' 'too big integer'
# A map that is full: 1024 entries fit, one more does not.
awk -v n=1024 'BEGIN { printf "{\"entries\": ["
    for (i = 1; i <= n; i++) printf "{\"key\": %d, \"value\": 1}%s\n", i, i < n ? "," : "]}" }' \
    >"$work/full.json"
exits 0 "$ebpfvm" run --map blocked="$work/full.json" --maps --json "$firewall"
out_json
test "$(grep -c '"key"' "$work/out")" -eq 1024 || fail 'not 1024 entries'
sed 's/"key": 1,/"key": 1}, {"key": 2000,/; s/"key": 1}/"key": 1, "value": 1}/' \
    "$work/full.json" >"$work/over.json"
exits 1 "$ebpfvm" run --map blocked="$work/over.json" "$firewall"
err_has "entry 1025: the map is full: 'blocked' is of kind hash, for 1024 entries"

# Arrays have their indexes, per-CPU kinds a value for each processor, constants none.
put() {
    want=$1 map=$2
    shift 2
    printf '%s' "$1" >"$work/m.json"
    exits "$want" "$ebpfvm" run --map "$map=$work/m.json" --maps "$firewall"
}
put 0 passed '{"entries": [{"key": 6, "values": [5]}, {"key": 255, "value": 9}]}'
out_has '  6 = 5'
out_has '  255 = 9'
put 1 passed '{"entries": [{"key": 256, "value": 5}]}'
err_has "entry 1: the index is out of range: 'passed' is of kind percpu_array, for 256 entries"
put 1 passed "{\"entries\": [{\"key\": 0, \"values\": [$(awk 'BEGIN {
    for (i = 0; i < 5000; i++) printf "1," }')1]}]}"
err_has 'more of them than processors'
put 1 .rodata '{"entries": [{"key": 0, "value": 5}]}'
err_has 'the map may not be written'
put 0 .bss '{"entries": [{"key": 0, "value": "ff00000000000001"}]}'

# Queues and stacks take entries without a key, and tries prefixes with their lengths.
mixed=$objects/packets.o
list='{"entries": [{"value": 2}, {"values": [3]}]}'
take() {
    printf '%s' "$3" >"$work/m.json"
    exits "$4" "$ebpfvm" run --program "$1" --map "$2=$work/m.json" --mem "${5:-$(frame 0000)}" \
        "$mixed"
}
take pop_next next "$list" 0
out_is 'r0 = 0x2 (2)'
take pop_last last "$list" 0
out_is 'r0 = 0x3 (3)'
take pop_next next '{"entries": [{"key": 1, "value": 2}]}' 1
err_has 'entry 1: key: maps of this kind have none'
take pop_next next '{"entries": [{"value": 1}, {"value": 1}, {"value": 1}, {"value": 1},
    {"value": 1}]}' 1
err_has "entry 5: the map is full: 'next' is of kind queue, for 4 entries"
routes='{"entries": [{"key": [8, 0, 0, 0, 10, 0, 0, 0], "value": 2},
    {"key": [16, 0, 0, 0, 10, 1, 0, 0], "value": 3}]}'
if printf '\1\0' | od -An -td2 | grep -q '\b1$'; then
    take route routes "$routes" 0 0a000001
    out_is 'r0 = 0x2 (2)'
    take route routes "$routes" 0 0a010001
    out_is 'r0 = 0x3 (3)'
    take route routes "$routes" 0 0b010001
    out_is 'r0 = 0x1 (1)'
    take route routes '{"entries": [{"key": [33, 0, 0, 0, 10, 0, 0, 0], "value": 2}]}' 1
    err_has 'the map does not take such a key'
fi
exits 0 "$ebpfvm" run --program remember --mem "$(frame 0000)" "$mixed"
out_is 'r0 = 0x2 (2)'
exits 0 "$ebpfvm" run --program remember --rooms 2,2 --mem "$(frame 0000)" "$mixed"
out_is 'r0 = 0x0 (0)'
for program in pop_next pop_last route remember; do
    exits 0 "$ebpfvm" verify --program $program "$mixed"
done

# Names.
exits 1 "$ebpfvm" run --map blokced="$work/m.json" "$firewall"
err_has "the program has no map 'blokced'; did you mean 'blocked'?"
exits 1 "$ebpfvm" run --map nothing_like_it="$work/m.json" "$firewall"
err_has "'ebpfvm maps' lists those"
exits 1 "$ebpfvm" run --map x="$work/m.json" "$two"
err_has 'nor any other'
for bad in blocked blocked= =file ''; do
    exits 2 "$ebpfvm" run --map "$bad" "$firewall"
    err_has 'is not NAME=FILE'
done
exits 3 "$ebpfvm" run --map blocked="$work/missing" "$firewall"
err_has "cannot read '$work/missing'"
exits 3 "$ebpfvm" run --json --map blocked="$work/missing" "$firewall"
out_json
exits 3 "$ebpfvm" run --map blocked="$work" "$firewall"
exits 1 "$ebpfvm" run --map blocked="$work/broken.map" "$firewall"
err_has 'no file of a map'

# What one run leaves, the next one starts with, from either form.
printf '{"entries": [{"key": 8080, "value": 5}]}' >"$work/m.json"
exits 0 "$ebpfvm" run --map blocked="$work/m.json" --mem "$(frame 1f90)" \
    --save-maps "$work/left.json" "$firewall"
out_is 'r0 = 0x1 (1)'
"$json_check" <"$work/left.json" || fail 'what is saved is no JSON'
grep -q '{"key": "901f", "values": \[6\]}\|{"key": "1f90", "values": \[6\]}' "$work/left.json" ||
    fail 'no key in hexadecimal'
exits 0 "$ebpfvm" run --map blocked="$work/left.json" --map .bss="$work/left.json" \
    --mem "$(frame 1f90)" --json --maps "$firewall"
out_json
out_has '"values": [7]'
out_has '{"key": 0, "values": [2]}'
cp "$work/out" "$work/left2.json"
exits 0 "$ebpfvm" run --map blocked="$work/left2.json" --mem "$(frame 1f90)" --maps "$firewall"
out_has ' = 8'
# Large numbers are not rounded.
printf '{"entries": [{"key": 0, "value": "0102030405060788"}]}' >"$work/m.json"
exits 0 "$ebpfvm" run --map .bss="$work/m.json" --save-maps "$work/left.json" "$firewall"
grep -q '"0102030405060788"' "$work/left.json" || fail 'a large number is not in hexadecimal'

# Files that cannot be written.
exits 3 "$ebpfvm" run --save-maps "$work/none/m.json" "$firewall"
err_has 'No such file'
if test -w /dev/full; then
    exits 3 "$ebpfvm" run --save-maps /dev/full "$firewall"
    err_has 'No space left on device'
fi

# Over a capture, on threads: all counts are there.
if "$ebpfvm" version | grep -q 'without libpcap'; then
    finish
fi
for threads in 1 2; do
    exits 0 "$ebpfvm" run --pcap "$capture" --threads $threads --repeat 50 \
        --save-maps "$work/left.json" "$firewall"
    out_has 'XDP_DROP             400'
    grep -q '"key": 0, "values": \[400\]' "$work/left.json" || fail 'not 400 in .bss'
    sum=$(sed -n 's/.*"key": 6, "values": \[\(.*\)\].*/\1/p' "$work/left.json" | tr -d ']}' |
        tr ', ' '\n\n' | awk '{ n += $1 } END { print n }')
    test "$sum" -eq 5300 || fail "$sum TCP packets, not 5300"
done
finish
