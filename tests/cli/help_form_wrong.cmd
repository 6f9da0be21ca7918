# A form of help that is not there.
$ verify --help=html
! error[O008]: --help takes no value, `man` or `completion`, not `html`
= 64
