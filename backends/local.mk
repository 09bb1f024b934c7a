# SPDX-License-Identifier: MIT OR Apache-2.0
noinst_LTLIBRARIES += libbackends.la
libbackends_la_SOURCES = \
	%D%/access.h \
	%D%/backends.def \
	%D%/registry.c %D%/registry.h \
	%D%/runtime.c \
	%D%/step.c %D%/step.h \
	%D%/interp/interp.c
