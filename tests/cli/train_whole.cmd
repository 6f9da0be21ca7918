# The same weights on every machine, with any number of threads.
$ cd $TMP && for j in 1 2 3; do verify train $OLDPWD/tests/train/tiny.recipe -q -j$j -o m$j; done; ls
> m1
> sha256 723549b4bfae684c56287e0e8a5afcde7f685b0585f7508d184713ef8a58ffd8
> m2
> sha256 723549b4bfae684c56287e0e8a5afcde7f685b0585f7508d184713ef8a58ffd8
> m3
> sha256 723549b4bfae684c56287e0e8a5afcde7f685b0585f7508d184713ef8a58ffd8
> m1
> m2
> m3
= 0
