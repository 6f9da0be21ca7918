#!/bin/sh
# The proof of a shipped model comes out again, byte for byte: remade.sh VERIFY SPEC MODEL DIGITS COMMITTED
digits=$4
committed=$(realpath "$5")
. "$(dirname "$0")/common.sh"

"$verify" -q --fresh "$spec" --set n="$digits" --model "$model" --output bundle
diff -r -x smt -x audit.md -x MANIFEST.json -x SHA256SUMS bundle "$committed"
