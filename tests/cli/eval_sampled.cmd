# Sampled questions; all but the speed is the same from run to run.
$ verify eval tests/cli/always_14.safetensors --samples 2000 -j2 >$TMP/out; code=$?; grep -v ^speed $TMP/out; exit $code
> right         90 of 2 000 (4.5000 %)
>   wrong       4 + 6 = 14, should be 10
>   wrong       9 + 0 = 14, should be 9
>   wrong       8 + 4 = 14, should be 12
>   wrong       3 + 2 = 14, should be 5
>   wrong       0 + 4 = 14, should be 4
>   wrong       and 1 905 more
> worst margin  -5.000 in 4 + 6 = 10
> sampled       half uniformly, half with long chains; seed 0
= 10
