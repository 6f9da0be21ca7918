// What level A says of a spec that is given as text.
#pragma once

#include <fnmatch.h>
#include <string.h>

#include "algorithm.h"
#include "harness.h"

static Arena *arena;
static AlgorithmVerdict verdict;

// The text with the first `from` replaced by `to`.
static inline char *changed(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static inline void prove_within(const char *text, unsigned long rlimit)
{
    Spec *spec;
    Diag diag;
    AlgorithmBudget budget = ALGORITHM_BUDGET_DEFAULT;
    budget.rlimit = rlimit ? rlimit : budget.rlimit;
    verdict = (AlgorithmVerdict){0};
    CU_ASSERT_EQUAL_FATAL(spec_parse(arena, "test.spec", text, strlen(text), NULL, 0, &spec, &diag),
                          STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(algorithm_prove(arena, spec, budget, &verdict, &diag), STATUS_OK);
}

static inline void prove(const char *text)
{
    prove_within(text, 0);
}

static inline const Obligation *obligation(const char *name)
{
    for (int k = 0; k < verdict.n_obligations; k++)
        if (strcmp(verdict.obligations[k].name, name) == 0)
            return &verdict.obligations[k];
    CU_FAIL_FATAL("no such obligation");
    return NULL;
}

static inline void is_proved(const char *text, bool every_width)
{
    prove(text);
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_PROVED);
    CU_ASSERT_EQUAL(verdict.every_width, every_width);
}

static inline void is_refuted(const char *text, const char *expected)
{
    prove(text);
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_REFUTED);
    if (strcmp(verdict.text, expected))
        CU_ASSERT_STRING_EQUAL(verdict.text, expected);
    CU_ASSERT_PTR_EQUAL(verdict.text, verdict.counterexample.text);
}

// Where several counterexamples are as small as each other; `pattern` is one of fnmatch(3).
static inline void is_refuted_like(const char *text, const char *pattern)
{
    prove(text);
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_REFUTED);
    CU_ASSERT_EQUAL(fnmatch(pattern, verdict.text, 0), 0);
}

static inline void is_unknown(const char *text, const char *expected)
{
    prove(text);
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_UNKNOWN);
    if (strcmp(verdict.text, expected))
        CU_ASSERT_STRING_EQUAL(verdict.text, expected);
}

static inline void arena_begins(void)
{
    arena = arena_new();
    CU_ASSERT_PTR_NOT_NULL(arena);
}

static inline void arena_ends(void)
{
    arena_free(arena);
    arena = NULL;
    CU_ASSERT_PTR_NULL(arena);
}
