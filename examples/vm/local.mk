# SPDX-License-Identifier: MIT OR Apache-2.0
# Virtual machines as an embedder uses them.  Each checks what it shows, so they are tests as well.
vm_examples = %D%/add %D%/packet %D%/mbuff \
	%D%/block-port %D%/helper %D%/three-forms
check_PROGRAMS += $(vm_examples)
TESTS += $(vm_examples)

examples_vm_add_SOURCES = %D%/example.h %D%/add.c
examples_vm_add_LDADD = libebpfvm.la

examples_vm_packet_SOURCES = %D%/example.h %D%/packet.c
examples_vm_packet_LDADD = libebpfvm.la

examples_vm_mbuff_SOURCES = %D%/example.h %D%/mbuff.c
examples_vm_mbuff_LDADD = libebpfvm.la

examples_vm_block_port_SOURCES = %D%/example.h %D%/block_port.c
examples_vm_block_port_LDADD = libebpfvm.la

examples_vm_helper_SOURCES = %D%/example.h %D%/helper.c
examples_vm_helper_LDADD = libebpfvm.la

examples_vm_three_forms_SOURCES = %D%/example.h %D%/three_forms.c
examples_vm_three_forms_LDADD = libebpfvm.la
