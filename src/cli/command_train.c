// `verify train RECIPE`: trains the model that a recipe describes and writes it beside the recipe.
//
// A recipe may have rounds, and --until-proved gives it some: the prover looks at the model
// (train_look.h), and unless it closes every edge case, training goes on for a while with questions of
// those that stand in the way. How many rounds there were depends on the weights alone.
//
// A training that is interrupted leaves its state beside the output and goes on with --resume, to
// the same weights. With --check nothing is written: the recipe is trained again, and the hash of
// what comes out compared with the one that stands in the recipe.
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "exitcode.h"
#include "file.h"
#include "proof.h"
#include "safetensors.h"
#include "state.h"
#include "task.h"
#include "train_look.h"
#include "train_outlook.h"
#include "train_progress.h"

enum {
    SAVE_SECONDS = 30,
    ROUNDS = 20,          // of --until-proved, when the recipe has none:
    ROUND_SHARE = 10,     // steps, as a part of the recipe's
    ROUND_REGIONS = 3000, // bounded before each
};

static const float round_rate_share = 0.3f; // of the recipe's rate

typedef struct Training {
    Arena *arena;
    const Options *options;
    Recipe *recipe;
    Task *task;
    Model *model;
    WorkPool *pool;
    Trainer *trainer;
    bool changed;         // by the command line: the weights need not be those that are recorded
    TrainLook look;       // the last, if the training has rounds
    int rounds;           // so many were done since the start, or the last restart
    int restarts;         // so many there were
    double look_seconds;  // of all looks
    char *output, *state; // paths
    char identity[HASH_HEX_SIZE];
    Text file; // the finished model
    char sha256[HASH_HEX_SIZE];
} Training;

static Status about(Diag *diag, const char *path)
{
    diag_path(diag, path);
    return diag->status;
}

static void add_rounds(Recipe *recipe)
{
    recipe->rounds = ROUNDS;
    recipe->round_steps = recipe->steps > ROUND_SHARE ? recipe->steps / ROUND_SHARE : 1;
    recipe->round_regions = ROUND_REGIONS;
    recipe->round_rate = round_rate_share * recipe->rate;
}

static void change_recipe(const Options *options, Recipe *recipe)
{
    if (options->has_seed)
        recipe->seed = (uint64_t)options->seed;
    if (options->has_steps)
        recipe->steps = (int)options->steps;
    if (options->has_steps && recipe->warm_up >= recipe->steps)
        recipe->warm_up = recipe->steps - 1;
    if ((options->until_proved || options->has_rounds) && recipe->rounds == 0)
        add_rounds(recipe);
    if (options->has_rounds)
        recipe->rounds = (int)options->rounds;
}

// The recipe as the command line changes it.
static Status load_recipe(Training *training, Diag *diag)
{
    const Options *options = training->options;
    TRY(recipe_read(training->arena, options->arguments[0], &training->recipe, diag));
    Recipe *recipe = training->recipe;
    training->changed = options->has_seed || options->has_steps || options->has_rounds ||
                        (options->until_proved && recipe->rounds == 0);
    if (options->check && (training->changed || options->resume))
        return diag_set(diag, STATUS_USAGE, "R030",
                        "--check trains what the recipe says: no --seed, --steps, --rounds or "
                        "--resume, nor rounds that it does not have");
    if (options->check && !recipe->sha256[0]) {
        diag_set(diag, STATUS_MALFORMED, "R031", "the recipe has no `sha256` to check against");
        return about(diag, recipe->path);
    }
    change_recipe(options, recipe);
    return recipe_check_length(recipe, diag);
}

// A parameter that the spec does not have was set by the recipe.
static Status load_spec(const Training *training, Spec **ret_spec, Diag *diag)
{
    const Recipe *recipe = training->recipe;
    Status status = spec_parse_file(training->arena, recipe->spec, recipe->settings,
                                    recipe->n_settings, ret_spec, diag);
    if (status != STATUS_USAGE)
        return status;
    diag->status = STATUS_MALFORMED;
    return about(diag, recipe->path);
}

static char *default_output(Arena *arena, const char *recipe)
{
    return file_beside(arena, recipe,
                       arena_printf(arena, "%s.safetensors", file_stem(arena, recipe)));
}

static Status prepare(Training *training, Diag *diag)
{
    Arena *arena = training->arena;
    Spec *spec;
    TRY(load_recipe(training, diag));
    Recipe *recipe = training->recipe;
    TRY(load_spec(training, &spec, diag));
    TRY(task_new(arena, spec, &training->task, diag));
    Status status = trainer_model(arena, recipe, training->task, &training->model, diag);
    if (status != STATUS_OK)
        return diag->path[0] ? status : about(diag, recipe->path);
    training->pool = work_pool_new((int)training->options->threads);
    TRY(trainer_new(arena, recipe, training->task, training->model, training->pool,
                    &training->trainer, diag));
    training->output = training->options->output ? arena_strdup(arena, training->options->output)
                                                 : default_output(arena, recipe->path);
    training->state = state_path(arena, training->output);
    state_identity(arena, recipe, spec, training->identity);
    return STATUS_OK;
}

