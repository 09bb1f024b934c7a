# SPDX-License-Identifier: MIT OR Apache-2.0
noinst_LTLIBRARIES += libbase.la
libbase_la_SOURCES = \
	%D%/arena.c %D%/arena.h \
	%D%/bytes.h \
	%D%/diag.c \
	%D%/errors.def \
	%D%/intern.c %D%/intern.h \
	%D%/lock.h \
	%D%/mem.c %D%/mem.h \
	%D%/options.c %D%/options.h \
	%D%/status.c \
	%D%/stream.c %D%/stream.h \
	%D%/vec.c %D%/vec.h \
	%D%/version.c
