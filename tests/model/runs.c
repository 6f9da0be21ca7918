#include "runs.h"

#include <math.h>
#include <string.h>

#include "inference.h"
#include "precise.h"

enum { PIECE = 500, PRECISION = 256 };

typedef struct Comparison {
    const Questions *questions;
    const RunsOptions *options;
    Precise **precise; // [threads]
    RunsReport *slots; // one a piece
} Comparison;

typedef struct Run {       // one evaluation of a question
    float *preactivations; // [answer][F], or NULL
    float *logits;         // [answer][V]
} Run;

typedef struct Piece { // scratch
    const Comparison *comparison;
    RunsReport report;
    Inference *inference;
    Precise *precise;
    Enclosure *exact; // [F + V]
    double exact_low[RUNS_NUMBERS_MAX], exact_high[RUNS_NUMBERS_MAX];
    RunsLimits limits;
    uint64_t question;
    int tokens[TASK_POSITIONS_MAX];
    Run shipped, runs[REORDERED_COUNT];
} Piece;

static double greater(double a, double b)
{
    return a >= b ? a : b; // and not a NaN in a's place
}

static double less(double a, double b)
{
    return a <= b ? a : b;
}

static void add_report(RunsReport *sum, const RunsReport *part)
{
    sum->questions += part->questions;
    sum->runs += part->runs;
    sum->exact += part->exact;
    sum->wrong += part->wrong;
    sum->undefined += part->undefined;
    sum->other_bits += part->other_bits;
    sum->outside += part->outside;
    sum->logit = greater(sum->logit, part->logit);
    sum->margin = greater(sum->margin, part->margin);
    sum->preactivation = greater(sum->preactivation, part->preactivation);
    sum->width = greater(sum->width, part->width);
    sum->least = less(sum->least, part->least);
    sum->least_exact = less(sum->least_exact, part->least_exact);
    sum->above = less(sum->above, part->above);
    for (int k = 0; k < RUNS_ALLOWANCES; k++) {
        sum->used[k] = greater(sum->used[k], part->used[k]);
        sum->allowed[k] = greater(sum->allowed[k], part->allowed[k]);
    }
}

static RunsReport report_new(void)
{
    return (RunsReport){.least = INFINITY, .least_exact = INFINITY, .above = INFINITY};
}

// ---- one run at one place -----------------------------------------------------------------------

// At least the difference between x, the difference of two binary32 numbers, and the exact number.
static double distance(const Piece *p, double x, int i)
{
    double most = greater(fabs(x - p->exact_low[i]), fabs(x - p->exact_high[i]));
    return most * (1 + 0x1p-50) + fabs(x) * 0x1p-52;
}

// Returns the distance from the exact number.
static double check_number(Piece *p, const RunsPlace *place, double x, int i)
{
    const RunsLimits *limits = &p->limits;
    double away = place->exact_low ? distance(p, x, i) : 0;
    p->report.outside += !(limits->low[i] <= x && x <= limits->high[i]);
    for (int k = 0; k < RUNS_ALLOWANCES; k++)
        p->report.outside += !(away <= limits->away[k][i]);
    return away;
}

static void check_margins(Piece *p, const RunsPlace *place, const float *logits)
{
    ModelShape s = place->questions->model->shape;
    for (int t = 0; t < s.d_vocab; t++) {
        if (t == place->right)
            continue;
        int i = s.d_mlp + t;
        double margin = (double)logits[place->right] - (double)logits[t];
        double away = check_number(p, place, margin, i);
        p->report.least = less(p->report.least, margin);
        p->report.margin = greater(p->report.margin, away);
        p->report.above = less(p->report.above, margin - p->limits.low[i]);
        for (int k = 0; k < RUNS_ALLOWANCES; k++)
            p->report.used[k] = greater(p->report.used[k], away / p->limits.away[k][i]);
    }
}

static void check_preactivations(Piece *p, const RunsPlace *place, const float *values)
{
    for (int f = 0; f < place->questions->model->shape.d_mlp; f++)
        p->report.preactivation =
            greater(p->report.preactivation, check_number(p, place, (double)values[f], f));
}

static void check_run(Piece *p, const RunsPlace *place, const Run *run)
{
    ModelShape s = place->questions->model->shape;
    const float *logits = run->logits + place->answer * s.d_vocab;
    const float *shipped = p->shipped.logits + place->answer * s.d_vocab;
    p->report.wrong += inference_argmax(logits, s.d_vocab) != place->right;
    for (int t = 0; t < s.d_vocab; t++)
        p->report.logit = greater(p->report.logit, fabs((double)logits[t] - (double)shipped[t]));
    check_margins(p, place, logits);
    if (run->preactivations)
        check_preactivations(p, place, run->preactivations + place->answer * s.d_mlp);
}

// ---- one question -------------------------------------------------------------------------------

static void ask_exact(Piece *p, const RunsPlace *place)
{
    ModelShape s = place->questions->model->shape;
    int query = place->questions->prompt + place->answer - 1;
    precise_last(p->precise, place->tokens, query, place->right, p->exact, p->exact + s.d_mlp);
    for (int i = 0; i < s.d_mlp + s.d_vocab; i++) {
        p->exact_low[i] = mpfr_get_d(p->exact[i].lo, MPFR_RNDD);
        p->exact_high[i] = mpfr_get_d(p->exact[i].hi, MPFR_RNDU);
        p->report.width = greater(p->report.width, enclosure_width(&p->exact[i]));
    }
    for (int t = 0; t < s.d_vocab; t++)
        if (t != place->right) {
            p->report.undefined += !(p->exact_low[s.d_mlp + t] > 0);
            p->report.least_exact = less(p->report.least_exact, p->exact_low[s.d_mlp + t]);
        }
}

