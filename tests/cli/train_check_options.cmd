$ cd tests/train; verify train tiny.recipe --check --seed 2
! error[R030]: --check trains what the recipe says: no --seed, --steps or --resume
= 64
