#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Makes ./configure from configure.ac.  Needs autoconf, automake, libtool and pkg-config.
set -eu
cd "$(dirname "$0")"
exec autoreconf --install --force --warnings=all,no-obsolete
