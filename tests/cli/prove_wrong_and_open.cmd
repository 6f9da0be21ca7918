# A wrong model of a spec whose invariant does not hold: both are said.
$ sed 's/ + c \* 10^i =/ =/' specs/addition.spec >$TMP/my.spec; verify $TMP/my.spec --set n=2 --model models/add_d3.safetensors --no-bundle --budget 20 | grep -E '^(level|refuted)'
> level A     not proved: A.step: the invariant is not carried over a column where a = 1, b = 9 with c = 0 give s = 0, c = 1: it holds before with i = 0, value(a[..i]) = 0, value(b[..i]) = 0, value(s[..i]) = 0, and does not hold after; 2 columns alone would be tried without an invariant
> refuted: 0 + 0 = 101, should be 0   0 of 10000 inputs proved, at least 9963 refuted, at most 37 open
= 0
