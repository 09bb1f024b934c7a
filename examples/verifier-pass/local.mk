# SPDX-License-Identifier: MIT OR Apache-2.0
# Verifier passes from outside the library.  Each checks what it shows, so they are tests as well.
pass_examples = %D%/forbid-helper %D%/bound-length
check_PROGRAMS += $(pass_examples)
TESTS += $(pass_examples)

examples_verifier_pass_forbid_helper_SOURCES = %D%/forbid_helper.c
examples_verifier_pass_forbid_helper_LDADD = libebpfvm.la

examples_verifier_pass_bound_length_SOURCES = %D%/bound_length.c
examples_verifier_pass_bound_length_LDADD = libebpfvm.la
