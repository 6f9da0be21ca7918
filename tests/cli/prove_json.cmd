# One object, its keys in a fixed order; here those that stand outermost.
$ verify --json --no-progress specs/addition.spec --set n=1 --model tests/cli/always_14.safetensors | grep -E '^(  ["}]|[{}])' | sed -E 's/(seconds|smt_queries|obligations|regions_bounded)": [0-9.]+/\1": #/'
> {
>   "spec": "specs/addition.spec",
>   "settings": {
>   },
>   "model": "tests/cli/always_14.safetensors",
>   "verdict": "refuted",
>   "reason": "0 + 0 = 14, should be 0",
>   "levels": {
>   },
>   "inputs": {
>   },
>   "obligations": #,
>   "smt_queries": #,
>   "worst_margin": 4.997,
>   "algorithm": {
>   },
>   "regions_bounded": #,
>   "budget_met": false,
>   "cover": {
>   },
>   "positions": [
>   "wrong": 95,
>   "counterexamples": [
>   "open_cases": 10,
>   "open": [
>   "seconds": #
> }
= 0
