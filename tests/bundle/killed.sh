#!/bin/sh
# A run that is killed, at whatever moment, leaves the bundle that was there, or one that is marked
# incomplete.
. "$(dirname "$0")/common.sh"

# killed_after SECONDS ARGUMENT...
killed_after() {
    seconds=$1
    shift
    timeout -s KILL "$seconds" "$verify" --quiet "$spec" --set n=2 --model "$model" --no-cache "$@" \
        >/dev/null 2>&1 || true
}

# A hidden folder that such a run was writing to says that it is complete only when it is.
not_half_written() {
    for hidden in .new.*; do
        [ ! -e "$hidden/MANIFEST.json" ] || incomplete "$hidden" || whole "$hidden"
    done
}

for seconds in 0.02 0.05 0.1 0.2 0.3 0.4 0.5 0.7; do
    rm -rf new
    killed_after $seconds --output new
    [ ! -e new ] || incomplete new || whole new
    not_half_written
done

# What was left is cleared away by the next run.
prove --output new
whole new
[ -z "$(ls -A | grep '^\.new\.' || true)" ] || fail "left: $(ls -A)"

cp -r new before
for seconds in 0.05 0.2 0.3 0.4 0.5 0.7; do
    killed_after $seconds --output new
    diff -r before new
done

# An interruption leaves the mark too; no proof, no mark.
timeout -s INT 0.05 "$verify" --quiet "$spec" --set n=2 --model "$model" --no-cache --output other \
    >/dev/null 2>&1 || true
[ ! -e other ] || incomplete other || whole other
expect 11 "$verify" -q "$spec" --set n=2 --model "$model" --budget 1 --output third
[ ! -e third ] || fail "a bundle of nothing"
(mkdir fourth && cd fourth && expect 11 "$verify" -q "$spec" --set n=2 --model "$model" --budget 1)
[ -z "$(ls -A fourth)" ] || fail "left: $(ls -A fourth)"
