# SPDX-License-Identifier: MIT OR Apache-2.0
include tests/unit/local.mk

# Comparisons with vectors of others, which stay outside: each takes the path of a file.
EXTRA_DIST += tests/compat/rbpf-builder
