# Away from a terminal, progress is a plain line now and then; the last one always comes.
$ cd $TMP && verify train $OLDPWD/tests/train/tiny.recipe -o m 2>progress | sed 's/in .*/in .../'; sed 's/[0-9]:[0-9][0-9] left/... left/' progress
> 40 steps in ...
> m
> sha256 35bbc9796409d3dc0a0f056b8617bea5f7f5411c23780ea3b650324d12b4ad7f
> step 40/40  loss 1.83e+00  right   5.16 %  worst margin  -2.52  ... left
= 0
