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
exec "$build/tests/bench/bench_prove" "$root/specs/addition.spec" "$threads" $digits
