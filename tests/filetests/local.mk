# SPDX-License-Identifier: MIT OR Apache-2.0
# Programs with what must come of them, run by every engine; public interface only, but for the
# engine that looks whether what was proven is true.
check_PROGRAMS += %D%/run-filetests
TESTS += %D%/run-filetests
EXTRA_DIST += \
	%D%/alu %D%/assembly %D%/atomic %D%/call %D%/context %D%/jump %D%/memory %D%/packet \
	%D%/verify %D%/vm

tests_filetests_run_filetests_SOURCES = $(engine_example) \
	%D%/compare.c %D%/directives.c %D%/expand.c %D%/filetest.h %D%/helpers.c \
	%D%/main.c %D%/parse.c %D%/round_trip.c %D%/run.c %D%/session.h \
	tests/unit/contain.c tests/unit/contain.h \
	tests/unit/fact_engine.c tests/unit/fact_engine.h
tests_filetests_run_filetests_LDADD = libebpfvm.la
tests_filetests_run_filetests_LDFLAGS = $(AM_LDFLAGS) -static
