// The parts of a split, against every input of two columns; and what conditions are called.
#include "split.h"

#include <string.h>

#include "harness.h"

enum { INPUTS = 10000 };

static const char addition[] = "input a, b : number of 2 digits\n"
                               "prompt a \"+\" b \"=\"\n"
                               "answer s : number of 3 digits\n"
                               "require s = a + b\n"
                               "algorithm\n"
                               "  scan from least significant\n"
                               "    state c in 0..1, initially 0\n"
                               "    digit s[i] = (a[i] + b[i] + c) mod 10\n"
                               "    next c = (a[i] + b[i] + c) div 10\n"
                               "  finally s[2] = c\n";

static Arena *arena;
static Task *task;

static void begin(void)
{
    Spec *spec;
    Diag diag;
    arena = arena_new();
    CU_ASSERT_EQUAL_FATAL(
        spec_parse(arena, "test.spec", addition, strlen(addition), NULL, 0, &spec, &diag),
        STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(task_new(arena, spec, &task, &diag), STATUS_OK);
}

static void end(void)
{
    arena_free(arena);
    arena = NULL;
}

// Every split of the task, one after another; false behind the last.
static bool every_split(int k, Split *ret_split)
{
    int tokens = task->prompt + task->answer;
    if (k < tokens) {
        *ret_split = (Split){SPLIT_STATE, 1, 0};
        if (task->source[k].kind != TOKEN_FIXED)
            *ret_split = split_by_token(task, k);
        return true;
    }
    k -= tokens;
    *ret_split = (Split){SPLIT_STATE, k % 2, k / 2 % 2};
    ret_split->kind = k / 4 == 0 ? SPLIT_STATE : k / 4 == 1 ? SPLIT_MOVE : SPLIT_DIGIT;
    return k < 12;
}

// What the label of an input should be, by arithmetic. Classes of a sum: in the order of symbols.
static int label_of(const Split *split, int input)
{
    int a[] = {input / 10 % 10, input / 1000}, b[] = {input % 10, input / 100 % 10};
    int carry = a[0] + b[0] >= 10, column = split->column, sum = a[column] + b[column];
    int whole = 10 * (a[1] + b[1]) + a[0] + b[0];
    int tokens[] = {a[1], a[0], -1, b[1], b[0], -1, whole / 100, whole / 10 % 10, whole % 10};
    switch (split->kind) {
    case SPLIT_TOKEN:
        return tokens[split->which];
    case SPLIT_STATE:
        return column == 1 && carry;
    case SPLIT_MOVE:
        return sum < 9 ? 0 : sum == 9 ? 1 : 2;
    default:
        return split->which == 0 ? a[column] : b[column];
    }
}

static void to_symbols(int input, uint8_t *ret_symbols)
{
    ret_symbols[0] = (uint8_t)(input % 100);
    ret_symbols[1] = (uint8_t)(input / 100);
}

static Region *random_region(Rng *rng, uint32_t percent)
{
    Region *region = region_full(arena, task);
    for (int c = 0; c < 2; c++)
        for (int e = 0; e < region_edges(region); e++)
            if (rng_below(rng, 100) >= percent)
                region_drop(region, c, e);
    return region_trim(region) ? region : random_region(rng, percent);
}

// The part of an input is the one that holds its label; no other part has it.
static void check_parts(const Region *region, const Split *split, const Condition *conditions,
                        int count)
{
    const Region *part[SPLIT_LABELS_MAX];
    uint8_t symbols[2];
    int wrong = 0;
    for (int k = 0; k < count; k++)
        part[k] = split_part(arena, region, &conditions[k]);
    for (int input = 0; input < INPUTS; input++) {
        to_symbols(input, symbols);
        bool inside = region_contains(region, symbols);
        for (int k = 0; k < count; k++) {
            bool expected = inside && condition_has(&conditions[k], label_of(split, input));
            wrong += expected != (part[k] && region_contains(part[k], symbols));
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void parts_hold_the_inputs_of_their_labels(void)
{
    Rng rng = rng_new(1, 0);
    Split split;
    begin();
    for (int k = 0; every_split(k, &split); k++) {
        int labels[SPLIT_LABELS_MAX];
        const Region *region = random_region(&rng, k % 2 ? 20 : 80);
        Condition conditions[SPLIT_LABELS_MAX];
        int count = split_labels(region, &split, labels), parts = 1 + k % 3;
        for (int i = 0; i < parts; i++)
            conditions[i] = (Condition){.split = split};
        for (int i = 0; i < count; i++)
            label_set_add(&conditions[rng_below(&rng, (uint32_t)parts)].labels, labels[i]);
        check_parts(region, &split, conditions, parts);
    }
    end();
}

static void labels_are_those_of_the_inputs(void)
{
    Rng rng = rng_new(2, 0);
    Split split;
    begin();
    for (int k = 0; every_split(k, &split); k++) {
        const Region *region = random_region(&rng, 10);
        int labels[SPLIT_LABELS_MAX], count = split_labels(region, &split, labels), expected = 0;
        LabelSet seen = {{0, 0}};
        uint8_t symbols[2];
        for (int input = 0; input < INPUTS; input++) {
            to_symbols(input, symbols);
            if (region_contains(region, symbols))
                label_set_add(&seen, label_of(&split, input));
        }
        for (int label = 0; label < SPLIT_LABELS_MAX; label++)
            if (label_set_has(&seen, label)) {
                CU_ASSERT_TRUE(expected < count && labels[expected] == label);
                expected++;
            }
        CU_ASSERT_EQUAL(count, expected);
    }
    end();
}

static void a_part_that_is_empty_is_none(void)
{
    begin();
    Condition both[] = {{.split = {SPLIT_DIGIT, 0, 0}}, {.split = {SPLIT_STATE, 1, 0}}};
    label_set_add(&both[0].labels, 0); // a0 is 0, so that nothing is carried
    label_set_add(&both[1].labels, 1);
    const Region *part = split_part(arena, region_full(arena, task), &both[0]);
    CU_ASSERT_PTR_NOT_NULL_FATAL(part);
    CU_ASSERT_PTR_NULL(split_part(arena, part, &both[1]));
    end();
}

static void says(Split split, const int *labels, const char *expected)
{
    Condition condition = {.split = split};
    Text text = {0};
    for (; *labels >= 0; labels++)
        label_set_add(&condition.labels, *labels);
    condition_say(&text, task, &condition);
    CU_ASSERT_STRING_EQUAL(text_chars(&text), expected);
    text_free(&text);
}

static void conditions_have_words(void)
{
    begin();
    int s1 = task->prompt + 1, s2 = task->prompt;
    says(split_by_token(task, s1), (int[]){7, -1}, "s1 is 7");
    says(split_by_token(task, s1), (int[]){0, 1, 2, -1}, "s1 is 0, 1 or 2");
    says(split_by_token(task, s2), (int[]){1, -1}, "s2 is 1");
    says((Split){SPLIT_STATE, 1, 0}, (int[]){1, -1}, "c = 1 before column 1");
    says((Split){SPLIT_MOVE, 1, 0}, (int[]){1, -1}, "column 1 passes the state on");
    says((Split){SPLIT_MOVE, 0, 0}, (int[]){2, -1}, "column 0 leaves c = 1");
    says((Split){SPLIT_DIGIT, 0, 1}, (int[]){3, 4, -1}, "b0 is 3 or 4");
    end();
}

#define TESTS(X)                                                                                   \
    X(parts_hold_the_inputs_of_their_labels)                                                       \
    X(labels_are_those_of_the_inputs)                                                              \
    X(a_part_that_is_empty_is_none)                                                                \
    X(conditions_have_words)

RUN_TESTS("split", TESTS)
