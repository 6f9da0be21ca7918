# Edges that hide what a position needs: a note before a training, an error with --until-proved.
$ cd $TMP && sed "s|\.\./\.\.|$OLDPWD|; s/dense/self/" $OLDPWD/tests/train/tiny.recipe >tiny.recipe; verify train tiny.recipe --no-progress | sed -E 's/ in .*//'; verify train tiny.recipe -q -o m; verify train tiny.recipe -o n --until-proved; echo $?; ls
> 40 steps
> tiny.safetensors
> sha256 547317fb7c83ef4b9c62da56aa2b932879ff6a8a62b704af05429b13f72684da
> m
> sha256 547317fb7c83ef4b9c62da56aa2b932879ff6a8a62b704af05429b13f72684da
> 11
> m
> tiny.recipe
> tiny.safetensors
! tiny.recipe: note: whatever the weights, `2 + 1 =` and `6 + 8 =` look the same where s1 is written, but 0 and 1 are right
! tiny.recipe: error[R039]: the edges hide too much: `2 + 1 =` and `6 + 8 =` look the same where s1 is written, but 0 and 1 are right
!   hint: give a head of the last layer `columns-below`, `columns` or `dense`, or one of the first `column` or `choices`
= 0
