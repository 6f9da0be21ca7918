#!/bin/sh
# The proof of a shipped model comes out again, byte for byte: remade.sh VERIFY SPEC MODEL DIGITS COMMITTED
#
# The manifest names the version of the solver, which may be another here, and SHA256SUMS has its hash. These
# two words are left out.
digits=$4
committed=$(realpath "$5")
. "$(dirname "$0")/common.sh"

without_solver() {
    sed -i 's/^"solver": ".*"$/"solver": ""/' "$1/MANIFEST.json"
    sed -i 's/^[0-9a-f]*  MANIFEST.json$/MANIFEST.json/' "$1/SHA256SUMS"
}

"$verify" -q --fresh "$spec" --set n="$digits" --model "$model" --output made
cp -r "$committed" committed
rm -rf made/smt committed/smt
without_solver made
without_solver committed
diff -r made committed
