// Recipes. Every recipe of tests/golden/recipe is wrong in one way, and beside it stands the
// message that it gets; a file R004-why.recipe shows the code R004. With GOLDEN_ACCEPT set the
// messages are written anew, to be read before they are committed.
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "golden.h"
#include "harness.h"
#include "recipe.h"
#include "recipes.h"

static Status parse(Arena *arena, const char *text, Recipe **ret_recipe, Diag *diag)
{
    return recipe_parse(arena, "dir/test.recipe", text, strlen(text), ret_recipe, diag);
}

static void everything_is_read(void)
{
    Arena *arena = arena_new();
    Recipe *recipe = NULL;
    Diag diag;
    const char text[] = "# a comment\n"
                        "\tspec  ../specs/x.spec # another\r\n"
                        "set n=2\nset m=-7\nvocab + = 1 0\n\n"
                        "layers 2\nheads 3\nd_model 48\nd_head 16\nd_mlp 96\n"
                        "edges 0 dense\nedges 1 self\nedges 1.2 column fixed\n"
                        "steps 100\nbatch 32\nreplayed 0.25\nchained 0.5\nrate 0.003\n"
                        "warm_up 7\nschedule constant\nbeta1 0.9\nbeta2 0.98\n"
                        "epsilon 0.00000001\ndecay 0\nseed 9223372036854775807\n"
                        "smoothing 0.05\nexchange 0.7\nramp 0.2\nrestarts 4\nrounds 7\nround_steps 300\nround_regions 2000\n"
                        "round_rate 0.001";
    CU_ASSERT_EQUAL_FATAL(parse(arena, text, &recipe, &diag), STATUS_OK);
    CU_ASSERT_STRING_EQUAL(recipe->spec, "dir/../specs/x.spec");
    CU_ASSERT_EQUAL(recipe->n_settings, 2);
    CU_ASSERT_STRING_EQUAL(recipe->settings[1].name, "m");
    CU_ASSERT_EQUAL(recipe->settings[1].value, -7);
    CU_ASSERT_EQUAL(recipe->n_vocab, 4);
    CU_ASSERT_STRING_EQUAL(recipe->vocab[1], "=");
    CU_ASSERT(recipe->layers == 2 && recipe->heads == 3 && recipe->d_model == 48);
    CU_ASSERT(recipe->d_head == 16 && recipe->d_mlp == 96 && recipe->steps == 100);
    CU_ASSERT(recipe->batch == 32 && recipe->warm_up == 7);
    CU_ASSERT(recipe->replayed == 0.25f && recipe->chained == 0.5f && recipe->rate == 0.003f);
    CU_ASSERT(recipe->schedule == SCHEDULE_CONSTANT);
    CU_ASSERT(recipe->adam.beta1 == 0.9f && recipe->adam.beta2 == 0.98f);
    CU_ASSERT(recipe->adam.epsilon == 1e-8f && recipe->adam.decay == 0.0f);
    CU_ASSERT_EQUAL(recipe->seed, (uint64_t)INT64_MAX);
    CU_ASSERT_STRING_EQUAL(recipe->sha256, "");
    CU_ASSERT(recipe->smoothing == 0.05f && recipe->rounds == 7 && recipe->restarts == 4 && recipe->round_steps == 300);
    CU_ASSERT(recipe->exchange == 0.7f && recipe->ramp == 0.2f);
    CU_ASSERT(recipe->round_regions == 2000 && recipe->round_rate == 0.001f);
    CU_ASSERT_EQUAL(recipe_patterns(recipe, 0, 2), 1u << EDGE_DENSE);
    CU_ASSERT_EQUAL(recipe_patterns(recipe, 1, 1), 1u << EDGE_SELF);
    CU_ASSERT_EQUAL(recipe_patterns(recipe, 1, 2), 1u << EDGE_COLUMN | 1u << EDGE_FIXED);
    arena_free(arena);
}

static char *message_of(Arena *arena, const char *name, const char *text, size_t size, Diag *diag)
{
    Recipe *recipe;
    char *message = NULL;
    size_t length;
    if (recipe_parse(arena, name, text, size, &recipe, diag) == STATUS_OK)
        return arena_strdup(arena, "no fault found\n");
    FILE *out = open_memstream(&message, &length);
    diag_print(diag, out, 0);
    fclose(out);
    char *copy = arena_strdup(arena, message);
    free(message);
    return copy;
}

static int is_recipe(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".recipe") == 0;
}

static void check_golden(Arena *arena, const char *name)
{
    char *text, *expected = "";
    size_t size, ignored;
    Diag diag = {0}, unused;
    char *path = arena_printf(arena, RECIPES_DIR "/%s", name);
    CU_ASSERT_EQUAL_FATAL(file_read(arena, path, RECIPE_SIZE_MAX, &text, &size, &unused),
                          STATUS_OK);
    char *message = message_of(arena, name, text, size, &diag);
    CU_ASSERT_NSTRING_EQUAL(diag.code, name, 4);
    CU_ASSERT_EQUAL(diag.status, STATUS_MALFORMED);
    path = arena_printf(arena, RECIPES_DIR "/%s.txt", file_stem(arena, name));
    if (getenv("GOLDEN_ACCEPT"))
        CU_ASSERT_EQUAL(file_write(path, message, strlen(message), &unused), STATUS_OK);
    if (file_read(arena, path, RECIPE_SIZE_MAX, &expected, &ignored, &unused) != STATUS_OK)
        CU_FAIL("the expected message is missing");
    CU_ASSERT(golden_equal(name, expected, message));
}

static void every_wrong_recipe_gets_its_message(void)
{
    Arena *arena = arena_new();
    struct dirent **entries;
    int count = scandir(RECIPES_DIR, &entries, is_recipe, alphasort);
    CU_ASSERT_FATAL(count > 0);
    for (int i = 0; i < count; i++) {
        check_golden(arena, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    arena_free(arena);
}

// Nothing that is cut off or changed in one byte does more than fail.
static void no_text_breaks_the_parser(void)
{
    static const char good[] = RECIPE_SMALL(100) "vocab 0 1 2 3 4 5 6 7 8 9 + =\n";
    char text[sizeof good];
    Recipe *recipe;
    Diag diag;
    int parsed = 0;
    for (size_t i = 0; i < sizeof good - 1; i++)
        for (int change = 0; change < 4; change++) {
            Arena *arena = arena_new();
            memcpy(text, good, sizeof good);
            text[i] = "\n9#\xff"[change];
            parsed += recipe_parse(arena, "x", text, sizeof good - 1, &recipe, &diag) == STATUS_OK;
            parsed += recipe_parse(arena, "x", good, i, &recipe, &diag) == STATUS_OK;
            arena_free(arena);
        }
    CU_ASSERT(parsed > 0);
}

#define TESTS(X)                                                                                   \
    X(everything_is_read)                                                                          \
    X(every_wrong_recipe_gets_its_message)                                                         \
    X(no_text_breaks_the_parser)

RUN_TESTS("train/recipe", TESTS)
