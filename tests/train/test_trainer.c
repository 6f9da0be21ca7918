// Training as a whole: the same bits whoever computes them, however often it is interrupted, and a
// model that has learned its task.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clones.h"
#include "exchange.h"
#include "harness.h"
#include "inference.h"
#include "isa.h"
#include "recipes.h"
#include "state.h"

typedef struct Run {
    Arena *arena;
    Recipe *recipe;
    Spec *spec;
    Task *task;
    Model *model;
    WorkPool *pool;
    Trainer *trainer;
    LossReport last;
} Run;

static Run run_new(const char *text, int threads)
{
    Run run = {.arena = arena_new(), .pool = work_pool_new(threads)};
    Diag diag = {0};
    Status status = recipe_parse(run.arena, "test.recipe", text, strlen(text), &run.recipe, &diag);
    CU_ASSERT_EQUAL_FATAL(status, STATUS_OK);
    status = spec_parse_file(run.arena, run.recipe->spec, run.recipe->settings,
                             run.recipe->n_settings, &run.spec, &diag);
    CU_ASSERT_EQUAL_FATAL(status, STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(task_new(run.arena, run.spec, &run.task, &diag), STATUS_OK);
    status = trainer_model(run.arena, run.recipe, run.task, &run.model, &diag);
    CU_ASSERT_EQUAL_FATAL(status, STATUS_OK);
    status = trainer_new(run.arena, run.recipe, run.task, run.model, run.pool, &run.trainer, &diag);
    CU_ASSERT_EQUAL_FATAL(status, STATUS_OK);
    return run;
}

static void run_free(Run *run)
{
    work_pool_free(run->pool);
    arena_free(run->arena);
}

static void run_until(Run *run, int steps)
{
    while (trainer_steps_done(run->trainer) < steps)
        trainer_step(run->trainer, &run->last);
}

static bool same_weights(const Run *a, const Run *b)
{
    return a->model->n_parameters == b->model->n_parameters &&
           memcmp(a->model->parameters, b->model->parameters,
                  a->model->n_parameters * sizeof(float)) == 0;
}

static void any_number_of_threads_gives_the_same_bits(void)
{
    Run one = run_new(RECIPE_SMALL(60), 1);
    run_until(&one, 60);
    for (int threads = 2; threads <= 3; threads++) {
        Run more = run_new(RECIPE_SMALL(60), threads);
        run_until(&more, 60);
        CU_ASSERT(same_weights(&one, &more));
        CU_ASSERT(one.last.loss == more.last.loss && one.last.margin == more.last.margin);
        run_free(&more);
    }
    run_free(&one);
}

static void every_instruction_set_gives_the_same_bits(void)
{
    Isa best = isa_current();
    Run fast = run_new(RECIPE_SMALL(60), 1);
    run_until(&fast, 20);
    for (Isa isa = ISA_GENERIC; isa < best; isa++) {
        if (!isa_available(isa))
            continue;
        isa_use(isa);
        Run other = run_new(RECIPE_SMALL(60), 1);
        run_until(&other, 20);
        CU_ASSERT(same_weights(&fast, &other));
        run_free(&other);
    }
    isa_use(best);
    run_free(&fast);
}

static void another_seed_gives_other_weights(void)
{
    Run a = run_new(RECIPE_SMALL(60), 1), b = run_new(RECIPE_SMALL(60), 1);
    CU_ASSERT(same_weights(&a, &b));
    b.recipe->seed = 2;
    run_until(&a, 1);
    run_until(&b, 1);
    CU_ASSERT_FALSE(same_weights(&a, &b));
    run_free(&a);
    run_free(&b);
}

static char *temporary_state(Run *run)
{
    return arena_printf(run->arena, "test-trainer-%d.train-state", (int)getpid());
}

static void stopping_and_going_on_changes_nothing(void)
{
    char identity[HASH_HEX_SIZE];
    uint8_t question[TASK_COLUMNS_MAX] = {9, 9};
    Diag diag;
    Run whole = run_new(RECIPE_SMALL(60), 1), first = run_new(RECIPE_SMALL(60), 2);
    Run second = run_new(RECIPE_SMALL(60), 1);
    char *path = temporary_state(&first);
    run_until(&whole, 23);
    replay_add_found(trainer_state(whole.trainer).replay, question);
    run_until(&whole, 60);
    run_until(&first, 23);
    replay_add_found(trainer_state(first.trainer).replay, question);
    run_until(&first, 31);
    state_identity(first.arena, first.recipe, first.spec, identity);
    CU_ASSERT_EQUAL(state_save(path, identity, first.model, first.trainer, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(state_load(second.arena, path, identity, second.model, second.trainer, &diag),
                    STATUS_OK);
    CU_ASSERT_EQUAL(trainer_steps_done(second.trainer), 31);
    run_until(&second, 60);
    CU_ASSERT(same_weights(&whole, &second));
    unlink(path);
    run_free(&whole);
    run_free(&first);
    run_free(&second);
}

// Steps beyond those of the recipe have the rate of its rounds; each round falls to 0 anew.
static void rounds_have_a_rate_of_their_own(void)
{
    Run still = run_new(RECIPE_SMALL(20) RECIPE_ROUNDS(0), 1);
    Run moving = run_new(RECIPE_SMALL(20) RECIPE_ROUNDS(0.001), 2);
    Run again = run_new(RECIPE_SMALL(20) RECIPE_ROUNDS(0.001), 1);
    run_until(&still, 20);
    run_until(&moving, 20);
    CU_ASSERT(same_weights(&still, &moving));
    run_until(&still, 40);
    CU_ASSERT(same_weights(&still, &moving));
    run_until(&moving, 40);
    run_until(&again, 40);
    CU_ASSERT_FALSE(same_weights(&still, &moving));
    CU_ASSERT(same_weights(&again, &moving));
    run_free(&still);
    run_free(&moving);
    run_free(&again);
}

// Whether a training that goes on from a state saved after so many steps comes to the same weights as this one.
static bool goes_on_to(const Run *whole, const char *recipe, int saved)
{
    char identity[HASH_HEX_SIZE];
    Diag diag;
    Run first = run_new(recipe, 2), second = run_new(recipe, 1);
    char *path = temporary_state(&first);
    run_until(&first, saved);
    state_identity(first.arena, first.recipe, first.spec, identity);
    CU_ASSERT_EQUAL(state_save(path, identity, first.model, first.trainer, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(state_load(second.arena, path, identity, second.model, second.trainer, &diag),
                    STATUS_OK);
    run_until(&second, trainer_steps_done(whole->trainer));
    bool same = same_weights(whole, &second);
    unlink(path);
    run_free(&first);
    run_free(&second);
    return same;
}

// An attempt has 20 steps and two rounds of 10. The next one knows nothing of it.
static void restarts_begin_with_other_weights(void)
{
    const char *recipe = RECIPE_SMALL(20) RECIPE_ROUNDS(0.001) "restarts 2\n";
    Run run = run_new(recipe, 1), first = run_new(recipe, 1);
    run_until(&run, 40);
    float learned = (float)run.last.loss;
    run_until(&run, 41);
    run_until(&first, 1);
    CU_ASSERT(run.last.loss > 1.1 * learned);
    CU_ASSERT(run.last.loss > 0.8 * first.last.loss);
    CU_ASSERT_FALSE(same_weights(&run, &first));
    CU_ASSERT_EQUAL(trainer_state(run.trainer).replay->added, 3);
    run_until(&run, 90);
    CU_ASSERT(goes_on_to(&run, recipe, 40));
    CU_ASSERT(goes_on_to(&run, recipe, 43));
    run_free(&run);
    run_free(&first);
}

// Which neurons exchange comes from (seed, step, shard), so threads have no say in it; it begins late.
static void exchanges_give_the_same_bits_for_any_number_of_threads(void)
{
    Run none = run_new(RECIPE_SMALL(60), 1), zero = run_new(RECIPE_SMALL(60) "exchange 0\n", 1);
    Run one = run_new(RECIPE_SMALL(60) "exchange 0.75\n", 1);
    Run three = run_new(RECIPE_SMALL(60) "exchange 0.75\n", 3);
    Run *const runs[] = {&none, &zero, &one, &three};
    for (int i = 0; i < 4; i++)
        run_until(runs[i], 15);
    CU_ASSERT(same_weights(&none, &one));
    for (int i = 0; i < 4; i++)
        run_until(runs[i], 30);
    CU_ASSERT(same_weights(&none, &zero));
    CU_ASSERT(same_weights(&one, &three));
    CU_ASSERT_FALSE(same_weights(&none, &one));
    for (int i = 0; i < 4; i++)
        run_free(runs[i]);
}

static void pairs_have_the_same_target_and_every_other_one_exchanges(void)
{
    enum { NEURONS = 1000, ANSWER = 2 };
    static uint8_t from[NEURONS * ANSWER * LANES];
    Rng rng = rng_new(1, 1);
    int targets[ANSWER * LANES], exchanged = 0;
    for (int i = 0; i < ANSWER * LANES; i++)
        targets[i] = i < 7 ? 3 : i; // of the first token, questions 0 to 6: three pairs
    exchange_draw(&rng, NEURONS, ANSWER, targets, from);
    for (int i = 0; i < NEURONS * ANSWER * LANES; i++) {
        int lane = i % LANES, slot = i / LANES % ANSWER;
        CU_ASSERT_FATAL(from[i] < LANES);
        CU_ASSERT_FATAL(from[i - lane + from[i]] == lane);
        CU_ASSERT_FATAL(targets[slot * LANES + from[i]] == targets[slot * LANES + lane]);
        exchanged += from[i] != lane;
    }
    CU_ASSERT(exchanged > 2800 && exchanged < 3200); // of 3000 pairs, twice one half
}

// Two columns: they move apart along one vector, and nothing else moves.
static void a_ramp_puts_columns_in_a_row(void)
{
    Run flat = run_new(RECIPE_SMALL(60), 1), zero = run_new(RECIPE_SMALL(60) "ramp 0\n", 1);
    Run ramp = run_new(RECIPE_SMALL(60) "ramp 0.5\n", 1);
    const Task *task = flat.task;
    int D = flat.model->shape.d_model;
    CU_ASSERT(same_weights(&flat, &zero));
    CU_ASSERT_EQUAL_FATAL(task->columns, 2);
    for (int d = 0; d < D; d++) {
        float step[2] = {0};
        for (int p = 0; p < task->prompt; p++) {
            int column = edges_column(task, p);
            float moved = ramp.model->W_pos[p * D + d] - flat.model->W_pos[p * D + d];
            CU_ASSERT((moved != 0.0f) == (column != EDGES_NO_COLUMN));
            if (column != EDGES_NO_COLUMN)
                step[column] = moved;
        }
        CU_ASSERT(step[0] != 0.0f);
        CU_ASSERT_DOUBLE_EQUAL((double)step[0], (double)-step[1], 1e-6);
    }
    run_free(&flat);
    run_free(&zero);
    run_free(&ramp);
}

// What was found is asked every other time that something is asked again, and nothing else then.
static void found_questions_are_asked_again(void)
{
    Run run = run_new(RECIPE_SMALL(60), 1);
    Replay *replay = trainer_state(run.trainer).replay;
    uint8_t hard[TASK_COLUMNS_MAX] = {1, 2}, found[TASK_COLUMNS_MAX] = {7, 8},
            drawn[TASK_COLUMNS_MAX];
    Rng rng = rng_new(1, 1);
    int times = 0;
    replay_add(replay, hard);
    replay_add_found(replay, found);
    for (int i = 0; i < 1000; i++) {
        replay_draw(replay, &rng, drawn);
        times += memcmp(drawn, found, sizeof found) == 0;
        CU_ASSERT(memcmp(drawn, found, sizeof found) == 0 || memcmp(drawn, hard, sizeof hard) == 0);
    }
    CU_ASSERT(times > 400 && times < 600);
    for (int i = 0; i < REPLAY_FOUND_SIZE; i++)
        replay_add_found(replay, hard);
    for (int i = 0; i < 100; i++) {
        replay_draw(replay, &rng, drawn);
        CU_ASSERT(memcmp(drawn, hard, sizeof hard) == 0);
    }
    run_free(&run);
}

static bool refuses(Run *run, const char *path, const char *identity, const char *code)
{
    Diag diag;
    Status status = state_load(run->arena, path, identity, run->model, run->trainer, &diag);
    return status == STATUS_MALFORMED && strcmp(diag.code, code) == 0 &&
           trainer_steps_done(run->trainer) == 0;
}

static void overwrite_byte(const char *path, long offset)
{
    FILE *file = fopen(path, "r+b");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fseek(file, offset, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, offset, SEEK_SET);
    fputc(byte ^ 1, file);
    fclose(file);
}

static void a_state_of_another_training_or_damaged_is_refused(void)
{
    char identity[HASH_HEX_SIZE], other[HASH_HEX_SIZE];
    Diag diag;
    Run run = run_new(RECIPE_SMALL(60), 1), fresh = run_new(RECIPE_SMALL(60), 1);
    char *path = temporary_state(&run);
    state_identity(run.arena, run.recipe, run.spec, identity);
    run_until(&run, 2);
    CU_ASSERT_EQUAL(state_save(path, identity, run.model, run.trainer, &diag), STATUS_OK);
    run.recipe->seed++;
    state_identity(run.arena, run.recipe, run.spec, other);
    CU_ASSERT(refuses(&fresh, path, other, "R021"));
    overwrite_byte(path, 5000);
    CU_ASSERT(refuses(&fresh, path, identity, "R020"));
    overwrite_byte(path, 5000);
    CU_ASSERT_EQUAL(truncate(path, 5000), 0);
    CU_ASSERT(refuses(&fresh, path, identity, "R020"));
    CU_ASSERT_EQUAL(truncate(path, 10), 0);
    CU_ASSERT(refuses(&fresh, path, identity, "R020"));
    unlink(path);
    run_free(&run);
    run_free(&fresh);
}

static void a_recorded_hash_is_no_part_of_the_identity(void)
{
    static const char hash[] = RECIPE_SMALL(
        60) "sha256 0123456789012345678901234567890123456789012345678901234567890123\n";
    char other[sizeof hash], a[HASH_HEX_SIZE], b[HASH_HEX_SIZE];
    memcpy(other, hash, sizeof hash);
    other[sizeof hash - 3] = 'f';
    Run first = run_new(hash, 1), second = run_new(other, 1);
    state_identity(first.arena, first.recipe, first.spec, a);
    state_identity(second.arena, second.recipe, second.spec, b);
    CU_ASSERT_STRING_EQUAL(a, b);
    run_free(&first);
    run_free(&second);
}

// Sanitizers make the products of matrices a hundred times slower.
#ifdef __SANITIZE_ADDRESS__
#define LONG_TESTS(X)
#else
#define LONG_TESTS(X) X(two_digits_are_learned_without_a_mistake)

// How many of all 10^4 questions the shipped inference answers rightly.
static int count_right(const Run *run)
{
    const Task *task = run->task;
    int length = task->prompt + task->answer, right = 0, ids[TASK_TOKENS_MAX];
    Diag diag;
    CU_ASSERT_EQUAL(task_bind(task, run->model->vocab, run->model->shape.d_vocab, ids, &diag),
                    STATUS_OK);
    Inference *inference = inference_new(run->arena, run->model, length - 1);
    for (int question = 0; question < 10000; question++) {
        uint8_t symbols[] = {(uint8_t)(question % 100), (uint8_t)(question / 100)};
        int tokens[TASK_POSITIONS_MAX], answer[TASK_POSITIONS_MAX];
        task_tokens(task, ids, symbols, tokens);
        inference_decode(inference, tokens, 1, task->prompt, task->answer, answer);
        right += memcmp(answer, tokens + task->prompt, (size_t)task->answer * sizeof *answer) == 0;
    }
    return right;
}

static void two_digits_are_learned_without_a_mistake(void)
{
    Run run = run_new(RECIPE_LEARNS(1000), work_default_threads());
    run_until(&run, 1000);
    CU_ASSERT_EQUAL(run.last.right, run.recipe->batch);
    CU_ASSERT_EQUAL(count_right(&run), 10000);
    run_free(&run);
}

#endif

static void the_rate_rises_and_falls(void)
{
    CU_ASSERT(schedule_share(SCHEDULE_SMOOTH, 10, 110, 5) == 0.5f);
    CU_ASSERT(schedule_share(SCHEDULE_SMOOTH, 10, 110, 10) == 1.0f);
    CU_ASSERT(schedule_share(SCHEDULE_SMOOTH, 10, 110, 11) == 1.0f);
    CU_ASSERT(schedule_share(SCHEDULE_SMOOTH, 10, 110, 61) == 0.5f);
    CU_ASSERT(schedule_share(SCHEDULE_SMOOTH, 10, 110, 110) < 0.001f);
    CU_ASSERT(schedule_share(SCHEDULE_SMOOTH, 10, 110, 110) > 0.0f);
    CU_ASSERT(schedule_share(SCHEDULE_CONSTANT, 0, 110, 100) == 1.0f);
}

// One parameter, by hand: after the first step both moments are corrected to g and g^2.
static void adamw_moves_by_the_rate_and_decays(void)
{
    AdamW adam = {.beta1 = 0.9f, .beta2 = 0.5f, .epsilon = 0.0f, .decay = 0.25f};
    float p[] = {2.0f, 2.0f}, m[2] = {0}, v[2] = {0}, g[] = {3.0f, -0.5f};
    adamw_update(adam, adamw_step(adam, 1, 0.125f), g, 2, p, m, v);
    CU_ASSERT_DOUBLE_EQUAL((double)p[0], 2.0 - 0.125 * (1.0 + 0.5), 1e-6);
    CU_ASSERT_DOUBLE_EQUAL((double)p[1], 2.0 - 0.125 * (-1.0 + 0.5), 1e-6);
    CU_ASSERT_DOUBLE_EQUAL((double)m[0], 0.3, 1e-6);
    CU_ASSERT_DOUBLE_EQUAL((double)v[0], 4.5, 1e-6);
}

static void replay_keeps_the_newest(void)
{
    Replay *replay = heap_alloc(1, sizeof *replay);
    uint8_t symbols[TASK_COLUMNS_MAX] = {0};
    Rng rng = rng_new(1, 1);
    replay->added = 0;
    for (int i = 0; i < REPLAY_SIZE + 100; i++) {
        symbols[0] = i < 100 ? 1 : 2;
        replay_add(replay, symbols);
        replay_draw(replay, &rng, symbols);
        CU_ASSERT(symbols[0] == 1 || (symbols[0] == 2 && i >= 100));
    }
    for (int i = 0; i < 5000; i++) {
        replay_draw(replay, &rng, symbols);
        CU_ASSERT_EQUAL(symbols[0], 2);
    }
    free(replay);
}

#define TESTS(X)                                                                                   \
    X(any_number_of_threads_gives_the_same_bits)                                                   \
    X(every_instruction_set_gives_the_same_bits)                                                   \
    X(another_seed_gives_other_weights)                                                            \
    X(stopping_and_going_on_changes_nothing)                                                       \
    X(rounds_have_a_rate_of_their_own)                                                             \
    X(restarts_begin_with_other_weights)                                                           \
    X(exchanges_give_the_same_bits_for_any_number_of_threads)                                      \
    X(pairs_have_the_same_target_and_every_other_one_exchanges)                                    \
    X(a_ramp_puts_columns_in_a_row)                                                                \
    X(found_questions_are_asked_again)                                                             \
    X(a_state_of_another_training_or_damaged_is_refused)                                           \
    X(a_recorded_hash_is_no_part_of_the_identity)                                                  \
    X(the_rate_rises_and_falls)                                                                    \
    X(adamw_moves_by_the_rate_and_decays)                                                          \
    X(replay_keeps_the_newest)                                                                     \
    LONG_TESTS(X)

RUN_TESTS("train/trainer", TESTS)
