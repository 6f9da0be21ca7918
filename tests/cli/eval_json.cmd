# The same for programs.
$ verify eval --json tests/cli/always_14.safetensors 9+9
> {"question": "9 + 9 =", "answer": "14", "right_answer": "18", "right": false, "margin": -5}
= 10
