# What is false of the algorithm, no model can be proved to do.
$ cd $TMP && sed 's/finally  s\[n\] = c/finally  s[n] = 0/' $OLDPWD/specs/addition.spec >false.spec; sed 's|^spec.*|spec false.spec|' $OLDPWD/tests/train/tiny.recipe >tiny.recipe; verify train tiny.recipe --until-proved; echo $?; ls
> 11
> false.spec
> tiny.recipe
! false.spec: error[R038]: no model of this spec can be proved: wrong at 5 + 5: the algorithm gives 0, but require says s = a + b: s = 0, a + b = 10
= 0
