#include "trainer.h"

#include <string.h>

#include "clones.h"
#include "exchange.h"
#include "init.h"
#include "shard.h"

enum {
    CHUNK = 2048,          // parameters that a thread updates at a time
    NUMBERS_MAX = 1 << 29, // in all gradients together: 2 GiB
};

// Beyond the numbers of questions, and short of the streams that first weights come from.
static const uint64_t exchange_streams = (uint64_t)1 << 63;

// Seeds of first weights are so far apart: not by what init.c puts between groups.
static const uint64_t attempt_seeds = 0xd1342543de82ef95u;

struct Trainer {
    const Recipe *recipe;
    const Task *task;
    Model *model;
    Reach *reach;
    WorkPool *pool;
    int ids[TASK_TOKENS_MAX];
    int steps_done;
    float *m, *v;
    Replay *replay;
    uint8_t (*asked)[TASK_COLUMNS_MAX]; // [batch] the questions of the step under way
    AdamWStep update;                   // of the step under way
    int shards;                         // in a batch
    Shard **scratch;                    // one a thread
    int **tokens;                       // one a thread: [prompt + answer, 16]
    uint8_t **from;                     // one a thread: [F, answer * 16], see exchange.h
    Model **gradient;                   // one a shard
    LossReport *reports;                // one a shard
};

static char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return (char *)(slash ? slash + 1 : path);
}

static float score_scale(int d_head)
{
    return 1.0f / __builtin_sqrtf((float)d_head);
}

// A hard question again; every other time with one column drawn anew, which searches around it for
// a harder one.
static void sample_again(const Trainer *trainer, Rng *rng, uint8_t *ret_symbols)
{
    uint8_t other[TASK_COLUMNS_MAX];
    replay_draw(trainer->replay, rng, ret_symbols);
    if (rng_below(rng, 2) == 0)
        return;
    task_sample_uniform(trainer->task, rng, other);
    uint32_t column = rng_below(rng, (uint32_t)trainer->task->columns);
    ret_symbols[column] = other[column];
}

// Question `number`, counted from the first step on, from its own stream.
static void sample(const Trainer *trainer, uint64_t number, uint8_t *ret_symbols)
{
    Rng rng = rng_new(trainer->recipe->seed, number);
    if (rng_unit(&rng) < trainer->recipe->replayed && trainer->replay->added > 0)
        sample_again(trainer, &rng, ret_symbols);
    else if (rng_unit(&rng) < trainer->recipe->chained)
        task_sample_chained(trainer->task, &rng, ret_symbols);
    else
        task_sample_uniform(trainer->task, &rng, ret_symbols);
}

static void sample_shard(const Trainer *trainer, size_t shard, int *ret_tokens)
{
    int length = trainer->task->prompt + trainer->task->answer, one[TASK_POSITIONS_MAX];
    uint64_t first = (uint64_t)trainer->steps_done * (uint64_t)trainer->recipe->batch;
    for (size_t i = 0; i < LANES; i++) {
        uint8_t *symbols = trainer->asked[shard * LANES + i];
        sample(trainer, first + shard * LANES + i, symbols);
        task_tokens(trainer->task, trainer->ids, symbols, one);
        for (int p = 0; p < length; p++)
            ret_tokens[(size_t)p * LANES + i] = one[p];
    }
}

// Steps of this attempt: since the start, or the last restart.
static int steps_of_attempt(const Trainer *trainer)
{
    return (int)(trainer->steps_done % recipe_attempt(trainer->recipe));
}

static bool exchanges(const Trainer *trainer)
{
    const Recipe *recipe = trainer->recipe;
    float rest = (1.0f - recipe->exchange) * (float)recipe->steps;
    return recipe->exchange > 0.0f && (float)steps_of_attempt(trainer) >= rest;
}

static void exchange_activations(const Trainer *trainer, size_t shard, int worker)
{
    const Recipe *recipe = trainer->recipe;
    uint64_t number = (uint64_t)trainer->steps_done * (uint64_t)trainer->shards + shard;
    Rng rng = rng_new(recipe->seed, exchange_streams + number);
    exchange_draw(&rng, recipe->d_mlp, trainer->task->answer,
                  trainer->tokens[worker] + trainer->task->prompt * LANES, trainer->from[worker]);
    trainer->scratch[worker]->layer[recipe->layers - 1].from = trainer->from[worker];
}

