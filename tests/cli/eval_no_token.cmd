# A model whose vocabulary lacks tokens of the spec.
$ verify eval tests/fuzz/corpus/safetensors/tiny --spec specs/addition.spec 1 + 1
! tests/fuzz/corpus/safetensors/tiny: error[T006]: the model's vocabulary has no token "0", which the spec needs
= 65
