# SPDX-License-Identifier: MIT OR Apache-2.0
libvm_la_SOURCES += \
	%D%/array.c \
	%D%/bloom.c \
	%D%/buckets.c %D%/buckets.h \
	%D%/copy.h \
	%D%/events.c %D%/events.h \
	%D%/hash.c %D%/hash_key.h \
	%D%/held.c %D%/held.h \
	%D%/host.c \
	%D%/kinds.def \
	%D%/lpm_trie.c \
	%D%/map.c %D%/map.h \
	%D%/pool.c %D%/pool.h \
	%D%/queue.c \
	%D%/readers.h \
	%D%/records.h \
	%D%/ring.c %D%/ring.h \
	%D%/save.c \
	%D%/slots.c %D%/slots.h \
	%D%/wake.c %D%/wake.h
