# A recipe with rounds gives the same weights with any number of threads; --until-proved fails when the
# model is not proved in the end, and says which lines a recipe without rounds needs to give this model.
$ cd $TMP && sed "s|\.\./\.\.|$OLDPWD|" $OLDPWD/tests/train/tiny.recipe >plain.recipe; { cat plain.recipe; printf 'rounds 2\nround_steps 5\nround_regions 50\nround_rate 0.003\n'; } >tiny.recipe; for j in 1 2; do verify train tiny.recipe -j$j -o m$j --no-progress | sed -E 's/ in .*//; s/, .* s of.*//'; done; verify train tiny.recipe -q -o m3 --until-proved; echo $?; verify train plain.recipe -o m4 --rounds 1 --no-progress | tail -n 4; cmp m1 m3
> round 0: 12 edge cases, 12 open, 12 of them with a wrong answer; 12 regions bounded
> round 1: 16 edge cases, 14 open, 12 of them with a wrong answer; 28 regions bounded
> round 2: 16 edge cases, 14 open, 12 of them with a wrong answer; 28 regions bounded
> 50 steps
> 2 rounds
> m1
> sha256 8f630c212b83007b389f0d031885c9ce097b6e81c41cb458cfce909aab75a8fa
> round 0: 12 edge cases, 12 open, 12 of them with a wrong answer; 12 regions bounded
> round 1: 16 edge cases, 14 open, 12 of them with a wrong answer; 28 regions bounded
> round 2: 16 edge cases, 14 open, 12 of them with a wrong answer; 28 regions bounded
> 50 steps
> 2 rounds
> m2
> sha256 8f630c212b83007b389f0d031885c9ce097b6e81c41cb458cfce909aab75a8fa
> m3
> sha256 8f630c212b83007b389f0d031885c9ce097b6e81c41cb458cfce909aab75a8fa
> 11
> rounds 1
> round_steps 4
> round_regions 3000
> round_rate 0.003000000
! tiny.recipe: error[R037]: after 2 rounds, 14 of 16 edge cases are open
= 0
