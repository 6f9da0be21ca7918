// The scan of a spec as a finite automaton: which combinations of state values can occur at all in
// each branch, and what each column does to them. Only assumptions about every column alike are
// taken into account, so it holds for any number of columns.
//
// A column never leaves its branch. The states are found first without a look at the end; the
// values in which a scan can end so are the guesses of the branches, in which it is found again,
// with the digits.
#pragma once

#include <stdint.h>

#include "branches.h"
#include "eval.h"
#include "family.h"

enum { AUTOMATON_STATES_MAX = 256, AUTOMATON_INPUTS_MAX = 3 };

typedef struct Transition {
    int from, to;
    const uint8_t *digits; // [n_numbers] of one column: inputs, and scanned answers; and choices of
                           // the input
} Transition;

typedef struct Automaton {
    const Spec *spec;
    Branches branches;
    bool guesses;      // the branches guess the end
    long long **state; // [n_states] -> values of the spec's states; the first are the initial ones,
                       // one of each branch
    int *branch;       // [n_states]
    int n_states;
    bool *entered; // [n_states] some transition leads there
    Transition *transition;
    int n_transitions;
    const char *fault; // what goes wrong in a state that occurs, in words, or NULL; the automaton
                       // then ends there, perhaps before any guess was made
    const char *obstacle; // why it cannot be made (too many states or inputs), or NULL
} Automaton;

Automaton automaton_of(Arena *arena, const Spec *spec, const Family *family);

// Can a scan end there? Some transition leads there, and the guess of its branch comes true.
bool automaton_can_end(const Automaton *automaton, int state);

// The states, last states and choices of the input as they are in an automaton state.
SpecEnv automaton_environment(const Automaton *automaton, int state);

// "c = 1, lower = 0"; "op = "-", c = 1, and lower = 0 at the end" with choices and a guess.
char *automaton_show_state(Arena *arena, const Automaton *automaton, int state);

// The same without the guess, for a state in which it comes true or does not matter.
char *automaton_show_end(Arena *arena, const Automaton *automaton, int state);

// "a = 3, b = 9 with c = 1": what goes into a column.
char *automaton_show_before(Arena *arena, const Automaton *automaton, int from,
                            const uint8_t *digits);

// "a = 3, b = 9 with c = 1 give s = 3, c = 1"
char *automaton_show_transition(Arena *arena, const Automaton *automaton, const Transition *t);
