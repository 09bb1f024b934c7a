# SPDX-License-Identifier: MIT OR Apache-2.0
noinst_LTLIBRARIES += libbuilder.la
libbuilder_la_SOURCES = \
	%D%/builder.c \
	%D%/print.c
