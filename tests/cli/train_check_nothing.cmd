$ cd tests/train; verify train tiny.recipe --check
! tiny.recipe: error[R031]: the recipe has no `sha256` to check against
= 65
