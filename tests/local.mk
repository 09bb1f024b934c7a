# SPDX-License-Identifier: MIT OR Apache-2.0
# What tests may ask about the build. Nothing here changes the directory: paths stay valid.
# A busy machine is no reason for a unit test to fail: a minute is plenty.
AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(top_srcdir)'; top_builddir='$(top_builddir)'; \
	CK_DEFAULT_TIMEOUT=60; export CK_DEFAULT_TIMEOUT; \
	CC='$(CC)'; CXX='$(CXX)'; SANITIZE_CFLAGS='$(SANITIZE_CFLAGS)'; NM='$(NM)'; AWK='$(AWK)'; \
	export top_srcdir top_builddir CC CXX SANITIZE_CFLAGS NM AWK;

include tests/objects/local.mk
include tests/unit/local.mk
include tests/cli/local.mk
include tests/conformance/local.mk
include tests/scripts/local.mk
include tests/filetests/local.mk
include tests/cbpf/local.mk
include tests/fuzz/local.mk
include tests/scale/local.mk
include tests/tutorials/local.mk

# Comparisons with vectors of others, which stay outside: each takes the path of a file.
EXTRA_DIST += tests/compat/rbpf-asm tests/compat/rbpf-builder tests/compat/rbpf-disasm \
	tests/compat/rbpf-vm tests/compat/rbpf_vm_runner.c \
	tests/compat/load-objects tests/compat/safety-corpus
