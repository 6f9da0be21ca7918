#include "proof.h"

#include <string.h>

#include "file.h"
#include "hunt.h"
#include "precondition.h"
#include "safetensors.h"

typedef struct Prover {
    Arena *arena;
    WorkPool *pool;
    const ProofOptions *options;
    Hunt hunt;
    bool tried_all; // every input that is not proved
    Diag limit;     // why there are no bounds
    ProofProgress progress;
    Proof proof;
    Diag *diag;
} Prover;

static void enter(Prover *p, ProofStage stage)
{
    p->progress.stage = stage;
    if (p->options->progress)
        p->options->progress(p->options->context, &p->progress);
}

static Status stop(const Prover *p)
{
    static const char *const where[] = {
        [PROOF_STAGE_ALGORITHM] = "while level A was being proved",
        [PROOF_STAGE_SAMPLES] = "while inputs were being tried",
        [PROOF_STAGE_COVER] = "while level C was being proved",
        [PROOF_STAGE_OPEN] = "while open inputs were being tried",
    };
    const ProofProgress *at = &p->progress;
    if (at->stage == PROOF_STAGE_NETWORK)
        return diag_set(p->diag, STATUS_INTERRUPTED, "P002",
                        "interrupted in level N: %d edge cases proved, %d regions waiting",
                        at->proved, at->waiting);
    return diag_set(p->diag, STATUS_INTERRUPTED, "P002", "interrupted %s", where[at->stage]);
}

static Status go_on(const Prover *p)
{
    return work_interrupted() ? stop(p) : STATUS_OK;
}

// ---- level A, and the task ----------------------------------------------------------------------

static Status prove_algorithm(Prover *p)
{
    AlgorithmVerdict *verdict = &p->proof.algorithm;
    enter(p, PROOF_STAGE_ALGORITHM);
    TRY(algorithm_prove(p->arena, p->proof.spec, ALGORITHM_BUDGET_DEFAULT, verdict, p->diag));
    p->proof.obligations = verdict->n_obligations;
    for (int i = 0; i < verdict->n_obligations; i++)
        p->proof.queries += (unsigned long)verdict->obligations[i].questions;
    return go_on(p);
}

static void count_nothing_tried(Prover *p, const Task *task)
{
    Wrongs none = wrongs_new(p->arena, task);
    p->proof.counts = counts_of(p->arena, task, NULL, &none, true);
}

// An algorithm that is refuted may not even make a task.
static void end_refuted_algorithm(Prover *p)
{
    Task *task;
    Diag ignored;
    p->proof.verdict = VERDICT_REFUTED;
    p->proof.reason = p->proof.algorithm.text;
    if (task_new(p->arena, p->proof.spec, &task, &ignored) == STATUS_OK && task_has_inputs(task))
        count_nothing_tried(p, task);
}

static void end_vacuous(Prover *p, const Task *task)
{
    const Spec *spec = p->proof.spec;
    p->proof.verdict = VERDICT_VACUOUS;
    p->proof.reason = "no input meets the precondition";
    p->proof.blamed = ARENA_NEW(p->arena, int, (size_t)spec->n_assumes + 1);
    p->proof.n_blamed = precondition_core(p->arena, spec, p->proof.blamed);
    count_nothing_tried(p, task);
}

// ---- the model, and level N ---------------------------------------------------------------------

// Who writes a spec has no model yet, and wants to know about the spec.
static void hint_without_model(const Prover *p)
{
    const AlgorithmVerdict *a = &p->proof.algorithm;
    diag_hint(p->diag, "`verify train RECIPE` makes a model; without one, level A is %s: %s",
              a->verdict == VERDICT_PROVED ? "proved" : "open", a->text);
}

// The bytes are kept: a bundle holds those that were proved, whatever becomes of the file.
static Status read_model(Prover *p, Model **ret_model)
{
    char *bytes;
    Status status = file_read(p->arena, p->proof.model_path, SAFETENSORS_FILE_MAX, &bytes,
                              &p->proof.model_size, p->diag);
    if (status == STATUS_MISSING)
        hint_without_model(p);
    TRY(status);
    p->proof.model_bytes = bytes;
    return model_parse(p->arena, p->proof.model_path, bytes, p->proof.model_size, ret_model,
                       p->diag);
}

