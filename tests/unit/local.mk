# SPDX-License-Identifier: MIT OR Apache-2.0
# One program per folder of the library, or part of one, linked with that folder and those below it
# only: a call in the wrong direction does not link.

# Writes the reference pages of docs/ from the tables.
check_PROGRAMS += %D%/reference
tests_unit_reference_SOURCES = %D%/reference.c
tests_unit_reference_LDADD = libir.la libbase.la

if HAVE_CHECK
unit_cppflags = $(AM_CPPFLAGS) $(CHECK_CFLAGS)
unit_tests =
unit_vm_libs = libvm.la libbackends.la libbuilder.la libfrontend.la libir.la libbase.la \
	$(CHECK_LIBS)

unit_tests += %D%/test-base
tests_unit_test_base_SOURCES = %D%/unit.h %D%/test_base.c
tests_unit_test_base_CPPFLAGS = $(unit_cppflags)
tests_unit_test_base_LDADD = libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-builder
tests_unit_test_builder_SOURCES = %D%/unit.h %D%/test_builder.c
tests_unit_test_builder_CPPFLAGS = $(unit_cppflags)
tests_unit_test_builder_LDADD = libbuilder.la libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-ir
tests_unit_test_ir_SOURCES = %D%/unit.h %D%/ir_unit.h %D%/failing_mem.h %D%/test_ir.c
tests_unit_test_ir_CPPFLAGS = $(unit_cppflags)
tests_unit_test_ir_LDADD = libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-ir-alu
tests_unit_test_ir_alu_SOURCES = %D%/unit.h %D%/test_ir_alu.c
tests_unit_test_ir_alu_CPPFLAGS = $(unit_cppflags)
tests_unit_test_ir_alu_LDADD = libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-ir-program
tests_unit_test_ir_program_SOURCES = \
	%D%/unit.h %D%/ir_unit.h %D%/failing_mem.h %D%/test_ir_program.c
tests_unit_test_ir_program_CPPFLAGS = $(unit_cppflags)
tests_unit_test_ir_program_LDADD = libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-ir-cfg
tests_unit_test_ir_cfg_SOURCES = %D%/unit.h %D%/ir_unit.h %D%/failing_mem.h %D%/test_ir_cfg.c
tests_unit_test_ir_cfg_CPPFLAGS = $(unit_cppflags)
tests_unit_test_ir_cfg_LDADD = libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-ir-dot
tests_unit_test_ir_dot_SOURCES = %D%/unit.h %D%/ir_unit.h %D%/failing_mem.h %D%/test_ir_dot.c
tests_unit_test_ir_dot_CPPFLAGS = $(unit_cppflags)
tests_unit_test_ir_dot_LDADD = libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-ir-pass
tests_unit_test_ir_pass_SOURCES = %D%/unit.h %D%/ir_unit.h %D%/failing_mem.h %D%/test_ir_pass.c
tests_unit_test_ir_pass_CPPFLAGS = $(unit_cppflags)
tests_unit_test_ir_pass_LDADD = libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-ir-print
tests_unit_test_ir_print_SOURCES = \
	%D%/unit.h %D%/ir_unit.h %D%/failing_mem.h %D%/test_ir_print.c
tests_unit_test_ir_print_CPPFLAGS = $(unit_cppflags)
tests_unit_test_ir_print_LDADD = libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-ir-verify
tests_unit_test_ir_verify_SOURCES = %D%/unit.h %D%/ir_unit.h %D%/failing_mem.h %D%/test_ir_verify.c
tests_unit_test_ir_verify_CPPFLAGS = $(unit_cppflags)
tests_unit_test_ir_verify_LDADD = libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-scalar
tests_unit_test_scalar_SOURCES = %D%/unit.h %D%/scalar_unit.h %D%/test_scalar.c
tests_unit_test_scalar_CPPFLAGS = $(unit_cppflags)
tests_unit_test_scalar_LDADD = libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-scalar-all
tests_unit_test_scalar_all_SOURCES = %D%/unit.h %D%/scalar_unit.h %D%/test_scalar_all.c
tests_unit_test_scalar_all_CPPFLAGS = $(unit_cppflags)
tests_unit_test_scalar_all_LDADD = libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-safety
tests_unit_test_safety_SOURCES = \
	%D%/unit.h %D%/failing_mem.h %D%/safety_cases.h %D%/safety_pitfalls.h \
	%D%/test_safety.c
tests_unit_test_safety_CPPFLAGS = $(unit_cppflags)
tests_unit_test_safety_LDADD = libfrontend.la libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-safety-runs
tests_unit_test_safety_runs_SOURCES = \
	%D%/unit.h %D%/contain.h %D%/contain.c %D%/fact_engine.h %D%/fact_engine.c \
	%D%/test_safety_runs.c
