// task.txt: the task and the claim, as a checker reads them (docs/certificate-format.md, K4).
#pragma once

#include "task.h"
#include "text.h"

// Appends the file. Errors: those of clauses_of; STATUS_MALFORMED (C002) when the claim leaves an
// answer position out, or a token is not plain ASCII; C013 when the claim cannot be checked column by
// column.
MUST_USE Status task_file_write(Text *text, const Task *task, Diag *diag);
