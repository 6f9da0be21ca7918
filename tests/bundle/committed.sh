#!/bin/sh
# The proofs in the tree are proofs: committed.sh PROOFCHECK FOLDER
set -eu
proofcheck=$1
found=0
for bundle in "$2"/*/; do
    found=$((found + 1))
    (cd "$bundle" && sha256sum --quiet -c SHA256SUMS)
    "$proofcheck" "$bundle" >"${TMPDIR:-/tmp}/committed.$$" || {
        cat "${TMPDIR:-/tmp}/committed.$$"
        exit 1
    }
    head -n 1 "${TMPDIR:-/tmp}/committed.$$" | grep -qx ACCEPTED
done
rm -f "${TMPDIR:-/tmp}/committed.$$"
[ "$found" -gt 0 ] || {
    echo "there are no proofs in $2"
    exit 1
}
