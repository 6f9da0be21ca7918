# The same weights on every machine, with any number of threads.
$ cd $TMP && for j in 1 2 3; do verify train $OLDPWD/tests/train/tiny.recipe -q -j$j -o m$j; done; ls
> m1
> sha256 35bbc9796409d3dc0a0f056b8617bea5f7f5411c23780ea3b650324d12b4ad7f
> m2
> sha256 35bbc9796409d3dc0a0f056b8617bea5f7f5411c23780ea3b650324d12b4ad7f
> m3
> sha256 35bbc9796409d3dc0a0f056b8617bea5f7f5411c23780ea3b650324d12b4ad7f
> m1
> m2
> m3
= 0
