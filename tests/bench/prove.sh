#!/bin/sh
# Where the time of a proof goes, and how it grows with the digits: prove.sh BUILD
# Environment: THREADS (default: all), DIGITS (default: of 3, 5, 6, 10, 15 and 20 those with a model).
set -eu

build=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
threads=${THREADS:-$(nproc)}
digits=${DIGITS:-}
if [ -z "$digits" ]; then
    for n in 3 5 6 10 15 20; do
        if [ -f "$root/models/add_d$n.safetensors" ]; then
            digits="$digits $n"
        fi
    done
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

echo "addition.spec, $threads threads; seconds are the processors', summed over threads, but for the last"
# shellcheck disable=SC2086
"$build/tests/bench/bench_prove" "$root/specs/addition.spec" "$build/proofcheck" "$folder/bundle" \
    "$threads" $digits
