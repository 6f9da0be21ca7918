#!/bin/sh
# Where the time of a proof goes, and how it grows with the digits: prove.sh BUILD
# Environment: THREADS (default: all), DIGITS (default: those of the shipped adders).
set -eu

build=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
threads=${THREADS:-$(nproc)}
digits=${DIGITS:-}
if [ -z "$digits" ]; then
    for model in "$root"/models/add_d*.safetensors; do
        n=${model##*add_d}
        digits="$digits ${n%.safetensors}"
    done
    digits=$(printf '%s\n' $digits | sort -n)
fi

echo "addition.spec, $threads threads; bounds and solver are summed over threads"
# shellcheck disable=SC2086
"$build/tests/bench/bench_prove" "$root/specs/addition.spec" "$threads" $digits

# The same models' proofs, as they are kept in the tree, checked on one thread.
printf '\ndigits  proofcheck\n'
for n in $digits; do
    bundle=$root/proofs/add_d$n-addition
    [ -d "$bundle" ] || continue
    start=$(date +%s%N)
    "$build/proofcheck" "$bundle" >"$build/proofcheck.log" || {
        cat "$build/proofcheck.log"
        exit 1
    }
    end=$(date +%s%N)
    printf '%6d %11s\n' "$n" "$(awk "BEGIN { printf \"%.2f\", ($end - $start) / 1e9 }")"
done
