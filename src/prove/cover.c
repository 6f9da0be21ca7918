#include "cover.h"

#include "cover_count.h"
#include "cover_script.h"
#include "cover_tables.h"

enum { BUDGET_CASES = 1000 }; // that one budget is for

// One script; each job writes to its own arena.
typedef struct Job {
    Arena *arena;
    const Region *full;
    mpz_srcptr inputs;
    CoverSource source; // of a position; none for the tables
    unsigned long rlimit;
    CaseCount count;
    CoverPosition result;
    Obligation tables;
    Status status;
    Diag diag;
} Job;

typedef struct Jobs {
    Job *job;
    size_t count;
} Jobs;

// --- words ---

static char *keep(Arena *arena, Text *text)
{
    char *copy = arena_strdup(arena, text_chars(text));
    text_free(text);
    return copy;
}

// "edge case 17 (s3 is 7; column 2 passes the state on)"
static char *name_case(const Job *job, int which)
{
    Text text = {0};
    const Node *node = &job->source.cases[which].node;
    text_add(&text, "edge case %d", which);
    for (int k = 0; k < node->n_conditions; k++) {
        text_add(&text, k == 0 ? " (" : "; ");
        condition_say(&text, job->source.task, &node->condition[k]);
    }
    text_add(&text, node->n_conditions > 0 ? ")" : "");
    return keep(job->arena, &text);
}

static char *decimal(const Job *job, mpz_srcptr number)
{
    char *text = ARENA_NEW(job->arena, char, mpz_sizeinbase(number, 10) + 2);
    return mpz_get_str(text, 10, number);
}

// --- what the solver found against a position ---

static Status contradicted(Job *job, const char *what)
{
    return diag_set(&job->diag, STATUS_INTERNAL, "P021", "level C, %s: %s", job->result.name, what);
}

static bool admitted(const Job *job, const uint8_t *symbols)
{
    return region_contains(job->full, symbols);
}

static Status explain_missed(Job *job, const uint8_t *symbols)
{
    const CoverSource *source = &job->source;
    bool held = !admitted(job, symbols);
    for (int i = 0; i < source->n_cases; i++)
        held = held || cover_case_holds(source->task, &source->cases[i].node, symbols);
    if (held)
        return contradicted(job, "the solver finds an input outside all edge cases, which the "
                                 "tables find in one");
    job->result.text = arena_printf(job->arena, "no edge case holds %s",
                                    task_show_prompt(job->arena, source->task, symbols));
    return STATUS_OK;
}

static Status explain_token(Job *job, const uint8_t *symbols, int token)
{
    const CoverSource *source = &job->source;
    const Task *task = source->task;
    int tokens[TASK_POSITIONS_MAX], which = 0;
    task_tokens(task, NULL, symbols, tokens);
    while (which < source->n_cases &&
           (source->cases[which].node.right != token ||
            !cover_case_holds(task, &source->cases[which].node, symbols)))
        which++;
    int here = tokens[source->position];
    if (which == source->n_cases || here == token || !admitted(job, symbols))
        return contradicted(job, "the solver finds another token in an edge case than the tables");
    job->result.text =
        arena_printf(job->arena, "%s holds %s, where %s is %s, not %s", name_case(job, which),
                     task_show_prompt(job->arena, task, symbols), job->result.name,
                     task->alphabet[here], task->alphabet[token]);
    return STATUS_OK;
}

// Asks again, now for the input, and holds it against the tables.
static Status explain_failure(Job *job)
{
    const Obligation *o = &job->result.obligation;
    uint8_t symbols[TASK_COLUMNS_MAX];
    int tokens[TASK_TOKENS_MAX];
    Draft draft = {0};
    SmtReply reply;
    if (o->failed == COVER_QUESTION_RANGE)
        return contradicted(job, "the scan can leave the states of its tables");
    cover_write_script(&draft, job->arena, &job->source, true);
    const char *script = draft_finish(job->arena, &draft, o->name, o->statement);
    TRY(smt_run(job->arena, script, job->rlimit, &reply, &job->diag));
    if (reply.answers[o->failed] != SMT_SAT)
        return STATUS_OK;
    cover_read_symbols(job->source.task, &reply, o->failed, symbols);
    if (o->failed == COVER_QUESTION_MISSED)
        return explain_missed(job, symbols);
    cover_tokens(&job->source, tokens);
    return explain_token(job, symbols, tokens[o->failed - COVER_QUESTION_TOKENS]);
}

