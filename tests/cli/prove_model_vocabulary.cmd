# A vocabulary that lacks a token.
$ break_model tests/prove/small_d2.safetensors $TMP/bad token 10 plus; cd $TMP; verify $OLDPWD/specs/addition.spec --set n=2 --model bad
! bad: error[T006]: the model's vocabulary has no token "+", which the spec needs
= 65
