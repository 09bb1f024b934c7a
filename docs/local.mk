# SPDX-License-Identifier: MIT OR Apache-2.0
EXTRA_DIST += \
	%D%/architecture.md \
	%D%/assembly.md \
	%D%/decisions.md \
	%D%/errors.md \
	%D%/helpers.md \
	%D%/howto/add-a-backend.md \
	%D%/howto/add-a-verifier-pass.md \
	%D%/instructions.md \
	%D%/interpreter.md \
	%D%/jit.md \
	%D%/limits.md \
	%D%/maps.md \
	%D%/rbpf.md \
	%D%/testing.md \
	%D%/verifier.md \
	%D%/vm.md

# The reference of the public headers, in doxygen/html.
doxygen: $(BUILT_SOURCES)
	top_srcdir='$(top_srcdir)' doxygen '$(srcdir)/Doxyfile'
.PHONY: doxygen
clean-local:
	rm -rf doxygen