// --- one position ---

// The solver refuted everything. Then regions that are cut out by the cases' conditions hold every
// input, and only those whose token is right.
static Status compare(Job *job)
{
    const CaseCount *count = &job->count;
    if (count->mismatched >= 0)
        return STATUS_OK;
    if (mpz_cmp(count->counted, job->inputs) < 0)
        return contradicted(job, "the edge cases hold every input, but too few are counted");
    if (count->mislabelled >= 0)
        return contradicted(job, "the tables find another token in an edge case than the solver");
    return STATUS_OK;
}

static void judge(Job *job)
{
    const CaseCount *count = &job->count;
    CoverPosition *result = &job->result;
    int order = mpz_cmp(count->counted, job->inputs);
    if (count->mismatched >= 0)
        result->text = arena_printf(job->arena, "the region of %s is not what its conditions say",
                                    name_case(job, count->mismatched));
    else if (result->obligation.answer != SMT_UNSAT)
        result->text = result->text ? result->text : result->obligation.explanation;
    else if (order != 0)
        result->text =
            arena_printf(job->arena, "the edge cases hold %s inputs, %s the %s that there are",
                         decimal(job, count->counted), order < 0 ? "fewer than" : "more than",
                         decimal(job, job->inputs));
    else {
        result->verdict = VERDICT_PROVED;
        result->text = arena_printf(job->arena, "%d edge case%s, no input left out, none twice",
                                    result->n_cases, result->n_cases == 1 ? "" : "s");
    }
}

static Status ask(Job *job, Obligation *obligation, Draft *draft)
{
    obligation->script = draft_finish(job->arena, draft, obligation->name, obligation->statement);
    obligation->explanation = "it cannot be written as a script";
    return obligation->script ? obligation_ask(job->arena, obligation, job->rlimit, &job->diag)
                              : STATUS_OK;
}

static Status prove_position(Job *job)
{
    CoverPosition *result = &job->result;
    Obligation *obligation = &result->obligation;
    Draft draft = {0};
    cover_count_cases(job->full, job->source.position, job->source.cases, job->source.n_cases,
                      &job->count);
    obligation->name = arena_printf(job->arena, "C.%s", result->name);
    obligation->statement = arena_printf(
        job->arena, "the edge cases of %s leave no input out, and its token is the same on each",
        result->name);
    cover_write_script(&draft, job->arena, &job->source, false);
    TRY(ask(job, obligation, &draft));
    if (obligation->answer == SMT_SAT)
        TRY(explain_failure(job));
    if (obligation->answer == SMT_UNSAT)
        TRY(compare(job));
    judge(job);
    return STATUS_OK;
}

// --- the tables ---

static Status compare_tables(Job *job)
{
    const Task *task = job->full->task;
    Obligation *obligation = &job->tables;
    Draft draft = {0};
    obligation->name = "C.tables";
    obligation->statement = "the tables of the task are what its rules say";
    cover_write_tables(&draft, job->arena, task);
    TRY(ask(job, obligation, &draft));
    if (obligation->answer == SMT_SAT || !cover_tables_consistent(task))
        return diag_set(&job->diag, STATUS_INTERNAL, "P021",
                        "level C: the tables of the task are not what its rules say");
    return STATUS_OK;
}

// --- all ---

static void run_job(void *context, size_t piece, int worker)
{
    Job *job = (Job *)context + piece;
    (void)worker;
    job->status = job->source.task ? prove_position(job) : compare_tables(job);
}

static void free_arena(void *arena)
{
    arena_free(arena);
}

static void clear_number(void *number)
{
    mpz_clear(number);
}

// A number that lives as long as the arena.
static mpz_ptr number_new(Arena *arena)
{
    mpz_ptr number = ARENA_NEW(arena, __mpz_struct, 1);
    mpz_init(number);
    arena_on_free(arena, clear_number, number);
    return number;
}

