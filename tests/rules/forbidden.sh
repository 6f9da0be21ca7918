#!/bin/sh
# Nothing forbidden stands in the code: forbidden.sh ROOT
# A line of code (comments do not count) that a rule forbids must be listed in allowed.txt as
# "file: code"; an entry there that nothing needs any more is an error too.
set -eu

cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# All code, one "file: code" a line.
find src -name '*.[ch]' | sort | xargs awk -f tests/rules/strip.awk >"$work/code"

# forbid WHY PATTERN FOLDER...
forbid() {
    why=$1 pattern=$2
    shift 2
    for folder in "$@"; do
        grep -E "^$folder/.*: .*($pattern)" "$work/code" >"$work/lines" || true
        cat "$work/lines" >>"$work/found"
        grep -vxFf "$work/allowed" "$work/lines" | sed "s|^|$why: |" >>"$work/bad" || true
    done
}

grep -vE '^(#|$)' tests/rules/allowed.txt >"$work/allowed"
: >"$work/found"
: >"$work/bad"
folders=$(ls -d src/*/ | sed 's|/$||')
not_cli=$(echo "$folders" | grep -vxE 'src/(cli|check)')
not_smt=$(echo "$folders" | grep -vx src/smt)

forbid 'floating point where a proof is made' '\<(float|double)\>|math\.h' src/num src/bound src/smt src/check
forbid 'a floating-point constant where a proof is made' \
    '\<[0-9]+\.[0-9]|\<[0-9]+e[-+]?[0-9]+\>|\<0x[0-9a-f.]+p' src/num src/bound src/smt src/check
forbid 'only src/smt talks to the solver' '["<]z3[a-z_]*\.h' $not_smt
forbid 'only src/cli and the checker print' '\<(printf|vprintf|puts|putchar|perror) ?\(|\<(stdout|stderr)\>' $not_cli
forbid 'only src/cli and the checker end the program' '\<(exit|_exit|_Exit|abort) ?\(' $not_cli

grep -vxFf "$work/found" "$work/allowed" | sed 's/^/allowed, but not there any more: /' >>"$work/bad" || true
cat "$work/bad"
test ! -s "$work/bad"
