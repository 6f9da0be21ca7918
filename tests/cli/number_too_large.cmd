# A number out of range.
$ verify -j 1000 specs/addition.spec
! error[O004]: --threads takes a whole number from 1 to 256, not `1000`
= 64
