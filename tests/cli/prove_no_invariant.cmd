# Without an invariant nothing is known of the algorithm for all numbers of digits, but this one is written out.
$ sed '/invariant/d' specs/addition.spec >$TMP/my.spec; cd $TMP; verify --no-progress my.spec --set n=2 --model $OLDPWD/tests/prove/small_d2.safetensors | grep -e A. -e proved:
>   A.computes-2        1     0  Z3
>   A.determines-2      1     0  Z3
> level A     the algorithm computes what require says, with 2 columns; not proved for every number of digits: the spec gives no invariant, and without one nothing is known of the digits that the scan makes
> proved: A C N F, checked K   10000 of 10000 inputs (10^4), worst margin 0.15, 44 edge cases
= 0
