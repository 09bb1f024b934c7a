#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Makes Debian packages of a tarball of `make dist`, and lets lintian look at them.  The version is
# the tarball's, which configure.ac says; an error of lintian's is an error.
# The tests are left to `make check`, unless DEB_BUILD_OPTIONS is set to something else.
# usage: package.sh ebpfvm-VERSION.tar.xz OUTPUT-FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tarball=$(realpath "$1")
version=${tarball##*/ebpfvm-}
version=${version%.tar.xz}
rm -rf "$2"
mkdir -p "$2"
cd "$2"
cp "$tarball" "ebpfvm_$version.orig.tar.xz"
tar xf "$tarball"
cp -R "$here" "ebpfvm-$version/debian"
cd "ebpfvm-$version"
rm debian/package.sh debian/changelog.in
sed "s/@VERSION@/$version/; s/@DATE@/$(LC_ALL=C date -R -r "$tarball")/" \
    "$here/changelog.in" >debian/changelog
DEB_BUILD_OPTIONS=${DEB_BUILD_OPTIONS-nocheck} dpkg-buildpackage -us -uc -b
cd ..
lintian --allow-root --fail-on error ebpfvm_*.changes
ls ./*.deb
