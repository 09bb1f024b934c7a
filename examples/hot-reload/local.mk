# SPDX-License-Identifier: MIT OR Apache-2.0
# A server that takes new programs while it works; it checks its answers, so it is a test as well.
check_PROGRAMS += %D%/hot-reload
TESTS += %D%/hot-reload
examples_hot_reload_hot_reload_SOURCES = %D%/hot_reload.h %D%/filter.c %D%/main.c %D%/server.c
examples_hot_reload_hot_reload_CPPFLAGS = $(AM_CPPFLAGS) -D_GNU_SOURCE
examples_hot_reload_hot_reload_CFLAGS = $(AM_CFLAGS) -pthread
examples_hot_reload_hot_reload_LDADD = libebpfvm.la