static void run_shard(void *context, size_t shard, int worker)
{
    Trainer *trainer = context;
    int *tokens = trainer->tokens[worker];
    float weight = 1.0f / (float)(trainer->recipe->batch * trainer->task->answer);
    Shard *scratch = trainer->scratch[worker];
    sample_shard(trainer, shard, tokens);
    if (exchanges(trainer))
        exchange_activations(trainer, shard, worker);
    scratch->smoothing = trainer->recipe->smoothing;
    shard_run(scratch, trainer->model, tokens, weight, trainer->gradient[shard],
              &trainer->reports[shard]);
}

ISA_BODY void add_body(float *restrict sum, const float *restrict part, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sum[i] += part[i];
}

static CLONES(add, (float *sum, const float *part, size_t count), (sum, part, count))

    // The shards' gradients, added up in their order, and the update of one chunk of parameters.
    static void update_chunk(void *context, size_t chunk, int worker)
{
    (void)worker;
    Trainer *trainer = context;
    size_t first = chunk * CHUNK, count = trainer->model->n_parameters - first;
    count = count < CHUNK ? count : CHUNK;
    float sum[CHUNK];
    memcpy(sum, trainer->gradient[0]->parameters + first, count * sizeof *sum);
    for (int shard = 1; shard < trainer->shards; shard++)
        add(sum, trainer->gradient[shard]->parameters + first, count);
    adamw_update(trainer->recipe->adam, trainer->update, sum, count,
                 trainer->model->parameters + first, trainer->m + first, trainer->v + first);
}

// Rounds start anew with a rate of their own and let it fall to 0.
static float rate_of(const Recipe *recipe, int t)
{
    if (t <= recipe->steps)
        return recipe->rate * schedule_share(recipe->schedule, recipe->warm_up, recipe->steps, t);
    int in_round = (t - recipe->steps - 1) % recipe->round_steps + 1;
    return recipe->round_rate * schedule_share(SCHEDULE_SMOOTH, 0, recipe->round_steps, in_round);
}

// Everything as it was before the first step, but for the weights, which are others. The streams of questions go on.
static void restart(Trainer *trainer)
{
    const Recipe *recipe = trainer->recipe;
    uint64_t attempt = (uint64_t)(trainer->steps_done / recipe_attempt(recipe));
    size_t size = trainer->model->n_parameters * sizeof(float);
    init_weights(trainer->task, recipe->seed + attempt * attempt_seeds, recipe->ramp,
                 trainer->model);
    memset(trainer->m, 0, size);
    memset(trainer->v, 0, size);
    memset(trainer->replay, 0, sizeof *trainer->replay);
}

void trainer_step(Trainer *trainer, LossReport *ret_report)
{
    const Recipe *recipe = trainer->recipe;
    int t = steps_of_attempt(trainer) + 1;
    if (t == 1 && trainer->steps_done > 0)
        restart(trainer);
    work_run(trainer->pool, (size_t)trainer->shards, run_shard, trainer);
    trainer->update = adamw_step(recipe->adam, t, rate_of(recipe, t));
    size_t chunks = (trainer->model->n_parameters + CHUNK - 1) / CHUNK;
    work_run(trainer->pool, chunks, update_chunk, trainer);
    trainer->steps_done++;
    *ret_report = loss_nothing;
    for (int shard = 0; shard < trainer->shards; shard++) {
        const LossReport *report = &trainer->reports[shard];
        replay_add(trainer->replay, trainer->asked[shard * LANES + report->hardest]);
        loss_merge(ret_report, report);
    }
}

// What prover and evaluation need to know: which spec the model answers, and where it comes from.
static void add_notes(Arena *arena, const Recipe *recipe, Model *model)
{
    const char *settings = "";
    for (int i = 0; i < recipe->n_settings; i++)
        settings = arena_printf(arena, "%s%s%s=%lld", settings, i > 0 ? " " : "",
                                recipe->settings[i].name, recipe->settings[i].value);
    model->notes = ARENA_NEW(arena, ModelNote, 3);
    model->notes[model->n_notes++] = (ModelNote){"spec", file_name(recipe->spec)};
    if (recipe->n_settings > 0)
        model->notes[model->n_notes++] = (ModelNote){"spec_set", (char *)settings};
    model->notes[model->n_notes++] = (ModelNote){"recipe", file_name(recipe->path)};
}

