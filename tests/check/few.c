#include "few.h"

#include <stdlib.h>

int few_column(int position)
{
    static const int columns[FEW_PROMPT] = {1, 0, -1, 1, 0, -1};
    return columns[position];
}

FewInput few_input(int s0, int s1)
{
    int low = s0 / 10 + s0 % 10, high = s1 / 10 + s1 % 10 + low / 10;
    return (FewInput){{s0, s1},
                      {s1 / 10, s0 / 10, 10, s1 % 10, s0 % 10, 11, high / 10, high % 10, low % 10}};
}

static void find_options(Few *few)
{
    for (int p = 0; p < FEW_POSITIONS; p++) {
        few->options[p] = 0;
        for (int token = 0; token < FEW_TOKENS_MAX; token++)
            for (int n = 0; n < few->inputs; n++)
                if (few->input[n].token[p] == token) {
                    few->option[p][few->options[p]++] = token;
                    break;
                }
    }
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

Few few_new(Rng *rng, int most)
{
    Few few = {.inputs = 0};
    for (int c = 0; c < 2; c++) {
        few.count[c] = 1 + (int)rng_below(rng, (uint32_t)most);
        for (int i = 0; i < few.count[c]; i++) {
            int symbol, again;
            do {
                symbol = (int)rng_below(rng, 100);
                again = 0;
                for (int k = 0; k < i; k++)
                    again |= few.symbol[c][k] == symbol;
            } while (again);
            few.symbol[c][i] = symbol;
        }
        qsort(few.symbol[c], (size_t)few.count[c], sizeof(int), by_number);
    }
    for (int i = 0; i < few.count[0]; i++)
        for (int k = 0; k < few.count[1]; k++)
            few.input[few.inputs++] = few_input(few.symbol[0][i], few.symbol[1][k]);
    find_options(&few);
    return few;
}