tests_unit_test_safety_runs_CPPFLAGS = $(unit_cppflags)
tests_unit_test_safety_runs_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-liveness
tests_unit_test_liveness_SOURCES = %D%/random.h %D%/unit.h %D%/test_liveness.c
tests_unit_test_liveness_CPPFLAGS = $(unit_cppflags)
tests_unit_test_liveness_LDADD = libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-round-trip
tests_unit_test_round_trip_SOURCES = %D%/unit.h %D%/ir_unit.h %D%/test_round_trip.c
tests_unit_test_round_trip_CPPFLAGS = $(unit_cppflags)
tests_unit_test_round_trip_LDADD = libfrontend.la libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-map-kinds
tests_unit_test_map_kinds_SOURCES = %D%/unit.h %D%/test_map_kinds.c
tests_unit_test_map_kinds_CPPFLAGS = $(unit_cppflags)
tests_unit_test_map_kinds_LDADD = libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-step
tests_unit_test_step_SOURCES = %D%/unit.h %D%/rig.h %D%/test_step.c
tests_unit_test_step_CPPFLAGS = $(unit_cppflags)
tests_unit_test_step_LDADD = libbackends.la libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-backends
tests_unit_test_backends_SOURCES = \
	%D%/unit.h %D%/rig.h %D%/random_program.h %D%/test_backends.c
tests_unit_test_backends_CPPFLAGS = $(unit_cppflags)
tests_unit_test_backends_LDADD = libbackends.la libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-interp
tests_unit_test_interp_SOURCES = %D%/unit.h %D%/rig.h %D%/failing_mem.h %D%/test_interp.c
tests_unit_test_interp_CPPFLAGS = $(unit_cppflags)
tests_unit_test_interp_LDADD = libbackends.la libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-vm
tests_unit_test_vm_SOURCES = \
	%D%/unit.h %D%/vm_unit.h %D%/failing_mem.h %D%/test_vm.c
tests_unit_test_vm_CPPFLAGS = $(unit_cppflags)
tests_unit_test_vm_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-wide
tests_unit_test_wide_SOURCES = %D%/random.h %D%/rig.h %D%/unit.h %D%/test_wide.c
tests_unit_test_wide_CPPFLAGS = $(unit_cppflags)
tests_unit_test_wide_LDADD = libbackends.la libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-asm
tests_unit_test_asm_SOURCES = %D%/unit.h %D%/asm_unit.h %D%/test_asm.c
tests_unit_test_asm_CPPFLAGS = $(unit_cppflags)
tests_unit_test_asm_LDADD = libfrontend.la libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-asm-errors
tests_unit_test_asm_errors_SOURCES = \
	%D%/unit.h %D%/asm_unit.h %D%/failing_mem.h %D%/test_asm_errors.c
tests_unit_test_asm_errors_CPPFLAGS = $(unit_cppflags)
tests_unit_test_asm_errors_LDADD = libfrontend.la libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-map-shapes
tests_unit_test_map_shapes_SOURCES = %D%/unit.h %D%/failing_mem.h %D%/test_map_shapes.c
tests_unit_test_map_shapes_CPPFLAGS = $(unit_cppflags)
tests_unit_test_map_shapes_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-events
tests_unit_test_events_SOURCES = %D%/unit.h %D%/vm_unit.h %D%/test_events.c
tests_unit_test_events_CPPFLAGS = $(unit_cppflags)
tests_unit_test_events_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-calls
tests_unit_test_calls_SOURCES = %D%/unit.h %D%/vm_unit.h %D%/test_calls.c
tests_unit_test_calls_CPPFLAGS = $(unit_cppflags)
tests_unit_test_calls_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-map-model
tests_unit_test_map_model_SOURCES = %D%/unit.h %D%/failing_mem.h %D%/test_map_model.c
tests_unit_test_map_model_CPPFLAGS = $(unit_cppflags)
tests_unit_test_map_model_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-map-save
tests_unit_test_map_save_SOURCES = %D%/unit.h %D%/failing_mem.h %D%/test_map_save.c
tests_unit_test_map_save_CPPFLAGS = $(unit_cppflags)
tests_unit_test_map_save_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-vm-maps
tests_unit_test_vm_maps_SOURCES = \
	%D%/unit.h %D%/vm_unit.h %D%/failing_mem.h %D%/test_vm_maps.c
