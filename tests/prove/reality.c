// The bounds against reality: reality DIGITS COUNT EVERY
//
// On so many questions of a shipped adder, half of them uniform, half with chains of carries, the shipped
// inference and two evaluations with reordered sums are compared with what is proved, and on every EVERY-th of them
// with an evaluation that is right to 200 bits (tests/oracle/precise.h). Required:
//
// * no number is further from the exact one than K8 allows at that very input (input_errors.h), and that is less
//   than half of each margin;
// * no margin is further from the exact one than rounding takes, at most, from the margins of the proof at that
//   position;
// * no margin is below the one that is certified for the question's edge case, nor the exact one below what is
//   certified for the exact function there;
// * every answer is right.
//
// The output is the same on every machine and for any number of threads.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "certified.h"
#include "input_errors.h"
#include "runs.h"

enum { AT_INPUT, IN_PROOF, ORDERS = 2, FIRST = 10000000 };

typedef struct Known {
    Certified certified;
    InputErrors *errors;
} Known;

static double real(Fix x)
{
    return (double)x / (double)FIX_ONE;
}

static void limit(void *context, const RunsPlace *place, RunsLimits *limits)
{
    const Known *known = context;
    ModelShape s = place->questions->model->shape;
    int query = place->questions->prompt + place->answer - 1;
    const Node *node = certified_case(&known->certified, place->tokens, place->answer);
    if (place->exact_low)
        input_errors_at(known->errors, place->tokens, query, place->right, limits->away[AT_INPUT]);
    for (int i = s.d_mlp; i < s.d_mlp + s.d_vocab; i++) {
        bool holds = node && (!place->exact_low || i == s.d_mlp + place->right ||
                              place->exact_low[i] >= real(node->exact));
        limits->low[i] = holds ? real(node->margin) : INFINITY; // above which nothing lies
        limits->away[IN_PROOF][i] = real(known->certified.proof.position[place->answer].rounding);
    }
}

static Status learn(Arena *arena, WorkPool *pool, const Questions *questions, Known *ret_known,
                    Diag *diag)
{
    Claim *claim;
    TRY(claim_new(arena, questions->task, questions->model, &claim, diag));
    TRY(input_errors_new(arena, pool, claim, &ret_known->errors, diag));
    return certified_new(arena, pool, claim, &ret_known->certified, diag);
}

static void print(int digits, const RunsReport *r)
{
    printf("Questions of add_d%d, in binary32 and exactly\n\n", digits);
    printf("questions                             %12llu\n", (unsigned long long)r->questions);
    printf("evaluations in binary32               %12llu\n", (unsigned long long)r->runs);
    printf("exact evaluations                     %12llu\n", (unsigned long long)r->exact);
    printf("error of an exact number, below            %s\n", r->width < 0x1p-200 ? "2^-200" : "?");
    printf("wrong answers                         %12llu\n", (unsigned long long)r->wrong);
    printf("numbers outside their bounds          %12llu\n", (unsigned long long)r->outside);
    printf("least margin in binary32              %12.3f\n", r->least);
    printf("least exact margin                    %12.3f\n", r->least_exact);
    printf("a margin above the certified one by   %12.3f  at least\n", r->above);
    printf("\nGreatest differences\n");
    printf("of two evaluations, in a logit        %12.2e\n", r->logit);
    printf("from an exact pre-activation          %12.2e\n", r->preactivation);
    printf("from an exact margin                  %12.2e\n", r->margin);
    printf("the same, over the bound at the input %12.2e\n", r->used[AT_INPUT]);
    printf("the same, over the proof's allowance  %12.2e\n", r->used[IN_PROOF]);
    printf("\nGreatest shares of the exact margin\n");
    printf("bound at the input                    %12.3f\n", r->allowed[AT_INPUT]);
    printf("allowance of the proof                %12.3f\n", r->allowed[IN_PROOF]);
}

static bool holds(const RunsReport *r, uint64_t count, uint64_t every)
{
    return r->questions == count && r->exact == (count + every - 1) / every &&
           r->runs == count * (1 + ORDERS) && r->wrong == 0 && r->undefined == 0 &&
           r->outside == 0 && r->other_bits == 0 && r->width < 0x1p-200 && r->used[AT_INPUT] < 1 &&
           r->allowed[AT_INPUT] < 0.5 && r->used[IN_PROOF] < 1 && r->above >= 0;
}

int main(int argc, char **argv)
{
    int digits = argc == 4 ? atoi(argv[1]) : 0;
    uint64_t count = argc == 4 ? strtoull(argv[2], NULL, 10) : 0;
    uint64_t every = argc == 4 ? strtoull(argv[3], NULL, 10) : 0;
    if (digits < 3 || digits > 6 || count < 1 || every < 1 || FIRST % every != 0) {
        fprintf(stderr, "usage: reality DIGITS COUNT EVERY\n");
        return EXIT_FAILURE;
    }
    Arena *arena = arena_new();
    WorkPool *pool = work_pool_new(work_default_threads());
    Questions questions = questions_open(arena, digits);
    Known known;
    Diag diag = {0};
    RunsReport report = {0};
    RunsOptions options = {.first = FIRST,
                           .count = count,
                           .orders = ORDERS,
                           .exact_every = every,
                           .bound = limit,
                           .context = &known};
    if (learn(arena, pool, &questions, &known, &diag) != STATUS_OK)
        diag_print(&diag, stderr, 0);
    else {
        report = runs_compare(pool, &questions, &options);
        print(digits, &report);
    }
    work_pool_free(pool);
    arena_free(arena);
    return holds(&report, count, every) ? EXIT_SUCCESS : EXIT_FAILURE;
}
