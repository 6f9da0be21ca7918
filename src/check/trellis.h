// The task (K4): a trellis, the tokens along it, and the claim.
#pragma once

#include "proof_files.h"

#include <gmp.h>
#include <stdbool.h>
#include <stdint.h>

// What stands at a position: a token, or (column >= 0) what a table gives on the edge of a column.
typedef struct Spot {
    int column;
    int source; // the token, or the table
} Spot;

// One of the numbers that the claim speaks of.
typedef struct Number {
    const char *name;
    int64_t coefficient;
    int digits;
    int *position; // most significant first
} Number;

typedef struct Trellis {
    int columns, states, symbols, words; // words: of 64 bits in a set of symbols
    int start;
    int *next;       // [state][symbol], -1 where there is none
    uint64_t *lead;  // [state][state after][word]: the symbols that lead from one to the other
    uint64_t *allow; // [column][word]
    uint64_t *reach; // [column + 1]: the states that a path can be in
    int tokens;
    const char **text; // [token]
    int tables;
    int *table;         // [table][state][symbol], -1 where there is none
    int prompt, length; // positions of the prompt, and all
    Spot *spot;         // [position]
    int numbers;
    Number *number;
    int *options; // [position]: how many tokens can stand there
    int **option; // [position][option]: those, ascending
    mpz_t inputs; // how many there are
} Trellis;

// Reads and checks the task, level A included. Ends the program if anything is amiss.
void trellis_read(Trellis *trellis, const ProofFile *file);
void trellis_clear(Trellis *trellis);

static inline bool set_has(const uint64_t *set, int i)
{
    return set[i / 64] >> i % 64 & 1;
}

static inline int trellis_next(const Trellis *t, int state, int symbol)
{
    return t->next[state * t->symbols + symbol];
}

static inline const uint64_t *trellis_lead(const Trellis *t, int from, int to)
{
    return t->lead + ((size_t)from * (size_t)t->states + (size_t)to) * (size_t)t->words;
}

// Whether this is an edge of the column on a path.
static inline bool trellis_edge(const Trellis *t, int column, int state, int symbol)
{
    return t->reach[column] >> state & 1 && set_has(t->allow + column * t->words, symbol);
}

// The token at a position on an edge of its column; for fixed ones, on any.
static inline int trellis_token(const Trellis *t, int position, int state, int symbol)
{
    const Spot *spot = &t->spot[position];
    return spot->column < 0 ? spot->source
                            : t->table[(spot->source * t->states + state) * t->symbols + symbol];
}
