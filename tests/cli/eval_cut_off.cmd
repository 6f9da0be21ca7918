# A model file that lacks its last byte.
$ verify eval tests/fuzz/corpus/safetensors/tiny-truncated
! tests/fuzz/corpus/safetensors/tiny-truncated: error[M019]: unembed.b_U lies at bytes 60 to 64 of the data, which has 63 bytes
= 65
