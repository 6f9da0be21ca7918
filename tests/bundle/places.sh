#!/bin/sh
# Where bundles go, and what they may replace.
. "$(dirname "$0")/common.sh"

prove
whole proofs/small_d2-addition
cp -r proofs/small_d2-addition first

# The same claim again is no question; another one is.
prove
sed 's/^# /# Truly, /' "$spec" >addition.spec
expect 73 "$verify" -q addition.spec --set n=2 --model "$model"
said 'error\[C004\]'
said 'hint: --force'
diff -r first proofs/small_d2-addition
expect 0 "$verify" -q addition.spec --set n=2 --model "$model" --force
whole proofs/small_d2-addition
cmp proofs/small_d2-addition/spec.spec addition.spec

# A failed attempt at another claim takes nothing away, by force or not.
cp -r proofs/small_d2-addition second
expect 11 "$verify" -q "$spec" --set n=2 --model "$model" --force --budget 1
diff -r second proofs/small_d2-addition

# What is no bundle is never touched.
mkdir mine
echo precious >mine/notes
expect 73 "$verify" -q "$spec" --set n=2 --model "$model" --output mine --force
said 'error\[C005\]'
[ "$(cat mine/notes)" = precious ] || fail "touched"
echo precious >first/notes
expect 73 "$verify" -q "$spec" --set n=2 --model "$model" --output first --force
said 'error\[C005\]'
echo plain >file
expect 73 "$verify" -q "$spec" --set n=2 --model "$model" --output file --force
said 'error\[C005\]'
ln -s proofs/small_d2-addition link
for path in link link/ link/.; do
    expect 73 "$verify" -q "$spec" --set n=2 --model "$model" --output $path
    said 'link: error\[C005\]: a symbolic link is there'
done
[ -L link ] || fail "the link was replaced"
for path in . .. ./ proofs/..; do
    expect 73 "$verify" -q "$spec" --set n=2 --model "$model" --output $path
    said 'error\[C005\]: a proof bundle cannot be put where a path ends in'
done

# An empty folder may be filled; folders above are made; a slash or a point at the end changes nothing.
mkdir empty
prove --output empty/
whole empty
prove --output empty/.
whole empty
prove --output deep/er/bundle
whole deep/er/bundle

# Where nothing can be written, it says so before it starts.
if [ "$(id -u)" -ne 0 ]; then
    mkdir locked
    chmod a-w locked
    expect 73 "$verify" -q "$spec" --set n=2 --model "$model" --output locked/bundle
    said 'error\[F003\]'
fi
expect 73 "$verify" -q "$spec" --set n=2 --model "$model" --output /dev/null/bundle
said 'error\[F003\]'
said 'no-bundle'
# Where not enough can be written, it says so and leaves nothing.
(
    ulimit -f 20
    expect 74 "$verify" -q "$spec" --set n=2 --model "$model" --output short
)
said 'error\[F004\]: cannot write the proof bundle: File too large'
[ -z "$(ls -A | grep short)" ] || fail "left: $(ls -A)"

rm -rf proofs
echo >proofs
expect 73 "$verify" -q "$spec" --set n=2 --model "$model"
rm proofs

# None where none is asked for.
prove --no-bundle
prove --only s0
[ ! -e proofs ] || fail "a bundle that was not asked for"
expect 64 "$verify" -q "$spec" --no-bundle --output x
expect 64 "$verify" -q "$spec" "$spec" --output x

# A claim that no certificate can express is proved all the same.
sed 's/^require.*/require s = a + b and s div 2 <= a + b/' "$spec" >twice.spec
expect 0 "$verify" twice.spec --set n=2 --model "$model"
said '^bundle      none: no certificate can be written for this claim: this division can have too many results$'
[ ! -e proofs/small_d2-twice ] || fail "a bundle without a certificate"
