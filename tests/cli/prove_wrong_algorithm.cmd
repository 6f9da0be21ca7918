# An algorithm that loses carries is refuted by arithmetic, whatever the model does.
$ sed 's/div 10/div 11/' specs/addition.spec >$TMP/my.spec; cd $TMP; verify -q my.spec --set n=1 --model $OLDPWD/tests/cli/always_14.safetensors
> refuted: wrong at 9 + 1: the algorithm gives 0, but require says s = a + b: s = 0, a + b = 10
= 10
