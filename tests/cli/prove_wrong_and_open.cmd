# A wrong model of a spec whose invariant does not hold: both are said.
$ sed "s|\.\./\.\.|$PWD|" tests/train/tiny.recipe >$TMP/tiny.recipe; verify train $TMP/tiny.recipe -q >/dev/null; sed 's/ + c \* 10^i =/ =/' specs/addition.spec >$TMP/my.spec; verify $TMP/my.spec --set n=1 --model $TMP/tiny.safetensors --no-bundle --no-progress --budget 20 | grep -E '^(level|refuted)'
> level A     not proved: A.step: the invariant is not carried over a column where a = 1, b = 9 with c = 0 give s = 0, c = 1: it holds before with i = 0, value(a[..i]) = 0, value(b[..i]) = 0, value(s[..i]) = 0, and does not hold after; 1 column alone would be tried without an invariant
> refuted: 0 + 0 = 9, should be 0   0 of 100 inputs proved, 92 refuted, 8 open
= 0
