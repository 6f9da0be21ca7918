# A model that answers 14 whatever the question.
$ verify --no-bundle --no-progress specs/addition.spec --set n=1 --model tests/cli/always_14.safetensors
> specs/addition.spec (n = 1), tests/cli/always_14.safetensors
>   obligation    cases  open  proved by        worst margin  inputs open
>   A.range           1     0  Z3
>   A.base            1     0  Z3
>   A.step            1     0  Z3
>   A.final           1     0  Z3
>   A.determines      1     0  Z3
>   C.tables          1     0  Z3
>   C.s1              1     0  Z3 and counting
>   C.s0              1     0  Z3 and counting
>   N.s1              2     1  bounds and Z3            4.99           55
>   N.s0             10     9  bounds and Z3            4.99           90
> level A     the algorithm computes what require says, for every number of digits
> wrong       0 + 0 = 14, should be 0
>             5 + 8 = 14, should be 13
>             1 + 8 = 14, should be 9
>             3 + 5 = 14, should be 8
>             and 91 more
> not proved  s1 when s1 is 0: 55 inputs, such as 4 + 3 = 14, should be 7
>             s0 when s0 is 0: 10 inputs, such as 8 + 2 = 14, should be 10
>             s0 when s0 is 1: 10 inputs, such as 1 + 0 = 14, should be 1
>             s0 when s0 is 2: 10 inputs, such as 8 + 4 = 14, should be 12
>             s0 when s0 is 3: 10 inputs, such as 7 + 6 = 14, should be 13
>             s0 when s0 is 5: 10 inputs, such as 0 + 5 = 14, should be 5
>             s0 when s0 is 6: 10 inputs, such as 6 + 0 = 14, should be 6
>             s0 when s0 is 7: 10 inputs, such as 5 + 2 = 14, should be 7
>             s0 when s0 is 8: 10 inputs, such as 3 + 5 = 14, should be 8
>             s0 when s0 is 9: 10 inputs, such as 0 + 9 = 14, should be 9
> refuted: 0 + 0 = 14, should be 0   5 of 100 inputs proved, 95 refuted, 0 open
= 10
