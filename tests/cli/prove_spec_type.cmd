# A spec with a type error.
$ sed 's/^require .*/require s + 1/' specs/addition.spec >$TMP/my.spec; cd $TMP; verify my.spec
! my.spec:8:9: error[S030]: an integer where a truth value is needed
!     require s + 1
!             ^~~~~
!   hint: compare it with something, as in `x != 0`
= 65
