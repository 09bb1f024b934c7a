# SPDX-License-Identifier: MIT OR Apache-2.0
# An engine from outside the library.  The file tests run it beside the built-in ones, and `make
# installcheck` builds it against what is installed.
engine_example = %D%/compute.c %D%/count.c %D%/count.h %D%/execute.c
check_PROGRAMS += %D%/count
TESTS += %D%/count
examples_backend_count_SOURCES = $(engine_example) %D%/main.c
examples_backend_count_LDADD = libebpfvm.la
