# No bundle.
$ verify replay specs
! specs: error[F001]: there is no proof bundle
= 66
