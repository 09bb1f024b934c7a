#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Makes Debian packages of a tarball of `make dist`, source and binary, lets lintian look at them, and
# uses them: programs in C and C++ are built with what they bring, and the command is run.  The
# version is the tarball's, which configure.ac says; what lintian calls an error or a warning fails.
# debian/control names the maintainer, at a domain that RFC 2606 reserves: put yours there.
# The tests are left to `make check`, unless DEB_BUILD_OPTIONS is set to something else.
# usage: package.sh ebpfvm-VERSION.tar.xz OUTPUT-FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tarball=$(realpath "$1")
version=${tarball##*/ebpfvm-}
version=${version%.tar.xz}
maintainer=$(sed -n 's/^Maintainer: //p' "$here/control")
rm -rf "$2"
mkdir -p "$2"
cd "$2"
cp "$tarball" "ebpfvm_$version.orig.tar.xz"
tar xf "$tarball"
cp -R "$here" "ebpfvm-$version/debian"
cd "ebpfvm-$version"
rm debian/package.sh
for file in debian/*.in; do
    sed "s/@VERSION@/$version/; s/@DATE@/$(LC_ALL=C date -R -r "$tarball")/
         s/@MAINTAINER@/$maintainer/" "$file" >"${file%.in}"
    rm "$file"
done
DEB_BUILD_OPTIONS=${DEB_BUILD_OPTIONS-nocheck} dpkg-buildpackage -us -uc
cd ..
lintian --allow-root --fail-on error --fail-on warning ebpfvm_*.changes

# As `dpkg -i` puts them, but in a folder.
for package in ./*.deb; do
    dpkg-deb -x "$package" root
done
DESTDIR=$PWD/root
libdir=/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)
export DESTDIR libdir
includedir=/usr/include pkgconfigdir=$libdir/pkgconfig \
    "ebpfvm-$version/tests/scripts/check-install" "ebpfvm-$version/tests/scripts/consumer.c" \
    "$DESTDIR/usr/share/doc/libebpfvm-dev/examples/backend"
test "$(LD_LIBRARY_PATH=$DESTDIR$libdir "$DESTDIR/usr/bin/ebpfvm" --version)" = "ebpfvm $version"
gzip -cd "$DESTDIR/usr/share/man/man1/ebpfvm-run.1.gz" | grep -q "ebpfvm $version"
ls ./*.deb
