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
	%D%/interp/units.def
libbackends_la_LIBADD = libinterp.la

# The functions that execute units: every one ends with a jump to the next, which gcc makes of a
# call only if told to.
noinst_LTLIBRARIES += libinterp.la
libinterp_la_SOURCES = %D%/interp/run.c
libinterp_la_CFLAGS = $(AM_CFLAGS) -foptimize-sibling-calls
