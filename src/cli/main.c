// `verify`: finds the command, runs it, prints what went wrong, and ends with its exit code.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "commands.h"
#include "exitcode.h"
#include "help.h"
#include "machine.h"

static Status (*const functions[COMMANDS])(const Options *options, Diag *diag) = {
    [COMMAND_PROVE] = command_prove,   [COMMAND_TRAIN] = command_train,
    [COMMAND_EVAL] = command_eval,     [COMMAND_CHECK] = command_check,
    [COMMAND_REPLAY] = command_replay, [COMMAND_EXPLAIN] = command_explain,
};

// An abort, ours or a library's, is an internal error and has its exit code.
static void on_abort(int number)
{
    (void)number;
    _exit(STATUS_INTERNAL);
}

// A standard stream that is closed must not become the number of a file that is opened later. What
// is then written to it fails, and that is found out at the end.
static void occupy_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
            _exit(STATUS_INTERNAL);
}

// A closed pipe, or a file that may not grow further, shows as a failed write, not as a signal.
static void prepare_process(void)
{
    occupy_standard_streams();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGABRT, on_abort);
}

static Status print_help(const Options *options)
{
    if (options->version)
        help_version(stdout);
    else if (options->help == HELP_MAN)
        help_man(stdout);
    else if (options->help == HELP_COMPLETION)
        help_completion(stdout);
    else if (options->has_command)
        help_command(stdout, options->command);
    else
        help_program(stdout);
    return STATUS_OK;
}

static Status run_command(const Options *options, Diag *diag)
{
    if (options->help || options->version)
        return print_help(options);
    TRY(machine_check(diag));
    return functions[options->command](options, diag);
}

static int run(int argc, char **argv, Arena *arena)
{
    Options options = {0};
    Diag diag = {0};
    Status status = options_parse(arena, argc, argv, &options, &diag);
    if (status == STATUS_OK)
        status = run_command(&options, &diag);
    if (status != STATUS_OK && diag.status == status)
        diag_print(&diag, stderr, options_color(&options, stderr));
    return status;
}

// The exit code once everything printed has been handed over.
static int finish(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fputs("error[F004]: cannot write to standard output\n", stderr);
    return exit_worst(code, STATUS_IO);
}

int main(int argc, char **argv)
{
    prepare_process();
    if (argc < 2) {
        help_usage(stderr);
        return STATUS_USAGE;
    }
    Arena *arena = arena_new();
    int code = finish(run(argc, argv, arena));
    arena_free(arena);
    return code;
}
