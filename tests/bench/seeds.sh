#!/bin/bash
# How many seeds of each recipe lead to a model that is proved on all inputs: seeds.sh BUILD
# Environment: RECIPES (default: all of models/), SEEDS (default: 1 to 10), RESULTS (default:
# BUILD/seeds.txt), THREADS (default: all), BUDGET (regions bounded at most in a proof; default 100000).
#
# Each recipe is trained with each seed and the model proved, level A to N, without a bundle. A line is
# added to RESULTS for each, and what stands there already is not done again: stop it and start it again
# as you like. A line belongs to the recipe as it was, all but its seed and hash; when the recipe is
# changed, its seeds are tried anew. What comes out last is the table of docs/seeds.md.
set -eu

build=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
results=${RESULTS:-$build/seeds.txt}
threads=${THREADS:-$(nproc)}
budget=${BUDGET:-100000}
seeds=${SEEDS:-1 2 3 4 5 6 7 8 9 10}
recipes=${RECIPES:-$root/models/*.recipe}
verify=$build/verify
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

value() { # value KEY: of the recipe
    sed -n "s/^$1  *\([^ #]*\).*/\1/p" "$recipe"
}

json() { # json KEY: of the first line that has it
    sed -n "s/^ *\"$1\": \"*\([^\",]*\)\"*,*$/\1/p" "$work/json" | head -n 1
}

run() { # run OUTPUT COMMAND...: prints user and system seconds; the exit code is in $work/code
    local output=$1 code=0
    shift
    TIMEFORMAT='%U %S'
    { time "$@" >"$output" 2>"$work/errors" || code=$?; } 2>&1
    echo "$code" >"$work/code"
    [ "$code" -lt 128 ] || kill $$ # interrupted: nothing is to be recorded
}

total() {
    awk '{ printf "%.0f", $1 + $2 }'
}

train() { # sets training, rounds, restarts, sha256
    training=$(run "$work/log" "$verify" train "$recipe" --seed "$seed" -j "$threads" --force \
        --no-progress -o "$work/model.safetensors" | total)
    rounds=$(sed -n 's/^\([0-9]*\) rounds* after.*/\1/p' "$work/log")
    restarts=$(sed -n 's/^.* rounds* after \([0-9]*\) restart.*/\1/p' "$work/log")
    sha256=$(sed -n 's/^sha256 //p' "$work/log")
}

prove() { # sets proving, verdict, cases, open, margin
    local set
    set=$(value set)
    proving=$(run "$work/json" "$verify" "$(dirname "$recipe")/$(value spec)" ${set:+--set "$set"} \
        --model "$work/model.safetensors" -j "$threads" --budget "$budget" --no-bundle --no-cache \
        --json --no-progress | total)
    case $(cat "$work/code") in
    0) verdict=proved ;;
    10) verdict=refuted ;;
    11) verdict=open ;;
    *)
        cat "$work/errors" >&2
        exit 1
        ;;
    esac
    cases=$(awk '$1 == "\"cases\":" { sum += $2 } END { print sum + 0 }' "$work/json")
    margin=$(json worst_margin)
}

identity() {
    grep -vE '^(seed|sha256) ' "$recipe" | sed 's/ *#.*//' | tr -s ' \n' | sha256sum | cut -c 1-12
}

touch "$results"
for recipe in $recipes; do
    name=$(basename "$recipe" .recipe)
    id=$(identity)
    for seed in $seeds; do
        grep -q "^$name $id $seed " "$results" && continue
        train
        if [ "$(cat "$work/code")" -eq 0 ]; then
            prove
        else
            verdict=failed proving=0 cases=- margin=-
        fi
        echo "$name $id $seed $verdict ${rounds:-0} $training $proving $cases $margin ${sha256:--} ${restarts:-0}" |
            tee -a "$results" >&2
    done
done

# The newest identity of each recipe counts.
echo "| recipe | seeds | proved | refuted | open | restarted | rounds | training, s | proof, s | edge cases | worst margin |"
echo "|---|---|---|---|---|---|---|---|---|---|---|"
awk '
    function range(least, most) { return least == most ? least : least " to " most }
    !($1 in id) { order[++recipes] = $1 }
    id[$1] != $2 {
        id[$1] = $2
        n[$1] = proved[$1] = refuted[$1] = open[$1] = restarted[$1] = 0
    }
    {
        n[$1]++
        proved[$1] += $4 == "proved"
        restarted[$1] += $11 > 0
        refuted[$1] += $4 == "refuted"
        open[$1] += $4 != "proved" && $4 != "refuted"
        for (f = 5; f <= 9; f++) {
            if (f > 6 && $4 != "proved") continue
            fresh = n[$1] == 1 || (f > 6 && proved[$1] == 1)
            if (fresh || $f + 0 < low[$1, f]) low[$1, f] = $f + 0
            if (fresh || $f + 0 > high[$1, f]) high[$1, f] = $f + 0
        }
    }
    END {
        for (i = 1; i <= recipes; i++) {
            r = order[i]
            printf "| %s | %d | %d | %d | %d | %d |", r, n[r], proved[r], refuted[r], open[r], restarted[r]
            for (f = 5; f <= 8; f++) printf " %s |", range(low[r, f], high[r, f])
            printf " %s |\n", low[r, 9]
        }
    }' "$results"
