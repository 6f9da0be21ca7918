# A selection is not the whole.
$ verify -q --only 's[01]' specs/addition.spec --set n=2 --model tests/prove/small_d2.safetensors | sed -E 's/margin [0-9.]+, [0-9]+/margin #, #/'
> selection proved: A C N F   selected obligations only (s1, s0): 10000 of 10000 inputs (10^4), worst margin #, # edge cases
= 0