static Status load_claim(Prover *p, const Task *task)
{
    Model *model;
    Claim *claim;
    TRY(read_model(p, &model));
    Status status = claim_new(p->arena, task, model, &claim, p->diag);
    if (status != STATUS_OK) {
        diag_path(p->diag, p->proof.model_path);
        return status;
    }
    p->proof.claim = claim;
    p->hunt = hunt_new(p->arena, p->pool, claim);
    return STATUS_OK;
}

static Status try_samples(Prover *p)
{
    enter(p, PROOF_STAGE_SAMPLES);
    hunt_samples(&p->hunt, PROOF_SAMPLES);
    return go_on(p);
}

static void network_progress(void *context, int cases, int proved, int waiting)
{
    Prover *p = context;
    p->progress = (ProofProgress){PROOF_STAGE_NETWORK, cases, proved, waiting};
    enter(p, PROOF_STAGE_NETWORK);
}

// Weights beyond the rigorous arithmetic leave everything open, which is no error.
static Status prove_network(Prover *p)
{
    unsigned long budget = p->options->budget;
    if (p->hunt.wrongs.count > 0 && budget > PROOF_BUDGET_WRONG)
        budget = PROOF_BUDGET_WRONG;
    NetworkOptions options = {.mu = PROOF_MU,
                              .budget = budget,
                              .budget_wrong = PROOF_BUDGET_WRONG,
                              .rlimit = PROOF_RLIMIT,
                              .only = p->options->only,
                              .progress = network_progress,
                              .context = p};
    enter(p, PROOF_STAGE_NETWORK);
    Status status =
        network_prove(p->arena, p->pool, p->proof.claim, &options, &p->proof.network, p->diag);
    if (status == STATUS_LIMIT) {
        p->limit = *p->diag;
        return go_on(p);
    }
    TRY(status);
    p->proof.bounded = p->proof.whole = true;
    for (int a = 0; a < p->proof.network.answer; a++) {
        p->proof.whole = p->proof.whole && p->proof.network.position[a].selected;
        p->proof.obligations += p->proof.network.position[a].n_cases;
    }
    p->proof.queries += p->proof.network.queries;
    return go_on(p);
}

// ---- level C ------------------------------------------------------------------------------------

static Status prove_cover(Prover *p)
{
    CoverVerdict *cover = &p->proof.cover;
    enter(p, PROOF_STAGE_COVER);
    if (!p->proof.bounded)
        return go_on(p);
    TRY(cover_prove(p->arena, p->pool, p->proof.claim, &p->proof.network, COVER_RLIMIT, cover,
                    p->diag));
    for (int a = 0; a < cover->answer; a++)
        p->proof.obligations += cover->position[a].selected;
    p->proof.obligations++; // the tables
    p->proof.queries += (unsigned long)cover->n_questions;
    return go_on(p);
}

// ---- what is open, and what is wrong ------------------------------------------------------------

static Status try_open_cases(Prover *p)
{
    enter(p, PROOF_STAGE_OPEN);
    if (p->proof.bounded)
        hunt_cases(&p->hunt, &p->proof.network, &p->tried_all);
    p->tried_all = p->tried_all && p->proof.whole;
    return go_on(p);
}

// The bounds hold for exact arithmetic, with a margin to spare: where they prove the token that the
// inference gets wrong first, one of the two is in error.
static Status compare(const Prover *p, const WrongInput *wrong)
{
    const PositionProof *position = &p->proof.network.position[wrong->position];
    if (!p->proof.bounded || !position->selected || counts_case_contains(position, wrong->symbols))
        return STATUS_OK;
    Witness witness = witness_of(p->arena, p->proof.claim, wrong->symbols);
    return diag_set(p->diag, STATUS_INTERNAL, "P030",
                    "%s is proved for %s, but the program answers %s, not %s", position->name,
                    witness.question, witness.answer, witness.right);
}

