# One name set twice.
$ verify --set n=3 --set n=4 specs/addition.spec
! error[O006]: --set gives `n` twice
= 64
