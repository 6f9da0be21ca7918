# A vocabulary that has a token twice.
$ break_model tests/prove/small_d2.safetensors $TMP/bad token 10 7; cd $TMP; verify $OLDPWD/specs/addition.spec --set n=2 --model bad
! bad: error[M012]: tokens 7 and 10 of the vocabulary are both "7"
= 65
