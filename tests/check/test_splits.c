// The edge cases of a position have to add up to the inputs (K10). No certificate fails at that: here the task claims an
// input more than it has, or one less.
#include "splits.h"

#include "child.h"
#include "reject.h"
#include "small_bundle.h"

#define TESTS(X) X(edge_cases_add_up_to_the_inputs)

static void check_with_inputs(const void *more)
{
    Trellis task;
    Model model;
    Problem problem;
    Tables tables;
    PositionVerdict positions[8];
    ProofFile task_file = small_file(BUNDLE, "task.txt"),
              model_file = small_file(BUNDLE, "model.safetensors"),
              certificate = small_file(BUNDLE, "certificate.txt");
    exponential_begin();
    trellis_read(&task, &task_file);
    model_read(&model, &model_file);
    problem_init(&problem, &task, &model);
    tables_fill(&tables, &problem);
    mpz_set_si(task.inputs, (long)mpz_get_ui(task.inputs) + *(const int *)more);
    splits_check(&tables, &certificate, positions);
    trellis_clear(&task);
}

static void edge_cases_add_up_to_the_inputs(void)
{
    CU_ASSERT_EQUAL(exit_code_of(check_with_inputs, &(int){0}), 0);
    CU_ASSERT_EQUAL(exit_code_of(check_with_inputs, &(int){1}), EXIT_REJECTED);
    CU_ASSERT_EQUAL(exit_code_of(check_with_inputs, &(int){-1}), EXIT_REJECTED);
}

RUN_TESTS("check/splits", TESTS)
