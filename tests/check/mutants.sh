#!/bin/bash
# Every mutant of the checker is killed: mutants.sh BUILD WORK [PATTERN]
#
# mutants.txt holds mutants as lines "= file", "- line", "+ line", the last two once a mutant. The one line of the file
# that reads as the first (indentation aside) is replaced, and then some test of the checker must fail. Before "- line",
# "@ n" picks the n-th of several such lines. A mutant that does not apply, does not compile, or lives, is a failure,
# unless it is listed behind a line "? reason": then it must live. PATTERN picks mutants by file or line.
#
# BUILD has the programs that do not change; here only the checker is compiled, and what is linked with it. Each of JOBS
# processes (all processors) has a folder of its own in WORK. A survivor takes a minute, others seconds.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(cd "$1" && pwd) work=$2 pattern=${3:-.}
jobs=${JOBS:-$(nproc)}
mkdir -p "$work"
work=$(cd "$work" && pwd)
bundle=$root/tests/check/small_d2
tests=(lines sha256 radii pull constants rows regions hearing court means slopes intervals numbers model trellis
    paths steps trouble)
slow=(claims tables errors splits) # last, but for files that they name
helpers=(sites states)             # of tests
flags=(-std=c17 -O1 -D_GNU_SOURCE -ffp-contract=off -DRIPPLE_VERSION=\"0\" "-DBUNDLE=\"$bundle\""
    "-DSMALL_MODEL=\"$root/tests/prove/small_d2.safetensors\"" -I"$root/tests")
traps=(-fsanitize=signed-integer-overflow -fsanitize-undefined-trap-on-error)
libraries=(-lcunit -lmpfr -lgmp -lm)

# ---- programs -----------------------------------------------------------------------------------

# compile FOLDER NAME : an object of FOLDER/check/NAME.c, trapping where src/check/meson.build says so.
compile() {
    local more=("${traps[@]}")
    [[ $2 != paths && $2 != pull && $2 != main ]] || more=()
    cc "${flags[@]}" "${more[@]}" -I"$1/check" -c "$1/check/$2.c" -o "$1/$2.o"
}

compile_test() {
    cc "${flags[@]}" -I"$1/check" -c "$root/tests/check/test_$2.c" -o "$1/test_$2.o"
}

compile_helper() {
    cc "${flags[@]}" -I"$1/check" -c "$root/tests/check/$2.c" -o "$1/helper_$2.o"
}

compile_all() {
    local file test helper
    for file in "$1"/check/*.c; do
        compile "$1" "$(basename "$file" .c)" || return 1
    done
    for test in "${tests[@]}" "${slow[@]}"; do
        compile_test "$1" "$test" || return 1
    done
    for helper in "${helpers[@]}"; do
        compile_helper "$1" "$helper" || return 1
    done
    archive "$1"
}

# All of the checker but main, and the helpers, for tests to link with; one brings a file of it along.
archive() {
    rm -f "$1/archive.a"
    ar rc "$1/archive.a" $(ls "$1"/check/*.c | sed "s|.*/|$1/|; s/c\$/o/; /main.o\$/d") "$1"/helper_*.o
}

link() {
    cc "$1/$2.o" "$1/archive.a" -o "$1/$2" "${libraries[@]}"
}

# ---- one mutant ---------------------------------------------------------------------------------

# replace FILE OLD NEW COUNT: the line of the file that is OLD, the COUNT-th if COUNT is given; false if there is none,
# or several and no COUNT.
replace() {
    OLD=$2 NEW=$3 awk -v which="$4" '
        { line = $0; sub(/^ +/, "", line) }
        line == ENVIRON["OLD"] && (++found == which || which == "") {
            $0 = substr($0, 1, length($0) - length(line)) ENVIRON["NEW"]
        }
        { print }
        END { exit which == "" ? found != 1 : found < which }' "$1" >"$1.new" && mv "$1.new" "$1"
}

# What runs for ever runs out of processor time, on a busy machine as on another.
quietly() {
    (ulimit -t 60 && exec "$@") >/dev/null 2>&1
}

accepts() {
    local code=0
    quietly "$1" "$2" || code=$?
    [[ $code -eq 0 ]]
}

# names TEST FILE : whether the test is named after the file, or includes it or its header
names() {
    [[ $1 == "${2%.?}" ]] || grep -q "^#include \"${2%.?}\\.[ch]\"" "$root/tests/check/test_$1.c"
}

