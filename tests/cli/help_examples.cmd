# The examples of --help.
$ verify --help | sed -n "/^Examples/,/^Commands/p"
> Examples:
>   verify specs/addition.spec
>       prove the shipped adder of 5-digit numbers on all 10^10 inputs
>   verify addition.spec --set n=3 --model my.safetensors
>       put a model of your own to the same claim, for 3-digit numbers
>   verify eval models/add_d5.safetensors 12345 + 67890
>       ask a model one question
>
> Commands (`verify COMMAND --help` tells more):
= 0
