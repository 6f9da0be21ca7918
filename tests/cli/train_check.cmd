# A recipe that records what it gives, and one that records something else.
$ cd $TMP && sed "s|\.\./\.\.|$OLDPWD|" $OLDPWD/tests/train/tiny.recipe >tiny.recipe; verify train tiny.recipe -q -o m | grep sha256 >>tiny.recipe; verify train tiny.recipe --check -q; sed -i 's/^sha256 ..../sha256 0000/' tiny.recipe; verify train tiny.recipe --check -q
> tiny.recipe: these are the weights that the recipe records
! tiny.recipe:22:8: error[R036]: the training gave a model of sha256 723549b4bfae684c56287e0e8a5afcde7f685b0585f7508d184713ef8a58ffd8, which is not the recorded one
!     sha256 000049b4bfae684c56287e0e8a5afcde7f685b0585f7508d184713ef8a58ffd8
!            ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
!   hint: was the recipe or the spec changed after it was recorded?
= 13
