# A model that is not there.
$ verify specs/addition.spec --model nope.safetensors
! nope.safetensors: error[F001]: cannot open the file: No such file or directory
!   hint: `verify train RECIPE` makes a model; without one, level A is proved: the algorithm computes what require says, for every number of digits
= 66
