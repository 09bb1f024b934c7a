# SPDX-License-Identifier: MIT OR Apache-2.0
# `make bench`: the engines against native code.  Not part of `make check`.
bench_programs = \
	%D%/programs/balance.c %D%/programs/bits.c %D%/programs/bloom.c %D%/programs/buckets.c \
	%D%/programs/calls.c %D%/programs/checksum.c %D%/programs/checksum_payload.c \
	%D%/programs/classify.c %D%/programs/compare.c %D%/programs/copy.c %D%/programs/crc32.c \
	%D%/programs/empty.c %D%/programs/flow_key.c %D%/programs/fnv.c %D%/programs/forward.c \
	%D%/programs/hash64.c %D%/programs/histogram.c %D%/programs/host.c %D%/programs/ip_sum.c \
	%D%/programs/jhash.c %D%/programs/length.c %D%/programs/lpm.c %D%/programs/match.c \
	%D%/programs/nat.c %D%/programs/options.c %D%/programs/port_filter.c \
	%D%/programs/port_lookup.c %D%/programs/protocol.c %D%/programs/search.c \
	%D%/programs/sort.c %D%/programs/strides.c %D%/programs/verdict.c \
	%D%/programs/vlan_ipv6.c %D%/programs/words.c

EXTRA_PROGRAMS += %D%/ebpfvm-bench
bench_ebpfvm_bench_SOURCES = \
	%D%/bench.c %D%/bench.h %D%/bytecode.h %D%/chart.c %D%/columns.c %D%/column_dpdk.c \
	%D%/input.c %D%/programs.def %D%/programs/program.h %D%/report.c
bench_ebpfvm_bench_CPPFLAGS = $(AM_CPPFLAGS) -DBENCH_COMPILER='"$(BENCH_CC) -O2"'
bench_ebpfvm_bench_LDADD = %D%/native.a libebpfvm.la -lm
EXTRA_bench_ebpfvm_bench_DEPENDENCIES = %D%/native.a
EXTRA_DIST += $(bench_programs) %D%/prebuild.sh
CLEANFILES += %D%/native.a %D%/native/*.o %D%/ebpfvm-bench$(EXEEXT)

# DPDK's headers and ours have names in common: a library of its own sees only the former.
if HAVE_DPDK
bench_ebpfvm_bench_CPPFLAGS += -DHAVE_DPDK
EXTRA_LIBRARIES += %D%/libdpdk.a
bench_libdpdk_a_SOURCES = %D%/dpdk.c %D%/dpdk.h
bench_libdpdk_a_CPPFLAGS = -I$(top_srcdir) -D_GNU_SOURCE $(DPDK_CFLAGS)
bench_libdpdk_a_CFLAGS = $(AM_CFLAGS) -Wno-error
bench_ebpfvm_bench_LDADD += %D%/libdpdk.a $(DPDK_LIBS)

else
EXTRA_DIST += %D%/dpdk.c %D%/dpdk.h
endif

# The programs as native code, by a compiler of their own: what made the bytecode, if it is there.
# Code of each in a section of its own tells how much it is.
%D%/native.a: $(bench_programs) %D%/programs/program.h Makefile
	$(AM_V_GEN)$(MKDIR_P) %D%/native && rm -f $@ && \
	for source in $(bench_programs); do \
	  name=`basename $$source .c` && \
	  $(BENCH_CC) -std=gnu11 -O2 -I$(srcdir) -c $(srcdir)/$$source -o %D%/native/$$name.o && \
	  $(OBJCOPY) --rename-section .text=bench_$$name,contents,alloc,load,readonly,code \
	    %D%/native/$$name.o || exit 1; \
	done && $(AR) cr $@ %D%/native/*.o

EXTRA_PROGRAMS += %D%/ebpfvm-bench-maps
bench_ebpfvm_bench_maps_SOURCES = %D%/maps.c
bench_ebpfvm_bench_maps_LDADD = libebpfvm.la
CLEANFILES += %D%/ebpfvm-bench-maps$(EXEEXT)

# What lookups in maps cost.
.PHONY: bench-maps
bench-maps: %D%/ebpfvm-bench-maps$(EXEEXT)
	%D%/ebpfvm-bench-maps$(EXEEXT) $(BENCH_ARGS)

.PHONY: bench
bench: %D%/ebpfvm-bench$(EXEEXT)
	%D%/ebpfvm-bench$(EXEEXT) $(BENCH_ARGS)

# Filters of libpcap beside its own interpreter, over a real capture and one that is made up.
if HAVE_PCAP
EXTRA_PROGRAMS += %D%/ebpfvm-bench-filters
bench_ebpfvm_bench_filters_SOURCES = %D%/filters.c
bench_ebpfvm_bench_filters_CPPFLAGS = $(AM_CPPFLAGS) $(PCAP_CFLAGS)
bench_ebpfvm_bench_filters_LDADD = libebpfvm.la $(PCAP_LIBS) -lm
CLEANFILES += %D%/ebpfvm-bench-filters$(EXEEXT) %D%/packets.pcap

bench-filters: %D%/ebpfvm-bench-filters$(EXEEXT) tests/cbpf/test-filters$(EXEEXT)
	tests/cbpf/test-filters$(EXEEXT) -w %D%/packets.pcap
	%D%/ebpfvm-bench-filters$(EXEEXT) $(BENCH_ARGS) $(srcdir)/tests/cbpf/expressions \
	  $(srcdir)/examples/data/traffic.pcap %D%/packets.pcap
else
EXTRA_DIST += %D%/filters.c
bench-filters:
	@echo 'bench-filters needs libpcap (Debian package: libpcap-dev)' >&2; exit 1
endif
.PHONY: bench-filters
