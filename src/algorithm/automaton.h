// The scan of a spec as a finite automaton: which combinations of state values can occur at all,
// and what each column does to them. Only assumptions about every column alike are taken into
// account, so it holds for any number of columns.
#pragma once

#include <stdint.h>

#include "family.h"

enum { AUTOMATON_STATES_MAX = 64, AUTOMATON_INPUTS_MAX = 3 };

typedef struct Transition {
    int from, to;
    const uint8_t *digits; // [n_numbers] of one column: inputs, and scanned answers
} Transition;

typedef struct Automaton {
    const Spec *spec;
    long long **state; // [n_states] -> values of the spec's states; the first is the initial one
    int n_states;
    bool *entered; // [n_states] some transition leads there
    Transition *transition;
    int n_transitions;
    const char *fault; // what goes wrong in a state that occurs, in words, or NULL; the automaton
                       // then ends there
    const char *obstacle; // why it cannot be made (too many states or inputs), or NULL
} Automaton;

Automaton automaton_of(Arena *arena, const Spec *spec, const Family *family);

// "c = 1, lower = 0"; "no state" without any.
char *automaton_show_state(Arena *arena, const Automaton *automaton, int state);

// "a = 3, b = 9 with c = 1 give s = 3, c = 1"
char *automaton_show_transition(Arena *arena, const Automaton *automaton, const Transition *t);
