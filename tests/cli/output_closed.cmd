# Standard output closed.
$ verify --help >&-
! error[F004]: cannot write to standard output
= 74
