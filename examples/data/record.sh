#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Records traffic.pcap anew: real traffic of the programs in traffic.py, on the loopback interface
# of a network namespace of its own: nothing else is in it.  Needs root, tcpdump and python3.
# usage: record.sh CAPTURE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
capture=$(realpath "${1:?usage: record.sh CAPTURE}")
export here capture
exec unshare --net sh -eu -c '
    ip link set lo mtu 1500 up
    tcpdump -i lo -U -q -w "$capture" &
    tcpdump=$!
    sleep 1
    python3 "$here/traffic.py"
    sleep 1
    kill -INT $tcpdump
    wait $tcpdump'
