# A model that is not there.
$ verify specs/addition.spec --model nope.safetensors
! nope.safetensors: error[F001]: cannot open the file: No such file or directory
= 66
