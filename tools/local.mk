# SPDX-License-Identifier: MIT OR Apache-2.0
# The command.  It sees nothing of the library but the public headers.
bin_PROGRAMS += ebpfvm
ebpfvm_SOURCES = \
	%D%/capture.h \
	%D%/cli.h \
	%D%/cmd_asm.c \
	%D%/cmd_disasm.c \
	%D%/cmd_dump.c \
	%D%/cmd_help.c \
	%D%/cmd_maps.c \
	%D%/cmd_objdump.c \
	%D%/cmd_plugin.c \
	%D%/cmd_run.c \
	%D%/cmd_verify.c \
	%D%/cmd_version.c \
	%D%/commands.def \
	%D%/completion.c \
	%D%/describe.c \
	%D%/exits.def \
	%D%/filter.c %D%/filter.h \
	%D%/help.c \
	%D%/hex.c \
	%D%/input.c %D%/input.h \
	%D%/interrupt.c %D%/interrupt.h \
	%D%/machine.c %D%/machine.h \
	%D%/maps.c %D%/maps.h \
	%D%/maps_read.c \
	%D%/maps_sorted.c \
	%D%/main.c \
	%D%/man.c \
	%D%/options.c \
	%D%/options.def \
	%D%/output.c %D%/output.h \
	%D%/packets.c %D%/packets.h \
	%D%/progress.c %D%/progress.h \
	%D%/replace.c %D%/replace.h \
	%D%/report.c %D%/report.h \
	%D%/runner.c %D%/runner.h \
	%D%/select.c %D%/select.h \
	%D%/text.c %D%/text.h \
	%D%/tryout.c %D%/tryout.h
if HAVE_PCAP
ebpfvm_SOURCES += %D%/capture.c %D%/capture_out.c
else
ebpfvm_SOURCES += %D%/capture_none.c
endif
if HAVE_JANSSON
ebpfvm_SOURCES += %D%/maps_json.c
else
ebpfvm_SOURCES += %D%/maps_json_none.c
endif
EXTRA_ebpfvm_SOURCES = %D%/capture.c %D%/capture_none.c %D%/capture_out.c \
	%D%/maps_json.c %D%/maps_json_none.c
# It is a program of POSIX; libpcap's headers want the types of BSD besides.
ebpfvm_CPPFLAGS = $(AM_CPPFLAGS) -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE $(PCAP_CFLAGS) \
	$(JANSSON_CFLAGS)
ebpfvm_LDADD = libebpfvm.la $(PCAP_LIBS) $(JANSSON_LIBS) $(PTHREAD_LIBS)

# Manual pages and completions are written from the tables by the command itself; a test compares.
generated_pages = \
	docs/man/ebpfvm.1 \
	docs/man/ebpfvm-asm.1 \
	docs/man/ebpfvm-disasm.1 \
	docs/man/ebpfvm-verify.1 \
	docs/man/ebpfvm-run.1 \
	docs/man/ebpfvm-dump.1 \
	docs/man/ebpfvm-objdump.1 \
	docs/man/ebpfvm-maps.1 \
	docs/man/ebpfvm-plugin.1 \
	docs/man/ebpfvm-help.1 \
	docs/man/ebpfvm-version.1
dist_man_MANS = $(generated_pages) docs/man/libebpfvm.3
bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = %D%/completion/bash/ebpfvm
zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = %D%/completion/zsh/_ebpfvm

update-man: ebpfvm$(EXEEXT)
	$(MKDIR_P) $(srcdir)/docs/man $(srcdir)/%D%/completion/bash $(srcdir)/%D%/completion/zsh
	for page in $(generated_pages); do \
	  name=`basename $$page .1 | sed 's/ebpfvm-*//'`; \
	  ./ebpfvm$(EXEEXT) help --man $$name > $(srcdir)/$$page || exit 1; \
	done
	./ebpfvm$(EXEEXT) help --bash > $(srcdir)/%D%/completion/bash/ebpfvm
	./ebpfvm$(EXEEXT) help --zsh > $(srcdir)/%D%/completion/zsh/_ebpfvm
.PHONY: update-man
