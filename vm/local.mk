# SPDX-License-Identifier: MIT OR Apache-2.0
noinst_LTLIBRARIES += libvm.la
libvm_la_SOURCES = \
	%D%/engine.c \
	%D%/explain.c \
	%D%/format.c \
	%D%/helper.c \
	%D%/helpers.def %D%/helpers.h \
	%D%/helpers_events.c \
	%D%/helpers_kernel.c \
	%D%/helpers_map.c %D%/helpers_map.h \
	%D%/helpers_rbpf.c \
	%D%/host.c \
	%D%/kinds.def \
	%D%/load.c \
	%D%/map.c \
	%D%/number.c %D%/number.h \
	%D%/regions.c \
	%D%/run.c \
	%D%/vm.c %D%/vm.h

include vm/maps/local.mk
