#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Runs xdp/firewall.o, an XDP program that was compiled for the Linux kernel, over a packet capture:
# which packets does it drop, and what do its maps hold then?
# usage: run-firewall.sh [CAPTURE]     EBPFVM in the environment is the command to run
set -eu
here=$(dirname "$0")
capture=${1:-$here/data/traffic.pcap}

echo "Packets of ${capture##*/} that ${here##*/}/xdp/firewall.o drops:"
echo
"${EBPFVM:-ebpfvm}" run --pcap="$capture" --table=dropped --maps "$here/xdp/firewall.o"
