# SPDX-License-Identifier: MIT OR Apache-2.0
ebpfvmincludedir = $(includedir)/ebpfvm
ebpfvminclude_HEADERS = \
	%D%/ebpfvm/api.h \
	%D%/ebpfvm/asm.h \
	%D%/ebpfvm/backend.h \
	%D%/ebpfvm/builder.h \
	%D%/ebpfvm/burst.h \
	%D%/ebpfvm/cbpf.h \
	%D%/ebpfvm/ebpfvm.h \
	%D%/ebpfvm/elf.h \
	%D%/ebpfvm/helper.h \
	%D%/ebpfvm/insn.h \
	%D%/ebpfvm/events.h \
	%D%/ebpfvm/map.h \
	%D%/ebpfvm/map_ops.h \
	%D%/ebpfvm/mem.h \
	%D%/ebpfvm/facts.h \
	%D%/ebpfvm/pass.h \
	%D%/ebpfvm/program.h \
	%D%/ebpfvm/status.h \
	%D%/ebpfvm/stream.h \
	%D%/ebpfvm/verify.h \
	%D%/ebpfvm/vm.h
nodist_ebpfvminclude_HEADERS = \
	%D%/ebpfvm/builder_insns.h \
	%D%/ebpfvm/errors.h \
	%D%/ebpfvm/kinds.h \
	%D%/ebpfvm/map_kinds.h \
	%D%/ebpfvm/opcodes.h \
	%D%/ebpfvm/version.h

# The public names of the rows of the tables.
opcode_tables = ir/groups.def ir/formats.def ir/alu.def ir/opcodes.def
generated_headers = %D%/ebpfvm/builder_insns.h %D%/ebpfvm/errors.h %D%/ebpfvm/kinds.h \
	%D%/ebpfvm/map_kinds.h %D%/ebpfvm/opcodes.h
BUILT_SOURCES += $(generated_headers)
CLEANFILES += $(generated_headers)
EXTRA_DIST += build-aux/gen-builder.awk build-aux/gen-errors.awk build-aux/gen-kinds.awk \
	build-aux/gen-map-kinds.awk build-aux/gen-opcodes.awk

%D%/ebpfvm/errors.h: base/errors.def build-aux/gen-errors.awk
	$(AM_V_GEN)$(MKDIR_P) %D%/ebpfvm && \
	  $(AWK) -f $(srcdir)/build-aux/gen-errors.awk $(srcdir)/base/errors.def > $@.tmp && \
	  mv $@.tmp $@

%D%/ebpfvm/kinds.h: vm/kinds.def build-aux/gen-kinds.awk
	$(AM_V_GEN)$(MKDIR_P) %D%/ebpfvm && \
	  $(AWK) -f $(srcdir)/build-aux/gen-kinds.awk $(srcdir)/vm/kinds.def > $@.tmp && \
	  mv $@.tmp $@

%D%/ebpfvm/map_kinds.h: ir/map_kinds.def build-aux/gen-map-kinds.awk
	$(AM_V_GEN)$(MKDIR_P) %D%/ebpfvm && \
	  $(AWK) -f $(srcdir)/build-aux/gen-map-kinds.awk $(srcdir)/ir/map_kinds.def > $@.tmp && \
	  mv $@.tmp $@

%D%/ebpfvm/opcodes.h: $(opcode_tables) build-aux/gen-opcodes.awk
	$(AM_V_GEN)$(MKDIR_P) %D%/ebpfvm && \
	  ( cd $(srcdir) && $(AWK) -f build-aux/gen-opcodes.awk $(opcode_tables) ) > $@.tmp && \
	  mv $@.tmp $@

%D%/ebpfvm/builder_insns.h: ir/formats.def ir/opcodes.def build-aux/gen-builder.awk
	$(AM_V_GEN)$(MKDIR_P) %D%/ebpfvm && \
	  ( cd $(srcdir) && $(AWK) -f build-aux/gen-builder.awk ir/formats.def ir/opcodes.def ) \
	    > $@.tmp && mv $@.tmp $@
