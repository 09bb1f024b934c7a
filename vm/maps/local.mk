# SPDX-License-Identifier: MIT OR Apache-2.0
libvm_la_SOURCES += \
	%D%/array.c \
	%D%/copy.h \
	%D%/hash.c \
	%D%/held.c %D%/held.h \
	%D%/host.c \
	%D%/kinds.def \
	%D%/lock.h \
	%D%/map.c %D%/map.h \
	%D%/pool.c %D%/pool.h \
	%D%/readers.h \
	%D%/slots.c
