# An attention edge that looks ahead.
$ break_model tests/prove/small_d2.safetensors $TMP/bad edge 1 0 3 4; cd $TMP; verify $OLDPWD/specs/addition.spec --set n=2 --model bad
! bad: error[M023]: the attention edge of layer 1, head 0 from query 3 to key 4 looks ahead
= 65
