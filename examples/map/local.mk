# SPDX-License-Identifier: MIT OR Apache-2.0
check_PROGRAMS += %D%/sums
TESTS += %D%/sums
examples_map_sums_SOURCES = %D%/sums.c
examples_map_sums_LDADD = libebpfvm.la