// What stands at the output's place, if anything, is not what this recipe is known to give.
static Status check_output_free(Training *training, Diag *diag)
{
    char *bytes, hex[HASH_HEX_SIZE];
    size_t size;
    if (access(training->output, F_OK) != 0)
        return STATUS_OK;
    TRY(file_read(training->arena, training->output, SAFETENSORS_FILE_MAX, &bytes, &size, diag));
    hash_sha256(bytes, size, hex);
    const char *expected = training->sha256[0] ? training->sha256 : training->recipe->sha256;
    if (strcmp(hex, expected) == 0)
        return STATUS_OK;
    diag_set(diag, STATUS_CANNOT_WRITE, "R032", "another model is there already");
    diag_hint(diag, "--force replaces it, --output FILE writes somewhere else");
    return about(diag, training->output);
}

static Status begin(Training *training, Diag *diag)
{
    const Options *options = training->options;
    if (options->check)
        return STATUS_OK;
    if (!options->force)
        TRY(check_output_free(training, diag));
    if (options->resume)
        return state_load(training->arena, training->state, training->identity, training->model,
                          training->trainer, diag);
    if (options->force || access(training->state, F_OK) != 0)
        return STATUS_OK;
    diag_set(diag, STATUS_CANNOT_WRITE, "R033", "an interrupted training is there already");
    diag_hint(diag, "--resume goes on with it, --force starts again");
    return about(diag, training->state);
}

static Status save(Training *training, Diag *diag)
{
    if (training->options->check)
        return STATUS_OK;
    return state_save(training->state, training->identity, training->model, training->trainer,
                      diag);
}

static Status interrupted(Training *training, Diag *diag)
{
    TRY(save(training, diag));
    diag_set(diag, STATUS_INTERRUPTED, "R034", "interrupted after %d steps",
             trainer_steps_done(training->trainer));
    if (!training->options->check)
        diag_hint(diag, "the same command with --resume goes on from here");
    return STATUS_INTERRUPTED;
}

static Status diverged(const Training *training, Diag *diag)
{
    diag_set(diag, STATUS_LIMIT, "R035", "the training diverged in step %d: the loss is no number",
             trainer_steps_done(training->trainer));
    diag_hint(diag, "try a lower `rate` or a longer `warm_up`");
    return about(diag, training->recipe->path);
}

static Status train_to(Training *training, int steps, TrainProgress *progress, Diag *diag)
{
    double saved = work_seconds();
    LossReport report;
    train_progress_leg(progress, trainer_steps_done(training->trainer), steps);
    while (trainer_steps_done(training->trainer) < steps) {
        if (work_interrupted())
            return interrupted(training, diag);
        trainer_step(training->trainer, &report);
        if (!isfinite(report.loss))
            return diverged(training, diag);
        train_progress_step(progress, trainer_steps_done(training->trainer), &report);
        if (work_seconds() - saved >= SAVE_SECONDS) {
            TRY(save(training, diag));
            saved = work_seconds();
        }
    }
    return STATUS_OK;
}

static void say_look(const Training *training)
{
    const TrainLook *look = &training->look;
    if (training->options->quiet)
        return;
    printf("round %d: ", training->rounds);
    if (look->wrong > 0)
        printf("%s%d questions of %d samples are answered wrongly\n",
               look->more ? "more than " : "", look->wrong, PROOF_SAMPLES);
    else
        printf("%d edge cases, %d open, %d of them with a wrong answer; %lu regions bounded\n",
               look->cases, look->open, look->refuted, look->regions);
    fflush(stdout);
}

// One for each look of a training.
static uint64_t look_stream(const Training *training)
{
    return (uint64_t)training->restarts * ((uint64_t)training->recipe->rounds + 1) +
           (uint64_t)training->rounds;
}

static Status look(Training *training, TrainProgress *progress, Diag *diag)
{
    const Recipe *recipe = training->recipe;
    double start = work_seconds();
    TrainLookOptions options = {.regions = (unsigned long)recipe->round_regions,
                                .seed = recipe->seed,
                                .stream = look_stream(training),
                                .progress = train_progress_look,
                                .context = progress};
    Status status = train_look(training->pool, training->task, training->model, &options,
                               trainer_state(training->trainer).replay, &training->look, diag);
    training->look_seconds += work_seconds() - start;
    train_progress_end(progress);
    if (status == STATUS_INTERRUPTED)
        return interrupted(training, diag);
    TRY(status);
    say_look(training);
    return STATUS_OK;
}

// Goes on where the trainer is: a state that was saved may lie within a round, or in a later attempt.
static Status attempt(Training *training, int64_t first, TrainProgress *progress, Diag *diag)
{
    const Recipe *recipe = training->recipe;
    int64_t end = first + recipe->steps;
    for (training->rounds = 0; training->rounds <= recipe->rounds; training->rounds++) {
        if (end >= trainer_steps_done(training->trainer)) {
            TRY(train_to(training, (int)end, progress, diag));
            train_progress_end(progress);
            if (recipe->rounds > 0)
                TRY(look(training, progress, diag));
            if (training->look.closed || training->rounds == recipe->rounds)
                return STATUS_OK;
        }
        end += recipe->round_steps;
    }
    return STATUS_OK;
}

