# More digits than the model has positions.
$ verify specs/addition.spec --set n=3 --model tests/prove/small_d2.safetensors
! tests/prove/small_d2.safetensors: error[P001]: the spec needs 11 positions (3 digits), but the model has 9
!   hint: set fewer digits, or name another model with --model
= 65