tests_unit_test_vm_maps_CPPFLAGS = $(unit_cppflags)
tests_unit_test_vm_maps_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-vm-engine
tests_unit_test_vm_engine_SOURCES = %D%/unit.h %D%/vm_unit.h %D%/test_vm_engine.c
tests_unit_test_vm_engine_CPPFLAGS = $(unit_cppflags)
tests_unit_test_vm_engine_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-jit-seen
tests_unit_test_jit_seen_SOURCES = %D%/unit.h %D%/vm_unit.h %D%/test_jit_seen.c
tests_unit_test_jit_seen_CPPFLAGS = $(unit_cppflags)
tests_unit_test_jit_seen_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-jit-calls
tests_unit_test_jit_calls_SOURCES = \
	%D%/unit.h %D%/vm_unit.h %D%/random.h %D%/jit_random.h %D%/test_jit_calls.c
tests_unit_test_jit_calls_CPPFLAGS = $(unit_cppflags)
tests_unit_test_jit_calls_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-jit-joined
tests_unit_test_jit_joined_SOURCES = \
	%D%/unit.h %D%/vm_unit.h %D%/random.h %D%/jit_random.h %D%/test_jit_joined.c
tests_unit_test_jit_joined_CPPFLAGS = $(unit_cppflags)
tests_unit_test_jit_joined_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-jit-switch
tests_unit_test_jit_switch_SOURCES = %D%/random.h %D%/unit.h %D%/vm_unit.h %D%/test_jit_switch.c
tests_unit_test_jit_switch_CPPFLAGS = $(unit_cppflags)
tests_unit_test_jit_switch_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-context
tests_unit_test_context_SOURCES = %D%/failing_mem.h %D%/unit.h %D%/vm_unit.h %D%/test_context.c
tests_unit_test_context_CPPFLAGS = $(unit_cppflags)
tests_unit_test_context_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-explain
tests_unit_test_explain_SOURCES = %D%/failing_mem.h %D%/unit.h %D%/test_explain.c
tests_unit_test_explain_CPPFLAGS = $(unit_cppflags)
tests_unit_test_explain_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-facts
tests_unit_test_facts_SOURCES = \
	%D%/unit.h %D%/vm_unit.h %D%/contain.h %D%/contain.c %D%/fact_engine.h %D%/fact_engine.c \
	%D%/test_facts.c
tests_unit_test_facts_CPPFLAGS = $(unit_cppflags)
tests_unit_test_facts_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-packet
tests_unit_test_packet_SOURCES = %D%/unit.h %D%/vm_unit.h %D%/test_packet.c
tests_unit_test_packet_CPPFLAGS = $(unit_cppflags)
tests_unit_test_packet_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-cbpf
tests_unit_test_cbpf_SOURCES = \
	%D%/unit.h %D%/failing_mem.h tests/cbpf/machines.h tests/cbpf/reference.h %D%/test_cbpf.c
tests_unit_test_cbpf_CPPFLAGS = $(unit_cppflags)
tests_unit_test_cbpf_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-vm-lock
tests_unit_test_vm_lock_SOURCES = %D%/unit.h %D%/vm_unit.h %D%/test_vm_lock.c
tests_unit_test_vm_lock_CPPFLAGS = $(unit_cppflags)
tests_unit_test_vm_lock_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-vm-function
tests_unit_test_vm_function_SOURCES = %D%/unit.h %D%/vm_unit.h %D%/test_vm_function.c
tests_unit_test_vm_function_CPPFLAGS = $(unit_cppflags)
tests_unit_test_vm_function_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-hostile
tests_unit_test_hostile_SOURCES = %D%/unit.h %D%/vm_unit.h %D%/test_hostile.c
tests_unit_test_hostile_CPPFLAGS = $(unit_cppflags)
tests_unit_test_hostile_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-api-memory
tests_unit_test_api_memory_SOURCES = \
	%D%/unit.h %D%/vm_unit.h %D%/failing_mem.h %D%/test_api_memory.c
tests_unit_test_api_memory_CPPFLAGS = $(unit_cppflags)
tests_unit_test_api_memory_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-vm-load
tests_unit_test_vm_load_SOURCES = \
	%D%/unit.h %D%/vm_unit.h %D%/failing_mem.h %D%/test_vm_load.c
tests_unit_test_vm_load_CPPFLAGS = $(unit_cppflags)
tests_unit_test_vm_load_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-vm-run
tests_unit_test_vm_run_SOURCES = \
	%D%/unit.h %D%/vm_unit.h %D%/failing_mem.h %D%/test_vm_run.c
tests_unit_test_vm_run_CPPFLAGS = $(unit_cppflags)
tests_unit_test_vm_run_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-vm-memory
tests_unit_test_vm_memory_SOURCES = \
	%D%/unit.h %D%/vm_unit.h %D%/failing_mem.h %D%/test_vm_memory.c
tests_unit_test_vm_memory_CPPFLAGS = $(unit_cppflags)
tests_unit_test_vm_memory_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-vm-helpers
tests_unit_test_vm_helpers_SOURCES = \
	%D%/unit.h %D%/vm_unit.h %D%/failing_mem.h %D%/test_vm_helpers.c
