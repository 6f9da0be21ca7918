// A digit-serial task: which token stands at which position, for every input at once.
//
// The task is what the spec says, compiled to finite tables. Column i of an input holds one
// *symbol*: the digits of all input numbers in that column (for two numbers, 10 a_i + b_i). The
// algorithm scans the columns from the least significant and carries one of a few *states*. An input
// is a sequence of symbols; unrolled, the scan is a trellis whose paths are the inputs (region.h).
// Nothing here knows about addition.
//
// Two things are known on the whole path. Choices of the input (the sign between two numbers) make
// a column of their own, the *lead*, which stands before those of digits; its symbol settles the
// *option*. And where digits depend on how the scan ends (on the sign of a difference), the path
// begins with a *guess* of that, and is accepted only if it ends so (task_guess.c). A state is a guess,
// an option and the declared states, combined to one number; before the lead, a guess alone.
//
// A path begins in one of the starts and ends in an accepted state. What is only known after the last
// column can so be guessed at the start, and is confirmed at the end. Every sequence of allowed symbols
// has exactly one path.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "diag.h"
#include "rng.h"
#include "spec.h"

enum {
    TASK_SYMBOLS_MAX = 100, // two input numbers
    TASK_OPTIONS_MAX = 10,
    TASK_STATES_MAX = 64,
    TASK_NO_STATE = 255,
    TASK_COLUMNS_MAX = SPEC_DIGITS_MAX + 1,
    TASK_POSITIONS_MAX = 512,
    TASK_TOKENS_MAX = 64, // texts in the task's alphabet
};

typedef enum TokenKind {
    TOKEN_FIXED,  // `token`
    TOKEN_INPUT,  // digit of input number `which` in column `column`; from Task.inputs on, a choice
    TOKEN_OUTPUT, // digit rule `which` of the scan in column `column`
    TOKEN_FINAL,  // rule `which` after the scan: a function of the last state
} TokenKind;

// What stands at a position. `table` gives the token (an index into Task.alphabet): for TOKEN_INPUT
// by symbol, for TOKEN_OUTPUT by state-in * symbols + symbol, for TOKEN_FINAL by state.
typedef struct TokenSource {
    TokenKind kind;
    int token, column, which;
    const uint8_t *table;
} TokenSource;

typedef struct Task {
    const Spec *spec;
    int columns, symbols, states;
    int inputs;               // input numbers; a symbol has this many digits
    int lead, choices;        // columns of choices, 0 or 1; choices of the input
    const int *choice;        // [choices] each an index into spec->numbers
    int options;              // combinations of choices: symbols of the lead; 1 without any
    int scans, initial;       // combinations of declared states; the first one
    int guesses;              // of how the scan ends
    const uint8_t *guess;     // [scans] the guess that is right if it ends so
    uint64_t starts, accepts; // sets of states: before column 0, and after the last column
    const uint8_t *reachable; // [states]
    const uint8_t *next;      // [states * symbols], TASK_NO_STATE where there is no edge
    const uint8_t *effect; // [symbols * states]: the state that the digits of a symbol lead to from
                           // every state behind the lead, reachable or not; TASK_NO_STATE where
                           // the rules give none
    int moves;             // classes of symbols with the same effect
    const uint8_t *move;   // [symbols] the class of each
    const uint8_t *allowed; // [columns * symbols]: 1 if the precondition admits the symbol there
    const char **alphabet;  // texts of the tokens that occur
    int n_alphabet;
    int prompt, answer;  // lengths; position p < prompt + answer
    TokenSource *source; // [prompt + answer]
} Task;

// Digit of input number `which` in a symbol.
int task_symbol_digit(const Task *task, int symbol, int which);

// What choice `which` is in an option: a place in its list.
int task_option_choice(const Task *task, int option, int which);

// The parts of a state. Only a guess is known before the lead.
int task_state(const Task *task, int guess, int option, int scan);
bool task_is_lead(const Task *task, int state); // before the lead
int task_state_guess(const Task *task, int state);
int task_state_option(const Task *task, int state); // Requires: not before the lead
int task_state_scan(const Task *task, int state);   // Requires: not before the lead

// Some combination of declared states that confirms a guess.
int task_guess_member(const Task *task, int guess);

// Whether a choice stands at a position, of the input or of the answer.
bool task_is_choice(const Task *task, int position);

static inline bool task_has_state(uint64_t states, int state)
{
    return states >> state & 1;
}

// The states of the input's path: before each column, and after the last one. False if it has none
// (some symbol is not allowed).
bool task_path(const Task *task, const uint8_t *symbols, uint8_t ret_states[TASK_COLUMNS_MAX + 1]);

// The token (index into alphabet) that a source gives on an edge: state and symbol of its column;
// for TOKEN_FINAL, the last state.
int task_source_token(const Task *task, const TokenSource *source, int state, int symbol);

// The column on whose edge the token depends, -1 for a fixed one; and the token on an edge of it (state *
// symbols + symbol).
int task_source_column(const Task *task, const TokenSource *source);
int task_edge_token(const Task *task, const TokenSource *source, int edge);

// Compiles a spec. Errors: STATUS_MALFORMED (too large, a rule that leaves its range, see docs).
MUST_USE Status task_new(Arena *arena, const Spec *spec, Task **ret_task, Diag *diag);

// The tokens (model ids, through ids[alphabet index]) of prompt and right answer, prompt + answer
// of them, for an input given by its symbols, least significant column first. Requires: it has a path.
void task_tokens(const Task *task, const int *ids, const uint8_t *symbols, int *ret_tokens);

// Those of the prompt alone (indices into the alphabet), whether the input has a path or not.
void task_prompt_tokens(const Task *task, const uint8_t *symbols, int *ret_tokens);

// ids[k] = id of alphabet[k] in a vocabulary of V texts. Errors: STATUS_MALFORMED (T006) when a
// token is missing.
MUST_USE Status task_bind(const Task *task, char *const *vocab, int V, int *ret_ids, Diag *diag);

// The value of declared state `which` in a combination, and in a state not before the lead.
long long task_scan_value(const Task *task, int scan, int which);
long long task_state_value(const Task *task, int state, int which);

// Random inputs that meet the precondition (each column's allowed symbols; at least one a column).
void task_sample_uniform(const Task *task, Rng *rng, uint8_t *ret_symbols);

bool task_has_inputs(const Task *task); // false: the precondition admits no input

// With one probability drawn for the whole question, each column gets a symbol that passes the
// state on (its transition is not constant; for addition: digits that sum to 9), else a uniform
// one. Every length of carry chain comes up. Choices are uniform.
void task_sample_chained(const Task *task, Rng *rng, uint8_t *ret_symbols);

// "12345 + 67890": the prompt as a person writes it; the answer of the algorithm, or the one given
// as tokens.
char *task_show_prompt(Arena *arena, const Task *task, const uint8_t *symbols);
char *task_show_answer(Arena *arena, const Task *task, const char *const *tokens);
char *task_show_right(Arena *arena, const Task *task, const uint8_t *symbols);

// Reads a prompt that a person wrote ("12345 + 67890", spaces optional, numbers padded with zeros).
// Errors: STATUS_USAGE.
MUST_USE Status task_read_prompt(const Task *task, const char *text, uint8_t *ret_symbols,
                                 Diag *diag);
