# SPDX-License-Identifier: MIT OR Apache-2.0
noinst_LTLIBRARIES += libir.la
libir_la_SOURCES = \
	%D%/alu.c %D%/alu.h \
	%D%/analysis.c %D%/analysis.h \
	%D%/cfg.c %D%/cfg.h \
	%D%/clone.c \
	%D%/context.c %D%/context.h \
	%D%/decode.c %D%/decode.h \
	%D%/dominators.c \
	%D%/dot.c %D%/dot.h \
	%D%/encode.c \
	%D%/env.c %D%/env.h \
	%D%/labels.c %D%/labels.h \
	%D%/liveness.c %D%/liveness.h %D%/regs.h \
	%D%/loops.c \
	%D%/helper_names.c %D%/helper_names.def \
	%D%/map_kinds.c %D%/map_kinds.def \
	%D%/map_table.c %D%/map_table.h \
	%D%/op.c %D%/op.h %D%/poison.h \
	%D%/pass.c %D%/pass.h \
	%D%/pass_list.c \
	%D%/pass_view.c \
	%D%/opt/context.c \
	%D%/opt/lanes.c %D%/opt/lanes.h \
	%D%/opt/wide.c %D%/opt/wide.h \
	%D%/opt/wide_impl.h %D%/opt/wide_select.c \
	%D%/opt/wide_store.c \
	%D%/print.c %D%/print.h \
	%D%/print_ir.c \
	%D%/print_json.c \
	%D%/print_program.c \
	%D%/program.c %D%/program.h \
	%D%/verdicts.c %D%/verdicts.def \
	%D%/verify/cfg.c \
	%D%/verify/encoding.c \
	%D%/verify/rules.c %D%/verify/rules.h \
	%D%/verify/safety/access.c \
	%D%/verify/safety/alu.c \
	%D%/verify/safety/explain.c \
	%D%/verify/safety/watch.c %D%/verify/safety/why_json.c \
	%D%/verify/safety/frames.c \
	%D%/verify/safety/helpers.c \
	%D%/verify/safety/jump.c \
	%D%/verify/safety/memory.c \
	%D%/verify/safety/merge.c \
	%D%/verify/safety/order.c \
	%D%/verify/safety/packet.c \
	%D%/verify/safety/schedule.c \
	%D%/verify/safety/slack.c \
	%D%/verify/safety/stack.c \
	%D%/verify/safety/state.c \
	%D%/verify/safety/step.c \
	%D%/verify/safety/value.c \
	%D%/verify/safety.c \
	%D%/verify/safety/safety.h %D%/verify/safety/state.h %D%/verify/safety/value.h \
	%D%/verify/safety/scalar.c %D%/verify/safety/scalar.h \
	%D%/verify/safety/scalar_alu.c \
	%D%/verify/safety/scalar_assume.c \
	%D%/verify/safety/tnum.c %D%/verify/safety/tnum.h \
	%D%/verify/structure.c \
	%D%/verify/well_formed.c \
	%D%/alu.def %D%/formats.def %D%/groups.def %D%/opcodes.def \
	%D%/program_types.def %D%/contexts.def %D%/kernel_helpers.def \
	%D%/syntax.def %D%/verify/passes.def
