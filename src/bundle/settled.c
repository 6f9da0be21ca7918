// By induction over the columns, in whole numbers of any size: the least value of each literal on the paths that have
// come to each state.
#include "settled.h"

#include <stdlib.h>
#include <string.h>

#include "region.h"

#define STEPS_MAX (1ll << 28) // K4

typedef struct Walk {
    const Task *task;
    const Region *region; // trimmed: all its edges lie on paths
    const Quantities *quantities;
    const Linear **literal; // of all clauses, one after the other
    int literals;
    mpz_t *share;      // [quantities]: what an edge gives to each
    mpz_t *now, *then; // [states * literals]: the least value before a column, and after it
    uint64_t reached;  // states after the column
} Walk;

static mpz_t *numbers_new(int count)
{
    mpz_t *number = heap_alloc((size_t)count, sizeof *number);
    for (int i = 0; i < count; i++)
        mpz_init(number[i]);
    return number;
}

static void numbers_free(mpz_t *number, int count)
{
    for (int i = 0; i < count; i++)
        mpz_clear(number[i]);
    free(number);
}

static void walk_init(Walk *walk, Arena *arena, const Task *task, const Clauses *clauses)
{
    *walk = (Walk){.task = task, .quantities = &clauses->quantities};
    walk->region = region_full(arena, task);
    walk->literal = ARENA_NEW(arena, const Linear *, (size_t)clauses->literals);
    for (int k = 0; k < clauses->count; k++)
        for (int l = 0; l < clauses->clause[k].count; l++)
            walk->literal[walk->literals++] = clauses->clause[k].literal[l];
    walk->share = numbers_new(walk->quantities->count);
    walk->now = numbers_new(task->states * walk->literals);
    walk->then = numbers_new(task->states * walk->literals);
    for (int i = 0; i < task->states * walk->literals; i++)
        mpz_set(walk->now[i], walk->literal[i % walk->literals]->constant);
}

static void walk_clear(Walk *walk)
{
    numbers_free(walk->share, walk->quantities->count);
    numbers_free(walk->now, walk->task->states * walk->literals);
    numbers_free(walk->then, walk->task->states * walk->literals);
}

// The digit that a token is, or its place in the list of a choice.
static unsigned long token_counts(const SpecNumber *number, const char *token)
{
    unsigned long place = 0;
    if (!spec_is_choice(number))
        return (unsigned long)(*token - '0');
    while (strcmp(number->choices[place], token) != 0)
        place++;
    return place;
}

// Of the positions of other columns, nothing.
static void set_share(mpz_t share, const Task *task, const Quantity *quantity, int column, int edge)
{
    int position[SPEC_DIGITS_MAX], count = quantity_positions(task->spec, quantity, position);
    mpz_set_ui(share, 0);
    for (int d = 0; d < count; d++) {
        const TokenSource *source = &task->source[position[d]];
        mpz_mul_ui(share, share, SPEC_BASE);
        if (task_source_column(task, source) == column)
            mpz_add_ui(share, share,
                       token_counts(&task->spec->numbers[quantity->number],
                                    task->alphabet[task_edge_token(task, source, edge)]));
    }
}

static void pass_edge(Walk *walk, int column, int edge)
{
    int from = edge / walk->task->symbols, to = walk->task->next[edge];
    bool first = !task_has_state(walk->reached, to);
    mpz_t value;
    mpz_init(value);
    for (int i = 0; i < walk->quantities->count; i++)
        set_share(walk->share[i], walk->task, &walk->quantities->item[i], column, edge);
    for (int l = 0; l < walk->literals; l++) {
        mpz_t *least = &walk->then[to * walk->literals + l];
        mpz_set(value, walk->now[from * walk->literals + l]);
        for (int i = 0; i < walk->quantities->count; i++)
            mpz_addmul(value, walk->literal[l]->coefficient[i], walk->share[i]);
        if (first || mpz_cmp(value, *least) < 0)
            mpz_set(*least, value);
    }
    mpz_clear(value);
    walk->reached |= UINT64_C(1) << to;
}

static void pass_column(Walk *walk, int column)
{
    mpz_t *before = walk->now;
    walk->reached = 0;
    for (int edge = 0; edge < region_edges(walk->region); edge++)
        if (region_has(walk->region, column, edge))
            pass_edge(walk, column, edge);
    walk->now = walk->then;
    walk->then = before;
}

// Whether one of these literals is at least 0 on all paths into this state.
static bool some_holds(const Walk *walk, int state, int first, int count)
{
    for (int l = first; l < first + count; l++)
        if (mpz_sgn(walk->now[state * walk->literals + l]) >= 0)
            return true;
    return false;
}

static bool is_settled(const Walk *walk, const Clauses *clauses)
{
    for (int k = 0, first = 0; k < clauses->count; first += clauses->clause[k++].count)
        for (int q = 0; q < walk->task->states; q++)
            if (task_has_state(walk->reached, q) &&
                !some_holds(walk, q, first, clauses->clause[k].count))
                return false;
    return true;
}

static long long digits_of(const Task *task, const Quantities *quantities, const Linear *literal)
{
    int position[SPEC_DIGITS_MAX];
    long long count = 0;
    for (int i = 0; i < quantities->count; i++)
        if (mpz_sgn(literal->coefficient[i]) != 0)
            count += quantity_positions(task->spec, &quantities->item[i], position);
    return count;
}

bool settled_in_time(const Task *task, const Clauses *clauses)
{
    long long edges = (long long)task->columns * task->states * task->symbols, steps = 0;
    for (int k = 0; k < clauses->count; k++)
        for (int l = 0; l < clauses->clause[k].count; l++)
            steps += digits_of(task, &clauses->quantities, clauses->clause[k].literal[l]) * edges;
    return steps <= STEPS_MAX;
}

bool settled_all(const Task *task, const Clauses *clauses)
{
    Arena *arena = arena_new();
    Walk walk;
    walk_init(&walk, arena, task, clauses);
    for (int c = 0; c < task->columns; c++)
        pass_column(&walk, c);
    bool settled = is_settled(&walk, clauses);
    walk_clear(&walk);
    arena_free(arena);
    return settled;
}
