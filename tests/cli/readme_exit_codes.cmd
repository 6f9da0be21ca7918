# The exit codes of --help and of the README are the same.
$ verify --help | sed -nE 's/^ +([0-9]+)  (.*)/| \1 | \2 |/p' | sort -n >$TMP/help; sed -nE '/^\| [0-9]+ \|/p' README.md | sort -n | diff - $TMP/help && wc -l <$TMP/help
> 12
= 0
