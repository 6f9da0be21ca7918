# A recipe that records what it gives, and one that records something else.
$ cd $TMP && sed "s|\.\./\.\.|$OLDPWD|" $OLDPWD/tests/train/tiny.recipe >tiny.recipe; verify train tiny.recipe -q -o m | grep sha256 >>tiny.recipe; verify train tiny.recipe --check -q; sed -i 's/^sha256 ..../sha256 0000/' tiny.recipe; verify train tiny.recipe --check -q
> tiny.recipe: these are the weights that the recipe records
! tiny.recipe:22:8: error[R036]: the training gave a model of sha256 35bbc9796409d3dc0a0f056b8617bea5f7f5411c23780ea3b650324d12b4ad7f, which is not the recorded one
!     sha256 0000c9796409d3dc0a0f056b8617bea5f7f5411c23780ea3b650324d12b4ad7f
!            ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
!   hint: was the recipe or the spec changed after it was recorded?
= 13