static Status train(Training *training, TrainProgress *progress, Diag *diag)
{
    const Recipe *recipe = training->recipe;
    for (training->restarts = 0;; training->restarts++) {
        TRY(attempt(training, training->restarts * recipe_attempt(recipe), progress, diag));
        if (training->look.closed || training->restarts == recipe->restarts)
            return STATUS_OK;
        if (!training->options->quiet)
            printf("restart %d of %d, with other weights\n", training->restarts + 1,
                   recipe->restarts);
        fflush(stdout);
    }
}

static Status train_shown(Training *training, Diag *diag)
{
    int first = trainer_steps_done(training->trainer);
    const Recipe *recipe = training->recipe;
    double start = work_seconds();
    TrainProgress progress =
        train_progress_new(training->options, recipe, training->task->answer, first);
    Status status = train(training, &progress, diag);
    TRY(status);
    int steps = trainer_steps_done(training->trainer) - first;
    double seconds = work_seconds() - start - training->look_seconds;
    double questions = (double)steps * recipe->batch;
    if (!training->options->quiet)
        printf("%d steps in %.1f s, %.0f questions a second\n", steps, seconds,
               questions / (seconds > 0.0 ? seconds : 1.0));
    if (!training->options->quiet && recipe->rounds > 0)
        printf("%d round%s after %d restart%s, %.1f s of looking for a proof\n", training->rounds,
               training->rounds == 1 ? "" : "s", training->restarts,
               training->restarts == 1 ? "" : "s", training->look_seconds);
    model_render(training->model, &training->file);
    hash_sha256(training->file.chars, training->file.length, training->sha256);
    return STATUS_OK;
}

// A finished training leaves the model and no state.
static Status write_output(Training *training, Diag *diag)
{
    if (!training->options->force)
        TRY(check_output_free(training, diag));
    TRY(file_write(training->output, training->file.chars, training->file.length, diag));
    unlink(training->state);
    printf("%s\nsha256 %s\n", training->output, training->sha256);
    return STATUS_OK;
}

static Status compare(const Training *training, Diag *diag)
{
    const Recipe *recipe = training->recipe;
    if (training->changed || !recipe->sha256[0])
        return STATUS_OK;
    if (strcmp(training->sha256, recipe->sha256) == 0) {
        printf("%s: these are the weights that the recipe records\n", recipe->path);
        return STATUS_OK;
    }
    diag_set(diag, (Status)EXIT_STALE, "R036",
             "the training gave a model of sha256 %s, which is not the recorded one",
             training->sha256);
    diag_path(diag, recipe->path);
    diag_place(diag, recipe->text, recipe->size, recipe->sha256_span.offset,
               recipe->sha256_span.length);
    diag_hint(diag, "was the recipe or the spec changed after it was recorded?");
    return (Status)EXIT_STALE;
}

// The recipe that gives this model without the option.
static void say_rounds(const Training *training)
{
    const Recipe *recipe = training->recipe;
    if (training->changed && recipe->rounds > 0 && !training->options->quiet)
        printf("rounds %d\nround_steps %d\nround_regions %d\nround_rate %.9f\n", recipe->rounds,
               recipe->round_steps, recipe->round_regions, (double)recipe->round_rate);
}

static Status judge(const Training *training, Diag *diag)
{
    const TrainLook *look = &training->look;
    if (!training->options->until_proved || look->closed)
        return STATUS_OK;
    const char *s = training->rounds == 1 ? "" : "s";
    if (look->wrong > 0)
        diag_set(diag, STATUS_LIMIT, "R037",
                 "after %d round%s, %s%d questions of %d samples are answered wrongly",
                 training->rounds, s, look->more ? "more than " : "", look->wrong, PROOF_SAMPLES);
    else
        diag_set(diag, STATUS_LIMIT, "R037", "after %d round%s, %d of %d edge cases are open",
                 training->rounds, s, look->open, look->cases);
    return about(diag, training->recipe->path);
}

static Status run(Training *training, Diag *diag)
{
    TRY(prepare(training, diag));
    TRY(begin(training, diag));
    TRY(train_outlook(training->arena, training->options, training->recipe->path, training->task,
                      training->model, diag));
    work_catch_interrupt();
    TRY(train_shown(training, diag));
    if (!training->options->check)
        TRY(write_output(training, diag));
    say_rounds(training);
    TRY(compare(training, diag));
    return judge(training, diag);
}

Status command_train(const Options *options, Diag *diag)
{
    Training training = {.arena = arena_new(), .options = options};
    Status status = run(&training, diag);
    work_pool_free(training.pool);
    text_free(&training.file);
    arena_free(training.arena);
    return status;
}
