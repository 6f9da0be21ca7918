# A model that is cut off.
$ head -c 60000 tests/prove/small_d2.safetensors >$TMP/cut; cd $TMP; verify $OLDPWD/specs/addition.spec --set n=2 --model cut
! cut: error[M019]: blocks.1.mlp.W_in lies at bytes 53248 to 61440 of the data, which has 57192 bytes
= 65
