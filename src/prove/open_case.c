#include "open_case.h"

#include <stdlib.h>

typedef struct Candidate {
    const EdgeCase *edge_case;
    int order;
    mpz_t inputs;
} Candidate;

static int by_size(const void *a, const void *b)
{
    const Candidate *x = a, *y = b;
    int order = mpz_cmp(y->inputs, x->inputs);
    return order != 0 ? order : x->order - y->order;
}

static bool same_split(const Split *a, const Split *b)
{
    return a->kind == b->kind && a->column == b->column && a->which == b->which;
}

// A later condition on the same split says more.
static bool said_later(const Node *node, int condition)
{
    for (int i = condition + 1; i < node->n_conditions; i++)
        if (same_split(&node->condition[i].split, &node->condition[condition].split))
            return true;
    return false;
}

static char *sentence(Arena *arena, const Task *task, const Node *node)
{
    Text text = {0};
    bool first = true;
    position_say(&text, task, task->prompt + node->answer);
    for (int i = 0; i < node->n_conditions; i++) {
        if (said_later(node, i))
            continue;
        text_add(&text, first ? " when " : " and ");
        condition_say(&text, task, &node->condition[i]);
        first = false;
    }
    if (first)
        text_add(&text, " on every input");
    char *copy = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return copy;
}

static OpenCase open_case(Arena *arena, const Claim *claim, const Candidate *candidate)
{
    const Node *node = &candidate->edge_case->node;
    OpenCase open = {.edge_case = candidate->edge_case,
                     .sentence = sentence(arena, claim->task, node)};
    char *inputs = mpz_get_str(NULL, 10, candidate->inputs);
    open.inputs = arena_strdup(arena, inputs);
    free(inputs);
    uint8_t symbols[TASK_COLUMNS_MAX];
    region_first(node->region, symbols);
    open.sample = witness_of(arena, claim, node->refuted ? node->wrong : symbols);
    return open;
}

static int count_open(const NetworkProof *proof)
{
    int count = 0;
    for (int a = 0; a < proof->answer; a++)
        count += proof->position[a].n_cases - proof->position[a].n_proved;
    return count;
}

int open_cases(Arena *arena, const Claim *claim, const NetworkProof *proof, int most,
               OpenCase *ret_cases)
{
    int total = count_open(proof), count = 0;
    Candidate *candidate = heap_alloc((size_t)total, sizeof *candidate);
    for (int a = 0; a < proof->answer; a++)
        for (int i = 0; i < proof->position[a].n_cases; i++) {
            const EdgeCase *edge_case = &proof->position[a].cases[i];
            if (edge_case->proved)
                continue;
            candidate[count] = (Candidate){.edge_case = edge_case, .order = count};
            mpz_init(candidate[count].inputs);
            region_count(edge_case->node.region, candidate[count++].inputs);
        }
    qsort(candidate, (size_t)total, sizeof *candidate, by_size);
    for (int i = 0; i < total && i < most; i++)
        ret_cases[i] = open_case(arena, claim, &candidate[i]);
    for (int i = 0; i < total; i++)
        mpz_clear(candidate[i].inputs);
    free(candidate);
    return total;
}
