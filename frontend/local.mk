# SPDX-License-Identifier: MIT OR Apache-2.0
noinst_LTLIBRARIES += libfrontend.la
libfrontend_la_SOURCES = \
	%D%/asm/aliases.def \
	%D%/asm/asm.c \
	%D%/asm/assembler.h \
	%D%/asm/directive.c \
	%D%/asm/expr.c \
	%D%/asm/grammar.y \
	%D%/asm/instruction.c \
	%D%/asm/mnemonic.c \
	%D%/asm/pseudoc.c \
	%D%/asm/report.c \
	%D%/asm/scanner.l \
	%D%/asm/symbol.c \
	%D%/asm/tokens.c %D%/asm/tokens.h \
	%D%/bytecode/bytecode.c

# The scanner and the parser are in the tarball: Flex and Bison are needed only to change them.
AM_YFLAGS = -d -Wall -Wno-yacc -Werror
AM_LFLAGS = -Cf
BUILT_SOURCES += %D%/asm/grammar.h
