# SPDX-License-Identifier: MIT OR Apache-2.0
noinst_LTLIBRARIES += libfrontend.la
libfrontend_la_SOURCES = \
	%D%/bytecode/bytecode.c
