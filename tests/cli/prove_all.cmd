# All models that specs list, and a table of one row each; what was not listed is not proved.
$ sed 's|^model.*|model "always_14.safetensors" for n = 1|' specs/addition.spec >$TMP/a.spec; cp tests/cli/always_14.safetensors $TMP; cd $TMP; verify --all a.spec a.spec --no-progress >out; echo $?; tail -n 5 out | sed 's/ *[0-9.]*$//'; verify --all a.spec --output b; verify --all --model always_14.safetensors a.spec
> 10
>   claim           verdict  inputs  edge cases  worst margin  checked  seconds
>   a.spec (n = 1)  refuted     100          12          4.99  -
>   a.spec (n = 1)  refuted     100          12          4.99  -
>
> 2 of 2 models: 2 refuted
! error[O014]: --output goes with a single spec
! error[O015]: --all takes the models that specs list, --model another one
= 64
