#include "task_samples.h"

#include <string.h>

#include "region.h"

const char sample_addition[] = "param n = 3\n"
                               "input a, b : number of n digits\n"
                               "prompt a \"+\" b \"=\"\n"
                               "answer s : number of n+1 digits\n"
                               "require s = a + b\n"
                               "algorithm\n"
                               "  scan from least significant\n"
                               "    state c in 0..1, initially 0\n"
                               "    digit s[i] = (a[i] + b[i] + c) mod 10\n"
                               "    next c = (a[i] + b[i] + c) div 10\n"
                               "  finally s[n] = c\n";

const char sample_difference[] = "param n = 2\n"
                                 "input a, b : number of n digits\n"
                                 "prompt a \"-\" b \"=\"\n"
                                 "answer w : number of 1 digits \"|\" d : number of n digits\n"
                                 "require d = a - b + w * 10^n\n"
                                 "algorithm\n"
                                 "  scan from least significant\n"
                                 "    state c in 0..1, initially 0\n"
                                 "    digit d[i] = (a[i] - b[i] - c) mod 10\n"
                                 "    next c = -((a[i] - b[i] - c) div 10)\n"
                                 "  finally w[0] = c\n";

Status sample_compile(Arena *arena, const char *text, long long n, Task **ret_task, Diag *diag)
{
    Spec *spec;
    SpecSetting setting = {"n", n};
    TRY(spec_parse(arena, "sample.spec", text, strlen(text), &setting, n > 0, &spec, diag));
    return task_new(arena, spec, ret_task, diag);
}

Task *sample_task(Arena *arena, const char *text, long long n)
{
    Task *task;
    Diag diag;
    CHECK(sample_compile(arena, text, n, &task, &diag) == STATUS_OK);
    return task;
}

// ---- two branches -------------------------------------------------------------------------------

int sample_signed_step(int state, int a, int b, int *ret_digit)
{
    bool minus = state >= 2, borrowed = state == 1 || state == 3;
    int difference = (minus ? b - a : a - b) - borrowed;
    *ret_digit = (difference + 10) % 10;
    if (!minus)
        return difference < 0;
    return difference < 0 ? 3 : state == 2 && difference == 0 ? 2 : 4;
}

static TokenSource table_source(Arena *arena, TokenKind kind, int column, int which, uint8_t **ret)
{
    *ret = ARENA_NEW(arena, uint8_t, 500);
    return (TokenSource){kind, -1, column, which, *ret};
}

static void lay_out(Arena *arena, Task *task, int n)
{
    uint8_t *a, *b, *sign, *digit;
    TokenSource *source = task->source = ARENA_NEW(arena, TokenSource, 3 * n + 3);
    TokenSource sources[4] = {table_source(arena, TOKEN_INPUT, 0, 0, &a),
                              table_source(arena, TOKEN_INPUT, 0, 1, &b),
                              table_source(arena, TOKEN_OUTPUT, n - 1, 0, &sign),
                              table_source(arena, TOKEN_OUTPUT, 0, 1, &digit)};
    for (int e = 0; e < 500; e++) {
        int value;
        a[e] = (uint8_t)(e / 10 % 10);
        b[e] = (uint8_t)(e % 10);
        sample_signed_step(e / 100, e / 10 % 10, e % 10, &value);
        sign[e] = e / 100 >= 2 ? 11 : 10;
        digit[e] = (uint8_t)value;
    }
    for (int c = 0; c < n; c++) {
        source[n - 1 - c] = sources[0];
        source[2 * n - c] = sources[1];
        source[3 * n + 2 - c] = sources[3];
        source[n - 1 - c].column = source[2 * n - c].column = source[3 * n + 2 - c].column = c;
    }
    source[n] = (TokenSource){TOKEN_FIXED, 11, -1, 0, NULL};
    source[2 * n + 1] = (TokenSource){TOKEN_FIXED, 12, -1, 0, NULL};
    source[2 * n + 2] = sources[2];
    task->prompt = 2 * n + 2;
    task->answer = n + 1;
}

