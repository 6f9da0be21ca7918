# The spec of one's own model is that of the bundle it is in, else the one beside it, or in specs beside its folder,
# and only then one in the working directory.
$ mkdir $TMP/my $TMP/my/models $TMP/my/specs $TMP/my/proof; cp specs/addition.spec $TMP/own.spec; sed 's|^spec.*|spec own.spec|' tests/train/tiny.recipe >$TMP/tiny.recipe; cd $TMP; verify train tiny.recipe -q -o my/models/m.safetensors >/dev/null; cp my/models/m.safetensors my/proof/model.safetensors; cd my; echo another >own.spec; cp ../own.spec models; verify eval models/m.safetensors 1 + 2; mv models/own.spec specs; verify eval models/m.safetensors 1 + 2; mv specs/own.spec proof/spec.spec; verify eval proof/model.safetensors 1 + 2; verify eval models/m.safetensors 1 + 2; rm own.spec; verify eval models/m.safetensors 1 + 2
> 1 + 2 = 9, should be 3
> 1 + 2 = 9, should be 3
> 1 + 2 = 9, should be 3
! own.spec:1:1: error[S010]: expected a statement, found `another`
!     another
!     ^~~~~~~
!   hint: statements are param, model, input, prompt, answer, assume, require and algorithm; those of an algorithm scan, state, digit, next, invariant and finally
! own.spec: error[F001]: there is no such spec
!   hint: the model notes this name; --spec FILE says where the spec is
= 66
