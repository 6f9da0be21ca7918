#!/bin/sh
# How fast training is, beside PyTorch and beside what the machine could do: train.sh BUILD
# Environment: THREADS (default: all), RECIPE (default: models/add_d5.recipe), SECONDS_EACH.
# Both train in turns, in one run; what counts is the best of three turns each, since whatever else
# the machine does only slows them down.
set -eu

build=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
recipe=${RECIPE:-$root/models/add_d5.recipe}
threads=${THREADS:-$(nproc)}
seconds=${SECONDS_EACH:-3}
bench=$build/tests/bench/bench_train
python=/usr/bin/python3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

best() { # the line with the largest first word
    sort -g "$1" | tail -n 1
}

torch() {
    $python "$root/tests/bench/train_torch.py" "$work/model" "$work/questions" "$@" "$threads" \
        "$seconds"
}

have_torch=yes
$python -c 'import torch, numpy' 2>/dev/null || have_torch=no
parameters=$("$bench" export "$recipe" "$work/model" "$work/questions" 100)
batch=${parameters%% *}

echo "training $(basename "$recipe"), batches of $batch, $threads threads"
for turn in 1 2 3; do
    "$bench" train "$recipe" "$threads" "$seconds" >>"$work/ours"
    "$bench" peak "$threads" 0.5 >>"$work/peak"
    if [ $have_torch = yes ]; then
        torch $parameters >>"$work/torch"
    fi
done

best "$work/ours" >"$work/line"
read -r ours multiply_adds <"$work/line"
peak=$(best "$work/peak")
awk -v q="$ours" -v m="$multiply_adds" -v peak="$peak" 'BEGIN {
    printf "ripple   %8.0f questions a second\n", q
    printf "         %8.1f useful multiply-adds a nanosecond (%.0f a question)\n", q * m / 1e9, m
    printf "machine  %8.1f at its measured peak; share reached: %.0f %%\n", peak / 1e9, 100 * q * m / peak
}'

if [ $have_torch = no ]; then
    echo "pytorch  is not there; to compare with it: apt-get install python3-torch libopenblas0-pthread"
    exit 0
fi
best "$work/torch" >"$work/line"
read -r theirs first last <"$work/line"
$python - <<'EOF'
import os, torch
blas = os.path.realpath("/etc/alternatives/libblas.so.3-" + os.uname().machine + "-linux-gnu")
print("pytorch ", torch.__version__ + ", BLAS", blas)
EOF
awk -v q="$ours" -v t="$theirs" -v first="$first" -v last="$last" 'BEGIN {
    printf "pytorch  %8.0f questions a second (loss from %.3f to %.3f)\n", t, first, last
    printf "ratio    %8.1f\n", q / t
}'
