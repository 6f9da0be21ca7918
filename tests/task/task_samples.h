// Specs that the tests of tasks share, and how to compile them.
#pragma once

#include "task.h"

// s = a + b; parameter n. The states are the carries, so state q is carry q.
extern const char sample_addition[];

// d = a - b, the last borrow in front of it and a token between; parameter n.
extern const char sample_difference[];

// a - b of n digits each, its sign in front, made by hand (there is no spec). The trellis guesses the sign:
// states 0 and 1 are the borrows of a - b, 2, 3 and 4 those of b - a, where nothing but equal digits was seen,
// or a borrow is due, or neither. Tokens 10 to 12 are "+", "-" and "=".
Task *sample_signed(Arena *arena, int n);
int sample_signed_step(int state, int a, int b, int *ret_digit); // the next state

// The invariant of task.h: each sequence of allowed symbols has exactly one path.
bool sample_has_unique_paths(const Task *task);

// Compiles `text` with n as given (0: the spec has no such parameter).
Status sample_compile(Arena *arena, const char *text, long long n, Task **ret_task, Diag *diag);

// The same, of a spec that is known to be right.
Task *sample_task(Arena *arena, const char *text, long long n);
