#!/bin/sh
# What the checker says and its exit codes, where there is no bundle to speak of: codes.sh PROOFCHECK
set -eu

proofcheck=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

# expect CODE PATTERN ARGUMENT...
expect() {
    code=$1 pattern=$2
    shift 2
    got=0
    "$proofcheck" "$@" >"$work/out" 2>&1 || got=$?
    if [ $got != "$code" ] || ! grep -q -e "$pattern" "$work/out"; then
        echo "proofcheck $*: exit $got, expected $code and \"$pattern\":"
        cat "$work/out"
        bad=1
    fi
}

expect 0 '^usage: proofcheck BUNDLE' --help
expect 0 '^proofcheck [0-9]' --version
expect 64 '^usage: proofcheck BUNDLE'
expect 64 '^usage: proofcheck BUNDLE' --nonsense
expect 64 '^usage: proofcheck BUNDLE' "$work" "$work"
expect 66 'is missing' "$work/nowhere"
expect 66 'SHA256SUMS:0: is missing' "$work"

# A link to itself is neither there nor missing.
ln -s loop "$work/loop"
expect 74 '^proofcheck: .*/loop: ' "$work/loop"

# What cannot be written has not been said.
for argument in --help --version "$work/nowhere"; do
    got=0
    "$proofcheck" "$argument" >/dev/full 2>"$work/out" || got=$?
    [ $got = 74 ] || { echo "proofcheck $argument, onto a full disk: exit $got, expected 74" && bad=1; }
    [ "$argument" = "$work/nowhere" ] || grep -q 'the verdict could not be written' "$work/out" || bad=1
done

bundle=$work/bundle
mkdir "$bundle"
: >"$bundle/SHA256SUMS"
expect 66 '^REJECTED: MANIFEST.json:0: is missing' "$bundle"
echo hello >"$bundle/stray"
expect 13 'is not one of the files of a bundle' "$bundle"
rm "$bundle/stray"

# Files that say nothing, with hashes that are right.
hash_all() {
    (
        cd "$bundle"
        for name in audit.md certificate.txt model.safetensors obligations.txt smt.sha256 spec.spec task.txt; do
            [ -e "$name" ] || : >"$name"
        done
        rm -f SHA256SUMS MANIFEST.json
        root=$(LC_ALL=C sha256sum -- * | sha256sum | cut -c1-64)
        printf '{\n"state": "%s",\n"root": "%s",\n"more": 1\n}\n' "${1:-complete}" "$root" >MANIFEST.json
        LC_ALL=C sha256sum -- * >"$work/sums"
        mv "$work/sums" SHA256SUMS
    )
}
hash_all
expect 65 '^REJECTED: task.txt:1: ' "$bundle"
echo nonsense >"$bundle/SHA256SUMS"
expect 65 '^REJECTED: SHA256SUMS:1: ' "$bundle"
hash_all running
expect 13 '^REJECTED: MANIFEST.json:0: the state' "$bundle"
hash_all
echo more >>"$bundle/task.txt"
expect 13 '^REJECTED: task.txt:0: has another hash' "$bundle"
hash_all
sed -i 's/"root": "./"root": "x/' "$bundle/MANIFEST.json"
expect 13 '^REJECTED: MANIFEST.json:0: ' "$bundle"
hash_all
rm "$bundle/model.safetensors"
expect 66 '^REJECTED: model.safetensors:0: is missing' "$bundle"
mkdir "$bundle/model.safetensors"
expect 65 '^REJECTED: model.safetensors:0: is no regular file' "$bundle"
rmdir "$bundle/model.safetensors"
sort -r "$bundle/SHA256SUMS" >"$work/sums"
mv "$work/sums" "$bundle/SHA256SUMS"
expect 66 '^REJECTED: model.safetensors:0: is missing' "$bundle"
hash_all
sort -r "$bundle/SHA256SUMS" >"$work/sums"
mv "$work/sums" "$bundle/SHA256SUMS"
expect 65 '^REJECTED: SHA256SUMS:1: is not the line' "$bundle"
exit $bad
