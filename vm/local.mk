# SPDX-License-Identifier: MIT OR Apache-2.0
noinst_LTLIBRARIES += libvm.la
libvm_la_SOURCES =
