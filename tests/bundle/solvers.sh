#!/bin/sh
# Z3 and cvc5, as packaged, answer unsat to every question of every script:
# solvers.sh VERIFY SPEC MODEL DIGITS
digits=$4
command -v z3 >/dev/null && command -v cvc5 >/dev/null || exit 77
. "$(dirname "$0")/common.sh"

"$verify" -q --fresh "$spec" --set n="$digits" --model "$model" --output bundle >/dev/null
for solver in z3 cvc5; do
    "$verify" replay bundle --solver "$solver"
done

# Each script asks something, and says what it expects.
for script in bundle/smt/*.smt2; do
    asked=$(grep -cx '(check-sat)' "$script")
    [ "$asked" -gt 0 ] && [ "$(grep -cxF '(set-info :status unsat)' "$script")" -eq "$asked" ] ||
        fail "$script asks nothing"
done
levels=$(ls bundle/smt | cut -c 1 | sort -u | tr -d '\n')
[ "$levels" = ACN ] || fail "levels $levels"
# One of each obligation, or of an edge case one for each group.
while read -r name _; do
    [ -f "bundle/smt/$name.smt2" ] || [ -f "bundle/smt/$name.1.smt2" ] || fail "$name has no script"
done <bundle/obligations.txt
ls bundle/smt | sed -E 's/(\.[0-9]{4})?(\.[0-9]+)?\.smt2$/\1/' | sort -u >named
cut -d ' ' -f 1 bundle/obligations.txt | sort -u | cmp -s - named || fail "a script of no obligation"
