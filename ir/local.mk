# SPDX-License-Identifier: MIT OR Apache-2.0
noinst_LTLIBRARIES += libir.la
libir_la_SOURCES = \
	%D%/alu.c %D%/alu.h \
	%D%/decode.c %D%/decode.h \
	%D%/encode.c \
	%D%/op.c %D%/op.h \
	%D%/program.c %D%/program.h \
	%D%/alu.def %D%/formats.def %D%/groups.def %D%/opcodes.def
