# A command without its argument.
$ verify train
! error[O010]: `train` needs a recipe
!   hint: usage: verify train [OPTION...] RECIPE
= 64
