# More digits than the model has positions for.
$ verify eval --set n=2 tests/cli/always_14.safetensors 9+9
! tests/cli/always_14.safetensors: error[P001]: the spec needs 8 positions (2 digits), but the model has 5
!   hint: set fewer digits, or name another model with --model
= 65
