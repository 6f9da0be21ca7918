# A recipe that sets what its spec does not have.
$ cd $TMP && sed "s|\.\./\.\.|$OLDPWD|; s/^set.*/set m=2/" $OLDPWD/tests/train/tiny.recipe >tiny.recipe; verify train tiny.recipe
! tiny.recipe: error[S024]: the spec has no parameter `m` to set
= 65
