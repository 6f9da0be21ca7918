# A spec that names no model.
$ sed '/^model/d' specs/addition.spec >$TMP/my.spec; cd $TMP; verify my.spec
! my.spec: error[O013]: the spec names no model
!   hint: name one with --model FILE
= 64
