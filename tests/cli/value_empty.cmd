# An empty value.
$ verify specs/addition.spec --model=
! error[O002]: the value of --model is empty
= 64
