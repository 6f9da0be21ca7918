# A question that the model answers wrongly.
$ verify eval tests/cli/always_14.safetensors 9+9
> 9 + 9 = 14, should be 18
= 10
