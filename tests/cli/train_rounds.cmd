# A recipe with rounds gives the same weights with any number of threads; --until-proved fails when the
# model is not proved in the end, and says which lines a recipe without rounds needs to give this model.
$ cd $TMP && sed "s|\.\./\.\.|$OLDPWD|" $OLDPWD/tests/train/tiny.recipe >plain.recipe; { cat plain.recipe; printf 'rounds 2\nround_steps 5\nround_regions 50\nround_rate 0.003\n'; } >tiny.recipe; for j in 1 2; do verify train tiny.recipe -j$j -o m$j --no-progress | sed -E 's/ in .*//; s/, .* s of.*//'; done; verify train tiny.recipe -q -o m3 --until-proved; echo $?; verify train plain.recipe -o m4 --rounds 1 --no-progress | tail -n 4; cmp m1 m3
> round 0: 92 questions of 20000 samples are answered wrongly
> round 1: 91 questions of 20000 samples are answered wrongly
> round 2: 91 questions of 20000 samples are answered wrongly
> 50 steps
> 2 rounds after 0 restarts
> m1
> sha256 596e730b4966771e4c21fac974b27d1231f94965f0483d249f0af5661c1c84d2
> round 0: 92 questions of 20000 samples are answered wrongly
> round 1: 91 questions of 20000 samples are answered wrongly
> round 2: 91 questions of 20000 samples are answered wrongly
> 50 steps
> 2 rounds after 0 restarts
> m2
> sha256 596e730b4966771e4c21fac974b27d1231f94965f0483d249f0af5661c1c84d2
> m3
> sha256 596e730b4966771e4c21fac974b27d1231f94965f0483d249f0af5661c1c84d2
> 11
> rounds 1
> round_steps 4
> round_regions 3000
> round_rate 0.003000000
! tiny.recipe: error[R037]: after 2 rounds, 91 questions of 20000 samples are answered wrongly
= 0
