# An error is an object too.
$ verify --json specs/addition.spec --model nope.safetensors
> {
>   "spec": "specs/addition.spec",
>   "verdict": "error",
>   "code": "F001",
>   "reason": "cannot open the file: No such file or directory"
> }
! nope.safetensors: error[F001]: cannot open the file: No such file or directory
= 66
