$ cd tests/train; verify train tiny.recipe --check --seed 2
! error[R030]: --check trains what the recipe says: no --seed, --steps, --rounds or --resume, nor rounds that it does not have
= 64
