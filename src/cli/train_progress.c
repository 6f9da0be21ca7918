#include "train_progress.h"

#include <unistd.h>

TrainProgress train_progress_new(const Options *options, const Recipe *recipe, int answer,
                                 int steps_done)
{
    return (TrainProgress){
        .shown = !options->quiet && !options->no_progress,
        .terminal = isatty(STDERR_FILENO),
        .steps = recipe->steps,
        .batch = recipe->batch,
        .answer = answer,
        .first = steps_done,
        .started = work_seconds(),
        .last = work_seconds(),
        .since_last = loss_nothing,
    };
}

static void print_line(const TrainProgress *progress, int steps_done, double now)
{
    const LossReport *sum = &progress->since_last;
    double questions = (double)progress->batch * progress->steps_since_last;
    double left =
        (now - progress->started) / (steps_done - progress->first) * (progress->steps - steps_done);
    fprintf(stderr, "%sstep %d/%d  loss %.2e  right %6.2f %%  worst margin %6.2f  %d:%02d left%s",
            progress->terminal ? "\r" : "", steps_done, progress->steps,
            sum->loss / (questions * progress->answer), 100.0 * (double)sum->right / questions,
            (double)sum->margin, (int)left / 60, (int)left % 60,
            progress->terminal ? "\033[K" : "\n");
    fflush(stderr);
}

void train_progress_leg(TrainProgress *progress, int steps_done, int steps)
{
    progress->first = steps_done;
    progress->steps = steps;
    progress->started = progress->last = work_seconds();
}

void train_progress_look(void *context, int cases, int closed, int waiting)
{
    TrainProgress *progress = context;
    double now = work_seconds(), pause = progress->terminal ? 0.2 : 5.0;
    if (!progress->shown || now - progress->last < pause)
        return;
    fprintf(stderr, "%slooking for a proof: %d edge cases closed, %d open, %d regions to go%s",
            progress->terminal ? "\r" : "", closed, cases - closed, waiting,
            progress->terminal ? "\033[K" : "\n");
    fflush(stderr);
    progress->last = now;
}

void train_progress_step(TrainProgress *progress, int steps_done, const LossReport *report)
{
    double now = work_seconds(), pause = progress->terminal ? 0.2 : 5.0;
    loss_merge(&progress->since_last, report);
    progress->steps_since_last++;
    if (now - progress->last < pause && steps_done < progress->steps)
        return;
    if (progress->shown)
        print_line(progress, steps_done, now);
    progress->last = now;
    progress->since_last = loss_nothing;
    progress->steps_since_last = 0;
}

void train_progress_end(const TrainProgress *progress)
{
    if (progress->shown && progress->terminal)
        fputc('\n', stderr);
}
