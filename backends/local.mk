# SPDX-License-Identifier: MIT OR Apache-2.0
noinst_LTLIBRARIES += libbackends.la
libbackends_la_SOURCES = \
	%D%/access.h \
	%D%/backends.def \
	%D%/registry.c %D%/registry.h \
	%D%/runtime.c \
	%D%/step.c %D%/step.h \
	%D%/interp/bodies.h \
	%D%/interp/compile.c \
	%D%/interp/fuse.def \
	%D%/interp/interp.c %D%/interp/interp.h \
	%D%/interp/units.def \
	%D%/interp/wide.c %D%/interp/wide.h
libbackends_la_LIBADD = libinterp.la $(ZYDIS_LIBS)

# The functions that execute units: every one ends with a jump to the next, which gcc makes of a
# call only if told to.  Pairs of words must not be copied as one where they were just written one
# by one: the processor would wait for the writes.
noinst_LTLIBRARIES += libinterp.la
libinterp_la_SOURCES = \
	%D%/interp/run.c %D%/interp/start.c %D%/interp/thread.h
libinterp_la_CFLAGS = $(AM_CFLAGS) -foptimize-sibling-calls \
	-fno-tree-vectorize -fno-tree-slp-vectorize

if HAVE_JIT_X86_64
libbackends_la_SOURCES += \
	%D%/exec_memory.c %D%/exec_memory.h \
	%D%/exec_pool.c %D%/exec_pool.h \
	%D%/x86_64/blind.c \
	%D%/x86_64/cpu.c %D%/x86_64/cpu.h \
	%D%/x86_64/dump.c \
	%D%/x86_64/emit.c %D%/x86_64/emit.h %D%/x86_64/forms.h \
	%D%/x86_64/frame.c %D%/x86_64/frame.h \
	%D%/x86_64/layout.c %D%/x86_64/layout.h \
	%D%/x86_64/lower.c %D%/x86_64/lower.h \
	%D%/x86_64/lower_address.c \
	%D%/x86_64/lower_alu.c \
	%D%/x86_64/lower_atomic.c \
	%D%/x86_64/lower_check.c \
	%D%/x86_64/lower_div.c \
	%D%/x86_64/lower_entry.c \
	%D%/x86_64/lower_jump.c \
	%D%/x86_64/lower_lookup.c \
	%D%/x86_64/lower_mem.c \
	%D%/x86_64/lower_operand.c \
	%D%/x86_64/lower_switch.c \
	%D%/x86_64/plan.c %D%/x86_64/plan.h \
	%D%/x86_64/plan_budget.c \
	%D%/x86_64/plan_calls.c \
	%D%/x86_64/plan_checks.c \
	%D%/x86_64/plan_layout.c \
	%D%/x86_64/plan_switch.c \
	%D%/x86_64/plan_loops.c \
	%D%/x86_64/plan_runs.c \
	%D%/x86_64/seen.h \
	%D%/x86_64/seen_gdb.c \
	%D%/x86_64/seen_perf.c \
	%D%/x86_64/seen_unwind.c \
	%D%/x86_64/stubs.c \
	%D%/x86_64/thunks.c \
	%D%/x86_64/x64_insn.def \
	%D%/x86_64/x86_64.c %D%/x86_64/x86_64.h
endif
