#include "refine.h"

#include <string.h>

#include "query_script.h"
#include "smt.h"
#include "work.h"

enum { SPLITS_MAX = 4 * TASK_COLUMNS_MAX + TASK_POSITIONS_MAX };

// Bounds must exceed mu by this much before the solver is asked, for the rounding in the script.
#define ROUNDING_ROOM (FIX_ONE / 8)

typedef struct Trial { // a split that was tried
    Arena *arena;
    Split split;
    Part *part;
    int n_parts;
    mpz_t deficit; // sum over parts of inputs * how far the margin falls short
} Trial;

static bool varies(const Region *region, const Split *split)
{
    int labels[SPLIT_LABELS_MAX];
    return split_labels(region, split, labels) > 1;
}

static void offer(const Region *region, Split split, Split *splits, int *count)
{
    if (*count < SPLITS_MAX && varies(region, &split))
        splits[(*count)++] = split;
}

// What the query and its keys see: the digits of these columns, and other tokens, which say all that they
// have to say of the columns that they come from.
typedef struct Sight {
    bool column[TASK_COLUMNS_MAX], position[TASK_POSITIONS_MAX];
} Sight;

static void see(const Task *task, const Cone *cone, Sight *sight)
{
    for (int i = 0; i < cone->count; i++) {
        int p = cone->position[i];
        if (task->source[p].kind == TOKEN_INPUT && !task_is_choice(task, p))
            sight->column[task->source[p].column] = true;
        else
            sight->position[p] = true;
    }
}

static Sight sight_of(const Query *query)
{
    Sight sight = {{false}, {false}};
    see(query->task, query->table->cone, &sight);
    for (int k = 0; k < query->n_keys; k++)
        see(query->task, query->key[k].table->cone, &sight);
    return sight;
}

// Whether the column's symbols lead to one state, whatever the state before it.
static bool settles_state(const Region *region, int column)
{
    const Task *task = region->task;
    int to = -1;
    for (int e = 0; e < region_edges(region); e++)
        for (int q = 0; q < task->states && region_has(region, column, e); q++) {
            int next = task->effect[e % task->symbols * task->states + q];
            if (next == TASK_NO_STATE)
                continue;
            if (to >= 0 && next != to)
                return false;
            to = next;
        }
    return true;
}

// The next split that explains the token at the answer position the way the algorithm does: the
// state before its column; then what the column below does, and so on down as long as columns only
// pass the state on; then what its own column does, which only the token before it tells of. At most one.
static int explaining_split(const RefineContext *c, const Node *node, Split *ret_splits)
{
    const Task *task = c->claim->task;
    const TokenSource *source = &task->source[task->prompt + node->answer];
    int count = 0, below = task->columns - 1;
    if (source->kind == TOKEN_FINAL && task->lead)
        offer(node->region, (Split){SPLIT_STATE, task->lead, 0}, ret_splits, &count);
    if (source->kind == TOKEN_OUTPUT) {
        offer(node->region, (Split){SPLIT_STATE, source->column, 0}, ret_splits, &count);
        below = source->column - 1;
    }
    for (int j = below; j >= task->lead && count == 0; j--) {
        offer(node->region, (Split){SPLIT_MOVE, j, 0}, ret_splits, &count);
        if (settles_state(node->region, j))
            break;
    }
    if (count == 0 && source->kind == TOKEN_OUTPUT)
        offer(node->region, (Split){SPLIT_MOVE, source->column, 0}, ret_splits, &count);
    return count;
}

// Splits by whatever else the query or its keys can tell apart without looking at single digits.
static int coarse_splits(const RefineContext *c, const Node *node, Split *ret_splits)
{
    const Query *query = c->query[node->answer];
    const Task *task = c->claim->task;
    Sight sight = sight_of(query);
    int count = 0;
    for (int p = 0; p < task->prompt + task->answer; p++)
        if (sight.position[p])
            offer(node->region, split_by_token(task, p), ret_splits, &count);
    for (int j = task->columns - 1; j >= task->lead; j--)
        if (sight.column[j]) {
            offer(node->region, (Split){SPLIT_STATE, j, 0}, ret_splits, &count);
            offer(node->region, (Split){SPLIT_MOVE, j, 0}, ret_splits, &count);
        }
    return count;
}

