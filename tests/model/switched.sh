#!/bin/sh
# `verify` refuses to work when a library has changed the arithmetic: switched.sh VERIFY LIBRARY
set -eu

# with MODE WANTED-CODE WANTED-WORDS
with() {
    code=0
    MODE=$1 LD_PRELOAD=$library "$verify" explain F001 >"$work/out" 2>"$work/err" || code=$?
    cat "$work/err"
    [ "$code" -eq "$2" ] && grep -q "$3" "$work/out" "$work/err"
}

verify=$1 library=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
with none 0 'F001'
with up 70 'error\[H001\].*rounding to nearest'
if [ "$(uname -m)" = x86_64 ]; then
    with flush 70 'error\[H001\].*subnormal numbers kept'
fi
