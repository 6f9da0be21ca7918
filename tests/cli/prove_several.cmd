# One spec after another; the exit code is the most serious one.
$ cp specs/addition.spec $TMP/a.spec; sed s/scan/scam/ specs/addition.spec >$TMP/bad.spec; cp tests/cli/always_14.safetensors $TMP; cd $TMP; verify -q a.spec bad.spec a.spec --set n=1 --model always_14.safetensors; echo $?; verify a.spec a.spec --json --no-progress --set n=1 --model always_14.safetensors | grep verdict
> a.spec (n = 1): refuted: 0 + 0 = 14, should be 0   5 of 100 inputs proved, 95 refuted, 0 open
> a.spec (n = 1): refuted: 0 + 0 = 14, should be 0   5 of 100 inputs proved, 95 refuted, 0 open
>
> 3 of 3 specs: 2 refuted, 1 error
> 65
>   "verdict": "refuted",
>       "verdict": "refuted",
>       "verdict": "refuted",
! bad.spec:11:3: error[S010]: expected `scan`, found `scam`
!       scam from least significant
!       ^~~~
= 0