static void add_job(Arena *arena, Jobs *jobs, const Region *full, mpz_srcptr inputs,
                    unsigned long rlimit)
{
    Job *job = &jobs->job[jobs->count++];
    *job = (Job){.arena = arena_new(), .full = full, .inputs = inputs, .rlimit = rlimit};
    job->count.counted = number_new(arena);
    arena_on_free(arena, free_arena, job->arena);
}

// The tables first, then the selected positions.
static Jobs jobs_new(Arena *arena, const Region *full, mpz_srcptr inputs,
                     const NetworkProof *network, unsigned long rlimit)
{
    const Task *task = full->task;
    Jobs jobs = {.job = ARENA_NEW(arena, Job, (size_t)network->answer + 1)};
    add_job(arena, &jobs, full, inputs, rlimit);
    for (int a = 0; a < network->answer; a++) {
        const PositionProof *p = &network->position[a];
        if (!p->selected)
            continue;
        add_job(arena, &jobs, full, inputs,
                rlimit * (1 + (unsigned long)p->n_cases / BUDGET_CASES));
        Job *job = &jobs.job[jobs.count - 1];
        job->source = (CoverSource){task, task->prompt + a, p->cases, p->n_cases};
        job->result = (CoverPosition){.name = p->name,
                                      .selected = true,
                                      .n_cases = p->n_cases,
                                      .counted = job->count.counted};
    }
    return jobs;
}

static Status jobs_run(WorkPool *pool, Jobs *jobs, Diag *diag)
{
    work_run(pool, jobs->count, run_job, jobs->job);
    for (size_t i = 0; i < jobs->count; i++)
        if (jobs->job[i].status != STATUS_OK) {
            *diag = jobs->job[i].diag;
            return jobs->job[i].status;
        }
    return STATUS_OK;
}

static void add_use(CoverVerdict *verdict, const Obligation *obligation)
{
    verdict->n_questions += obligation->questions;
    verdict->used += obligation->used;
}

static void collect(CoverVerdict *verdict, const Jobs *jobs, const NetworkProof *network)
{
    const Job *job = jobs->job;
    verdict->tables = (job++)->tables;
    add_use(verdict, &verdict->tables);
    for (int a = 0; a < network->answer; a++) {
        CoverPosition *position = &verdict->position[a];
        position->name = network->position[a].name;
        if (!network->position[a].selected)
            continue;
        *position = (job++)->result;
        add_use(verdict, &position->obligation);
    }
}

static void conclude(Arena *arena, CoverVerdict *verdict)
{
    bool some = false;
    verdict->text = "no answer position was looked at";
    if (mpz_sgn(verdict->inputs) == 0) {
        verdict->verdict = VERDICT_VACUOUS;
        verdict->text = "no input meets the precondition";
        return;
    }
    if (verdict->tables.answer != SMT_UNSAT) {
        verdict->text =
            arena_printf(arena, "%s: %s", verdict->tables.name, verdict->tables.explanation);
        return;
    }
    for (int a = 0; a < verdict->answer; a++) {
        const CoverPosition *position = &verdict->position[a];
        if (position->selected && position->verdict != VERDICT_PROVED) {
            verdict->text = arena_printf(arena, "%s: %s", position->name, position->text);
            return;
        }
        some = some || position->selected;
    }
    if (some) {
        verdict->verdict = VERDICT_PROVED;
        verdict->text = "the edge cases leave no input out, and count none twice";
    }
}

Status cover_prove(Arena *arena, WorkPool *pool, const Claim *claim, const NetworkProof *network,
                   unsigned long rlimit, CoverVerdict *ret_verdict, Diag *diag)
{
    const Region *full = region_full(arena, claim->task);
    CoverVerdict verdict = {.answer = network->answer};
    mpz_ptr inputs = number_new(arena);
    region_count(full, inputs);
    verdict.inputs = inputs;
    verdict.position = ARENA_NEW(arena, CoverPosition, (size_t)network->answer);
    Jobs jobs = jobs_new(arena, full, inputs, network, rlimit);
    TRY(jobs_run(pool, &jobs, diag));
    collect(&verdict, &jobs, network);
    conclude(arena, &verdict);
    *ret_verdict = verdict;
    return STATUS_OK;
}
