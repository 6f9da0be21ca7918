#!/bin/sh
# A bundle is found again by the prover, and nothing in it can be changed unnoticed.
. "$(dirname "$0")/common.sh"

prove --output bundle
cp -r bundle before
expect 0 "$verify" replay bundle
said 'the prover finds the same again'
diff -r before bundle

# Scripts that are missing come back byte for byte.
rm -r bundle/smt
(cd bundle && sha256sum --quiet -c SHA256SUMS)
expect 0 "$verify" replay bundle
said 'missing scripts put back'
diff -r before bundle
rm bundle/smt/N.s1.0002.smt2
expect 0 "$verify" replay bundle
said ' 1 missing scripts put back'
diff -r before bundle

# Another solver, here one of our own making.
printf '#!/bin/sh\nsed -n "s/^(check-sat)$/unsat/p" "$1"\n' >yes
printf '#!/bin/sh\necho sat\n' >no
printf '#!/bin/sh\necho unknown\n' >perhaps
printf '#!/bin/sh\necho unsat\n' >lazy
chmod +x yes no perhaps lazy
expect 0 "$verify" replay bundle --solver ./yes
said 'answers unsat to all [0-9]* questions'
expect 13 "$verify" replay bundle --solver ./no
expect 11 "$verify" replay bundle --solver ./perhaps
expect 11 "$verify" replay bundle --solver ./lazy
expect 66 "$verify" replay bundle --solver ./nobody

# A byte changed anywhere.
for file in $(cd before && find . -type f | sed 's|^\./||' | grep -v '^smt/' | sort) smt/A.step.smt2; do
    rm -rf bundle
    cp -r before bundle
    printf 'x' | dd of="bundle/$file" bs=1 seek=20 conv=notrunc status=none
    code=0
    "$verify" replay bundle --solver ./yes >out 2>&1 || code=$?
    [ $code -eq 13 ] || [ $code -eq 65 ] || fail "$file: exit code $code"
done
rm -rf bundle
cp -r before bundle
rm bundle/task.txt
expect 13 "$verify" replay bundle
said 'task.txt'

# Where missing scripts cannot be put back, it is said after the verdict. What root may do beyond the
# owner of a file is given up.
as_owner() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --bounding-set=-all --inh-caps=-all "$@"
    else
        "$@"
    fi
}
if as_owner true 2>/dev/null; then
    for solver in '' '--solver ./yes'; do
        rm -rf bundle
        cp -r before bundle
        rm -r bundle/smt
        chmod a-w bundle
        expect 73 as_owner "$verify" replay bundle $solver
        said 'the prover finds the same again'
        said 'error\[F003\]'
        said 'hint: the scripts that are missing were found again, but not put back'
        chmod u+w bundle
    done
fi

expect 66 "$verify" replay nothing
mkdir half
sed -e 's/"complete"/"incomplete"/' before/MANIFEST.json >half/MANIFEST.json
expect 13 "$verify" replay half
said incomplete
