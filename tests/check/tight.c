#include "tight.h"

#include <math.h>
#include <string.h>

static const double COARSE = 1.0 / 16, FINE = 1.0 / 1024; // units of d
static const double SPREAD = 0x1p-16, TAU = 0x1p-7; // what K11 adds to tau, and more than any tau

// ---- bounds -------------------------------------------------------------------------------------

static double along(const Case *k, const At *at, const double *f)
{
    double sum = 0;
    for (int i = 0; i < k->model->shape.d_model; i++)
        sum += at->out[i] * f[i];
    return sum;
}

// The first configurations' mean.
static double mean_of(const Case *k, const Sight *s, const double *f)
{
    double over = 0, under = 0;
    for (int n = 0; n < k->keys; n++)
        if (s->count[n] > 0) {
            over += s->at[n][0].weight * along(k, &s->at[n][0], f);
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
                double value = along(k, &s->at[n][c], f);
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
    for (int h = 0; h < k->model->shape.heads; h++) {
        double base[FEW_INPUTS_MAX];
        b.least[h] = b.d[h] = reads(k, h) ? -1000000 : 0;
        b.sharp[h] = reads(k, h);
        if (!reads(k, h))
            continue;
        for (int q = 0; q < k->queries; q++) {
            double r = -INFINITY, need = -INFINITY, room = -INFINITY;
            for (int n = 0; n < SIGHT_REFERENCES; n++)
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

// ---- neurons and tokens -------------------------------------------------------------------------

static double direct(const Case *k, const Query *q, int i)
{
    ModelShape s = k->model->shape;
    const ModelLayer *y = &k->model->layer[1];
    double x[DOUBLES_MAX];
    for (int n = 0; n < s.d_model; n++)
        x[n] = q->x[n] + (double)y->b_O[n];
    return dot(x, y->W_in + i, s.d_model, s.d_mlp) + (double)y->b_in[i];
}

// Off or on where that is clear by the coarse units already.
static void settle(const Case *k, int i, Neuron *n)
{
    ModelShape s = k->model->shape;
    double f[DOUBLES_MAX], minus[DOUBLES_MAX], high = -INFINITY, low = INFINITY;
    for (int m = 0; m < s.d_model; m++)
        minus[m] = -(f[m] = (double)k->model->layer[1].W_in[m * s.d_mlp + i]);
    for (int kind = OFF; kind <= OPEN; kind++) {
        double unit = kind == OPEN ? FINE : COARSE;
        n->kind = (NeuronKind)kind;
        n->above = bound(k, f, unit);
        n->below = bound(k, minus, unit);
        high = -INFINITY;
        low = INFINITY;
        for (int q = 0; q < k->queries; q++) {
            double d = direct(k, &k->query[q], i);
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
    ModelShape s = k->model->shape;
    const ModelLayer *y = &k->model->layer[1];
    double delta[DOUBLES_MAX], c[DOUBLES_MAX], minus[DOUBLES_MAX], constant = 0, least = INFINITY;
    for (int m = 0; m < s.d_model; m++) {
        c[m] = delta[m] = (double)k->model->W_U[m * s.d_vocab + k->right] -
                          (double)k->model->W_U[m * s.d_vocab + t];
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
    a->margin[t] = least + constant + (double)k->model->b_U[k->right] - (double)k->model->b_U[t];
}

void answer_settle(const Case *k, Answer *a)
{
    for (int i = 0; i < k->model->shape.d_mlp; i++)
        settle(k, i, &a->neuron[i]);
    a->least = INFINITY;
    for (int t = 0; t < k->model->shape.d_vocab; t++)
        if (t != k->right) {
            settle_token(k, t, a);
            a->least = fmin(a->least, a->margin[t]);
        }
}
