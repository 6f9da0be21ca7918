# A model that was trained for another number of digits.
$ sed "s|\.\./\.\.|$PWD|; s/^set.*/set n=2/" tests/train/tiny.recipe >$TMP/tiny.recipe; verify train $TMP/tiny.recipe -q >/dev/null; verify specs/addition.spec --set n=1 --model $TMP/tiny.safetensors --no-bundle --no-progress --budget 20 | grep -E '^(trained|refuted)'
> trained     for n = 2, as the model notes
> refuted: 0 + 0 = 9, should be 0   0 of 100 inputs proved, 96 refuted, 4 open
= 0
