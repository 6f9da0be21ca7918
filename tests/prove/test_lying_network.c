// The verdict when level N lies: `network_prove` is replaced here by one that hands over whatever a
// test made up. What is false must not come out as proved.
#include "harness.h"
#include "proving.h"

#include <string.h>

typedef void Lie(NetworkProof *proof);

static Lie *lie;
static Status ending;
static Proving good, wrong;

// Every answer position split by its token, and every case said to be proved.
static void split_by_tokens(Arena *arena, const Claim *claim, PositionProof *position, int a)
{
    const Region *full = region_full(arena, claim->task);
    Split split = split_by_token(claim->task, claim->task->prompt + a);
    int labels[SPLIT_LABELS_MAX], count = split_labels(full, &split, labels);
    position->cases = ARENA_NEW(arena, EdgeCase, (size_t)count + 1);
    position->n_cases = position->n_proved = count;
    for (int i = 0; i < count; i++) {
        Node *node = &position->cases[i].node;
        Condition *condition = ARENA_NEW(arena, Condition, 1);
        condition->split = split;
        label_set_add(&condition->labels, labels[i]);
        *node = (Node){.region = split_part(arena, full, condition),
                       .condition = condition,
                       .n_conditions = 1,
                       .answer = a,
                       .right = labels[i],
                       .margin = FIX_ONE};
        position->cases[i].proved = true;
    }
}

Status network_prove(Arena *arena, WorkPool *pool, const Claim *claim,
                     const NetworkOptions *options, NetworkProof *ret_proof, Diag *diag)
{
    static const char *const names[] = {"s2", "s1", "s0"};
    NetworkProof proof = {.answer = claim->task->answer};
    (void)pool;
    (void)options;
    if (ending != STATUS_OK)
        return diag_set(diag, ending, "X000", "made up");
    proof.position = ARENA_NEW(arena, PositionProof, (size_t)proof.answer);
    for (int a = 0; a < proof.answer; a++) {
        PositionProof *position = &proof.position[a];
        *position = (PositionProof){.name = names[a + 3 - proof.answer],
                                    .selected = true,
                                    .supported = true,
                                    .margin = FIX_ONE};
        split_by_tokens(arena, claim, position, a);
    }
    if (lie)
        lie(&proof);
    *ret_proof = proof;
    return STATUS_OK;
}

static Status run(Proving *proving, Lie *what, Proof *ret_proof, Diag *diag)
{
    ProofOptions options = {.budget = 100};
    lie = what;
    return proving_run(proving, proving->model, 1, &options, ret_proof, diag);
}

static void not_proved(Lie *what)
{
    Proof proof;
    Diag diag;
    CU_ASSERT_FATAL(run(&good, what, &proof, &diag) == STATUS_OK);
    CU_ASSERT_EQUAL(proof.verdict, VERDICT_UNKNOWN);
    CU_ASSERT(proof.reason[0] != '\0');
}

static void models_are_read(void)
{
    good = proving_new(2, SMALL_D2);
    wrong = proving_new(1, ALWAYS_14);
    CU_ASSERT(good.model && wrong.model);
}

static void a_proof_that_the_program_contradicts_is_an_internal_error(void)
{
    Proof proof;
    Diag diag;
    CU_ASSERT_EQUAL(run(&wrong, NULL, &proof, &diag), STATUS_INTERNAL);
    CU_ASSERT_STRING_EQUAL(diag.code, "P030");
}

// What a good model answers is true, and then the lie is none.
static void the_truth_is_proved(void)
{
    Proof proof;
    Diag diag;
    CU_ASSERT_FATAL(run(&good, NULL, &proof, &diag) == STATUS_OK);
    CU_ASSERT_EQUAL(proof.verdict, VERDICT_PROVED);
}

static void drop_case(NetworkProof *proof)
{
    proof->position[1].n_cases--;
    proof->position[1].n_proved--;
}

static void drop_all_cases(NetworkProof *proof)
{
    proof->position[1].n_cases = proof->position[1].n_proved = 0;
}

static void repeat_case(NetworkProof *proof)
{
    PositionProof *position = &proof->position[2];
    position->cases[position->n_cases++] = position->cases[0];
    position->n_proved++;
}

static void leave_case_open(NetworkProof *proof)
{
    proof->position[0].cases[1].proved = false;
    proof->position[0].n_proved--;
}

static void shrink_region(NetworkProof *proof)
{
    Region *region = region_copy(good.arena, proof->position[2].cases[3].node.region);
    for (int e = 0; e < region_edges(region) / 4; e++)
        region_drop(region, 1, e);
    region_trim(region);
    proof->position[2].cases[3].node.region = region;
}

static void take_other_token(NetworkProof *proof)
{
    proof->position[2].cases[3].node.right = 4;
}

static void forget_condition(NetworkProof *proof)
{
    proof->position[2].cases[3].node.n_conditions = 0;
}

static void select_nothing(NetworkProof *proof)
{
    for (int a = 0; a < proof->answer; a++)
        proof->position[a].selected = false;
}

static void cases_that_do_not_cover_are_no_proof(void)
{
    not_proved(drop_case);
    not_proved(drop_all_cases);
    not_proved(repeat_case);
    not_proved(leave_case_open);
    not_proved(select_nothing);
}

// The solver and the tables see different cases then, which is either no proof or a contradiction.
static void cases_that_are_not_what_they_say_are_no_proof(void)
{
    Lie *const lies[] = {shrink_region, take_other_token, forget_condition};
    for (int i = 0; i < 3; i++) {
        Proof proof = {.verdict = VERDICT_UNKNOWN};
        Diag diag;
        Status status = run(&good, lies[i], &proof, &diag);
        CU_ASSERT(status == STATUS_OK || status == STATUS_INTERNAL);
        CU_ASSERT_EQUAL(proof.verdict, VERDICT_UNKNOWN);
    }
}

static void a_limit_leaves_everything_open(void)
{
    ending = STATUS_LIMIT;
    not_proved(NULL);
    Proof proof;
    Diag diag;
    CU_ASSERT(run(&wrong, NULL, &proof, &diag) == STATUS_OK && proof.verdict == VERDICT_REFUTED);
    ending = STATUS_OK;
}

static void errors_stay_errors(void)
{
    const Status errors[] = {STATUS_INTERRUPTED, STATUS_INTERNAL, STATUS_USAGE, STATUS_IO};
    for (int i = 0; i < 4; i++) {
        Proof proof = {.verdict = VERDICT_UNKNOWN};
        Diag diag;
        ending = errors[i];
        CU_ASSERT_EQUAL(run(&good, NULL, &proof, &diag), errors[i]);
        CU_ASSERT(diag.status == errors[i] && proof.verdict == VERDICT_UNKNOWN);
    }
    ending = STATUS_OK;
}

static void memory_is_given_back(void)
{
    proving_free(&good);
    proving_free(&wrong);
    CU_PASS("freed");
}

#define TESTS(X)                                                                                   \
    X(models_are_read)                                                                             \
    X(the_truth_is_proved)                                                                         \
    X(a_proof_that_the_program_contradicts_is_an_internal_error)                                   \
    X(cases_that_do_not_cover_are_no_proof)                                                        \
    X(cases_that_are_not_what_they_say_are_no_proof)                                               \
    X(a_limit_leaves_everything_open)                                                              \
    X(errors_stay_errors)                                                                          \
    X(memory_is_given_back)

RUN_TESTS("prove/lying_network", TESTS)
