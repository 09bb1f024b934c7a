# SPDX-License-Identifier: MIT OR Apache-2.0
noinst_LTLIBRARIES += libvm.la
libvm_la_SOURCES = \
	%D%/burst.c \
	%D%/callback.c \
	%D%/context.c \
	%D%/declare.c \
	%D%/engine.c \
	%D%/explain.c \
	%D%/format.c \
	%D%/function.c \
	%D%/helper.c \
	%D%/helpers.def %D%/helpers.h \
	%D%/helpers_events.c \
	%D%/helpers_kernel.c \
	%D%/helpers_lock.c \
	%D%/helpers_map.c %D%/helpers_map.h \
	%D%/map_call.h \
	%D%/helpers_packet.c \
	%D%/helpers_rbpf.c \
	%D%/helpers_tunnel.c \
	%D%/host.c \
	%D%/kinds.def \
	%D%/load.c \
	%D%/map.c \
	%D%/number.c %D%/number.h \
	%D%/packet.c %D%/packet.h \
	%D%/prove.c \
	%D%/regions.c \
	%D%/run.c \
	%D%/tail.c %D%/tail.h \
	%D%/vm.c %D%/vm.h

# Runs are set up word by word: pairs would have to be put together first, and where they cross a
# line of the cache, reading their halves waits until they are written.
libvm_la_CFLAGS = $(AM_CFLAGS) -fno-tree-slp-vectorize

include vm/maps/local.mk
