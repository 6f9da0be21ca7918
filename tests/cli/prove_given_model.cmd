# A model where the spec belongs.
$ verify tests/prove/small_d2.safetensors 2>&1 | tail -n 1
>   hint: name the spec, and the model with --model
= 0
