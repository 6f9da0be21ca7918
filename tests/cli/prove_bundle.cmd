# Where the bundle goes, in the working directory or elsewhere.
$ cd $TMP; for o in '' '--output here'; do verify --no-progress $OLDPWD/specs/addition.spec --set n=2 --model $OLDPWD/tests/prove/small_d2.safetensors $o | sed -n 's/^\(bundle .*\) (.*/\1/p'; done; ls; ls here
> bundle      proofs/small_d2-addition
> bundle      here
> here
> proofs
> MANIFEST.json
> SHA256SUMS
> audit.md
> certificate.txt
> model.safetensors
> obligations.txt
> smt
> smt.sha256
> spec.spec
> task.txt
= 0
