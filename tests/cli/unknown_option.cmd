# An option that is not there; the nearest one is named.
$ verify --jsn specs/addition.spec
! error[O001]: there is no option `--jsn`
!   hint: did you mean `--json`?
= 64
