# A folder that cannot be made.
$ verify specs/addition.spec --output /dev/null/bundle
! /dev/null: error[F003]: cannot create the folder: Not a directory
!   hint: --output DIR writes the proof bundle elsewhere, --no-bundle writes none
= 73
