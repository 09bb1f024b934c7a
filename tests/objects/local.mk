# SPDX-License-Identifier: MIT OR Apache-2.0
# Objects for the tests of the ELF front end: sources, the script that compiles them, and what it
# made of them.
test_objects = \
	%D%/calls-gnu.o %D%/calls-v1.o %D%/calls-v2.o %D%/calls-v3.o \
	%D%/constants.o \
	%D%/core.o %D%/core_target.o \
	%D%/externs.o \
	%D%/globals-gnu.o %D%/globals-v1.o %D%/globals-v2.o %D%/globals-v3.o \
	%D%/iproute-tc.o %D%/iproute-xdp.o \
	%D%/kernel_names.o \
	%D%/maps_btf-v1.o %D%/maps_btf-v2.o %D%/maps_btf-v3.o \
	%D%/maps_legacy-16.o %D%/maps_legacy-20.o %D%/maps_legacy-24.o \
	%D%/maps_legacy-28.o %D%/maps_legacy-36.o %D%/maps_legacy-40.o \
	%D%/packets.o %D%/refused.o %D%/runtime-gnu.o %D%/sections.o
EXTRA_DIST += $(test_objects) \
	%D%/bpf.h %D%/build.sh %D%/calls.c %D%/constants.c %D%/core.c %D%/core.h %D%/core_target.c \
	%D%/externs.c %D%/globals.c %D%/iproute.c %D%/kernel_names.c %D%/maps_btf.c \
	%D%/maps_legacy.c %D%/packets.c %D%/refused.c %D%/runtime.c \
	%D%/sections.c
EXTRA_DIST += \
	%D%/tutorials/balancer.c %D%/tutorials/blacklist.c %D%/tutorials/build.sh \
	%D%/tutorials/counter.c %D%/tutorials/logger.c %D%/tutorials/net.h \
	%D%/tutorials/objects.tar.xz %D%/tutorials/parser.c %D%/tutorials/router.c \
	%D%/tutorials/syncookie.c %D%/tutorials/vlan.c
