// Specs that the tests of tasks share, and how to compile them.
#pragma once

#include "task.h"

// s = a + b; parameter n. The states are the carries, so state q is carry q.
extern const char sample_addition[];

// d = a - b, the last borrow in front of it and a token between; parameter n.
extern const char sample_difference[];

// Compiles `text` with n as given (0: the spec has no such parameter).
Status sample_compile(Arena *arena, const char *text, long long n, Task **ret_task, Diag *diag);

// The same, of a spec that is known to be right.
Task *sample_task(Arena *arena, const char *text, long long n);
