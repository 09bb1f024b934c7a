# SPDX-License-Identifier: MIT OR Apache-2.0
dist_noinst_SCRIPTS = %D%/run-firewall.sh %D%/run-port-filter.sh
EXTRA_DIST += \
	%D%/README.md \
	%D%/data/README.md \
	%D%/data/record.sh \
	%D%/data/traffic.pcap \
	%D%/data/traffic.py \
	%D%/filters/port.s \
	%D%/xdp/build.sh \
	%D%/xdp/firewall.c \
	%D%/xdp/firewall.o

include examples/backend/local.mk
include examples/map/local.mk
include examples/hot-reload/local.mk
include examples/verifier-pass/local.mk
include examples/vm/local.mk
