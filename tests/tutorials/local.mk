# SPDX-License-Identifier: MIT OR Apache-2.0
# Programs of the kinds that people start with, as several compilers make them: the objects are
# packed, and tests/objects/tutorials/build.sh makes them again.
check_PROGRAMS += %D%/run
tests_tutorials_run_SOURCES = %D%/expect.c %D%/run.c %D%/run.h
tests_tutorials_run_LDADD = libebpfvm.la
dist_check_SCRIPTS += %D%/run.sh
TESTS += %D%/run.sh
