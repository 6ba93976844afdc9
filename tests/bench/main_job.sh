#!/bin/sh
# The main job beside jq: `exportcheck check --snapshot` of the sample with all rules and four reports, and
# jq with one expression on the same file; whole processes, in turn, in one run. Prints medians, their ratio, and the
# memory at its peak. Exit status 1 where the ratio is above 0.6.
#
#     tests/bench/main_job.sh [BUILD_FOLDER] [ROUNDS] [RULES]     (default: build/release, 100, the rules that ship)
#
# With RULES the scenario has as many, if it has fewer: copies of its own, in a folder that --rules names. The files that
# ship are then read, too, so the figure errs against us.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build/release}
if [ ! -d "$build" ]; then
    cmake --preset release -DBUILD_TESTING=OFF >/dev/null
fi
cmake --build "$build" --target exportcheck >/dev/null
command -v jq >/dev/null || {
    echo "main_job.sh: skipped: jq is not installed" >&2
    exit 77
}
exec python3 tests/bench/main_job.py "$build/exportcheck" "${2:-100}" "${3:-0}"
