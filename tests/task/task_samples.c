#include "task_samples.h"

#include <string.h>

const char sample_addition[] = "param n = 3\n"
                               "input a, b : number of n digits\n"
                               "prompt a \"+\" b \"=\"\n"
                               "answer s : number of n+1 digits\n"
                               "require s = a + b\n"
                               "algorithm\n"
                               "  scan from least significant\n"
                               "    state c in 0..1, initially 0\n"
                               "    digit s[i] = (a[i] + b[i] + c) mod 10\n"
                               "    next c = (a[i] + b[i] + c) div 10\n"
                               "  finally s[n] = c\n";

const char sample_difference[] = "param n = 2\n"
                                 "input a, b : number of n digits\n"
                                 "prompt a \"-\" b \"=\"\n"
                                 "answer w : number of 1 digits \"|\" d : number of n digits\n"
                                 "require d = a - b + w * 10^n\n"
                                 "algorithm\n"
                                 "  scan from least significant\n"
                                 "    state c in 0..1, initially 0\n"
                                 "    digit d[i] = (a[i] - b[i] - c) mod 10\n"
                                 "    next c = -((a[i] - b[i] - c) div 10)\n"
                                 "  finally w[0] = c\n";

Status sample_compile(Arena *arena, const char *text, long long n, Task **ret_task, Diag *diag)
{
    Spec *spec;
    SpecSetting setting = {"n", n};
    TRY(spec_parse(arena, "sample.spec", text, strlen(text), &setting, n > 0, &spec, diag));
    return task_new(arena, spec, ret_task, diag);
}

Task *sample_task(Arena *arena, const char *text, long long n)
{
    Task *task;
    Diag diag;
    CHECK(sample_compile(arena, text, n, &task, &diag) == STATUS_OK);
    return task;
}
