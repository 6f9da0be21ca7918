# A code that is not there.
$ verify explain Q999
! error[O012]: there is no diagnostic `Q999`
!   hint: `verify explain` lists all codes
= 64
