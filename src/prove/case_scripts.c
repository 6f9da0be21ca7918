#include "case_scripts.h"

#include "query_script.h"

typedef struct Job {
    const EdgeCase *edge_case;
    const Query *query;
    Arena *arena;
    const char *script;
} Job;

typedef struct Jobs {
    const Claim *claim;
    Fix mu;
    Job *job;
    size_t count;
} Jobs;

static void say_title(Text *title, const Task *task, const Node *node)
{
    position_say(title, task, task->prompt + node->answer);
    for (int i = 0; i < node->n_conditions; i++) {
        text_add(title, i == 0 ? ": " : "; ");
        condition_say(title, task, &node->condition[i]);
    }
}

static void run_job(void *context, size_t piece, int worker)
{
    Jobs *jobs = context;
    Job *job = &jobs->job[piece];
    const Node *node = &job->edge_case->node;
    Arena *scratch = arena_new();
    MarginBound bound;
    (void)worker;
    if (margin_bound(scratch, job->query, node->region, jobs->claim->ids[node->right], jobs->mu,
                     &bound) &&
        bound.complete && bound.margin == node->margin) {
        Text script = {0}, title = {0};
        say_title(&title, jobs->claim->task, node);
        query_script(&script, job->query, &bound, jobs->mu, text_chars(&title));
        job->script = arena_strdup(job->arena, text_chars(&script));
        text_free(&script);
        text_free(&title);
    }
    arena_free(scratch);
}

static Status prepare_queries(Arena *arena, WorkPool *pool, const Claim *claim, Query **ret_query,
                              Diag *diag)
{
    const Task *task = claim->task;
    FixModel *model;
    TokenOptions *options = ARENA_NEW(arena, TokenOptions, 1);
    ResidualTables *tables;
    TRY(fix_model_new(arena, claim->model, &model, diag));
    *options = token_options(arena, task, claim->ids);
    Cone *cones = cones_new(arena, claim->model, options);
    uint8_t *needed = ARENA_NEW(arena, uint8_t, (size_t)options->positions);
    for (int p = 0; p < claim_length(claim); p++)
        needed[p] = 1;
    TRY(residual_tables_new(arena, pool, model, options, cones, needed, &tables, diag));
    for (int a = 0; a < task->answer; a++)
        TRY(query_new(arena, tables, task, task->prompt + a - 1, &ret_query[a], diag));
    return STATUS_OK;
}

static Jobs jobs_new(Arena *arena, const Claim *claim, const NetworkProof *network, Fix mu,
                     Query *const *query)
{
    size_t most = 0;
    for (int a = 0; a < network->answer; a++)
        most += (size_t)network->position[a].n_proved;
    Jobs jobs = {.claim = claim, .mu = mu, .job = ARENA_NEW(arena, Job, most)};
    for (int a = 0; a < network->answer; a++)
        for (int i = 0; i < network->position[a].n_cases; i++)
            if (network->position[a].cases[i].proved)
                jobs.job[jobs.count++] = (Job){.edge_case = &network->position[a].cases[i],
                                               .query = query[a],
                                               .arena = arena_new()};
    return jobs;
}

static Status run(Arena *arena, Arena *scratch, WorkPool *pool, const Claim *claim,
                  const NetworkProof *network, Fix mu, CaseScripts *ret_scripts, Diag *diag)
{
    Query **query = ARENA_NEW(scratch, Query *, (size_t)network->answer);
    CaseScripts scripts = {ARENA_NEW(arena, const char **, (size_t)network->answer)};
    TRY(prepare_queries(scratch, pool, claim, query, diag));
    Jobs jobs = jobs_new(scratch, claim, network, mu, query);
    work_run(pool, jobs.count, run_job, &jobs);
    bool whole = true;
    size_t next = 0;
    for (int a = 0; a < network->answer; a++) {
        const PositionProof *position = &network->position[a];
        scripts.script[a] = ARENA_NEW(arena, const char *, (size_t)position->n_cases);
        for (int i = 0; i < position->n_cases; i++) {
            if (!position->cases[i].proved)
                continue;
            const Job *job = &jobs.job[next++];
            whole = whole && job->script;
            scripts.script[a][i] = job->script ? arena_strdup(arena, job->script) : NULL;
            arena_free(job->arena);
        }
    }
    *ret_scripts = scripts;
    return whole ? STATUS_OK
                 : diag_set(diag, STATUS_INTERNAL, "P022",
                            "the bounds of a proved edge case do not come out again");
}

Status case_scripts(Arena *arena, WorkPool *pool, const Claim *claim, const NetworkProof *network,
                    Fix mu, CaseScripts *ret_scripts, Diag *diag)
{
    Arena *scratch = arena_new();
    Status status = run(arena, scratch, pool, claim, network, mu, ret_scripts, diag);
    arena_free(scratch);
    return status;
}
