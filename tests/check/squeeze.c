// Certificates without any room, for a few inputs: squeeze PROOFCHECK BUNDLE ROUNDS
//
// For a few symbols a column, this program evaluates the model in double on every input and writes a certificate of
// its own, each d the least that K11 allows and one more. proofcheck must accept it exactly if the margins, computed
// here by the formulas of K11 without the noise, are positive, and print these margins. Then one unit too few of
// a d, a bias that makes a margin just negative, or a neuron not quite off or on must be rejected, for that reason.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forge.h"
#include "rng.h"
#include "safetensors.h"

enum { POSITIONS = 9, PROMPT = 6, WIDTH_MAX = 64, KEYS_MAX = 9, HEADS_MAX = 2, INPUTS_MAX = 16 };
enum { SYMBOLS_MAX = 4, CONFIGURATIONS_MAX = 9, TOKENS_MAX = 12, REFERENCES = 2 };
static const double COARSE = 1.0 / 16, FINE = 1.0 / 1024; // units of d
static const double SPREAD = 0x1p-16, TAU = 0x1p-7; // what K11 adds to tau, and more than any tau

// ---- the task -----------------------------------------------------------------------------------

typedef struct Input {
    int symbol[2]; // column 0 is the last digits
    int token[POSITIONS];
} Input;

typedef struct Few {
    int count[2], symbol[2][SYMBOLS_MAX];
    int inputs;
    Input input[INPUTS_MAX];
    int options[POSITIONS], option[POSITIONS][TOKENS_MAX]; // tokens that can stand there, ascending
} Few;

static int prompt_column(int position) // -1: fixed
{
    static const int columns[PROMPT] = {1, 0, -1, 1, 0, -1};
    return columns[position];
}

static Input input_of(int s0, int s1)
{
    int low = s0 / 10 + s0 % 10, high = s1 / 10 + s1 % 10 + low / 10;
    return (Input){{s0, s1},
                   {s1 / 10, s0 / 10, 10, s1 % 10, s0 % 10, 11, high / 10, high % 10, low % 10}};
}

static void find_options(Few *few)
{
    for (int p = 0; p < POSITIONS; p++) {
        few->options[p] = 0;
        for (int token = 0; token < TOKENS_MAX; token++)
            for (int n = 0; n < few->inputs; n++)
                if (few->input[n].token[p] == token) {
                    few->option[p][few->options[p]++] = token;
                    break;
                }
    }
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static Few few_new(Rng *rng, int most)
{
    Few few = {.inputs = 0};
    for (int c = 0; c < 2; c++) {
        few.count[c] = 1 + (int)rng_below(rng, (uint32_t)most);
        for (int i = 0; i < few.count[c]; i++) {
            int symbol, again;
            do {
                symbol = (int)rng_below(rng, 100);
                again = 0;
                for (int k = 0; k < i; k++)
                    again |= few.symbol[c][k] == symbol;
            } while (again);
            few.symbol[c][i] = symbol;
        }
        qsort(few.symbol[c], (size_t)few.count[c], sizeof(int), by_number);
    }
    for (int i = 0; i < few.count[0]; i++)
        for (int k = 0; k < few.count[1]; k++)
            few.input[few.inputs++] = input_of(few.symbol[0][i], few.symbol[1][k]);
    find_options(&few);
    return few;
}

// ---- the model in double ------------------------------------------------------------------------

static Model *model;

// y += x W, W being [in][out].
static void add_product(const double *x, const float *W, int in, int out, double *y)
{
    for (int i = 0; i < in; i++)
        for (int o = 0; o < out; o++)
            y[o] += x[i] * (double)W[i * out + o];
}

static void start(double *y, const float *bias, int n)
{
    for (int i = 0; i < n; i++)
        y[i] = bias ? (double)bias[i] : 0;
}

static void project(const double *x, const float *W, const float *b, int h, double *y)
{
    ModelShape s = model->shape;
    start(y, b + h * s.d_head, s.d_head);
    add_product(x, W + h * s.d_model * s.d_head, s.d_model, s.d_head, y);
}

static double score(const double *q, const double *k)
{
    double sum = 0;
    for (int i = 0; i < model->shape.d_head; i++)
        sum += q[i] * k[i];
    return sum * (double)model->shape.score_scale;
}

static void embed(const int *token, int p, double *x)
{
    int D = model->shape.d_model;
    for (int i = 0; i < D; i++)
        x[i] = (double)model->W_E[token[p] * D + i] + (double)model->W_pos[p * D + i];
}

// What attention adds in layer 0 at j.
static void attend_below(const int *token, int j, int h, double *y)
{
    ModelShape s = model->shape;
    const ModelLayer *layer = &model->layer[0];
    double x[WIDTH_MAX], q[WIDTH_MAX], k[WIDTH_MAX], v[WIDTH_MAX], z[WIDTH_MAX] = {0}, total = 0;
    embed(token, j, x);
    project(x, layer->W_Q, layer->b_Q, h, q);
    for (int p = 0; p <= j; p++) {
        if (!model_edge(model, 0, h, j, p))
            continue;
        embed(token, p, x);
        project(x, layer->W_K, layer->b_K, h, k);
        project(x, layer->W_V, layer->b_V, h, v);
        double w = exp(score(q, k));
        total += w;
        for (int i = 0; i < s.d_head; i++)
            z[i] += w * v[i];
    }
    for (int i = 0; i < s.d_head; i++)
        z[i] /= total;
    add_product(z, layer->W_O + h * s.d_head * s.d_model, s.d_head, s.d_model, y);
}

// The residual that enters layer 1 at j. Requires: every head of layer 0 reads something there.
static void residual(const int *token, int j, double *x)
{
    ModelShape s = model->shape;
    const ModelLayer *layer = &model->layer[0];
    double y[WIDTH_MAX], u[WIDTH_MAX];
    embed(token, j, x);
    start(y, layer->b_O, s.d_model);
    for (int h = 0; h < s.heads; h++)
        attend_below(token, j, h, y);
    for (int i = 0; i < s.d_model; i++)
        x[i] += y[i];
    start(u, layer->b_in, s.d_mlp);
    add_product(x, layer->W_in, s.d_model, s.d_mlp, u);
    for (int i = 0; i < s.d_mlp; i++)
        u[i] = fmax(u[i], 0);
    start(y, layer->b_out, s.d_model);
    add_product(u, layer->W_out, s.d_mlp, s.d_model, y);
    for (int i = 0; i < s.d_model; i++)
        x[i] += y[i];
}

// ---- an edge case -------------------------------------------------------------------------------

static bool in_cone(int j, int p) // of layer 1
{
    bool within = p == j;
    for (int h = 0; h < model->shape.heads; h++)
        within |= model_edge(model, 0, h, j, p);
    return within;
}

typedef struct Key {
    int position, column;
} Key;

// A configuration of a key for one head: the exponential of its score, and v W_O.
typedef struct At {
    double weight, out[WIDTH_MAX];
} At;

// What the keys can be on the symbols of an input.
typedef struct Sight {
    int count[KEYS_MAX];
    At at[KEYS_MAX][CONFIGURATIONS_MAX];
} Sight;

// A configuration of the query: what its head sees on each input of its restriction, and on each reference.
typedef struct Query {
    double x[WIDTH_MAX];
    int paths;
    Sight path[INPUTS_MAX][HEADS_MAX], reference[REFERENCES][HEADS_MAX];
} Query;

typedef struct Case {
    int right, inputs;
    Input input[INPUTS_MAX];
    int reference[REFERENCES][2];
    int keys;
    Key key[KEYS_MAX];
    int queries;
    Query *query; // of the case that was made last
} Case;

// Which tokens the open positions of a key's cone have is counted by *choice; false if there are no more.
static bool assign(const Few *few, int j, const Key *key, const Input *symbols, const int *kappa,
                   int choice, int *token)
{
    memcpy(token, kappa, POSITIONS * sizeof *token);
    for (int p = 0; p < POSITIONS; p++) {
        if (!in_cone(key->position, p) || few->options[p] == 0 || in_cone(j, p))
            continue;
        if (p < PROMPT && (prompt_column(p) < 0 || prompt_column(p) == key->column)) {
            token[p] = symbols->token[p];
            continue;
        }
        token[p] = few->option[p][choice % few->options[p]];
        choice /= few->options[p];
    }
    return choice == 0;
}

static void look(const Few *few, int j, const Key *key, const Input *symbols, const int *kappa,
                 const double *x, int h, At *at, int *ret_count)
{
    ModelShape s = model->shape;
    const ModelLayer *layer = &model->layer[1];
    double q[WIDTH_MAX], k[WIDTH_MAX], v[WIDTH_MAX], y[WIDTH_MAX];
    int token[POSITIONS];
    project(x, layer->W_Q, layer->b_Q, h, q);
    for (*ret_count = 0; assign(few, j, key, symbols, kappa, *ret_count, token); ++*ret_count) {
        At *a = &at[*ret_count];
        residual(token, key->position, y);
        project(y, layer->W_K, layer->b_K, h, k);
        project(y, layer->W_V, layer->b_V, h, v);
        a->weight = exp(score(q, k));
        start(a->out, NULL, s.d_model);
        add_product(v, layer->W_O + h * s.d_head * s.d_model, s.d_head, s.d_model, a->out);
        if (*ret_count == CONFIGURATIONS_MAX - 1) {
            fprintf(stderr, "squeeze: too many configurations\n");
            exit(EXIT_FAILURE);
        }
    }
}

static void see(const Few *few, const Case *k, int j, const Input *symbols, const int *kappa,
                const double *x, int h, Sight *ret)
{
    for (int n = 0; n < k->keys; n++) {
        ret->count[n] = 0;
        if (model_edge(model, 1, h, j, k->key[n].position))
            look(few, j, &k->key[n], symbols, kappa, x, h, ret->at[n], &ret->count[n]);
    }
}

static bool agrees(int j, const Input *a, const int *kappa)
{
    for (int p = 0; p < POSITIONS; p++)
        if (in_cone(j, p) && a->token[p] != kappa[p])
            return false;
    return true;
}

// The symbol of a reference input, or the least one that the restriction has there.
static int symbol_there(const Case *k, int j, const int *kappa, int column, int symbol)
{
    int least = 1000;
    for (int n = 0; n < k->inputs; n++)
        if (agrees(j, &k->input[n], kappa)) {
            if (k->input[n].symbol[column] == symbol)
                return symbol;
            least = least < k->input[n].symbol[column] ? least : k->input[n].symbol[column];
        }
    return least;
}

static void make_query(const Few *few, Case *k, int j, const int *kappa)
{
    Query *q = &k->query[k->queries++];
    q->paths = 0;
    residual(kappa, j, q->x);
    for (int h = 0; h < model->shape.heads; h++) {
        int paths = 0;
        for (int n = 0; n < k->inputs; n++)
            if (agrees(j, &k->input[n], kappa))
                see(few, k, j, &k->input[n], kappa, q->x, h, &q->path[paths++][h]);
        q->paths = paths;
        for (int r = 0; r < REFERENCES; r++) {
            Input there = input_of(symbol_there(k, j, kappa, 0, k->reference[r][0]),
                                   symbol_there(k, j, kappa, 1, k->reference[r][1]));
            see(few, k, j, &there, kappa, q->x, h, &q->reference[r][h]);
        }
    }
}

static void case_init(Case *k, const Few *few, int position, int right, bool columns)
{
    static Query room[INPUTS_MAX];
    int j = position - 1;
    k->query = room;
    k->right = right;
    k->inputs = k->keys = k->queries = 0;
    for (int n = 0; n < few->inputs; n++)
        if (few->input[n].token[position] == right)
            k->input[k->inputs++] = few->input[n];
    for (int p = 0; p <= j; p++) {
        bool read = false;
        for (int h = 0; h < model->shape.heads; h++)
            read |= model_edge(model, 1, h, j, p);
        if (!read)
            continue;
        int column = -1;
        for (int n = 0; columns && n < PROMPT; n++)
            if (in_cone(p, n) && !in_cone(j, n) && prompt_column(n) >= 0)
                column = prompt_column(n);
        k->key[k->keys++] = (Key){p, column};
    }
    // One reference is an input, the other perhaps none at all.
    memcpy(k->reference[0], k->input[k->inputs / 2].symbol, sizeof k->reference[0]);
    k->reference[1][0] = 99;
    k->reference[1][1] = k->input[0].symbol[1];
    for (int n = 0; n < k->inputs; n++) {
        bool before = false;
        for (int m = 0; m < n; m++)
            before |= agrees(j, &k->input[m], k->input[n].token);
        if (!before)
            make_query(few, k, j, k->input[n].token);
    }
}

// ---- bounds -------------------------------------------------------------------------------------

static double along(const At *at, const double *f)
{
    double sum = 0;
    for (int i = 0; i < model->shape.d_model; i++)
        sum += at->out[i] * f[i];
    return sum;
}

// The first configurations' mean.
static double mean_of(const Case *k, const Sight *s, const double *f)
{
    double over = 0, under = 0;
    for (int n = 0; n < k->keys; n++)
        if (s->count[n] > 0) {
            over += s->at[n][0].weight * along(&s->at[n][0], f);
            under += s->at[n][0].weight;
        }
    return over / under;
}

// The least lambda for which the sum over the keys of the greatest w (g - lambda) is not positive, each w within a
// factor e^spread.
static double least_bound(const Case *k, const Sight *s, const double *f, double spread)
{
    double lambda = -INFINITY, next = mean_of(k, s, f);
    while (next > lambda + 1e-12) {
        double over = 0, under = 0;
        lambda = next;
        for (int n = 0; n < k->keys; n++) {
            double best = -INFINITY, w = 0, g = 0;
            for (int c = 0; c < s->count[n]; c++) {
                double value = along(&s->at[n][c], f);
                double weight = s->at[n][c].weight * exp(value > lambda ? spread : -spread);
                if (weight * (value - lambda) > best) {
                    best = weight * (value - lambda);
                    w = weight;
                    g = value;
                }
            }
            over += w * g;
            under += w;
        }
        next = over / under;
    }
    return lambda;
}

// A d for each head: the least one that holds without the errors of runs, one that holds with them, and what follows.
typedef struct Bound {
    long least[HEADS_MAX], d[HEADS_MAX];
    bool sharp[HEADS_MAX];     // no mean lies near a multiple of the unit
    double lambda[INPUTS_MAX]; // [query]: the sum of the heads
} Bound;

static long greater(long x, long y)
{
    return x > y ? x : y;
}

// Whether a head reads anything at the query.
static bool reads(const Case *k, int h)
{
    const Sight *s = &k->query[0].path[0][h];
    for (int n = 0; n < k->keys; n++)
        if (s->count[n] > 0)
            return true;
    return false;
}

static Bound bound(const Case *k, const double *f, double unit)
{
    Bound b;
    memset(&b, 0, sizeof b);
    for (int h = 0; h < model->shape.heads; h++) {
        double base[INPUTS_MAX];
        b.least[h] = b.d[h] = reads(k, h) ? -1000000 : 0;
        b.sharp[h] = reads(k, h);
        if (!reads(k, h))
            continue;
        for (int q = 0; q < k->queries; q++) {
            double r = -INFINITY, need = -INFINITY, room = -INFINITY;
            for (int n = 0; n < REFERENCES; n++)
                r = fmax(r, mean_of(k, &k->query[q].reference[n][h], f));
            for (int n = 0; n < k->query[q].paths; n++) {
                need = fmax(need, least_bound(k, &k->query[q].path[n][h], f, SPREAD));
                room = fmax(room, least_bound(k, &k->query[q].path[n][h], f, SPREAD + TAU));
            }
            base[q] = floor(r / unit) * unit;
            b.sharp[h] &= r / unit - floor(r / unit) < 0.97;
            b.least[h] = greater(b.least[h], (long)ceil((need - base[q]) / unit - 1e-6));
            b.d[h] = greater(b.d[h], (long)ceil((room - base[q]) / unit) + 1);
        }
        for (int q = 0; q < k->queries; q++)
            b.lambda[q] += base[q] + unit * (double)b.d[h];
    }
    return b;
}

static double dot(const double *x, const float *w, int n, int step)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i] * (double)w[i * step];
    return sum;
}

// ---- the certificate ----------------------------------------------------------------------------

typedef enum NeuronKind { OFF, ON, OPEN } NeuronKind;

typedef struct Neuron {
    NeuronKind kind;
    int m;
    Bound above, below;
    double low, high; // l and r, without wide
} Neuron;

typedef struct Answer {
    Neuron neuron[WIDTH_MAX];
    Bound wrong[TOKENS_MAX];
    double margin[TOKENS_MAX], least; // without the noise
} Answer;

static double direct(const Query *q, int i)
{
    ModelShape s = model->shape;
    const ModelLayer *y = &model->layer[1];
    double x[WIDTH_MAX];
    for (int n = 0; n < s.d_model; n++)
        x[n] = q->x[n] + (double)y->b_O[n];
    return dot(x, y->W_in + i, s.d_model, s.d_mlp) + (double)y->b_in[i];
}

// Off or on where that is clear by the coarse units already.
static void settle(const Case *k, int i, Neuron *n)
{
    ModelShape s = model->shape;
    double f[WIDTH_MAX], minus[WIDTH_MAX], high = -INFINITY, low = INFINITY;
    for (int m = 0; m < s.d_model; m++)
        minus[m] = -(f[m] = (double)model->layer[1].W_in[m * s.d_mlp + i]);
    for (int kind = OFF; kind <= OPEN; kind++) {
        double unit = kind == OPEN ? FINE : COARSE;
        n->kind = (NeuronKind)kind;
        n->above = bound(k, f, unit);
        n->below = bound(k, minus, unit);
        high = -INFINITY;
        low = INFINITY;
        for (int q = 0; q < k->queries; q++) {
            double d = direct(&k->query[q], i);
            high = fmax(high, d + n->above.lambda[q]);
            low = fmin(low, d - n->below.lambda[q]);
        }
        if ((kind == OFF && high < -0.06) || (kind == ON && low > 0.06))
            break;
    }
    n->high = high;
    n->low = low;
    n->m = high <= 0 ? 0 : low >= 0 ? 64 : (int)(64 * high / (high - low));
}

static void settle_token(const Case *k, int t, Answer *a)
{
    ModelShape s = model->shape;
    const ModelLayer *y = &model->layer[1];
    double delta[WIDTH_MAX], c[WIDTH_MAX], minus[WIDTH_MAX], constant = 0, least = INFINITY;
    for (int m = 0; m < s.d_model; m++) {
        c[m] = delta[m] =
            (double)model->W_U[m * s.d_vocab + k->right] - (double)model->W_U[m * s.d_vocab + t];
        constant += delta[m] * (double)y->b_out[m];
    }
    for (int i = 0; i < s.d_mlp; i++) {
        const Neuron *n = &a->neuron[i];
        double g = dot(delta, y->W_out + i * s.d_model, s.d_model, 1), slope = 0;
        if (n->kind == ON)
            slope = g;
        else if (n->kind == OPEN && g >= 0)
            slope = n->m >= 32 ? g : 0;
        else if (n->kind == OPEN) {
            slope = g * n->m / 64;
            constant -= fmax(0, fmax(g * n->low * n->m / 64, -g * n->high * (1 - n->m / 64.0)));
        }
        constant += slope * (double)y->b_in[i];
        for (int m = 0; m < s.d_model; m++)
            c[m] += slope * (double)y->W_in[m * s.d_mlp + i];
    }
    for (int m = 0; m < s.d_model; m++) {
        minus[m] = -c[m];
        constant += c[m] * (double)y->b_O[m];
    }
    a->wrong[t] = bound(k, minus, FINE);
    for (int q = 0; q < k->queries; q++) {
        double sum = 0;
        for (int m = 0; m < s.d_model; m++)
            sum += c[m] * k->query[q].x[m];
        least = fmin(least, sum - a->wrong[t].lambda[q]);
    }
    a->margin[t] = least + constant + (double)model->b_U[k->right] - (double)model->b_U[t];
}

static void settle_all(const Case *k, Answer *a)
{
    for (int i = 0; i < model->shape.d_mlp; i++)
        settle(k, i, &a->neuron[i]);
    a->least = INFINITY;
    for (int t = 0; t < model->shape.d_vocab; t++)
        if (t != k->right) {
            settle_token(k, t, a);
            a->least = fmin(a->least, a->margin[t]);
        }
}

// ---- all cases of a few inputs ------------------------------------------------------------------

enum { CASES_MAX = 30 };

typedef struct Whole {
    Few few;
    bool columns; // keys have columns
    int cases, first[4];
    Case *k;   // [case]
    Answer *a; // [case]
} Whole;

static void make_cases(Whole *w)
{
    w->cases = 0;
    for (int i = PROMPT; i < POSITIONS; i++) {
        w->first[i - PROMPT] = w->cases;
        for (int o = 0; o < w->few.options[i]; o++) {
            case_init(&w->k[w->cases], &w->few, i, w->few.option[i][o], w->columns);
            settle_all(&w->k[w->cases], &w->a[w->cases]);
            w->cases++;
        }
    }
    w->first[3] = w->cases;
}

static void add_numbers(Text *text, const long *d)
{
    for (int h = 0; h < model->shape.heads; h++)
        text_add(text, " %ld", d[h]);
}

static void add_case(Text *text, const Case *k, const Answer *a)
{
    static const char *const kinds[] = {"off", "on", "open"};
    text_add(text, "case\n");
    for (int r = 0; r < REFERENCES; r++)
        text_add(text, "input %d %d\n", k->reference[r][0], k->reference[r][1]);
    for (int i = 0; i < model->shape.d_mlp; i++) {
        const Neuron *n = &a->neuron[i];
        text_add(text, "%s %d", kinds[n->kind], i);
        if (n->kind == OPEN)
            text_add(text, " %d", n->m);
        add_numbers(text, n->kind == ON ? n->below.d : n->above.d);
        if (n->kind == OPEN)
            add_numbers(text, n->below.d);
        text_add(text, "\n");
    }
    for (int t = 0; t < model->shape.d_vocab; t++)
        if (t != k->right) {
            text_add(text, "wrong %d", t);
            add_numbers(text, a->wrong[t].d);
            text_add(text, "\n");
        }
    text_add(text, "done\n");
}

static void write_certificate(const Whole *w, Text *text)
{
    text_free(text);
    text_add(text, "ripple-certificate 1\n");
    for (int i = PROMPT; i < POSITIONS; i++) {
        int first = w->first[i - PROMPT], end = w->first[i - PROMPT + 1];
        text_add(text, "position %d\n", i);
        for (int n = 0; n < w->k[first].keys; n++) {
            Key key = w->k[first].key[n];
            if (key.column < 0)
                text_add(text, "key %d -\n", key.position);
            else
                text_add(text, "key %d %d\n", key.position, key.column);
        }
        text_add(text, "split token %d\n", i);
        for (int c = first; c < end; c++) {
            text_add(text, "part %d\n", w->k[c].right);
            add_case(text, &w->k[c], &w->a[c]);
        }
        text_add(text, "end\n");
    }
    text_add(text, "end\n");
}

static void allow(Forge *f, const Few *few)
{
    for (int c = 0; c < 2; c++) {
        char old[40], new[80];
        int at = snprintf(new, sizeof new, "allow %d ", c);
        snprintf(old, sizeof old, "allow %d 0-99", c);
        for (int i = 0; i < few->count[c]; i++)
            at += snprintf(new + at, sizeof new - (size_t)at, "%s%d", i ? "," : "",
                           few->symbol[c][i]);
        if (!forge_replace(f, FORGE_TASK, old, new, 1))
            exit(EXIT_FAILURE);
    }
}

// ---- tests --------------------------------------------------------------------------------------

static struct {
    const char *proofcheck, *folder;
    Forge good;
    Text first; // the certificate before it is spoilt
    long asked, bad, accepted;
} test;

static const ForgeVerdict *ask(Forge *f)
{
    static ForgeVerdict verdict;
    forge_try(f, test.proofcheck, test.folder, &verdict);
    test.asked++;
    return &verdict;
}

