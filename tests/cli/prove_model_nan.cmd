# A weight that is no number.
$ break_model tests/prove/small_d2.safetensors $TMP/bad weight unembed.b_U 2 nan; cd $TMP; verify $OLDPWD/specs/addition.spec --set n=2 --model bad
! bad: error[M021]: unembed.b_U[2] is not a number
= 65
