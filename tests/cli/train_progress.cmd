# Away from a terminal, progress is a plain line now and then; the last one always comes.
$ cd $TMP && verify train $OLDPWD/tests/train/tiny.recipe -o m 2>progress | sed 's/in .*/in .../'; sed 's/[0-9]:[0-9][0-9] left/... left/' progress
> 40 steps in ...
> m
> sha256 723549b4bfae684c56287e0e8a5afcde7f685b0585f7508d184713ef8a58ffd8
> step 40/40  loss 1.81e+00  right   9.45 %  worst margin  -2.62  ... left
= 0