static void find_limits(Piece *p, const RunsPlace *place)
{
    const RunsOptions *options = p->comparison->options;
    ModelShape s = place->questions->model->shape;
    for (int i = 0; i < s.d_mlp + s.d_vocab; i++) {
        p->limits.low[i] = -INFINITY;
        p->limits.high[i] = INFINITY;
        for (int k = 0; k < RUNS_ALLOWANCES; k++)
            p->limits.away[k][i] = INFINITY;
    }
    if (options->bound)
        options->bound(options->context, place, &p->limits);
    for (int i = s.d_mlp; place->exact_low && i < s.d_mlp + s.d_vocab; i++)
        for (int k = 0; k < RUNS_ALLOWANCES; k++)
            if (p->limits.away[k][i] < INFINITY)
                p->report.allowed[k] =
                    greater(p->report.allowed[k], p->limits.away[k][i] / p->exact_low[i]);
}

static void check_place(Piece *p, int answer, int n_runs, bool exact)
{
    const Questions *questions = p->comparison->questions;
    RunsPlace place = {.questions = questions,
                       .question = p->question,
                       .tokens = p->tokens,
                       .answer = answer,
                       .right = p->tokens[questions->prompt + answer],
                       .exact_low = exact ? p->exact_low : NULL,
                       .exact_high = exact ? p->exact_high : NULL};
    if (exact)
        ask_exact(p, &place);
    find_limits(p, &place);
    check_run(p, &place, &p->shipped);
    for (int r = 0; r < n_runs; r++)
        check_run(p, &place, &p->runs[r]);
}

static void evaluate(Piece *p)
{
    const Questions *q = p->comparison->questions;
    int first = q->prompt - 1, orders = p->comparison->options->orders;
    size_t bytes = (size_t)q->answer * (size_t)q->model->shape.d_vocab * sizeof(float);
    questions_tokens(q, p->question, p->tokens);
    inference_logits(p->inference, p->tokens, 1, q->length, first, p->shipped.logits);
    for (int r = 0; r < orders; r++) {
        int which = (int)((p->question * (uint64_t)orders + (uint64_t)r) % REORDERED_COUNT);
        reordered_logits(q->model, p->tokens, q->length, first, &reordered_all[which], p->question,
                         p->runs[r].preactivations, p->runs[r].logits);
        if (which == 0)
            p->report.other_bits += memcmp(p->runs[r].logits, p->shipped.logits, bytes) != 0;
    }
}

static void check_question(Piece *p)
{
    const RunsOptions *options = p->comparison->options;
    bool exact = options->exact_every > 0 && p->question % options->exact_every == 0;
    evaluate(p);
    for (int a = 0; a < p->comparison->questions->answer; a++)
        check_place(p, a, options->orders, exact);
    p->report.questions++;
    p->report.exact += exact;
    p->report.runs += 1 + (uint64_t)options->orders;
}

// ---- pieces -------------------------------------------------------------------------------------

// Each thread has one, and keeps it from piece to piece.
static Precise *precise_of(const Comparison *comparison, int worker)
{
    if (comparison->options->exact_every > 0 && !comparison->precise[worker])
        comparison->precise[worker] = precise_new(comparison->questions->model);
    return comparison->precise[worker];
}

static Piece *piece_new(Arena *arena, const Comparison *comparison, int worker)
{
    const Questions *q = comparison->questions;
    ModelShape s = q->model->shape;
    size_t answer = (size_t)q->answer, F = (size_t)s.d_mlp, V = (size_t)s.d_vocab;
    Piece *p = ARENA_NEW(arena, Piece, 1);
    CHECK(s.d_mlp + s.d_vocab <= RUNS_NUMBERS_MAX);
    CHECK(comparison->options->orders <= REORDERED_COUNT);
    p->comparison = comparison;
    p->report = report_new();
    p->precise = precise_of(comparison, worker);
    p->exact = enclosure_vector(arena, F + V, PRECISION);
    p->inference = inference_new(arena, q->model, q->length);
    p->shipped.logits = ARENA_NEW(arena, float, answer *V);
    for (int r = 0; r < comparison->options->orders; r++) {
        p->runs[r].logits = ARENA_NEW(arena, float, answer *V);
        p->runs[r].preactivations = ARENA_NEW(arena, float, answer *F);
    }
    return p;
}

static void run_piece(void *context, size_t piece, int worker)
{
    const Comparison *comparison = context;
    const RunsOptions *options = comparison->options;
    Arena *arena = arena_new();
    Piece *p = piece_new(arena, comparison, worker);
    uint64_t end = options->first + options->count;
    p->question = options->first + piece * PIECE;
    for (int i = 0; i < PIECE && p->question < end; i++, p->question++)
        check_question(p);
    comparison->slots[piece] = p->report;
    arena_free(arena);
}

RunsReport runs_compare(WorkPool *pool, const Questions *questions, const RunsOptions *options)
{
    Arena *arena = arena_new();
    int threads = work_pool_threads(pool);
    size_t pieces = (size_t)((options->count + PIECE - 1) / PIECE);
    Comparison comparison = {questions, options, ARENA_NEW(arena, Precise *, (size_t)threads),
                             ARENA_NEW(arena, RunsReport, pieces + 1)};
    RunsReport report = report_new();
    work_run(pool, pieces, run_piece, &comparison);
    for (size_t i = 0; i < pieces; i++)
        add_report(&report, &comparison.slots[i]);
    for (int i = 0; i < threads; i++)
        precise_free(comparison.precise[i]);
    arena_free(arena);
    return report;
}
