# Options that do not go together.
$ verify --offline --fresh a.spec; verify --no-bundle --output x a.spec; verify --output x a.spec b.spec
! error[O015]: --offline takes every answer from the cache, --fresh none
! error[O015]: with --no-bundle there is nothing to write to --output
! error[O014]: --output goes with a single spec
= 64
