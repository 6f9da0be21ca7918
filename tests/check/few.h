// A few inputs of the sum of two-digit numbers: all those of a few symbols a column.
#pragma once

#include "rng.h"

enum {
    FEW_POSITIONS = 9,
    FEW_PROMPT = 6,
    FEW_TOKENS_MAX = 12,
    FEW_SYMBOLS_MAX = 4,
    FEW_INPUTS_MAX = 16,
};

typedef struct FewInput {
    int symbol[2]; // column 0 is the last digits
    int token[FEW_POSITIONS];
} FewInput;

typedef struct Few {
    int count[2], symbol[2][FEW_SYMBOLS_MAX];
    int inputs;
    FewInput input[FEW_INPUTS_MAX];
    // Tokens that can stand at a position, ascending.
    int options[FEW_POSITIONS], option[FEW_POSITIONS][FEW_TOKENS_MAX];
} Few;

// The column of a position of the prompt; -1: fixed.
int few_column(int position);

// The input of a symbol for each column.
FewInput few_input(int s0, int s1);

// Random symbols, up to `most` a column, ascending. Requires: most <= FEW_SYMBOLS_MAX.
Few few_new(Rng *rng, int most);
