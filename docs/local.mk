# SPDX-License-Identifier: MIT OR Apache-2.0
EXTRA_DIST += \
	%D%/architecture.md \
	%D%/assembly.md \
	%D%/cbpf.md \
	%D%/decisions.md \
	%D%/errors.md \
	%D%/helpers.md \
	%D%/howto/add-a-backend.md %D%/howto/add-a-map-kind.md \
	%D%/howto/add-a-verifier-pass.md %D%/howto/run-over-captures.md \
	%D%/instructions.md \
	%D%/interpreter.md \
	%D%/ir.md \
	%D%/jit.md \
	%D%/limits.md \
	%D%/maps.md \
	%D%/objects.md \
	%D%/performance.md \
	%D%/rbpf.md \
	%D%/testing.md \
	%D%/tutorials/assembler.md \
	%D%/tutorials/backend.md \
	%D%/tutorials/builder.md \
	%D%/tutorials/embedding.md \
	%D%/tutorials/objects.md \
	%D%/tutorials/verifier-pass.md \
	%D%/verifier.md \
	%D%/images/bench.svg \
	%D%/images/record.sh %D%/images/session.svg %D%/images/terminal.awk \
	%D%/vm.md

# The reference of the public headers, in doxygen/html.
doxygen: $(BUILT_SOURCES)
	top_srcdir='$(top_srcdir)' doxygen '$(srcdir)/Doxyfile'
.PHONY: doxygen
clean-local:
	rm -rf doxygen

# The chart of README and docs/performance.md, measured anew.  Takes a quiet machine and minutes.
update-chart: bench/ebpfvm-bench$(EXEEXT)
	bench/ebpfvm-bench$(EXEEXT) --samples=201 --chart=$(srcdir)/%D%/images/bench.svg
.PHONY: update-chart

# The terminal session of the README, recorded anew.
update-session: ebpfvm$(EXEEXT)
	top_srcdir='$(top_srcdir)' top_builddir='$(top_builddir)' $(srcdir)/%D%/images/record.sh
.PHONY: update-session
