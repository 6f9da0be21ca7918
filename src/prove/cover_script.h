// The script of level C for one answer position.
//
// The atoms say what a digit, the state before a column, and a digit of the answer are, and to
// which class of symbols a column belongs. What is asserted of them is true of every input that
// meets the precondition (docs/lemmas/cover.md, Lemma C4): a digit is one of ten, a state is not
// two, and the rules of the spec, applied to every state and symbol, give what they give. The
// questions:
//
//     0               can this be met at all?                            sat is expected
//     1               can the scan leave its states, or make no digit?   unsat
//     2               can an input lie in no case?                       unsat
//     3, 4, ...       can an input of a case that says that token t is right, have another
//                     token? for each t that cases have, ascending       unsat
//
// Cases without a right token are left out of the last. A case is the conjunction of its
// conditions, each a choice of atoms.
#pragma once

#include "cover_rules.h"
#include "network.h"

enum { COVER_QUESTION_RANGE = 1, COVER_QUESTION_MISSED, COVER_QUESTION_TOKENS };

typedef struct CoverSource {
    const Task *task;
    int position; // in the sequence
    const EdgeCase *cases;
    int n_cases;
} CoverSource;

// Right tokens of the cases, ascending; returns how many.
int cover_tokens(const CoverSource *source, int ret_tokens[TASK_TOKENS_MAX]);

// Leaves the draft ready for draft_finish. `values`: asks for the digits after each question.
void cover_write_script(Draft *draft, Arena *arena, const CoverSource *source, bool values);

// The digits that were answered at a question, as symbols. Requires: the question was answered sat.
void cover_read_symbols(const Task *task, const SmtReply *reply, int question,
                        uint8_t *ret_symbols);