// Splits by digits; those of other columns cannot change the logits.
static int fine_splits(const RefineContext *c, const Node *node, Split *ret_splits)
{
    const Task *task = c->claim->task;
    Sight sight = sight_of(c->query[node->answer]);
    int count = 0;
    for (int j = task->columns - 1; j >= task->lead; j--)
        for (int m = 0; sight.column[j] && m < task->inputs; m++)
            offer(node->region, (Split){SPLIT_DIGIT, j, m}, ret_splits, &count);
    return count;
}

static Part part_new(Arena *arena, const RefineContext *c, const Node *node, Region *region,
                     Condition condition)
{
    Part part = {.node = *node};
    int n = node->n_conditions;
    part.node.region = region;
    part.node.condition = ARENA_NEW(arena, Condition, (size_t)n + 1);
    if (n > 0)
        memcpy(part.node.condition, node->condition, (size_t)n * sizeof *node->condition);
    part.node.condition[n] = condition;
    part.node.n_conditions = n + 1;
    part.node.right =
        region_token(region, &c->claim->task->source[c->claim->task->prompt + node->answer]);
    part.node.margin = -FIX_MAX;
    return part;
}

static int unstable_neurons(const GroupBound *group, int F)
{
    int count = 0;
    for (int i = 0; i < F; i++)
        count += neuron_unstable(group->neuron[i]);
    return count;
}

static void bound_part(Arena *arena, const RefineContext *c, Part *part, Refinement *r)
{
    const Query *query = c->query[part->node.answer];
    if (part->node.right < 0 || !query->supported)
        return;
    bool fits = margin_bound(arena, query, part->node.region, c->claim->ids[part->node.right],
                             c->mu + ROUNDING_ROOM, &part->bound);
    part->bounded = fits && part->bound.complete;
    part->node.margin = fits ? part->bound.margin : -FIX_MAX;
    for (int g = 0; part->bounded && g < part->bound.n_groups; g++) {
        int unstable = unstable_neurons(&part->bound.group[g], query->model->model->shape.d_mlp);
        part->unstable = unstable > part->unstable ? unstable : part->unstable;
    }
    r->bounds++;
}

static void look_at_part(const RefineContext *c, Part *part)
{
    const Query *query = c->query[part->node.answer];
    if (part->node.right >= 0 && query->supported)
        part->node.margin = margin_look(query, part->node.region, c->claim->ids[part->node.right],
                                        c->mu + ROUNDING_ROOM);
}

static bool enough(const RefineContext *c, const Part *part)
{
    return part->node.margin > c->mu + ROUNDING_ROOM;
}

static bool suffices(const RefineContext *c, const Part *part)
{
    return part->bounded && enough(c, part);
}

// What is left when rounding errors are allowed for must be at least what they take.
static bool outweighs_rounding(const RefineContext *c, Part *part, Refinement *r)
{
    double start = work_thread_seconds();
    Fix margin = margin_exact(c->query[part->node.answer], part->node.region, &part->bound);
    part->node.exact = margin > -FIX_MAX ? margin : part->node.margin;
    r->bound_seconds += work_thread_seconds() - start;
    return margin > -FIX_MAX && 2 * part->node.margin >= part->node.exact;
}

static void add_deficit(const RefineContext *c, const Part *part, mpz_t deficit)
{
    mpz_t count;
    if (enough(c, part))
        return;
    mpz_init(count);
    region_count(part->node.region, count);
    Fix lack = (c->mu + ROUNDING_ROOM - part->node.margin) >> (FIX_BITS - 8);
    mpz_mul_ui(count, count, lack < 1 ? 1 : (unsigned long)lack);
    mpz_add(deficit, deficit, count);
    mpz_clear(count);
}

// Tokens and digits are halved, so that neighbours stay together where they can; the few states and
// moves are told apart at once.
static bool splits_in_halves(const RefineContext *c, const Node *node, const Split *split)
{
    bool answer =
        split->kind == SPLIT_TOKEN && split->which == c->claim->task->prompt + node->answer;
    return (split->kind == SPLIT_TOKEN && !answer) || split->kind == SPLIT_DIGIT;
}

