# A model whose tensors are not of the shape that it says.
$ LC_ALL=C sed 's/"d_mlp":"64"/"d_mlp":"63"/' tests/prove/small_d2.safetensors >$TMP/bad; cd $TMP; verify $OLDPWD/specs/addition.spec --set n=2 --model bad
! bad: error[M018]: blocks.0.mlp.W_in has shape [32, 64], but must have [32, 63]
= 65
