# Not a whole number.
$ verify -j many specs/addition.spec
! error[O004]: --threads takes a whole number from 1 to 256, not `many`
= 64
