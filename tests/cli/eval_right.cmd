# A question that the model answers rightly; it answers 14 to everything.
$ verify eval tests/cli/always_14.safetensors 9 + 5
> 9 + 5 = 14
= 0
