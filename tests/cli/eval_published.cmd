# Questions that published models are on record for answering wrongly.
$ for question in 018539+789353 747332+057349 530757+460849 273257+056745; do verify eval models/add_d6.safetensors $question || exit; done; verify eval models/add_d10.safetensors 555+445 && for question in 261926-161857 099111-099111 000041-000047; do for model in sub mixed; do verify eval models/${model}_d6.safetensors $question || exit; done; done; verify eval models/mixed_d6.safetensors 530757+460849
> 18539 + 789353 = 807892
> 747332 + 57349 = 804681
> 530757 + 460849 = 991606
> 273257 + 56745 = 330002
> 555 + 445 = 1000
> 261926 - 161857 = + 100069
> 261926 - 161857 = + 100069
> 99111 - 99111 = + 0
> 99111 - 99111 = + 0
> 41 - 47 = - 6
> 41 - 47 = - 6
> 530757 + 460849 = + 991606
= 0