# tests_for FILE : those that name it, then the others but for slow ones
tests_for() {
    local test near=() far=()
    for test in "${tests[@]}" "${slow[@]}"; do
        if names "$test" "$1"; then
            near+=("$test")
        elif [[ " ${slow[*]} " != *" $test "* ]]; then
            far+=("$test")
        fi
    done
    echo "${near[@]}" "${far[@]}"
}

# section FILE : the one of the format that its refusals name most often
section() {
    grep -o '(K[0-9]*)' "$root/src/check/$1" | sort | uniq -c | sort -rn | awk 'NR == 1 { print $2 }'
}

fails() {
    link "$1" "test_$2"
    ! quietly "$1/test_$2"
}

# killer FOLDER FILE : the first test that fails when the file is changed
killer() {
    local test check=$1/main
    for test in $(tests_for "$2"); do
        ! fails "$1" "$test" || { echo "$test" && return; }
    done
    link "$1" main
    accepts "$check" "$root/proofs/add_d3-addition" || { echo accepts && return; }
    quietly "$root/tests/check/codes.sh" "$check" || { echo codes && return; }
    for test in values scores; do
        quietly "$root/tests/check/wrapping.sh" "$check" "$root/tests/check/wrapping_$test" ||
            { echo wrapping && return; }
    done
    quietly "$build/tests/check/squeeze" "$check" "$bundle" 12 || { echo squeeze && return; }
    quietly "$build/tests/check/attack" "$check" "$bundle" --first "$(section "$2")" || { echo attack && return; }
    quietly "$build/tests/check/attack_groups" "$check" "$root/tests/check/grouped_d2" --first "$(section "$2")" ||
        { echo attack_groups && return; }
    quietly "$build/tests/check/mutate" "$check" "$bundle" 60 2 || { echo mutate && return; }
    for test in "${slow[@]}"; do
        names "$test" "$2" || ! fails "$1" "$test" || { echo "$test" && return; }
    done
}

# remake FOLDER FILE : what depends on the file; false if it does not compile
remake() {
    local test
    if [[ $2 == *.h ]]; then
        compile_all "$1" 2>/dev/null
        return
    fi
    compile "$1" "${2%.c}" 2>/dev/null || return 1
    for test in "${tests[@]}" "${slow[@]}"; do
        ! grep -q "^#include \"$2\"" "$root/tests/check/test_$test.c" || compile_test "$1" "$test"
    done
    archive "$1"
}

# restore FOLDER : only what another mutant may have changed
restore() {
    rm -rf "$1"
    cp -r "$work/base" "$1"
}

# try FOLDER FILE OLD NEW COUNT REASON: says what became of the mutant.
try() {
    local by
    restore "$1"
    if ! replace "$1/check/$2" "$3" "$4" "$5"; then
        by='DOES NOT APPLY'
    elif ! remake "$1" "$2"; then
        by='DOES NOT COMPILE'
    else
        by=$(killer "$1" "$2")
    fi
    if [[ $6 && ! $by ]]; then
        by='lives, as it may'
    elif [[ $6 && $by != DOES* ]]; then
        by="KILLED BY $by"
    fi
    printf '%-16s %s: %s%s\n' "${by:-LIVES}" "$2" "$4" "${5:+ (the $5th)}"
}

# ---- all ----------------------------------------------------------------------------------------

# run JOB : every jobs-th mutant, from the JOB-th on
run() {
    local line file='' old='' new which='' reason='' number=0
    while IFS= read -r line; do
        case $line in
        '= '*) file=${line#= } ;;
        '? '*) reason=${line#? } ;;
        '@ '*) which=${line#@ } ;;
        '- '*) old=${line#- } ;;
        '+'*)
            new=${line#+}
            if grep -q -e "$pattern" <<<"$file: $old" && ((number++ % jobs == $1)); then
                try "$work/$1" "$file" "$old" "${new# }" "$which" "$reason"
            fi
            reason='' which=''
            ;;
        esac
    done <"$root/tests/check/mutants.txt"
}

rm -rf "$work/base"
mkdir -p "$work/base"
cp -r "$root/src/check" "$work/base/check"
compile_all "$work/base"
by=$(killer "$work/base" main.c)
[[ ! $by ]] || { echo "without any change, $by fails" && exit 1; }
for ((job = 0; job < jobs; job++)); do
    run "$job" >"$work/log.$job" &
done
wait
cat "$work"/log.*
count=$(cat "$work"/log.* | wc -l)
bad=$(cat "$work"/log.* | grep -cE '^(LIVES|DOES|KILLED)' || true)
echo "$count mutants, $bad of them not as they should be"
[[ $count -gt 0 && $bad -eq 0 ]]
