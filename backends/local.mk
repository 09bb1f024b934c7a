# SPDX-License-Identifier: MIT OR Apache-2.0
noinst_LTLIBRARIES += libbackends.la
libbackends_la_SOURCES = \
	%D%/access.h \
	%D%/backends.def \
	%D%/registry.c %D%/registry.h \
	%D%/runtime.c \
	%D%/step.c %D%/step.h \
	%D%/interp/interp.c

if HAVE_JIT_X86_64
libbackends_la_SOURCES += \
	%D%/x86_64/emit.c %D%/x86_64/emit.h %D%/x86_64/forms.h \
	%D%/x86_64/layout.c %D%/x86_64/layout.h \
	%D%/x86_64/x64_insn.def
endif