tests_unit_test_vm_helpers_CPPFLAGS = $(unit_cppflags)
tests_unit_test_vm_helpers_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-vm-burst
tests_unit_test_vm_burst_SOURCES = %D%/unit.h %D%/vm_unit.h %D%/test_vm_burst.c
tests_unit_test_vm_burst_CPPFLAGS = $(unit_cppflags)
tests_unit_test_vm_burst_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-vm-threads
tests_unit_test_vm_threads_SOURCES = \
	%D%/unit.h %D%/vm_unit.h %D%/failing_mem.h %D%/test_vm_threads.c
tests_unit_test_vm_threads_CPPFLAGS = $(unit_cppflags)
tests_unit_test_vm_threads_LDADD = $(unit_vm_libs)

unit_tests += %D%/test-map
tests_unit_test_map_SOURCES = %D%/unit.h %D%/failing_mem.h %D%/test_map.c
tests_unit_test_map_CPPFLAGS = $(unit_cppflags)
tests_unit_test_map_LDADD = $(unit_vm_libs)

if HAVE_ELF
if HAVE_BTF
elf_cppflags = $(unit_cppflags) -DHAVE_BTF
else
elf_cppflags = $(unit_cppflags)
endif
unit_tests += %D%/test-elf
tests_unit_test_elf_SOURCES = %D%/unit.h %D%/elf_unit.h %D%/test_elf.c
tests_unit_test_elf_CPPFLAGS = $(elf_cppflags)
tests_unit_test_elf_LDADD = libfrontend.la libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-elf-errors
tests_unit_test_elf_errors_SOURCES = \
	%D%/unit.h %D%/elf_unit.h %D%/failing_mem.h %D%/test_elf_errors.c
tests_unit_test_elf_errors_CPPFLAGS = $(elf_cppflags)
tests_unit_test_elf_errors_LDADD = libfrontend.la libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-elf-kernel
tests_unit_test_elf_kernel_SOURCES = \
	%D%/unit.h %D%/vm_unit.h %D%/elf_unit.h %D%/failing_mem.h %D%/test_elf_kernel.c
tests_unit_test_elf_kernel_CPPFLAGS = $(elf_cppflags)
tests_unit_test_elf_kernel_LDADD = $(unit_vm_libs)

if HAVE_BTF
check_PROGRAMS += %D%/contain-objects
tests_unit_contain_objects_SOURCES = \
	%D%/contain.h %D%/contain.c %D%/fact_engine.h %D%/fact_engine.c %D%/contain_objects.c
tests_unit_contain_objects_LDADD = $(unit_vm_libs)
dist_check_SCRIPTS += %D%/contain-objects.sh
TESTS += %D%/contain-objects.sh
endif

unit_tests += %D%/test-vm-objects
tests_unit_test_vm_objects_SOURCES = \
	%D%/unit.h %D%/vm_unit.h %D%/elf_unit.h %D%/failing_mem.h %D%/test_vm_objects.c
tests_unit_test_vm_objects_CPPFLAGS = $(elf_cppflags)
tests_unit_test_vm_objects_LDADD = $(unit_vm_libs)

if HAVE_BTF
unit_tests += %D%/test-core-types
tests_unit_test_core_types_SOURCES = %D%/unit.h %D%/test_core_types.c
tests_unit_test_core_types_CPPFLAGS = $(unit_cppflags) $(BTF_CFLAGS)
tests_unit_test_core_types_LDADD = libfrontend.la libir.la libbase.la $(CHECK_LIBS)
endif
endif

if HAVE_JIT_X86_64
unit_tests += %D%/test-x64-emit
tests_unit_test_x64_emit_SOURCES = %D%/unit.h %D%/test_x64_emit.c
tests_unit_test_x64_emit_CPPFLAGS = $(unit_cppflags)
tests_unit_test_x64_emit_LDADD = libbackends.la libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-jit
tests_unit_test_jit_SOURCES = %D%/unit.h %D%/rig.h %D%/random_program.h %D%/test_jit.c
tests_unit_test_jit_CPPFLAGS = $(unit_cppflags)
tests_unit_test_jit_LDADD = libbackends.la libir.la libbase.la $(CHECK_LIBS)

unit_tests += %D%/test-jit-code
tests_unit_test_jit_code_SOURCES = \
	%D%/unit.h %D%/rig.h %D%/failing_mem.h %D%/test_jit_code.c
tests_unit_test_jit_code_CPPFLAGS = $(unit_cppflags)
tests_unit_test_jit_code_LDADD = libbackends.la libir.la libbase.la $(CHECK_LIBS)
endif

check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif
