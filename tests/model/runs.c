#include "runs.h"

#include <math.h>
#include <string.h>

#include "inference.h"
#include "oracle.h"
#include "reordered.h"

enum { PIECE = 500, WIDTH = REORDERED_WIDTH };

typedef struct Comparison {
    const Questions *questions;
    const RunsOptions *options;
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
    Oracle *oracle;
    Enclosure *exact; // [F + V]
    uint64_t question;
    int tokens[TASK_POSITIONS_MAX];
    Run shipped, runs[REORDERED_COUNT];
} Piece;

static double greater(double a, double b)
{
    return a >= b ? a : b; // and not a NaN in a's place
}

// The greatest difference between x and a number of the enclosure.
static double distance(double x, const Enclosure *exact)
{
    double low = mpfr_get_d(exact->lo, MPFR_RNDD), high = mpfr_get_d(exact->hi, MPFR_RNDU);
    return greater(fabs(x - low), fabs(x - high));
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
    sum->least = part->least < sum->least ? part->least : sum->least;
}

// ---- one run at one place -----------------------------------------------------------------------

static void check_margins(Piece *p, const RunsPlace *place, const float *logits, bool exact,
                          const double *low, const double *high)
{
    ModelShape s = place->questions->model->shape;
    for (int t = 0; t < s.d_vocab; t++) {
        double margin = (double)logits[place->right] - (double)logits[t];
        if (t != place->right)
            p->report.least = margin < p->report.least ? margin : p->report.least;
        if (exact)
            p->report.margin = greater(p->report.margin, distance(margin, &p->exact[s.d_mlp + t]));
        p->report.outside += !(low[s.d_mlp + t] <= margin && margin <= high[s.d_mlp + t]);
    }
}

static void check_preactivations(Piece *p, int F, const float *values, bool exact,
                                 const double *low, const double *high)
{
    for (int f = 0; f < F; f++) {
        double value = (double)values[f];
        if (exact)
            p->report.preactivation =
                greater(p->report.preactivation, distance(value, &p->exact[f]));
        p->report.outside += !(low[f] <= value && value <= high[f]);
    }
}

static void check_run(Piece *p, const RunsPlace *place, const Run *run, bool exact,
                      const double *low, const double *high)
{
    ModelShape s = place->questions->model->shape;
    const float *logits = run->logits + place->answer * s.d_vocab;
    const float *shipped = p->shipped.logits + place->answer * s.d_vocab;
    p->report.wrong += inference_argmax(logits, s.d_vocab) != place->right;
    for (int t = 0; t < s.d_vocab; t++)
        p->report.logit = greater(p->report.logit, fabs((double)logits[t] - (double)shipped[t]));
    check_margins(p, place, logits, exact, low, high);
    if (run->preactivations)
        check_preactivations(p, s.d_mlp, run->preactivations + place->answer * s.d_mlp, exact, low,
                             high);
}

// ---- one question -------------------------------------------------------------------------------

static void ask_oracle(Piece *p, const RunsPlace *place)
{
    ModelShape s = place->questions->model->shape;
    int query = place->questions->prompt + place->answer - 1;
    oracle_preactivations(p->oracle, place->tokens, query, p->exact);
    oracle_margins(p->oracle, place->tokens, query, place->right, p->exact + s.d_mlp);
    for (int t = 0; t < s.d_vocab; t++)
        p->report.undefined += t != place->right && mpfr_sgn(p->exact[s.d_mlp + t].lo) <= 0;
}

static void check_place(Piece *p, int answer, int n_runs, bool exact)
{
    const Questions *questions = p->comparison->questions;
    const RunsOptions *options = p->comparison->options;
    ModelShape s = questions->model->shape;
    RunsPlace place = {questions, p->question, p->tokens, answer,
                       p->tokens[questions->prompt + answer]};
    double low[2 * WIDTH], high[2 * WIDTH];
    for (int i = 0; i < s.d_mlp + s.d_vocab; i++) {
        low[i] = -INFINITY;
        high[i] = INFINITY;
    }
    if (options->bound)
        options->bound(options->context, &place, low, high);
    if (exact)
        ask_oracle(p, &place);
    check_run(p, &place, &p->shipped, exact, low, high);
    for (int r = 0; r < n_runs; r++)
        check_run(p, &place, &p->runs[r], exact, low, high);
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
    bool exact = options->oracle_every > 0 && p->question % options->oracle_every == 0;
    evaluate(p);
    for (int a = 0; a < p->comparison->questions->answer; a++)
        check_place(p, a, options->orders, exact);
    p->report.questions++;
    p->report.exact += exact;
    p->report.runs += 1 + (uint64_t)options->orders;
}

// ---- pieces -------------------------------------------------------------------------------------

static Piece *piece_new(Arena *arena, const Comparison *comparison)
{
    const Questions *q = comparison->questions;
    ModelShape s = q->model->shape;
    size_t answer = (size_t)q->answer, F = (size_t)s.d_mlp, V = (size_t)s.d_vocab;
    Piece *p = ARENA_NEW(arena, Piece, 1);
    CHECK(s.d_mlp <= WIDTH && s.d_vocab <= WIDTH && comparison->options->orders <= REORDERED_COUNT);
    p->comparison = comparison;
    p->report.least = INFINITY;
    p->inference = inference_new(arena, q->model, q->length);
    p->shipped.logits = ARENA_NEW(arena, float, answer *V);
    for (int r = 0; r < comparison->options->orders; r++) {
        p->runs[r].logits = ARENA_NEW(arena, float, answer *V);
        p->runs[r].preactivations = ARENA_NEW(arena, float, answer *F);
    }
    if (comparison->options->oracle_every > 0) {
        p->oracle = oracle_new(q->model, comparison->options->precision);
        p->exact = enclosure_vector(arena, F + V, comparison->options->precision);
    }
    return p;
}

static void run_piece(void *context, size_t piece, int worker)
{
    const Comparison *comparison = context;
    const RunsOptions *options = comparison->options;
    Arena *arena = arena_new();
    Piece *p = piece_new(arena, comparison);
    uint64_t end = options->first + options->count;
    (void)worker;
    p->question = options->first + piece * PIECE;
    for (int i = 0; i < PIECE && p->question < end; i++, p->question++)
        check_question(p);
    comparison->slots[piece] = p->report;
    oracle_free(p->oracle);
    arena_free(arena);
}

RunsReport runs_compare(WorkPool *pool, const Questions *questions, const RunsOptions *options)
{
    Arena *arena = arena_new();
    size_t pieces = (size_t)((options->count + PIECE - 1) / PIECE);
    Comparison comparison = {questions, options, ARENA_NEW(arena, RunsReport, pieces + 1)};
    RunsReport report = {.least = INFINITY};
    work_run(pool, pieces, run_piece, &comparison);
    for (size_t i = 0; i < pieces; i++)
        add_report(&report, &comparison.slots[i]);
    arena_free(arena);
    return report;
}
