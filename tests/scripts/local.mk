# SPDX-License-Identifier: MIT OR Apache-2.0
# Checks of the source tree and of what is built from it.
script_tests = \
	%D%/check-layers \
	%D%/check-style \
	%D%/check-headers \
	%D%/check-claims \
	%D%/check-dist \
	%D%/check-docs \
	%D%/check-errors \
	%D%/check-exports \
	%D%/check-limits \
	%D%/check-reference \
	%D%/check-session
dist_check_SCRIPTS += $(script_tests)
TESTS += $(script_tests)
EXTRA_DIST += %D%/exports.list %D%/check-install %D%/check-tarball %D%/coverage %D%/consumer.c \
	%D%/docs-prelude.h

# Writes the list of exported names anew, for review.
update-exports: libebpfvm.la
	NM='$(NM)' top_srcdir='$(top_srcdir)' top_builddir='$(top_builddir)' \
	  $(srcdir)/%D%/check-exports --update
.PHONY: update-exports

# Writes the pages of docs/ that are derived from the tables.
update-reference: tests/unit/reference$(EXEEXT)
	top_srcdir='$(top_srcdir)' top_builddir='$(top_builddir)' \
	  $(srcdir)/%D%/check-reference --update
.PHONY: update-reference

# After `make install`: a program outside the tree finds the library by pkg-config alone.
INSTALLCHECKS += installcheck-consumer
installcheck-consumer:
	CC='$(CC)' CXX='$(CXX)' PKG_CONFIG='$(PKG_CONFIG)' DESTDIR='$(DESTDIR)' \
	  libdir='$(libdir)' includedir='$(includedir)' pkgconfigdir='$(pkgconfigdir)' \
	  CFLAGS='$(CFLAGS) $(SANITIZE_CFLAGS)' CXXFLAGS='$(CXXFLAGS) $(SANITIZE_CFLAGS)' \
	  $(srcdir)/%D%/check-install $(srcdir)/%D%/consumer.c $(srcdir)/examples/backend
.PHONY: installcheck-consumer