static Status confirm(Prover *p, const uint8_t *symbols)
{
    Witness witness = witness_of(p->arena, p->proof.claim, symbols);
    if (!witness.wrong)
        return diag_set(p->diag, STATUS_INTERNAL, "P031",
                        "a wrong answer to %s is not confirmed by greedy decoding",
                        witness.question);
    p->proof.wrong[p->proof.n_wrong++] = witness;
    return STATUS_OK;
}

static bool same_input(const Prover *p, const uint8_t *a, const uint8_t *b)
{
    return memcmp(a, b, (size_t)p->proof.claim->task->columns) == 0;
}

// An algorithm that is not proved to do what `require` says refutes nothing by itself.
static void keep_violations(Prover *p)
{
    const Wrongs *wrongs = &p->hunt.wrongs;
    Wrongs kept = wrongs_new(p->arena, wrongs->task);
    for (int i = 0; i < wrongs->count && !work_interrupted(); i++) {
        Arena *arena = arena_new();
        Witness witness = witness_of(arena, p->proof.claim, wrongs->input[i].symbols);
        if (witness_violates(arena, p->proof.claim, &witness))
            wrongs_add(&kept, wrongs->input[i].symbols, wrongs->input[i].position);
        arena_free(arena);
    }
    kept.full = wrongs->full;
    p->hunt.wrongs = kept;
}

// A simpler input that is as wrong as the first.
static void simplify(Prover *p, uint8_t *ret_symbols)
{
    const Task *task = p->proof.claim->task;
    hunt_shrink(&p->hunt, ret_symbols);
    Witness witness = witness_of(p->arena, p->proof.claim, ret_symbols);
    if (p->proof.algorithm.verdict != VERDICT_PROVED &&
        !witness_violates(p->arena, p->proof.claim, &witness))
        memcpy(ret_symbols, p->hunt.wrongs.input[0].symbols, (size_t)task->columns);
}

// The simplest first, then others in the order in which they were found.
static Status collect_wrong(Prover *p)
{
    uint8_t simplest[TASK_COLUMNS_MAX];
    Wrongs *wrongs = &p->hunt.wrongs;
    p->proof.wrong = ARENA_NEW(p->arena, Witness, PROOF_SHOWN);
    for (int i = 0; i < wrongs->count; i++)
        TRY(compare(p, &wrongs->input[i]));
    if (p->proof.algorithm.verdict != VERDICT_PROVED)
        keep_violations(p);
    TRY(go_on(p));
    if (wrongs->count == 0)
        return STATUS_OK;
    simplify(p, simplest);
    TRY(confirm(p, simplest));
    for (int i = 0; i < wrongs->count && p->proof.n_wrong < PROOF_SHOWN; i++)
        if (!same_input(p, wrongs->input[i].symbols, simplest))
            TRY(confirm(p, wrongs->input[i].symbols));
    p->proof.n_wrong = wrongs->count;
    return STATUS_OK;
}

static void collect_open(Prover *p)
{
    p->proof.open = ARENA_NEW(p->arena, OpenCase, PROOF_SHOWN);
    if (p->proof.bounded)
        p->proof.n_open =
            open_cases(p->arena, p->proof.claim, &p->proof.network, PROOF_SHOWN, p->proof.open);
}

// ---- the verdict --------------------------------------------------------------------------------

Verdict proof_network_verdict(const Proof *proof)
{
    bool some = false;
    if (proof->n_wrong > 0)
        return VERDICT_REFUTED;
    if (!proof->bounded)
        return VERDICT_UNKNOWN;
    for (int a = 0; a < proof->network.answer; a++) {
        const PositionProof *position = &proof->network.position[a];
        if (position->selected &&
            (position->n_cases == 0 || position->n_proved < position->n_cases))
            return VERDICT_UNKNOWN;
        some = some || position->selected;
    }
    return some ? VERDICT_PROVED : VERDICT_UNKNOWN;
}

Fix proof_worst_margin(const Proof *proof)
{
    Fix least = FIX_MAX;
    for (int a = 0; proof->bounded && a < proof->network.answer; a++)
        if (proof->network.position[a].selected && proof->network.position[a].margin < least)
            least = proof->network.position[a].margin;
    return least;
}

