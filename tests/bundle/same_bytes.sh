#!/bin/sh
# Bundles do not depend on threads, folder, cache or time, and say nothing of them.
. "$(dirname "$0")/common.sh"

mkdir a a/deep b
(cd a/deep && prove -j1)
(cd b && TZ=Asia/Tokyo LC_ALL=C prove -j2 --output here)
whole a/deep/proofs/small_d2-addition
diff -r a/deep/proofs/small_d2-addition b/here
[ "$(ls -A a/deep/proofs)" = small_d2-addition ] || fail "something was left beside the bundle"

# The answers of the solver are not asked for again; the bundle is replaced by the same.
cp -r b/here before
(cd b && prove -j2 --output here)
diff -r before b/here
(cd b && prove -j2 --fresh --output here)
diff -r before b/here

# The same claim under another path of spec and model.
mkdir c
cp "$spec" c/addition.spec
cp "$model" c/small_d2.safetensors
(cd c && "$verify" -q addition.spec --set n=2 --model small_d2.safetensors >/dev/null)
diff -r before c/proofs/small_d2-addition

# No path, host or user name; no other files than the format has.
for word in "$work" "$(dirname "$model")" "$(hostname)"; do
    if grep -rqF -e "$word" before; then
        fail "the bundle says $word"
    fi
done
expected='MANIFEST.json SHA256SUMS audit.md certificate.txt model.safetensors obligations.txt smt smt.sha256 spec.spec task.txt'
[ "$(cd before && echo *)" = "$expected" ] || fail "other files: $(ls before)"
cmp before/model.safetensors "$model"
cmp before/spec.spec "$spec"

# The root hash is the one that the format says.
root=$(grep -v ' MANIFEST.json$' before/SHA256SUMS | sha256sum | cut -d ' ' -f 1)
grep -qxF "\"root\": \"$root\"," before/MANIFEST.json || fail "another root hash"
LC_ALL=C sort -c -k 2 before/SHA256SUMS
LC_ALL=C sort -c -k 2 before/smt.sha256

# Text as the format has it (K3).
for file in task.txt certificate.txt; do
    if LC_ALL=C grep -nE '^$|  |^ | $|[^ -~]' before/$file; then
        fail "$file is not plain"
    fi
done
