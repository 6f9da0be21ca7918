# Ctrl-C: no verdict, and how far it got.
$ timeout --foreground --preserve-status -s INT 0.7 verify --no-bundle specs/addition.spec 2>$TMP/err; code=$?; sed -E 's/interrupted .+/interrupted somewhere/' $TMP/err; exit $code
> error[P002]: interrupted somewhere
= 130
