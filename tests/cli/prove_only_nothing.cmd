# A pattern that matches nothing is no success.
$ verify --only 't*' specs/addition.spec --set n=1 --model tests/cli/always_14.safetensors
! error[P003]: no answer position matches "t*"
= 64
