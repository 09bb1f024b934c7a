# SPDX-License-Identifier: MIT OR Apache-2.0
EXTRA_DIST += \
	%D%/architecture.md \
	%D%/errors.md \
	%D%/instructions.md \
	%D%/limits.md \
	%D%/testing.md
