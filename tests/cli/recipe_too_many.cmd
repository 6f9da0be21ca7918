# A command with too many arguments.
$ verify train one.recipe two.recipe
! error[O011]: `train` does not know what to do with `two.recipe`
!   hint: usage: verify train [OPTION...] RECIPE
= 64
