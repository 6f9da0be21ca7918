# Without words: how to go on.
$ verify
! usage: verify SPEC...      prove a spec, as in: verify specs/addition.spec
!        verify --help       commands, options, examples
= 64
