# SPDX-License-Identifier: MIT OR Apache-2.0
noinst_LTLIBRARIES += libir.la
libir_la_SOURCES = \
	%D%/alu.c %D%/alu.h \
	%D%/decode.c %D%/decode.h \
	%D%/encode.c \
	%D%/labels.c %D%/labels.h \
	%D%/liveness.c %D%/liveness.h \
	%D%/op.c %D%/op.h \
	%D%/print.c %D%/print.h \
	%D%/print_ir.c \
	%D%/print_json.c \
	%D%/print_program.c \
	%D%/program.c %D%/program.h \
	%D%/alu.def %D%/formats.def %D%/groups.def %D%/opcodes.def \
	%D%/syntax.def
