// Attention edges by patterns that say what they are, resolved through the layout of a task.
//
// A position *predicts* the token after it if that belongs to the answer. The column of a position
// is that of the digit it predicts, else of the input digit it holds; the operator, the first
// answer digit's position when that digit has no column, and the like have none.
//
//   self           every position reads itself
//   fixed          every position reads the tokens that are the same in all questions ("+", "=")
//   choices        every position reads the tokens that are taken from a list, in question and answer
//   column         every position with a column reads the input digits of that column
//   columns-below  a position that predicts a digit reads the last input number's digits of that
//                  column and of all less significant ones; for a digit without a column, of all
//   columns        a position that predicts a digit reads the last input number's digits of all columns
//   dense          every position reads all before it, and itself
//
// Always, only keys at or before the query.
#pragma once

#include "model.h"
#include "task.h"

typedef enum EdgePattern {
    EDGE_SELF,
    EDGE_FIXED,
    EDGE_CHOICES,
    EDGE_COLUMN,
    EDGE_COLUMNS_BELOW,
    EDGE_COLUMNS,
    EDGE_DENSE,
    EDGE_PATTERNS,
} EdgePattern;

const char *edges_pattern_name(EdgePattern pattern);

bool edges_pattern_allows(EdgePattern pattern, const Task *task, int query, int key);

// Sets the edges of one head to the union of a set of patterns (bit 1 << EdgePattern each).
// Requires: the model's context is prompt + answer.
void edges_set(const Task *task, unsigned patterns, Model *model, int layer, int head);

enum { EDGES_NO_COLUMN = -1 };

bool edges_predicts(const Task *task, int position); // the next token belongs to the answer
int edges_column(const Task *task, int position);    // or EDGES_NO_COLUMN
