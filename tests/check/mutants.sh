#!/bin/bash
# Every mutant of the checker is killed: mutants.sh ROOT LIST WORK [PATTERN]
#
# LIST holds mutants as lines "= file", "- line", "+ line", the last two once a mutant. The one line of the file that
# reads as the first (indentation aside) is replaced, in a copy of the source tree in WORK, and then some test of the
# checker must fail. A mutant that does not apply, does not compile, or lives, is a failure, unless it is listed behind
# a line "? reason": then it must live. PATTERN picks mutants by file or line.
set -euo pipefail

root=$1 list=$2 work=$3 pattern=${4:-.}
tests=(numbers radii sha256 lines trellis claims paths steps errors tables)

rm -rf "$work"
mkdir -p "$work/tree"
tar -C "$root" -cf - meson.build docs models specs src tests | tar -C "$work/tree" -xf -
meson setup -Doptimization=1 "$work/build" "$work/tree" >"$work/log" || { cat "$work/log" && exit 1; }
bundle=$work/tree/tests/check/small_d2
targets=(proofcheck tests/check/attack tests/check/squeeze tests/check/mutate)
for test in "${tests[@]}"; do
    targets+=("tests/check/test_check_$test")
done

build() {
    ninja -C "$work/build" "${targets[@]}" >"$work/log" 2>&1
}

# replace FILE OLD NEW: the line of the file that is OLD; false unless there is exactly one.
replace() {
    OLD=$2 NEW=$3 awk '
        { line = $0; sub(/^ +/, "", line) }
        line == ENVIRON["OLD"] { found++; $0 = substr($0, 1, length($0) - length(line)) ENVIRON["NEW"] }
        { print }
        END { exit found != 1 }' "$1" >"$work/new" && mv "$work/new" "$1"
}

quietly() {
    timeout 120 "$@" >"$work/log" 2>&1
}

# The first test that fails.
killer() {
    local test build=$work/build
    for test in "${tests[@]}"; do
        quietly "$build/tests/check/test_check_$test" || { echo "$test" && return; }
    done
    quietly "$build/tests/check/squeeze" "$build/proofcheck" "$bundle" 12 || { echo squeeze && return; }
    quietly "$build/tests/check/attack" "$build/proofcheck" "$bundle" || { echo attack && return; }
    quietly "$build/tests/check/mutate" "$build/proofcheck" "$bundle" 60 2 || echo mutate
}

# try FILE OLD NEW REASON: says what became of the mutant; false unless that is what should.
try() {
    local by
    cp "$work/tree/$1" "$work/original"
    if ! replace "$work/tree/$1" "$2" "$3"; then
        by='DOES NOT APPLY'
    elif ! build; then
        by='DOES NOT COMPILE'
    else
        by=$(killer)
    fi
    cp "$work/original" "$work/tree/$1"
    if [[ $4 && ! $by ]]; then
        by='lives, as it may'
    elif [[ $4 && $by != DOES* ]]; then
        by="KILLED BY $by"
    fi
    printf '%-16s %s: %s\n' "${by:-LIVES}" "$1" "$3"
    [[ $by && $by != DOES* && $by != KILLED* ]]
}

build || { tail "$work/log" && exit 1; }
by=$(killer)
[[ ! $by ]] || { echo "without any change, $by fails" && exit 1; }

count=0 bad=0 file='' old='' reason=''
while IFS= read -r line; do
    case $line in
    '= '*) file=src/check/${line#= } ;;
    '? '*) reason=${line#? } ;;
    '- '*) old=${line#- } ;;
    '+'*)
        if grep -q -e "$pattern" <<<"$file: $old"; then
            count=$((count + 1))
            new=${line#+}
            try "$file" "$old" "${new# }" "$reason" || bad=$((bad + 1))
        fi
        reason=''
        ;;
    esac
done <"$list"
echo "$count mutants, $bad of them not as they should be"
[[ $count -gt 0 && $bad -eq 0 ]]
