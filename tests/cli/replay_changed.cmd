# A bundle in which something was changed.
$ s=$PWD; cd $TMP; verify -q $s/specs/addition.spec --set n=2 --model $s/tests/prove/small_d2.safetensors --output b >/dev/null; verify replay b --no-progress | sed -E 's|, [0-9]+ scripts.*||'; echo >>b/obligations.txt; verify replay b
> b: the prover finds the same again
! b: error[C006]: obligations.txt is not what was written: it has another hash
= 13
