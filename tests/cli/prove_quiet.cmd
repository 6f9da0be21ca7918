# Only the verdict.
$ verify --no-bundle -q specs/addition.spec --set n=2 --model tests/prove/small_d2.safetensors | sed -E 's/margin [0-9.]+, [0-9]+/margin #, #/'
> proved: A C N F   10000 of 10000 inputs (10^4), worst margin #, # edge cases
= 0
