# The help of one command.
$ verify explain --help
> verify explain: say what a diagnostic means and what to do about it
>
> Usage: verify explain [OPTION...] [CODE]
>
> CODE is what stands in brackets in a message, as in error[S001]. Without CODE:
> all codes, one a line.
>
> Output:
>   -q, --quiet             print only the verdict and errors
>       --color WHEN        auto, always or never; default auto: on a terminal,
>                           unless NO_COLOR is set
>   -h, --help              print this help; after a command, the help of that
>                           command
>   -V, --version           print the version
>
> Exit codes: see `verify --help`.
= 0