static void say_network(const Prover *p, Text *reason)
{
    const NetworkProof *network = &p->proof.network;
    if (!p->proof.bounded) {
        text_add(reason, "%s", p->limit.text);
        return;
    }
    for (int a = 0; a < network->answer; a++)
        if (network->position[a].selected && !network->position[a].supported)
            text_add(reason, "%s%s",
                     reason->length ? ", "
                                    : "attention below the last layer is too dense for bounds at ",
                     network->position[a].name);
    if (network->budget_met)
        text_add(reason, "%sthe budget of %lu region%s was met", reason->length ? "; " : "",
                 p->options->budget, p->options->budget == 1 ? "" : "s");
    if (reason->length == 0)
        text_add(reason, "some edge cases could not be proved");
}

static const char *reason_unknown(const Prover *p)
{
    Text reason = {0};
    bool network = proof_network_verdict(&p->proof) == VERDICT_PROVED;
    if (!network)
        say_network(p, &reason);
    if (p->proof.algorithm.verdict != VERDICT_PROVED)
        text_add(&reason, "%s%s%s", reason.length ? "; " : "", p->proof.algorithm.text,
                 network && p->proof.whole ? "; the model answers like the algorithm on every input"
                                           : "");
    if (p->proof.bounded && p->proof.cover.verdict != VERDICT_PROVED)
        text_add(&reason, "%s%s", reason.length ? "; " : "", p->proof.cover.text);
    const char *copy = arena_strdup(p->arena, text_chars(&reason));
    text_free(&reason);
    return copy;
}

static void conclude(Prover *p)
{
    Proof *proof = &p->proof;
    Verdict network = proof_network_verdict(proof);
    proof->counts = counts_of(p->arena, proof->claim->task, proof->bounded ? &proof->network : NULL,
                              &p->hunt.wrongs, p->tried_all);
    if (proof->algorithm.verdict != VERDICT_PROVED)
        counts_withhold(proof->counts);
    if (network == VERDICT_REFUTED) {
        const Witness *first = &proof->wrong[0];
        proof->verdict = VERDICT_REFUTED;
        proof->reason = arena_printf(p->arena, "%s %s, should be %s", first->question,
                                     first->answer, first->right);
    } else if (network == VERDICT_PROVED && proof->algorithm.verdict == VERDICT_PROVED &&
               proof->cover.verdict == VERDICT_PROVED) {
        CHECK(mpz_sgn(proof->counts->open) == 0 && mpz_sgn(proof->counts->refuted) == 0 &&
              mpz_sgn(proof->counts->total) > 0);
        proof->verdict = VERDICT_PROVED;
    } else {
        proof->reason = reason_unknown(p);
    }
}

// ---- the whole ----------------------------------------------------------------------------------

static Status run(Prover *p)
{
    Task *task;
    TRY(prove_algorithm(p));
    if (p->proof.algorithm.verdict == VERDICT_REFUTED) {
        end_refuted_algorithm(p);
        return STATUS_OK;
    }
    TRY(task_new(p->arena, p->proof.spec, &task, p->diag));
    if (!task_has_inputs(task)) {
        end_vacuous(p, task);
        return STATUS_OK;
    }
    TRY(load_claim(p, task));
    TRY(try_samples(p));
    TRY(prove_network(p));
    TRY(prove_cover(p));
    TRY(try_open_cases(p));
    TRY(collect_wrong(p));
    collect_open(p);
    conclude(p);
    return STATUS_OK;
}

Status proof_run(Arena *arena, WorkPool *pool, const Spec *spec, const char *model_path,
                 const ProofOptions *options, Proof *ret_proof, Diag *diag)
{
    Prover prover = {.arena = arena, .pool = pool, .options = options, .diag = diag};
    prover.proof = (Proof){.spec = spec, .model_path = model_path, .reason = ""};
    Status status = run(&prover);
    if (status == STATUS_INTERRUPTED)
        return stop(&prover);
    if (status == STATUS_OK)
        *ret_proof = prover.proof;
    return status;
}
