# A precondition that contradicts itself.
$ sed '/^require/iassume a[i] < b[i]\nassume a[i] + b[i] > 3\nassume b[i] <= a[i]' specs/addition.spec >$TMP/my.spec; cd $TMP; verify my.spec --quiet --model $OLDPWD/tests/cli/always_14.safetensors
> vacuous: no input meets the precondition
! my.spec:8:8: error[P020]: no input meets the precondition
!     assume a[i] < b[i]
!            ^~~~~~~~~~~
!   hint: it contradicts line 10
= 12
