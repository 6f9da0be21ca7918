#include "exitcode.h"

#define CODE(code, meaning) code,

static int rank(int code)
{
    static const int order[] = {EXIT_CODES(CODE)};
    for (int i = 0; i < (int)(sizeof order / sizeof *order); i++)
        if (order[i] == code)
            return i;
    return 0;
}

int exit_worst(int a, int b)
{
    int worst = rank(a) <= rank(b) ? a : b;
    return rank(worst) == 0 ? STATUS_INTERNAL : worst;
}
