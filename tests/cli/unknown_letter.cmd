# A letter that is not there.
$ verify -x specs/addition.spec
! error[O001]: there is no option `-x`
!   hint: `verify --help` lists the options
= 64
