# SPDX-License-Identifier: MIT OR Apache-2.0
# Filters against libpcap's own interpreter.
EXTRA_DIST += %D%/expressions %D%/machines.h %D%/packets.h %D%/reference.h
if HAVE_PCAP
check_PROGRAMS += %D%/test-filters
TESTS += %D%/test-filters
tests_cbpf_test_filters_SOURCES = %D%/filters.c
tests_cbpf_test_filters_CPPFLAGS = $(AM_CPPFLAGS) -D_DEFAULT_SOURCE $(PCAP_CFLAGS)
tests_cbpf_test_filters_LDADD = libebpfvm.la $(PCAP_LIBS)
else
EXTRA_DIST += %D%/filters.c
endif
