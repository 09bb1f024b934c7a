# SPDX-License-Identifier: MIT OR Apache-2.0
# Programs of the largest size.  `make scale` measures against the limits that are promised; `make
# check` allows for slow and busy machines, and takes smaller programs if sanitizers or counters of
# coverage slow them down.
check_PROGRAMS += %D%/scale %D%/safety
dist_check_SCRIPTS += %D%/check-scale
TESTS += %D%/check-scale
tests_scale_scale_SOURCES = %D%/scale.c %D%/scale.h
tests_scale_scale_LDADD = libebpfvm.la
tests_scale_scale_LDFLAGS = $(AM_LDFLAGS) -static
tests_scale_safety_SOURCES = %D%/safety.c %D%/scale.h
tests_scale_safety_LDADD = libebpfvm.la
tests_scale_safety_LDFLAGS = $(AM_LDFLAGS) -static

if SLOW
scale_limits = 100000 20 300
safety_limits = 100000 60 1000
else
scale_limits = 1000000 10 300
safety_limits = 1000000 25 1000
endif
AM_TESTS_ENVIRONMENT += SCALE_LIMITS='$(scale_limits)'; export SCALE_LIMITS; \
	SAFETY_LIMITS='$(safety_limits)'; export SAFETY_LIMITS;

scale: %D%/scale %D%/safety
	%D%/scale
	%D%/safety
.PHONY: scale
