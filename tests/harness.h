// Tests with CUnit, one X-macro list a file: no test can be left out or listed under another's name.
//
//     #define TESTS(X) X(addition_is_commutative) X(zero_is_neutral)
//     static void addition_is_commutative(void) { CU_ASSERT(...); }
//     RUN_TESTS("num", TESTS)
//
// CU_basic_run_tests returns 0 although assertions failed, so the exit status is computed from the
// counts; a run in which nothing was asserted fails too.
#pragma once

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>

#define HARNESS_ADD(name)                                                                          \
    if (!CU_add_test(suite, #name, name))                                                          \
        return EXIT_FAILURE;

#define RUN_TESTS(suite_name, LIST)                                                                \
    int main(void)                                                                                 \
    {                                                                                              \
        if (CU_initialize_registry() != CUE_SUCCESS)                                               \
            return EXIT_FAILURE;                                                                   \
        CU_pSuite suite = CU_add_suite(suite_name, NULL, NULL);                                    \
        if (!suite)                                                                                \
            return EXIT_FAILURE;                                                                   \
        LIST(HARNESS_ADD)                                                                          \
        CU_basic_set_mode(CU_BRM_VERBOSE);                                                         \
        CU_basic_run_tests();                                                                      \
        int bad = CU_get_number_of_failures() > 0 || CU_get_number_of_asserts() == 0 ||            \
                  CU_get_number_of_suites_failed() > 0;                                            \
        CU_cleanup_registry();                                                                     \
        return bad ? EXIT_FAILURE : EXIT_SUCCESS;                                                  \
    }