static int trial_conditions(const RefineContext *c, const Node *node, const Split *split,
                            Condition *ret_conditions)
{
    int labels[SPLIT_LABELS_MAX], count = split_labels(node->region, split, labels);
    bool halves = splits_in_halves(c, node, split);
    int parts = halves ? 2 : count;
    for (int i = 0; i < parts; i++)
        ret_conditions[i] = (Condition){.split = *split};
    for (int i = 0; i < count; i++)
        label_set_add(&ret_conditions[halves ? i * 2 / count : i].labels, labels[i]);
    return parts;
}

static void split_node(const RefineContext *c, const Node *node, Trial *trial)
{
    Condition conditions[SPLIT_LABELS_MAX];
    int count = trial_conditions(c, node, &trial->split, conditions);
    trial->part = ARENA_NEW(trial->arena, Part, (size_t)count);
    for (int i = 0; i < count; i++) {
        Region *region = split_part(trial->arena, node->region, &conditions[i]);
        if (region)
            trial->part[trial->n_parts++] = part_new(trial->arena, c, node, region, conditions[i]);
    }
}

// Stops as soon as the deficit is above that of another trial, if there is one.
static void look_at_parts(const RefineContext *c, Trial *trial, const Trial *other)
{
    for (int i = 0; i < trial->n_parts; i++) {
        look_at_part(c, &trial->part[i]);
        add_deficit(c, &trial->part[i], trial->deficit);
        if (other->part && mpz_cmp(trial->deficit, other->deficit) > 0)
            return;
    }
}

static void trial_init(Trial *trial, Split split)
{
    *trial = (Trial){.arena = arena_new(), .split = split};
    mpz_init(trial->deficit);
}

static void trial_clear(Trial *trial)
{
    arena_free(trial->arena);
    mpz_clear(trial->deficit);
}

static bool better(const Trial *a, const Trial *b)
{
    int order = mpz_cmp(a->deficit, b->deficit);
    return order < 0 || (order == 0 && a->n_parts < b->n_parts);
}

// The best of the splits, by a look at their parts; ret_best->part is NULL if there is none.
static void best_trial(const RefineContext *c, const Node *node, const Split *splits, int count,
                       Trial *ret_best)
{
    for (int i = 0; i < count && !work_interrupted(); i++) {
        Trial trial;
        trial_init(&trial, splits[i]);
        split_node(c, node, &trial);
        if (count > 1)
            look_at_parts(c, &trial, ret_best);
        if (!ret_best->part || better(&trial, ret_best)) {
            Trial worse = *ret_best;
            *ret_best = trial;
            trial = worse;
        }
        trial_clear(&trial);
        if (mpz_sgn(ret_best->deficit) == 0)
            break;
    }
}

static void bound_parts(const RefineContext *c, Trial *trial, Refinement *r)
{
    for (int i = 0; i < trial->n_parts && !work_interrupted(); i++)
        bound_part(trial->arena, c, &trial->part[i], r);
}

static void choose(const RefineContext *c, const Node *node, Trial *ret_best)
{
    Split splits[SPLITS_MAX];
    int position = c->claim->task->prompt + node->answer, count;
    if (node->right < 0) {
        splits[0] = split_by_token(c->claim->task, position);
        best_trial(c, node, splits, 1, ret_best);
        return;
    }
    if (!c->query[node->answer]->supported)
        return;
    count = explaining_split(c, node, splits);
    if (count == 0)
        count = coarse_splits(c, node, splits);
    if (count == 0)
        count = fine_splits(c, node, splits);
    best_trial(c, node, splits, count, ret_best);
}

// Title of a script: position and conditions.
static void say_title(Text *title, const RefineContext *c, const Node *node)
{
    const Task *task = c->claim->task;
    position_say(title, task, task->prompt + node->answer);
    for (int i = 0; i < node->n_conditions; i++) {
        text_add(title, i == 0 ? ": " : "; ");
        condition_say(title, task, &node->condition[i]);
    }
}

static bool refuted_all(const SmtReply *reply)
{
    bool all = reply->n_answers > 1 && reply->answers[0] == SMT_SAT;
    for (int i = 1; i < reply->n_answers; i++)
        all = all && reply->answers[i] == SMT_UNSAT;
    return all;
}

