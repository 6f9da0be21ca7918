# For the tests of this folder: sourced with the program, a spec and a model of two digits as arguments.
set -eu

verify=$(realpath "$1")
spec=$(realpath "$2")
model=$(realpath "$3")
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export XDG_CACHE_HOME="$work/cache"
cd "$work"

fail() {
    echo "$*"
    exit 1
}

# prove ARGUMENT... : the two-digit model; a proof is expected
prove() {
    "$verify" --quiet "$spec" --set n=2 --model "$model" "$@" >"$work/out" 2>&1 || {
        cat "$work/out"
        fail "exit code $? from: prove $*"
    }
}

# expect CODE COMMAND... : leaves stdout and stderr in $work/out
expect() {
    wanted=$1 code=0
    shift
    "$@" >"$work/out" 2>&1 || code=$?
    [ "$code" -eq "$wanted" ] || {
        cat "$work/out"
        fail "exit code $code, not $wanted, from: $*"
    }
}

said() {
    grep -q -e "$1" "$work/out" || {
        cat "$work/out"
        fail "not said: $1"
    }
}

# whole BUNDLE: its files are there, and have their hashes
whole() {
    (cd "$1" && grep -q '^"state": "complete",$' MANIFEST.json && sha256sum --quiet -c SHA256SUMS &&
        sha256sum --quiet -c smt.sha256) || fail "$1 is not whole"
}

incomplete() {
    grep -q '^"state": "incomplete",$' "$1/MANIFEST.json" && [ "$(ls -A "$1")" = MANIFEST.json ]
}
