# An option that several other commands take.
$ verify explain --seed 1
! error[O009]: `explain` does not take --seed
!   hint: it belongs to `train`, `eval`
= 64
