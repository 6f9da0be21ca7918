# Questions that published models are on record for answering wrongly.
$ for question in 018539+789353 747332+057349 530757+460849 273257+056745; do verify eval models/add_d6.safetensors $question || exit; done; verify eval models/add_d10.safetensors 555+445
> 18539 + 789353 = 807892
> 747332 + 57349 = 804681
> 530757 + 460849 = 991606
> 273257 + 56745 = 330002
> 555 + 445 = 1000
= 0
