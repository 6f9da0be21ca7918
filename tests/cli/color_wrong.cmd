# A colour mode that is not there.
$ verify --color=green specs/addition.spec
! error[O007]: --color takes auto, always or never, not `green`
= 64
