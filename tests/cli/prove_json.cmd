# One object, its keys in a fixed order; here those that stand outermost.
$ verify --no-bundle --json --no-progress specs/addition.spec --set n=1 --model tests/cli/always_14.safetensors | grep -E '^(  ["}]|[{}])' | sed -E 's/(seconds|smt_queries|obligations|regions_bounded)": [0-9.]+/\1": #/'
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
>   "smt_cached": 0,
>   "worst_margin": 4.996,
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
>   "bundle": null,
>   "bundle_note": "",
>   "seconds": #
> }
= 0
