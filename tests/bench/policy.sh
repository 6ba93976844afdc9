#!/bin/sh
# Decisions a second on the documentation's bucket policies, beside @cloud-copilot/iam-simulate on the same requests in the same
# run, one core each. The package is installed into a temporary folder, never into the project.
#
#     tests/bench/policy.sh [BUILD_FOLDER] [SECONDS]        (default: build/release, 3)
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build/release}
seconds=${2:-3}
bench=$build/bench_policy
[ -x "$bench" ] || {
    echo "policy.sh: $bench is not built: cmake --preset release -DBUILD_TESTING=ON -DEXPORTCHECK_TEST_PROGRAMS=ON && cmake --build $build --target bench_policy" >&2
    exit 2
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The delivery cases without an anonymous caller, as plain simulations that keep the expected decision.
python3 - "$scratch/requests.jsonl" <<'PYTHON'
import json
import sys

with open("tests/policy/delivery.jsonl", encoding="utf-8") as cases, open(sys.argv[1], "w", encoding="utf-8") as out:
    for line in cases:
        case = json.loads(line)
        if "resource_control_policies" not in case["simulation"]:
            out.write(json.dumps({**case["simulation"], "expect": case["expect"]}) + "\n")
PYTHON

"$bench" "$scratch/requests.jsonl" "$seconds" >"$scratch/figures"
if command -v npm >/dev/null && (cd "$scratch" && npm install --silent --no-fund --no-audit @cloud-copilot/iam-simulate >/dev/null 2>&1); then
    node tests/bench/policy.mjs "$scratch" "$scratch/requests.jsonl" "$seconds" >>"$scratch/figures"
else
    echo "policy.sh: npm cannot install @cloud-copilot/iam-simulate here: our own figure alone" >&2
fi
python3 - "$scratch/figures" <<'PYTHON'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    figures = [json.loads(line) for line in file]
ours = figures[0]["decisions_per_second"]
for figure in figures:
    rate = figure["decisions_per_second"]
    print(f"{figure['engine']:<20} {rate:>12,} decisions a second {ours / rate:>10,.1f}×  {json.dumps(figure)}")
PYTHON
