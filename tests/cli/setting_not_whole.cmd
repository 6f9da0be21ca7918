# A setting that is no whole number.
$ verify --set n=3.5 specs/addition.spec
! error[O005]: --set takes NAME=N with a whole number N, not `n=3.5`
= 64
