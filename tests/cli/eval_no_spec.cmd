# A model without notes does not say what it was trained for.
$ verify eval tests/fuzz/corpus/safetensors/tiny 1 + 1
! tests/fuzz/corpus/safetensors/tiny: error[M031]: the model does not say which spec it answers
!   hint: name it with --spec FILE
= 65
