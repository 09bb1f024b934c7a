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
	%D%/bytecode/bytecode.c \
	%D%/cbpf/cbpf.def \
	%D%/cbpf/cbpf.h \
	%D%/cbpf/check.c \
	%D%/cbpf/convert.c \
	%D%/cbpf/emit.c \
	%D%/cbpf/parse.c \
	%D%/cbpf/plan.c

# Objects, where libelf is; their type information, where libbpf is as well.
elf_sources = \
	%D%/elf/elf.c \
	%D%/elf/functions.c \
	%D%/elf/image.c \
	%D%/elf/inits.c \
	%D%/elf/link.c %D%/elf/link.h \
	%D%/elf/list.c \
	%D%/elf/maps.c \
	%D%/elf/object.h \
	%D%/elf/relocate.c \
	%D%/elf/runtime.c %D%/elf/runtime.h \
	%D%/elf/sections.c %D%/elf/sections.def \
	%D%/elf/target.c
btf_sources = \
	%D%/elf/btf.c %D%/elf/btf.h \
	%D%/elf/btf_maps.c \
	%D%/elf/core.c %D%/elf/core.h \
	%D%/elf/core_spec.c \
	%D%/elf/core_types.c \
	%D%/elf/kernel_names.c \
	%D%/elf/lines.c
if HAVE_ELF
libfrontend_la_SOURCES += $(elf_sources)
if HAVE_BTF
libfrontend_la_SOURCES += $(btf_sources)
else
libfrontend_la_SOURCES += %D%/elf/btf_none.c
endif
else
libfrontend_la_SOURCES += %D%/elf/none.c
endif
EXTRA_libfrontend_la_SOURCES = \
	$(elf_sources) $(btf_sources) %D%/elf/btf_none.c %D%/elf/none.c
libfrontend_la_CPPFLAGS = $(AM_CPPFLAGS) $(ELF_CFLAGS) $(BTF_CFLAGS)
libfrontend_la_LIBADD = $(ELF_LIBS) $(BTF_LIBS)

# The scanner and the parser are in the tarball: Flex and Bison are needed only to change them.
AM_YFLAGS = -d -Wall -Wno-yacc -Werror
AM_LFLAGS = -Cf
BUILT_SOURCES += %D%/asm/grammar.h
