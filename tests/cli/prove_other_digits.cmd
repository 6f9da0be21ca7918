# A model that was trained for another number of digits.
$ verify specs/addition.spec --set n=2 --model models/add_d3.safetensors --no-bundle --budget 20 | grep -E '^(trained|refuted)'
> trained     for n = 3, as the model notes
> refuted: 0 + 0 = 101, should be 0   0 of 10000 inputs proved, at least 9963 refuted, at most 37 open
= 0
