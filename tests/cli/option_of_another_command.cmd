# An option that other commands take.
$ verify specs/addition.spec --resume
! error[O009]: `prove` does not take --resume
!   hint: it belongs to `train`
= 64
