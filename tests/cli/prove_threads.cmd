# The same with any number of threads.
$ for j in 1 3; do verify --no-bundle --no-cache -j$j --json --no-progress specs/addition.spec --set n=2 --model tests/prove/small_d2.safetensors | grep -v seconds >$TMP/$j; done; cmp $TMP/1 $TMP/3
= 0
