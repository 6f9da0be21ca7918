// `verify check BUNDLE`: runs the independent checker, which is a program of its own.
#include <stdio.h>

#include "commands.h"
#include "run_program.h"

Status command_check(const Options *options, Diag *diag)
{
    Arena *arena = arena_new();
    const char *argv[] = {run_program_find(arena, "proofcheck"), options->arguments[0], NULL};
    int code = STATUS_INTERNAL;
    Status status = argv[0] ? run_program(argv, NULL, &code, diag)
                            : diag_set(diag, STATUS_MISSING, "C007",
                                       "there is no proofcheck beside verify or on the PATH");
    arena_free(arena);
    return status == STATUS_OK ? (Status)code : status;
}
