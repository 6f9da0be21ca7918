# What a program reads first.
$ verify --no-bundle --json --no-progress specs/addition.spec --set n=1 --model tests/cli/always_14.safetensors | sed -n '/"inputs": {/,/}/p; /"counterexamples"/,/}/p'
>   "inputs": {
>     "total": "100",
>     "proved": "5",
>     "refuted": "95",
>     "open": "0",
>     "proved_exact": true,
>     "refuted_exact": true
>   },
>   "counterexamples": [
>     {
>       "question": "0 + 0 =",
>       "answer": "14",
>       "right": "0"
>     },
= 0
