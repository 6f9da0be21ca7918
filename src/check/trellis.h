// The task (K4): a trellis, the tokens along it, and the claim.
#pragma once

#include "proof_files.h"

#include <gmp.h>
#include <stdbool.h>
#include <stdint.h>

// A set of edges for each column: bits[column][state][word], the symbols of the edges from that state.
typedef struct EdgeSet {
    uint64_t *bits;
} EdgeSet;

// What stands at a position: a token, or (column >= 0) what a table gives on the edge of a column.
typedef struct Spot {
    int column;
    int source; // the token, or the table
} Spot;

// One of the quantities that the claim speaks of: a number with its digits, or a choice with one.
typedef struct Quantity {
    const char *name;
    int digits;
    int *position; // of each, most significant first
    int choices;   // how many tokens are listed; 0: it is a number
    int *token;    // [choice]
    int *value;    // [token]: what it counts as a digit; -1: it is none
    bool named;    // by some literal
} Quantity;

// constant + sum of coefficient * quantity >= 0; decimal numbers.
typedef struct Literal {
    const char *constant;
    const char **coefficient; // [quantity], NULL where there is none
} Literal;

typedef struct Clause {
    int first, literals; // in Trellis.literal
} Clause;

typedef struct Trellis {
    int columns, states, symbols, words; // words: of 64 bits in a set of symbols
    uint64_t start, accept;              // sets of states
    int *next;                           // [state][symbol], -1 where there is none
    uint64_t *lead;  // [state][state after][word]: the symbols that lead from one to the other
    uint64_t *allow; // [column][word]
    int tokens;
    const char **text; // [token]
    int tables;
    int *table;         // [table][state][symbol], -1 where there is none
    int prompt, length; // positions of the prompt, and all
    Spot *spot;         // [position]
    int quantities, literals, clauses;
    Quantity *quantity;
    Literal *literal;
    Clause *clause;
    EdgeSet full; // the edges that lie on a path
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

static inline uint64_t *edge_set_row(const Trellis *t, const EdgeSet *set, int column, int state)
{
    return set->bits + ((size_t)column * (size_t)t->states + (size_t)state) * (size_t)t->words;
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
    return set_has(edge_set_row(t, &t->full, column, state), symbol);
}

// The least state that has an edge on a path in the column for this symbol. Requires: the symbol is allowed there.
int trellis_state(const Trellis *trellis, int column, int symbol);

// The token at a position on an edge of its column; for fixed ones, on any.
static inline int trellis_token(const Trellis *t, int position, int state, int symbol)
{
    const Spot *spot = &t->spot[position];
    return spot->column < 0 ? spot->source
                            : t->table[(spot->source * t->states + state) * t->symbols + symbol];
}
