# A spec with a syntax error.
$ sed 's/require/requires/' specs/addition.spec >$TMP/my.spec; cd $TMP; verify my.spec
! my.spec:8:1: error[S010]: expected a statement, found `requires`
!     requires    s = a + b
!     ^~~~~~~~
!   hint: did you mean `require`?
= 65
