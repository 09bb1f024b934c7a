# SPDX-License-Identifier: MIT OR Apache-2.0
# Fuzz targets.  By default each is linked with a driver that tries its seeds and some thousand
# mutations, always the same; with --enable-fuzzing, with libFuzzer.
fuzz_targets = %D%/fuzz-decode %D%/fuzz-asm %D%/fuzz-cbpf %D%/fuzz-diff %D%/fuzz-verify \
	%D%/fuzz-maps
if HAVE_ELF
fuzz_targets += %D%/fuzz-elf
if HAVE_BTF
fuzz_targets += %D%/fuzz-btf
endif
endif
check_PROGRAMS += $(fuzz_targets)
EXTRA_DIST += %D%/corpus %D%/dict %D%/dictionary.sh

if FUZZING
fuzz_driver =
else
fuzz_driver = %D%/driver.c
TESTS += $(fuzz_targets)
endif

tests_fuzz_fuzz_decode_SOURCES = %D%/fuzz_decode.c $(fuzz_driver)
tests_fuzz_fuzz_decode_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"decode"'
tests_fuzz_fuzz_decode_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS) -static
tests_fuzz_fuzz_decode_LDADD = libebpfvm.la

tests_fuzz_fuzz_asm_SOURCES = %D%/fuzz_asm.c $(fuzz_driver)
tests_fuzz_fuzz_asm_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"asm"'
tests_fuzz_fuzz_asm_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS) -static
tests_fuzz_fuzz_asm_LDADD = libebpfvm.la

tests_fuzz_fuzz_diff_SOURCES = %D%/fuzz_diff.c $(fuzz_driver) \
	tests/unit/contain.c tests/unit/contain.h \
	tests/unit/fact_engine.c tests/unit/fact_engine.h
tests_fuzz_fuzz_diff_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"diff"'
tests_fuzz_fuzz_diff_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS) -static
tests_fuzz_fuzz_diff_LDADD = libebpfvm.la

tests_fuzz_fuzz_cbpf_SOURCES = %D%/fuzz_cbpf.c $(fuzz_driver)
tests_fuzz_fuzz_cbpf_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"cbpf"'
tests_fuzz_fuzz_cbpf_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS) -static
tests_fuzz_fuzz_cbpf_LDADD = libebpfvm.la

tests_fuzz_fuzz_elf_SOURCES = %D%/fuzz_elf.c $(fuzz_driver)
tests_fuzz_fuzz_elf_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"elf"'
tests_fuzz_fuzz_elf_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS) -static
tests_fuzz_fuzz_elf_LDADD = libebpfvm.la

tests_fuzz_fuzz_verify_SOURCES = %D%/fuzz_verify.c %D%/mutate_code.c %D%/fuzz.h %D%/pieces.def \
	$(fuzz_driver) \
	tests/unit/contain.c tests/unit/contain.h \
	tests/unit/fact_engine.c tests/unit/fact_engine.h
tests_fuzz_fuzz_verify_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"verify"'
tests_fuzz_fuzz_verify_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS) -static
tests_fuzz_fuzz_verify_LDADD = libebpfvm.la

tests_fuzz_fuzz_maps_SOURCES = %D%/fuzz_maps.c $(fuzz_driver)
tests_fuzz_fuzz_maps_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"maps"'
tests_fuzz_fuzz_maps_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS) -static
tests_fuzz_fuzz_maps_LDADD = libebpfvm.la

tests_fuzz_fuzz_btf_SOURCES = %D%/fuzz_btf.c $(fuzz_driver)
tests_fuzz_fuzz_btf_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_NAME='"btf"'
tests_fuzz_fuzz_btf_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS) -static
tests_fuzz_fuzz_btf_LDADD = libebpfvm.la

# Longer than in `make check`, still the same inputs every time.
fuzz-smoke: $(fuzz_targets)
	for target in $(fuzz_targets); do \
	  top_srcdir='$(top_srcdir)' FUZZ_RUNS=$${FUZZ_RUNS:-100000} ./$$target || exit 1; \
	done
.PHONY: fuzz-smoke
