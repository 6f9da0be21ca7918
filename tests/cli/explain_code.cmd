# One code, in either case.
$ verify explain f001
> F001: a file is missing
>
> A file that the command needs is not there, cannot be opened, or is not a
> regular file.
>
>     nope.safetensors: error[F001]: cannot open the file: No such file or directory
>
> Check the name. A spec's `model` is looked up from the folder of the spec; a
> spec without folders in its name in the working directory, then among the
> installed specs; everything else from the working directory.
= 0
