#!/bin/sh
# The solver is not asked twice.
. "$(dirname "$0")/common.sh"

# run ARGUMENT... : JSON without what may differ, and how many answers were reused
run() {
    "$verify" --json --no-progress --no-bundle "$spec" --set n=2 --model "$model" "$@" >"$work/json"
    sed -n 's/^  "smt_cached": \([0-9]*\),$/\1/p' "$work/json" >"$work/cached"
    grep -vE '"(smt_cached|seconds)"' "$work/json" >"$work/rest"
    cat "$work/cached"
}

queries() {
    sed -n 's/^  "smt_queries": \([0-9]*\),$/\1/p' "$work/json"
}

expect 13 "$verify" -q --no-bundle --offline "$spec" --set n=2 --model "$model"
said 'error\[Z005\]'
[ "$(run)" = 0 ] || fail "answers from nowhere"
cp rest first
[ "$(run)" = "$(queries)" ] || fail "not all answers were reused: $(cat cached) of $(queries)"
cmp first rest
[ "$(run --offline)" = "$(queries)" ] || fail "offline"
cmp first rest
[ "$(run --fresh)" = 0 ] || fail "--fresh reuses answers"
cmp first rest
[ "$(run --no-cache)" = 0 ] || fail "--no-cache reuses answers"
cmp first rest

expect 0 "$verify" --no-bundle "$spec" --set n=2 --model "$model"
said "^reused      $(queries) answers of the solver, from earlier runs\$"

# Damage is noticed and made good.
for entry in cache/ripple/*; do
    echo nonsense >"$entry"
done
expect 13 "$verify" -q --no-bundle --offline "$spec" --set n=2 --model "$model"
[ "$(run)" = 0 ] || fail "damaged answers were reused"
cmp first rest
[ "$(run)" = "$(queries)" ] || fail "damaged entries were not replaced"

# A folder of one's own; --no-cache leaves none.
run --cache mine >/dev/null
[ -d mine ] || fail "--cache"
[ "$(XDG_CACHE_HOME=/nowhere run --cache mine)" = "$(queries)" ] || fail "--cache is not used"
expect 73 "$verify" -q --no-bundle --cache /dev/null/x "$spec" --set n=2 --model "$model"
XDG_CACHE_HOME=$work/none run --no-cache >/dev/null
[ ! -e none ] || fail "--no-cache keeps answers"

# Without a place for it there is no cache, which is no error.
[ "$(XDG_CACHE_HOME=/dev/null run)" = 0 ] || fail "no place"
expect 64 "$verify" -q --offline --fresh "$spec"
expect 64 env -u XDG_CACHE_HOME -u HOME "$verify" -q --offline "$spec"
