# The version.
$ verify --version
> verify (Ripple) 0.1.0
= 0
