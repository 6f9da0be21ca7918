#!/bin/sh
# `verify` has its proofs checked by the program beside it, and believes what that says.
. "$(dirname "$0")/common.sh"

# beside SCRIPT: a copy of verify with a checker of our own making
mkdir bin
cp "$verify" bin/verify
verify=$work/bin/verify
beside() {
    printf '#!/bin/sh\n%s\n' "$1" >bin/proofcheck
    chmod +x bin/proofcheck
}

beside 'echo "ACCEPTED $1"; test -f "$1/certificate.txt"'
expect 0 "$verify" "$spec" --set n=2 --model "$model"
said '^bundle      proofs/small_d2-addition (accepted by proofcheck)$'
said '^proved: A C N F, checked K   10000 of'
expect 0 "$verify" --json "$spec" --set n=2 --model "$model"
said '"K": "proved"'
said '"bundle": "proofs/small_d2-addition"'
expect 0 "$verify" check proofs/small_d2-addition
said '^ACCEPTED proofs/small_d2-addition$'

# No K without the checker's word, and none from an earlier run.
expect 0 "$verify" --no-bundle "$spec" --set n=2 --model "$model"
said '^proved: A C N F   10000 of'

beside 'echo "REJECTED: the first line"; echo more; exit 13'
expect 70 "$verify" "$spec" --set n=2 --model "$model"
said 'error\[P040\]: .*REJECTED: the first line'
expect 13 "$verify" check proofs/small_d2-addition
said '^more$'

beside 'kill -9 $$'
expect 70 "$verify" check proofs/small_d2-addition
said 'error\[C008\]'
expect 70 "$verify" "$spec" --set n=2 --model "$model"

rm bin/proofcheck
expect 66 env PATH=/usr/bin:/bin "$verify" check proofs/small_d2-addition
said 'error\[C007\]'
expect 0 env PATH=/usr/bin:/bin "$verify" "$spec" --set n=2 --model "$model"
said '(not checked: there is no proofcheck'
said '^proved: A C N F   10000 of'
