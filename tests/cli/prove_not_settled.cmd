# A claim that is true, but for one reason here and another there: proved, without a bundle, and nothing is left.
$ sed 's/^require.*/require s = a + b and (a >= 40 or a <= 50)/' specs/addition.spec >$TMP/either.spec; cd $TMP; prove() { verify --no-progress either.spec --set n=2 --model $OLDPWD/tests/prove/small_d2.safetensors "$@"; }; prove --json | grep -E '"(verdict|bundle|bundle_note|[ACNFK])":'; prove >out; code=$?; sed -nE '/^bundle/p; s/^(proved:.*)   .*/\1/p' out; ls; exit $code
>   "verdict": "proved",
>     "A": "proved",
>     "C": "proved",
>     "N": "proved",
>     "F": "proved"
>   "bundle": null,
>   "bundle_note": "none: no certificate can be written for this claim: which of its alternatives holds depends on more than the last state",
> bundle      none: no certificate can be written for this claim: which of its alternatives holds depends on more than the last state
> proved: A C N F
> either.spec
> out
= 0
