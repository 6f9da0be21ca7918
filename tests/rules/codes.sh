#!/bin/sh
# Every code that a message can carry is explained in docs/diagnostics.md, and no other: codes.sh ROOT
set -eu

cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
grep -rhoE '"[A-Z]0[0-9][0-9]"' src --include='*.c' --include='*.h' | tr -d '"' | sort -u >"$work/used"
sed -nE 's/^## ([A-Z]0[0-9][0-9]): .*/\1/p' docs/diagnostics.md >"$work/listed"
sort "$work/listed" >"$work/explained"

comm -23 "$work/used" "$work/explained" | sed 's/^/not explained: /' >"$work/bad"
comm -13 "$work/used" "$work/explained" | sed 's/^/explained but not used: /' >>"$work/bad"
awk 'substr($0, 1, 1) == letter && $0 < last { print "out of order: " $0 }
    { letter = substr($0, 1, 1); last = $0 }' "$work/listed" >>"$work/bad"
uniq -d "$work/explained" | sed 's/^/explained twice: /' >>"$work/bad"
cat "$work/bad"
test ! -s "$work/bad"
