# SPDX-License-Identifier: MIT OR Apache-2.0
# Programs of the largest size.  `make scale` measures against the limits that are promised; `make
# check` allows for slow and busy machines, and takes smaller programs if sanitizers slow them down.
check_PROGRAMS += %D%/scale
dist_check_SCRIPTS += %D%/check-scale
TESTS += %D%/check-scale
tests_scale_scale_SOURCES = %D%/scale.c
tests_scale_scale_LDADD = libebpfvm.la
tests_scale_scale_LDFLAGS = $(AM_LDFLAGS) -static

if SANITIZERS
scale_limits = 100000 20 300
else
scale_limits = 1000000 10 300
endif
AM_TESTS_ENVIRONMENT += SCALE_LIMITS='$(scale_limits)'; export SCALE_LIMITS;

scale: %D%/scale
	%D%/scale
.PHONY: scale
