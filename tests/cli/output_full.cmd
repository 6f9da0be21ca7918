# Standard output on a full device.
$ verify --help >/dev/full
! error[F004]: cannot write to standard output
= 74
