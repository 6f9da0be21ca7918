# A budget that is met leaves inputs open.
$ verify --no-bundle -q --budget 1 specs/addition.spec --set n=2 --model tests/prove/small_d2.safetensors
> unknown: the budget of 1 region was met   0 of 10000 inputs proved, 0 refuted, at most 10000 open
= 11
