# Another claim's bundle is in the way.
$ s=$PWD; cd $TMP; sed 's/^# /# Truly, /' $s/specs/addition.spec >addition.spec; verify -q $s/specs/addition.spec --set n=2 --model $s/tests/prove/small_d2.safetensors >/dev/null; verify addition.spec --set n=2 --model $s/tests/prove/small_d2.safetensors
! proofs/small_d2-addition: error[C004]: the proof bundle of another claim is there already
!   hint: --force replaces it, --output DIR writes elsewhere
= 73
