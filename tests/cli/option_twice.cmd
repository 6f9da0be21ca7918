# An option with a value, given twice.
$ verify --model a --model b specs/addition.spec
! error[O006]: --model is given twice
= 64
