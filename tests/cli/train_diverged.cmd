$ cd $TMP && sed "s|\.\./\.\.|$OLDPWD|; s/^rate .*/rate 1/; s/^warm_up .*/warm_up 0/; s/^decay .*/decay 1/; s/^beta2 .*/beta2 0/" $OLDPWD/tests/train/tiny.recipe >wild.recipe; verify train wild.recipe -q -o m --steps 2000; ls
> wild.recipe
! wild.recipe: error[R035]: the training diverged in step 5: the loss is no number
!   hint: try a lower `rate` or a longer `warm_up`
= 0