static void expect(bool holds, const char *what, const ForgeVerdict *verdict)
{
    if (holds)
        return;
    test.bad++;
    printf("%s: exit %d\n%.300s\n", what, verdict->code, verdict->text);
}

// It is rejected, and for this reason.
static void expect_reason(Forge *f, const char *reason)
{
    const ForgeVerdict *verdict = ask(f);
    expect(verdict->code == 13 && strstr(verdict->text, reason), reason, verdict);
}

// One d is less than the least possible, and put back afterwards.
static void shorten(Whole *w, Forge *f, Bound *b, int h, const char *what, int number)
{
    char reason[120];
    snprintf(reason, sizeof reason, "the bound of head %d on %s", h, what);
    if (number >= 0)
        snprintf(reason + strlen(reason), 20, " %d", number);
    snprintf(reason + strlen(reason), 40, " does not hold (K11)");
    long d = b->d[h];
    b->d[h] = b->least[h] - 1;
    write_certificate(w, &f->file[FORGE_CERTIFICATE]);
    expect_reason(f, reason);
    b->d[h] = d;
}

static void shorten_some(Whole *w, Forge *f, Rng *rng)
{
    int c = (int)rng_below(rng, (uint32_t)w->cases), h = (int)rng_below(rng, 2);
    Answer *a = &w->a[c];
    int i = (int)rng_below(rng, (uint32_t)model->shape.d_mlp);
    int t = (int)rng_below(rng, (uint32_t)model->shape.d_vocab);
    Neuron *n = &a->neuron[i];
    Bound *first = n->kind == ON ? &n->below : &n->above;
    if (first->sharp[h])
        shorten(w, f, first, h, "neuron", i);
    if (n->kind == OPEN && n->below.sharp[h])
        shorten(w, f, &n->below, h, "the lower side of an open neuron", -1);
    if (t != w->k[c].right && a->wrong[t].sharp[h])
        shorten(w, f, &a->wrong[t], h, "wrong token", t);
}

static double least_of(const Whole *w, int from, int end)
{
    double least = INFINITY;
    for (int c = from; c < end; c++)
        least = fmin(least, w->a[c].least);
    return least;
}

// The noise takes something off; a mean next to a multiple of the unit may add a unit a head.
static void compare_margins(const Whole *w, const ForgeVerdict *verdict)
{
    for (int i = 0; i < 3; i++) {
        double exact = least_of(w, w->first[i], w->first[i + 1]),
               printed = forge_margin(verdict, i);
        char what[100];
        snprintf(what, sizeof what, "margin of position %d: %.5f, and not %.5f", PROMPT + i, exact,
                 printed);
        expect(printed < exact + 0.003 && printed > exact - 0.1, what, verdict);
    }
}

// The bias of a wrong token is raised until its margin is just, or just not, positive.
static void tilt_bias(Whole *w, Forge *f, const ForgeVerdict *verdict)
{
    int c = 0;
    double printed = forge_margin(verdict, -1);
    while (w->a[c].least > least_of(w, 0, w->cases))
        c++;
    for (int t = 0; t < model->shape.d_vocab; t++) {
        if (t == w->k[c].right || w->a[c].margin[t] > w->a[c].least)
            continue;
        char reason[80];
        float bias = forge_weight(f, "unembed.b_U", (size_t)t);
        snprintf(reason, sizeof reason, "the margin of token %d is not shown to be positive", t);
        forge_set_weight(f, "unembed.b_U", (size_t)t, bias + (float)printed + 0.0005f);
        expect_reason(f, reason);
        forge_set_weight(f, "unembed.b_U", (size_t)t, bias + (float)printed - 0.0005f);
        const ForgeVerdict *just = ask(f);
        expect(just->code == 0 || !strstr(just->text, reason), "a margin just positive", just);
        forge_set_weight(f, "unembed.b_U", (size_t)t, bias);
    }
}

