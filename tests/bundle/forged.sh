#!/bin/sh
# What is no proof bundle of `verify`, though all hashes are right, is told from one by replaying it.
. "$(dirname "$0")/common.sh"

prove --output before

# forge FILE EDIT [FILE EDIT]... : the bundle with these edits by sed, and the hashes that it has then
forge() {
    rm -rf bundle
    cp -r before bundle
    while [ $# -gt 0 ]; do
        sed -i "$2" "bundle/$1"
        ! cmp -s "before/$1" "bundle/$1" || fail "not changed: $1"
        shift 2
    done
    (
        cd bundle
        old=$(sed -n 's/^"root": "\(.*\)",$/\1/p' MANIFEST.json)
        sha256sum $(ls | grep -vx -e smt -e SHA256SUMS) >SHA256SUMS
        new=$(grep -v ' MANIFEST.json$' SHA256SUMS | sha256sum | cut -d ' ' -f 1)
        sed -i "s/$old/$new/" MANIFEST.json
        sha256sum $(ls | grep -vx -e smt -e SHA256SUMS) >SHA256SUMS
    )
    whole bundle
}

# found FILE : replay says that it is another
found() {
    expect 13 "$verify" replay bundle
    said "something else than $1, from line [0-9]* on"
}

# What was changed with all its hashes is not what the prover finds.
forge certificate.txt '0,/^on 0 /s//on 0 1/'
found certificate.txt
forge audit.md 's/, by at least 0/, by at least 10/'
found audit.md
forge audit.md 's/(src.check) | [0-9]/&0/'
found audit.md
forge MANIFEST.json '0,/"worst_margin": "0/s//"worst_margin": "10/'
found MANIFEST.json
forge smt.sha256 '$d'
script=$(tail -n 1 before/smt.sha256 | sed 's/.*  //')
rm "bundle/$script"
expect 13 "$verify" replay bundle
said "the prover finds $script, which is not listed"

# What names another version cannot be compared; that is said.
ripple='s/^"ripple": "/&1/' solver='s/^"solver": "/&1/'
forge MANIFEST.json "$ripple"
expect 0 "$verify" replay bundle
said 'another version of Ripple wrote it, so that MANIFEST.json, SHA256SUMS and audit.md were not compared$'
forge MANIFEST.json "$ripple" certificate.txt '0,/^on 0 /s//on 0 1/'
found certificate.txt
forge MANIFEST.json "$solver"
expect 0 "$verify" replay bundle
said 'another version of the solver is named in it, so that MANIFEST.json and SHA256SUMS were not compared$'
forge MANIFEST.json "$solver" audit.md 's/, by at least 0/, by at least 10/'
found audit.md

# with COMMAND... : the bundle after this command in it
with() {
    rm -rf bundle elsewhere
    cp -r before bundle
    mkdir elsewhere
    (cd bundle && "$@")
}

# Nothing else stands in it, and no links, through which scripts would be written elsewhere.
for stray in extra .extra smt/extra smt/extra.smt2 smt/.extra.smt2; do
    with touch $stray
    expect 13 "$verify" replay bundle
    said "error\[C006\]: $stray is "
done
move_and_link() {
    mv "$1" ../elsewhere/moved
    ln -s ../elsewhere/moved "$1"
}
for file in MANIFEST.json SHA256SUMS task.txt smt/A.step.smt2; do
    with move_and_link $file
    expect 65 "$verify" replay bundle
    said "error\[C014\]: $file is no regular file"
done
with rm -r smt
ln -s ../elsewhere bundle/smt
expect 65 "$verify" replay bundle
said 'error\[C014\]: smt is no folder'
[ -z "$(ls -A elsewhere)" ] || fail "written elsewhere: $(ls -A elsewhere)"