// The effects of symbols, and their classes, as task.c makes them.
static void classify(Arena *arena, Task *task)
{
    uint8_t *effect = ARENA_NEW(arena, uint8_t, 500), *move = ARENA_NEW(arena, uint8_t, 100);
    for (int e = 0; e < 500; e++)
        effect[e % 100 * 5 + e / 100] = task->next[e];
    for (int s = 0; s < 100; s++) {
        int first = 0;
        while (memcmp(effect + 5 * first, effect + 5 * s, 5) != 0)
            first++;
        move[s] = first < s ? move[first] : (uint8_t)task->moves++;
    }
    task->effect = effect;
    task->move = move;
}

Task *sample_signed(Arena *arena, int n)
{
    static const char *alphabet[] = {"0", "1", "2", "3", "4", "5", "6",
                                     "7", "8", "9", "+", "-", "="};
    Task *task = ARENA_NEW(arena, Task, 1);
    uint8_t *next = ARENA_NEW(arena, uint8_t, 500), *reachable = ARENA_NEW(arena, uint8_t, 5);
    uint8_t *allowed = ARENA_NEW(arena, uint8_t, n * 100);
    int digit;
    *task = (Task){.columns = n,
                   .symbols = 100,
                   .states = 5,
                   .inputs = 2,
                   .starts = 1 << 0 | 1 << 2,
                   .accepts = 1 << 0 | 1 << 4,
                   .reachable = reachable,
                   .next = next,
                   .allowed = allowed,
                   .alphabet = alphabet,
                   .n_alphabet = 13};
    for (int e = 0; e < 500; e++)
        next[e] = (uint8_t)sample_signed_step(e / 100, e / 10 % 10, e % 10, &digit);
    classify(arena, task);
    memset(reachable, 1, 5);
    memset(allowed, 1, (size_t)n * 100);
    lay_out(arena, task, n);
    return task;
}

// ---- the invariant ------------------------------------------------------------------------------

typedef uint64_t
    Pairs[TASK_STATES_MAX]; // for each state, those that the same symbols lead to as well

static void pairs_after(const Task *task, int column, const Pairs before, Pairs ret_after)
{
    for (int p = 0; p < task->states; p++)
        for (int q = 0; q < p; q++)
            for (int s = 0; s < task->symbols && (before[p] >> q & 1); s++) {
                int to = task->next[p * task->symbols + s],
                    other = task->next[q * task->symbols + s];
                if (task->allowed[column * task->symbols + s] && to != TASK_NO_STATE &&
                    other != TASK_NO_STATE)
                    ret_after[to > other ? to : other] |= UINT64_C(1) << (to > other ? other : to);
            }
}

// Two paths with the same symbols begin in two starts and end in two accepted states, or meet.
static bool no_two_paths_alike(const Task *task)
{
    Pairs now = {0};
    for (int p = 0; p < task->states; p++)
        if (task_has_state(task->starts, p))
            now[p] = task->starts & ((UINT64_C(1) << p) - 1);
    for (int c = 0; c < task->columns; c++) {
        Pairs after = {0};
        pairs_after(task, c, now, after);
        memcpy(now, after, sizeof now);
    }
    for (int p = 0; p < task->states; p++)
        if (task_has_state(task->accepts, p) && now[p] & task->accepts)
            return false;
    return true;
}

bool sample_has_unique_paths(const Task *task)
{
    Arena *arena = arena_new();
    mpz_t count, inputs;
    mpz_init(count);
    mpz_init_set_ui(inputs, 1);
    for (int c = 0; c < task->columns; c++) {
        unsigned long allowed = 0;
        for (int s = 0; s < task->symbols; s++)
            allowed += task->allowed[c * task->symbols + s] != 0;
        mpz_mul_ui(inputs, inputs, allowed);
    }
    region_count(region_full(arena, task), count);
    bool unique = mpz_cmp(count, inputs) == 0 && no_two_paths_alike(task);
    mpz_clears(count, inputs, NULL);
    arena_free(arena);
    return unique;
}