// The bias of a neuron that is off is raised, of one that is on is lowered, until it is not.
static void tilt_neuron(Whole *w, Forge *f, Rng *rng)
{
    int i;
    double most = -INFINITY, least = INFINITY;
    NeuronKind kind;
    do
        i = (int)rng_below(rng, (uint32_t)model->shape.d_mlp);
    while ((kind = w->a[0].neuron[i].kind) == OPEN);
    for (int c = 0; c < w->cases; c++) {
        const Neuron *n = &w->a[c].neuron[i];
        if (n->kind != kind)
            return;
        most = fmax(most, n->high);
        least = fmin(least, n->low);
    }
    char reason[80];
    float bias = forge_weight(f, "blocks.1.mlp.b_in", (size_t)i);
    float room = (float)(kind == OFF ? -most : -least);
    snprintf(reason, sizeof reason, "neuron %d is not shown to be %s (K11)", i,
             kind == OFF ? "off" : "on");
    forge_set_weight(f, "blocks.1.mlp.b_in", (size_t)i,
                     bias + room + (kind == OFF ? 2e-6f : -2e-6f));
    expect_reason(f, reason);
    forge_set_weight(f, "blocks.1.mlp.b_in", (size_t)i,
                     bias + room - (kind == OFF ? 0.05f : -0.05f));
    const ForgeVerdict *just = ask(f);
    expect(!strstr(just->text, reason), reason, just);
    forge_set_weight(f, "blocks.1.mlp.b_in", (size_t)i, bias);
}

// Head 1 reads nothing before some answer positions.
static void blind_head(Forge *f, int first)
{
    size_t at = forge_weight_at(f, "blocks.1.attn.edges", 0), size = POSITIONS * POSITIONS;
    memcpy(model->layer[1].edges, f->file[FORGE_MODEL].chars + at, 2 * size);
    for (size_t i = (size_t)(first * POSITIONS); first > 0 && i < size; i++)
        model->layer[1].edges[size + i] = 0;
    memcpy(f->file[FORGE_MODEL].chars + at, model->layer[1].edges, 2 * size);
}

static void try_few(Whole *w, Rng *rng)
{
    static Forge f;
    forge_copy(&f, &test.good);
    allow(&f, &w->few);
    blind_head(&f, rng_below(rng, 4) ? 0 : 5 + (int)rng_below(rng, 3));
    make_cases(w);
    write_certificate(w, &f.file[FORGE_CERTIFICATE]);
    const ForgeVerdict *verdict = ask(&f);
    double least = least_of(w, 0, w->cases);
    expect(verdict->code == 0 || (verdict->code == 13 && least < 0.1), "a certificate", verdict);
    expect(verdict->code != 0 || least > -0.003, "a margin that is negative", verdict);
    expect(verdict->code == 0 || strstr(verdict->text, "is not shown to be positive"),
           "another reason", verdict);
    if (verdict->code == 0) {
        static ForgeVerdict first;
        first = *verdict;
        test.accepted++;
        compare_margins(w, &first);
        tilt_bias(w, &f, &first);
        tilt_neuron(w, &f, rng);
        shorten_some(w, &f, rng);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: squeeze PROOFCHECK BUNDLE ROUNDS\n");
        return EXIT_FAILURE;
    }
    Arena *arena = arena_new();
    Model *read;
    Diag diag;
    test.proofcheck = argv[1];
    forge_load(&test.good, argv[2]);
    test.folder = forge_folder(arena);
    const Text *bytes = &test.good.file[FORGE_MODEL];
    if (model_parse(arena, "model", bytes->chars, bytes->length, &read, &diag) != STATUS_OK)
        return EXIT_FAILURE;
    model = read;
    Whole w = {.k = ARENA_NEW(arena, Case, CASES_MAX), .a = ARENA_NEW(arena, Answer, CASES_MAX)};
    for (int round = 0; round < atoi(argv[3]); round++) {
        Rng rng = rng_new(7, (uint64_t)round);
        w.columns = round % 4 != 3;
        w.few = few_new(&rng, round % 4 == 0 ? 1 : round % 4 == 3 ? 2 : 4);
        try_few(&w, &rng);
    }
    printf("%ld bundles, %ld certificates accepted, %ld wrong answers\n", test.asked, test.accepted,
           test.bad);
    forge_remove(test.folder);
    forge_free(&test.good);
    arena_free(arena);
    return test.bad == 0 && test.accepted > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
