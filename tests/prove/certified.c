#include "certified.h"

Status certified_new(Arena *arena, WorkPool *pool, const Claim *claim, Certified *ret_certified,
                     Diag *diag)
{
    NetworkOptions options = {.mu = FIX_ONE / 1024, .budget = 100000, .rlimit = 20000000};
    ret_certified->claim = claim;
    return network_prove(arena, pool, claim, &options, &ret_certified->proof, diag);
}

static void symbols_of(const Task *task, const int *tokens, uint8_t *ret_symbols)
{
    int n = task->columns;
    for (int c = 0; c < n; c++)
        ret_symbols[c] = (uint8_t)(10 * tokens[n - 1 - c] + tokens[2 * n - c]);
}

const Node *certified_case(const Certified *certified, const int *tokens, int answer)
{
    const PositionProof *position = &certified->proof.position[answer];
    const EdgeCase *found = NULL;
    uint8_t symbols[TASK_COLUMNS_MAX];
    int count = 0;
    symbols_of(certified->claim->task, tokens, symbols);
    for (int i = 0; i < position->n_cases; i++)
        if (region_contains(position->cases[i].node.region, symbols)) {
            found = &position->cases[i];
            count++;
        }
    return count == 1 && found->proved ? &found->node : NULL;
}
