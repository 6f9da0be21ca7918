# A reader that goes away.
$ mkfifo "$TMP/pipe"; true <"$TMP/pipe" & exec 3>"$TMP/pipe"; wait; verify --help >&3
! error[F004]: cannot write to standard output
= 74
