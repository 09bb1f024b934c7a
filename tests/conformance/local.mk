# SPDX-License-Identifier: MIT OR Apache-2.0
# `ebpfvm plugin` against a second implementation of the RFC, which sees nothing of the library.
check_PROGRAMS += %D%/conformance
tests_conformance_conformance_SOURCES = \
	%D%/conformance.h %D%/main.c %D%/programs.c %D%/reference.c
tests_conformance_conformance_CPPFLAGS = $(AM_CPPFLAGS) -D_GNU_SOURCE
dist_check_SCRIPTS += %D%/run.sh
TESTS += %D%/run.sh