Status trainer_model(Arena *arena, const Recipe *recipe, const Task *task, Model **ret_model,
                     Diag *diag)
{
    ModelShape shape = {
        .layers = recipe->layers,
        .heads = recipe->heads,
        .d_model = recipe->d_model,
        .d_head = recipe->d_head,
        .d_mlp = recipe->d_mlp,
        .d_vocab = recipe->n_vocab > 0 ? recipe->n_vocab : task->n_alphabet,
        .n_ctx = task->prompt + task->answer,
        .score_scale = score_scale(recipe->d_head),
    };
    TRY(model_check_shape(shape, diag));
    const char *const *vocab =
        recipe->n_vocab > 0 ? (const char *const *)recipe->vocab : task->alphabet;
    Model *model = model_new(arena, shape, vocab);
    model->has_edges = true;
    for (int layer = 0; layer < shape.layers; layer++)
        for (int head = 0; head < shape.heads; head++)
            edges_set(task, recipe_patterns(recipe, layer, head), model, layer, head);
    add_notes(arena, recipe, model);
    *ret_model = model;
    return STATUS_OK;
}

static void allocate_threads(Arena *arena, Trainer *trainer)
{
    size_t threads = (size_t)work_pool_threads(trainer->pool);
    size_t length = (size_t)(trainer->task->prompt + trainer->task->answer);
    size_t neurons = (size_t)trainer->recipe->d_mlp * (size_t)trainer->task->answer;
    trainer->scratch = ARENA_NEW(arena, Shard *, threads);
    trainer->tokens = ARENA_NEW(arena, int *, threads);
    trainer->from = ARENA_NEW(arena, uint8_t *, threads);
    for (size_t i = 0; i < threads; i++) {
        trainer->scratch[i] = shard_new(arena, trainer->model, trainer->reach);
        trainer->tokens[i] = ARENA_NEW(arena, int, length *LANES);
        trainer->from[i] = ARENA_NEW(arena, uint8_t, neurons * LANES);
    }
}

static void allocate_gradients(Arena *arena, Trainer *trainer)
{
    const Model *model = trainer->model;
    size_t shards = (size_t)trainer->shards;
    trainer->gradient = ARENA_NEW(arena, Model *, shards);
    trainer->reports = ARENA_NEW(arena, LossReport, shards);
    for (size_t i = 0; i < shards; i++)
        trainer->gradient[i] = model_new(arena, model->shape, (const char *const *)model->vocab);
    trainer->m = ARENA_NEW(arena, float, model->n_parameters);
    trainer->v = ARENA_NEW(arena, float, model->n_parameters);
    trainer->replay = ARENA_NEW(arena, Replay, 1);
    trainer->asked = arena_alloc(arena, (size_t)trainer->recipe->batch, TASK_COLUMNS_MAX);
}

// A gradient for every shard.
static Status check_memory(const Recipe *recipe, const Model *model, Diag *diag)
{
    uint64_t numbers = (uint64_t)model->n_parameters * (uint64_t)(recipe->batch / LANES);
    if (numbers <= NUMBERS_MAX)
        return STATUS_OK;
    diag_set(diag, STATUS_MALFORMED, "R010",
             "batch and network are too large together: %llu numbers in the gradients",
             (unsigned long long)numbers);
    diag_path(diag, recipe->path);
    diag_hint(diag, "parameters times batch / 16 may be at most %d", NUMBERS_MAX);
    return STATUS_MALFORMED;
}

Status trainer_new(Arena *arena, const Recipe *recipe, const Task *task, Model *model,
                   WorkPool *pool, Trainer **ret_trainer, Diag *diag)
{
    Trainer *trainer = ARENA_NEW(arena, Trainer, 1);
    *trainer = (Trainer){.recipe = recipe, .task = task, .model = model, .pool = pool};
    TRY(task_bind(task, model->vocab, model->shape.d_vocab, trainer->ids, diag));
    if (!task_has_inputs(task))
        return diag_set(diag, STATUS_MALFORMED, "R009",
                        "there is nothing to train on: no input meets the precondition");
    TRY(check_memory(recipe, model, diag));
    trainer->reach = reach_new(arena, model, task->prompt - 1, task->prompt + task->answer - 1);
    trainer->shards = recipe->batch / LANES;
    allocate_threads(arena, trainer);
    allocate_gradients(arena, trainer);
    init_weights(task, recipe->seed, recipe->ramp, model);
    *ret_trainer = trainer;
    return STATUS_OK;
}

int trainer_steps_done(const Trainer *trainer)
{
    return trainer->steps_done;
}

double trainer_multiply_adds(const Trainer *trainer)
{
    return 3.0 * shard_multiply_adds(trainer->model, trainer->reach);
}

TrainerState trainer_state(Trainer *trainer)
{
    return (TrainerState){&trainer->steps_done, trainer->m, trainer->v, trainer->replay};
}
