// Looks at the proof of models that are right and wrong: what is closed, and which questions come out.
#include <string.h>

#include "harness.h"
#include "safetensors.h"
#include "train_look.h"

typedef struct Looked {
    Arena *arena;
    Task *task;
    Model *model;
    Replay replay;
    TrainLook look;
} Looked;

static void look(Looked *c, const char *model, int digits, unsigned long regions, int threads)
{
    SpecSetting set = {"n", digits};
    TrainLookOptions options = {.regions = regions, .seed = 1, .stream = 2};
    Spec *spec;
    Diag diag;
    c->arena = arena_new();
    WorkPool *pool = work_pool_new(threads);
    CU_ASSERT_EQUAL_FATAL(
        spec_parse_file(c->arena, SPECS_DIR "/addition.spec", &set, 1, &spec, &diag), STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(task_new(c->arena, spec, &c->task, &diag), STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(model_read(c->arena, model, &c->model, &diag), STATUS_OK);
    Status status = train_look(pool, c->task, c->model, &options, &c->replay, &c->look, &diag);
    CU_ASSERT_EQUAL(status, STATUS_OK);
    work_pool_free(pool);
}

#define SMALL_D2 CHECK_DIR "/small_d2/model.safetensors"
// Adding one digit, it always answers 14.
#define ALWAYS_14 CLI_DIR "/always_14.safetensors"

static void a_wrong_model_is_not_closed_and_its_wrong_answers_are_found(void)
{
    Looked c = {0};
    look(&c, ALWAYS_14, 1, 100, 1);
    CU_ASSERT_FALSE(c.look.closed);
    CU_ASSERT(c.look.wrong > 80 && c.look.cases == 0 && c.look.regions == 0);
    CU_ASSERT_EQUAL(c.replay.n_found, c.look.wrong);
    int wrong = 0;
    for (uint64_t i = 0; i < c.replay.n_found; i++) {
        int symbol = c.replay.found[i][0];
        wrong += symbol / 10 + symbol % 10 != 14;
        CU_ASSERT(symbol < 100);
    }
    CU_ASSERT_EQUAL(wrong, c.look.wrong);
    arena_free(c.arena);
}

static void a_model_that_can_be_proved_is_closed(void)
{
    Looked c = {0};
    look(&c, SMALL_D2, 2, 100000, 2);
    CU_ASSERT(c.look.closed);
    CU_ASSERT_EQUAL(c.look.open, 0);
    CU_ASSERT(c.look.cases > 40 && c.look.regions >= (unsigned long)c.look.cases);
    CU_ASSERT(c.look.wrong == 0 && c.look.refuted == 0);
    CU_ASSERT(c.replay.n_found > 0);
    arena_free(c.arena);
}

static void the_budget_leaves_cases_open(void)
{
    Looked c = {0};
    look(&c, SMALL_D2, 2, 1, 1);
    CU_ASSERT_FALSE(c.look.closed);
    CU_ASSERT(c.look.open > 0);
    arena_free(c.arena);
}

static void threads_change_nothing(void)
{
    Looked one = {0}, two = {0};
    look(&one, SMALL_D2, 2, 50, 1);
    look(&two, SMALL_D2, 2, 50, 2);
    CU_ASSERT(one.look.cases == two.look.cases && one.look.open == two.look.open);
    CU_ASSERT_EQUAL(one.look.regions, two.look.regions);
    CU_ASSERT_EQUAL(one.replay.n_found, two.replay.n_found);
    CU_ASSERT(memcmp(one.replay.found, two.replay.found, sizeof one.replay.found) == 0);
    arena_free(one.arena);
    arena_free(two.arena);
}

// What an earlier look found is kept.
static void each_look_adds_to_what_was_found(void)
{
    Looked c = {0};
    uint8_t old[TASK_COLUMNS_MAX] = {99, 77};
    for (int i = 0; i < 10; i++)
        replay_add_found(&c.replay, old);
    look(&c, ALWAYS_14, 1, 100, 1);
    CU_ASSERT(c.replay.n_found > 10);
    for (uint64_t i = 0; i < c.replay.n_found; i++)
        CU_ASSERT((c.replay.found[i][1] == 77) == (i < 10));
    arena_free(c.arena);
}

#define TESTS(X)                                                                                   \
    X(a_wrong_model_is_not_closed_and_its_wrong_answers_are_found)                                 \
    X(a_model_that_can_be_proved_is_closed)                                                        \
    X(the_budget_leaves_cases_open)                                                                \
    X(threads_change_nothing)                                                                      \
    X(each_look_adds_to_what_was_found)

RUN_TESTS("cli/train_look", TESTS)
