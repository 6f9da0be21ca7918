// The script of level C that compares the task's tables with the rules of the spec.
//
// The first question is whether every column admits some digits (sat is expected); the second,
// whether the tables say anything else than the rules: of a column's symbols, which are admitted;
// of every state that the tables call reachable and every symbol that some column admits, the
// next state and the digits of the answer; of the last state, the digits made after the scan
// (unsat). Lemma C1 (docs/lemmas/cover.md) rests on it.
#pragma once

#include "cover_rules.h"

// Leaves the draft ready for draft_finish.
void cover_write_tables(Draft *draft, Arena *arena, const Task *task);

// Whether the tables are in themselves what Lemma C1 asks for: states that can be reached lead to
// such states; symbols are all combinations of digits; the tokens 0 to 9 are the digits; the
// positions of the prompt, and the columns that positions look at, are those of the spec.
bool cover_tables_consistent(const Task *task);
