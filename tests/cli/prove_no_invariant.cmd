# Without an invariant nothing is known of the algorithm, so nothing is proved.
$ sed '/invariant/d' specs/addition.spec >$TMP/my.spec; cd $TMP; verify -q my.spec --set n=2 --model $OLDPWD/tests/prove/small_d2.safetensors
> unknown: A.final: the spec gives no invariant, and without one nothing is known of the digits that the scan makes; the model answers like the algorithm on every input   0 of 10000 inputs proved, 0 refuted, 10000 open
= 11
