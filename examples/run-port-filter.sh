#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Assembles filters/port.s and runs it over a packet capture: which packets are from or to a port?
# usage: run-port-filter.sh [CAPTURE [PORT]]     EBPFVM in the environment is the command to run
set -eu
here=$(dirname "$0")
capture=${1:-$here/data/traffic.pcap}
port=${2:-53}
case $port in
''|*[!0-9]*) echo "$0: '$port' is not a port" >&2; exit 2 ;;
esac

echo "Packets from or to port $port in ${capture##*/}, by ${here##*/}/filters/port.s:"
echo
sed "s/^\\.equ PORT, .*/.equ PORT, $port/" "$here/filters/port.s" |
    "${EBPFVM:-ebpfvm}" run --format=asm --pcap="$capture" --table=passed -