// The script of one group, if the solver refutes it; else *ret_script is NULL.
static Status solve_group(Arena *arena, const RefineContext *c, const Part *part, int group,
                          Refinement *r, const char **ret_script, Diag *diag)
{
    Text script = {0}, title = {0};
    SmtReply reply;
    say_title(&title, c, &part->node);
    if (part->bound.n_groups > 1)
        text_add(&title, "; group %d of %d", group + 1, part->bound.n_groups);
    query_script(&script, c->query[part->node.answer], &part->bound.group[group], c->mu,
                 text_chars(&title));
    Status status = smt_run(arena, text_chars(&script), c->rlimit, &reply, diag);
    *ret_script = NULL;
    if (status == STATUS_OK) {
        bool refuted = reply.n_answers == part->bound.n_tokens + 1 && refuted_all(&reply);
        *ret_script = refuted ? arena_strdup(arena, text_chars(&script)) : NULL;
        r->queries += (unsigned long)reply.n_answers;
    }
    text_free(&script);
    text_free(&title);
    return status;
}

static Status solve_part(Arena *arena, const RefineContext *c, Part *part, Refinement *r,
                         Diag *diag)
{
    Status status = STATUS_OK;
    double start = work_thread_seconds();
    int groups = part->bound.n_groups;
    part->script = ARENA_NEW(arena, const char *, (size_t)groups);
    part->proved = true;
    for (int g = 0; g < groups && part->proved && status == STATUS_OK; g++) {
        status = solve_group(arena, c, part, g, r, &part->script[g], diag);
        part->proved = status == STATUS_OK && part->script[g] != NULL;
    }
    part->n_scripts = part->proved ? groups : 0;
    r->solver_seconds += work_thread_seconds() - start;
    return status;
}

static uint64_t seed_of(const Node *node)
{
    uint64_t seed = (uint64_t)node->answer + 1;
    for (int i = 0; i < node->n_conditions; i++) {
        const Condition *c = &node->condition[i];
        seed = seed * 0x100000001b3u + (uint64_t)c->split.kind;
        seed = seed * 0x100000001b3u + (uint64_t)c->split.column;
        seed = seed * 0x100000001b3u + (uint64_t)c->split.which;
        seed = seed * 0x100000001b3u + c->labels.bits[0];
        seed = seed * 0x100000001b3u + c->labels.bits[1];
    }
    return seed;
}

static Status settle(Arena *arena, const RefineContext *c, Falsifier *falsifier, Part *part,
                     Refinement *r, Diag *diag)
{
    bool enough = suffices(c, part) && outweighs_rounding(c, part, r);
    part->proved = enough && c->unsolved;
    if (enough && !c->unsolved)
        TRY(solve_part(arena, c, part, r, diag));
    if (part->proved)
        return STATUS_OK;
    part->node.wrong_samples = falsifier_sample(falsifier, part->node.region, seed_of(&part->node),
                                                REFINE_SAMPLES, part->node.wrong);
    part->node.refuted = part->node.wrong_samples > 0;
    return STATUS_OK;
}

Status refine(Arena *arena, const RefineContext *context, Falsifier *falsifier, const Node *node,
              Refinement *ret_refinement, Diag *diag)
{
    Refinement r = {0};
    Trial best;
    Status status = STATUS_OK;
    double start = work_thread_seconds();
    trial_init(&best, (Split){0});
    choose(context, node, &best);
    bound_parts(context, &best, &r);
    r.bound_seconds += work_thread_seconds() - start;
    r.part = ARENA_NEW(arena, Part, (size_t)best.n_parts);
    r.n_parts = best.n_parts;
    for (int i = 0; i < best.n_parts && status == STATUS_OK; i++) {
        Part *part = &best.part[i];
        status = settle(best.arena, context, falsifier, part, &r, diag);
        r.part[i] = *part;
        r.part[i].node.region = region_copy(arena, part->node.region);
        r.part[i].node.condition = ARENA_NEW(arena, Condition, (size_t)part->node.n_conditions);
        memcpy(r.part[i].node.condition, part->node.condition,
               (size_t)part->node.n_conditions * sizeof(Condition));
        if (part->proved)
            r.part[i].choices = choices_copy(arena, &part->bound.choices);
        r.part[i].script = ARENA_NEW(arena, const char *, (size_t)part->n_scripts);
        for (int g = 0; g < part->n_scripts; g++)
            r.part[i].script[g] = arena_strdup(arena, part->script[g]);
    }
    trial_clear(&best);
    if (status == STATUS_OK)
        *ret_refinement = r;
    return status;
}
