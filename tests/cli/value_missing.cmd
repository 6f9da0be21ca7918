# An option at the end without its value.
$ verify specs/addition.spec --model
! error[O002]: --model needs a value: --model FILE
= 64
