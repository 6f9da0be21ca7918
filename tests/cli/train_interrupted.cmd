# Ctrl-C leaves a state; to start again there takes --force, to go on --resume, and nothing stays.
# So many steps that the signal surely comes before the end.
$ cd $TMP && r=$OLDPWD/tests/train/tiny.recipe; timeout --foreground --preserve-status -s INT 1 verify train $r -q -o m --steps 100000000 2>&1 | sed 's/after [0-9]* steps/after some steps/'; ls; verify train $r -q -o m; verify train $r -q -o m --resume; verify train $r -q -o m --force; ls
> error[R034]: interrupted after some steps
>   hint: the same command with --resume goes on from here
> m.train-state
> m
> sha256 35bbc9796409d3dc0a0f056b8617bea5f7f5411c23780ea3b650324d12b4ad7f
> m
! m.train-state: error[R033]: an interrupted training is there already
!   hint: --resume goes on with it, --force starts again
! m.train-state: error[R021]: the interrupted training was of another recipe, spec, seed or number of steps
!   hint: start again without --resume; --force then overwrites this file
= 0
