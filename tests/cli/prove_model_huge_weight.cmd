# A weight beyond the rigorous arithmetic: a wrong answer is found all the same, and without one nothing is proved.
$ break_model tests/prove/small_d2.safetensors $TMP/a weight unembed.b_U 10 1e30; break_model tests/prove/small_d2.safetensors $TMP/b weight unembed.b_U 10 -1e30; cd $TMP; for m in a b; do verify -q $OLDPWD/specs/addition.spec --set n=2 --model $m; echo $?; done
> refuted: 0 + 0 = +++, should be 0   0 of 10000 inputs proved, at least 7786 refuted, at most 2214 open
> 10
> unknown: a weight or a sum of weights is too large for the rigorous arithmetic   0 of 10000 inputs proved, 0 refuted, at most 10000 open
> 11
= 0
