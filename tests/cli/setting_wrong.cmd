# A setting without a value.
$ verify --set n specs/addition.spec
! error[O005]: --set takes NAME=N with a whole number N, not `n`
= 64
