# The same model again is fine; another one is not, unless it is forced.
$ cd $TMP && r=$OLDPWD/tests/train/tiny.recipe; verify train $r -q -o m --steps 20; verify train $r -q -o m; verify train $r -q -o m --force
> m
> sha256 f9e7fc20b01a5e046f7a2cb21687262aaf9e4db5a1e7e181b6e031e33b04af08
> m
> sha256 723549b4bfae684c56287e0e8a5afcde7f685b0585f7508d184713ef8a58ffd8
! m: error[R032]: another model is there already
!   hint: --force replaces it, --output FILE writes somewhere else
= 0
