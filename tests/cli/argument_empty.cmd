# An empty argument.
$ verify eval ''
! error[O010]: an argument of `eval` is empty
= 64
