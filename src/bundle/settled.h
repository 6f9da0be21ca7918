// Whether a claim can be checked column by column (docs/certificate-format.md, K4): for each state that the scan can
// end in, each clause has a literal that holds on all paths which end there.
#pragma once

#include "clauses.h"
#include "task.h"

// False if checkers may refuse the claim for its length (K4). Requires: clauses_of the task's spec.
bool settled_in_time(const Task *task, const Clauses *clauses);

// Requires: clauses_of the task's spec.
bool settled_all(const Task *task, const Clauses *clauses);
