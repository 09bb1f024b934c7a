# SPDX-License-Identifier: MIT OR Apache-2.0
noinst_LTLIBRARIES += libbackends.la
libbackends_la_SOURCES = \
	%D%/runtime.c
