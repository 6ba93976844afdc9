#!/bin/sh
# Every C file is laid out as clang-format does it.
if ! command -v clang-format >/dev/null; then
    echo "skipped: clang-format is not installed, so the layout of the C files is not compared"
    exit 77
fi
find engine checks reports cli tests \( -name '*.c' -o -name '*.h' \) -print0 |
    xargs -0 clang-format --dry-run -Werror
