# What it writes, with logits.
$ verify --no-bundle --no-progress --trace specs/addition.spec --set n=1 --model tests/cli/always_14.safetensors | sed -n '/^trace/,/^not proved/p' | grep -v '^not proved'
> trace       reads 0 + 0 =
>             s1: writes 1, logit 5; right is 0, logit 0
>             s0: writes 4, logit 5; right is 0, logit 0
= 0
