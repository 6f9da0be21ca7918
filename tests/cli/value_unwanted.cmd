# A value for an option that takes none.
$ verify --json=yes specs/addition.spec
! error[O003]: --json takes no value
= 64
