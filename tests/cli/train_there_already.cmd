# The same model again is fine; another one is not, unless it is forced.
$ cd $TMP && r=$OLDPWD/tests/train/tiny.recipe; verify train $r -q -o m --steps 20; verify train $r -q -o m; verify train $r -q -o m --force
> m
> sha256 4c9410e4fc9a636664c04e5ba236c039b44e34418a92693128888a36cef2ed1d
> m
> sha256 35bbc9796409d3dc0a0f056b8617bea5f7f5411c23780ea3b650324d12b4ad7f
! m: error[R032]: another model is there already
!   hint: --force replaces it, --output FILE writes somewhere else
= 0
