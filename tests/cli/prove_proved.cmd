# The sentence that counts. How many edge cases it takes, and by what margin, is not fixed here.
$ verify --no-bundle --no-progress specs/addition.spec --set n=2 --model tests/prove/small_d2.safetensors | tr -s ' ' | sed -E '/ N\./s/ [0-9.]+/ #/g; s/margin [0-9.]+, [0-9]+/margin #, #/; /^level F/s/[0-9]+[.][0-9]+/#/g'
> specs/addition.spec (n = 2), tests/prove/small_d2.safetensors
>  obligation cases open proved by worst margin inputs open
>  A.range 1 0 Z3
>  A.base 1 0 Z3
>  A.step 1 0 Z3
>  A.final 1 0 Z3
>  A.determines 1 0 Z3
>  C.tables 1 0 Z3
>  C.s2 1 0 Z3 and counting
>  C.s1 1 0 Z3 and counting
>  C.s0 1 0 Z3 and counting
>  N.s2 # # bounds and Z3 # #
>  N.s1 # # bounds and Z3 # #
>  N.s0 # # bounds and Z3 # #
> level A the algorithm computes what require says, for every number of digits
> level F errors of binary32 take at most # of a margin, and each margin is at least # times what they take
> proved: A C N F 10000 of 10000 inputs (10^4), worst margin #, # edge cases
= 0
