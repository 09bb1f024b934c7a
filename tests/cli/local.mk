# SPDX-License-Identifier: MIT OR Apache-2.0
# The command, from the outside: each script runs it many times.
cli_tests = \
	%D%/asm.sh \
	%D%/bad-input.sh \
	%D%/capture.sh \
	%D%/completion.sh \
	%D%/disasm.sh \
	%D%/dump.sh \
	%D%/errors.sh \
	%D%/faults.sh \
	%D%/filter.sh \
	%D%/maps.sh \
	%D%/objdump.sh \
	%D%/objects.sh \
	%D%/packets.sh \
	%D%/plugin.sh \
	%D%/run.sh \
	%D%/streams.sh \
	%D%/usage.sh \
	%D%/verify.sh
dist_check_SCRIPTS += $(cli_tests)
TESTS += $(cli_tests)
EXTRA_DIST += %D%/lib.sh

check_PROGRAMS += %D%/json-check %D%/save-map
tests_cli_json_check_SOURCES = %D%/json-check.c
tests_cli_save_map_SOURCES = %D%/save-map.c
tests_cli_save_map_LDADD = libebpfvm.la

# The command again, with calls of the system that fail.  Sanitizers have such calls of their own.
if !SANITIZERS
check_PROGRAMS += %D%/ebpfvm-faults
tests_cli_ebpfvm_faults_SOURCES = %D%/faults.c
tests_cli_ebpfvm_faults_LDADD = $(ebpfvm_OBJECTS) $(ebpfvm_LDADD) -ldl
tests_cli_ebpfvm_faults_LDFLAGS = $(AM_LDFLAGS) -static
endif
