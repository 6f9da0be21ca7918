#include "prove_progress.h"

#include <unistd.h>

ProveProgress prove_progress_new(const Options *options)
{
    double now = work_seconds();
    return (ProveProgress){.shown = !options->quiet && !options->no_progress,
                           .terminal = isatty(STDERR_FILENO),
                           .started = now,
                           .last = now};
}

static void print_stage(const ProofProgress *at)
{
    switch (at->stage) {
    case PROOF_STAGE_ALGORITHM:
        fputs("level A: the algorithm", stderr);
        break;
    case PROOF_STAGE_SAMPLES:
        fputs("trying samples", stderr);
        break;
    case PROOF_STAGE_NETWORK:
        fprintf(stderr, "level N: %d edge cases proved, %d open, %d regions to go", at->proved,
                at->cases - at->proved, at->waiting);
        break;
    case PROOF_STAGE_COVER:
        fputs("level C: the cover", stderr);
        break;
    case PROOF_STAGE_OPEN:
        fputs("trying what is open", stderr);
        break;
    }
}

void prove_progress_show(void *context, const ProofProgress *at)
{
    ProveProgress *progress = context;
    double now = work_seconds(), pause = progress->terminal ? 0.2 : 5.0;
    if (!progress->shown || now - progress->last < pause)
        return;
    if (progress->terminal)
        fputc('\r', stderr);
    print_stage(at);
    fprintf(stderr, ", %.0f s%s", now - progress->started, progress->terminal ? "\033[K" : "\n");
    fflush(stderr);
    progress->last = now;
}

void prove_progress_say(const ProveProgress *progress, const char *what)
{
    if (progress->shown && progress->terminal)
        fprintf(stderr, "\r%s\033[K", what);
}

void prove_progress_end(const ProveProgress *progress)
{
    if (progress->shown && progress->terminal)
        fputs("\r\033[K", stderr);
}
