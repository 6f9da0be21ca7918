#include "noise.h"

typedef struct Builder {
    Arena *arena;
    const Query *query;
    const FixLayer *layer;
    Noise *noise;
    int D, HK, K, F, V;
    Fix *v;      // [HK] the largest |v| + dv
    Fix *x;      // [D] the largest |x| + e of the query
    Fix *y;      // [D] the largest |y|, but for its errors
    Fix *hidden; // [F] the largest relu
    Fix *la;     // [D]
} Builder;

static Fix size(Fix x)
{
    return x < 0 ? -x : x;
}

static Fix larger(Fix a, Fix b)
{
    return a > b ? a : b;
}

static Fix *zeros(Builder *b, int n)
{
    return ARENA_NEW(b->arena, Fix, (size_t)n);
}

// Largest values and local errors of one key.
static bool take_key(Builder *b, int k)
{
    const ResidualTable *t = b->query->key[k].table;
    Fix *e = b->noise->key[k] = zeros(b, b->D), *value = b->noise->value[k] = zeros(b, b->HK);
    Fix *none = zeros(b, b->HK), *lv = zeros(b, b->HK);
    for (int c = 0; c < t->cone->configs; c++) {
        FixVector x = {t->x + c * b->D, t->x_rad[c], b->D};
        if (!rounding_apply(&b->layer->W_V, &b->layer->b_V, &x, t->e + c * b->D, none, lv))
            return false;
        for (int d = 0; d < b->D; d++)
            e[d] = larger(e[d], t->e[c * b->D + d]);
        for (int i = 0; i < b->HK; i++) {
            value[i] = larger(value[i], lv[i]);
            b->v[i] =
                larger(b->v[i], size(t->v[c * b->HK + i]) + t->v_rad[c] + t->dv[c * b->HK + i]);
        }
    }
    return true;
}

// The largest v that head h reads, from the largest of each key: [K] of v_all [n_keys][HK].
static bool take_keys(Builder *b)
{
    const Query *q = b->query;
    Fix *most = zeros(b, b->HK);
    b->noise->key = ARENA_NEW(b->arena, Fix *, (size_t)q->n_keys);
    b->noise->value = ARENA_NEW(b->arena, Fix *, (size_t)q->n_keys);
    b->noise->sum = zeros(b, b->HK);
    for (int k = 0; k < q->n_keys; k++) {
        b->v = zeros(b, b->HK);
        if (!take_key(b, k))
            return false;
        for (int h = 0; h < b->HK / b->K; h++)
            for (int j = 0; j < q->n_head_keys[h]; j++)
                for (int i = h * b->K; q->head_key[h][j] == k && i < (h + 1) * b->K; i++)
                    most[i] = larger(most[i], b->v[i]);
    }
    b->v = most;
    for (int i = 0; i < b->HK; i++)
        b->noise->sum[i] = (Fix)rounding_gamma(2 * q->n_head_keys[i / b->K] + 2, most[i]);
    return true;
}

static Wide spread_row(const FixMatrix *A, int row, const Fix *e)
{
    return rounding_spread(e, A->mid + (size_t)row * (size_t)A->cols, A->rad, A->cols);
}

// The residual between heads and MLP.
static bool take_residual(Builder *b)
{
    const ResidualTable *t = b->query->table;
    const FixVector *b_O = &b->layer->b_O;
    Fix *e = zeros(b, b->D), *z = zeros(b, b->HK);
    b->x = zeros(b, b->D);
    b->y = zeros(b, b->D);
    b->noise->residual = zeros(b, b->D);
    for (int i = 0; i < b->HK; i++)
        z[i] = b->v[i] + (b->v[i] >> 10) + 1;
    for (int c = 0; c < t->cone->configs; c++)
        for (int d = 0; d < b->D; d++) {
            e[d] = larger(e[d], t->e[c * b->D + d]);
            b->x[d] = larger(b->x[d], size(t->x[c * b->D + d]) + t->x_rad[c] + t->e[c * b->D + d]);
        }
    for (int d = 0; d < b->D; d++) {
        Wide heads = spread_row(&b->layer->W_O, d, z) + size(b_O->mid[d]) + b_O->rad;
        Wide la = rounding_gamma(b->HK + 1, heads) + 1, y = b->x[d] + heads;
        Wide ly = la + rounding_gamma(1, y + la);
        if (y > FIX_MAX || ly + e[d] > NOISE_MAX)
            return false;
        b->y[d] = (Fix)(y + ly);
        b->noise->residual[d] = e[d] + (Fix)ly;
    }
    return true;
}

// The largest value of neuron i's functional over all keys and configurations, all heads together.
static Wide largest_heads(const Builder *b, int i)
{
    Wide sum = 0;
    for (int h = 0; h < b->HK / b->K; h++) {
        const FunctionalTable *t = &b->query->neurons[h];
        if (b->query->n_head_keys[h] > 0)
            sum += (Wide)t->top[i] * ((Wide)1 << t->shift[i]) + t->rad[i];
    }
    return sum;
}

static bool largest_direct(const Builder *b, int i, Wide *ret)
{
    const ResidualTable *t = b->query->table;
    const FixMatrix *W = &b->layer->W_in;
    Fix *x = zeros((Builder *)b, b->D);
    *ret = -FIX_MAX;
    for (int c = 0; c < t->cone->configs; c++) {
        for (int d = 0; d < b->D; d++)
            x[d] = t->x[c * b->D + d] + b->layer->b_O.mid[d];
        Fix rad = fix_dot_radius(W->norm, W->rad, fix_sum_abs(x, b->D),
                                 t->x_rad[c] + b->layer->b_O.rad, b->D);
        Wide u = fix_ceil(fix_dot(W->mid + i * b->D, x, b->D)) + rad;
        *ret = u > *ret ? u : *ret;
    }
    *ret += b->layer->b_in.mid[i] + b->layer->b_in.rad;
    return *ret <= FIX_MAX;
}

static bool take_neurons(Builder *b)
{
    Noise *n = b->noise;
    const FixVector *bias = &b->layer->b_in;
    n->lu = zeros(b, b->F);
    n->wide = zeros(b, b->F);
    b->hidden = zeros(b, b->F);
    for (int i = 0; i < b->F; i++) {
        const FixMatrix *heads = &b->query->neuron;
        Wide lu = rounding_gamma(b->D + 1, spread_row(&b->layer->W_in, i, b->y) +
                                               size(bias->mid[i]) + bias->rad) +
                  1;
        Wide wide = spread_row(&b->layer->W_in, i, n->residual) + lu, direct;
        for (int h = 0; h < b->HK / b->K; h++)
            wide += noise_of_head(n, h, heads->mid + i * b->HK + h * b->K, heads->rad);
        if (wide > NOISE_MAX || !largest_direct(b, i, &direct))
            return false;
        Wide most = wide + direct + largest_heads(b, i);
        if (most > FIX_MAX)
            return false;
        n->lu[i] = (Fix)lu;
        n->wide[i] = (Fix)wide;
        b->hidden[i] = most > 0 ? (Fix)most : 0;
    }
    return true;
}

static bool take_logits(Builder *b)
{
    const FixModel *m = b->query->model;
    Noise *n = b->noise;
    Fix *x = zeros(b, b->D);
    n->lx = zeros(b, b->D);
    n->ll = zeros(b, b->V);
    for (int d = 0; d < b->D; d++) {
        const FixVector *b_out = &b->layer->b_out;
        Wide out = spread_row(&b->layer->W_out, d, b->hidden) + size(b_out->mid[d]) + b_out->rad;
        Wide most = b->y[d] + out, lo = rounding_gamma(b->F + 1, out) + 1;
        Wide lx = lo + rounding_gamma(1, lo) + rounding_gamma(1, most) + 1;
        if (most + lx > FIX_MAX || lx > NOISE_MAX)
            return false;
        n->lx[d] = (Fix)lx;
        x[d] = (Fix)(most + lx);
    }
    for (int t = 0; t < b->V; t++) {
        Wide ll =
            rounding_gamma(b->D + 1, spread_row(&m->W_U, t, x) + size(m->b_U.mid[t]) + m->b_U.rad) +
            1;
        if (ll > NOISE_MAX)
            return false;
        n->ll[t] = (Fix)ll;
    }
    return true;
}

bool noise_new(Arena *arena, const Query *query, Noise **ret_noise)
{
    ModelShape s = query->model->model->shape;
    Builder b = {.arena = arena,
                 .query = query,
                 .layer = &query->model->layer[s.layers - 1],
                 .noise = ARENA_NEW(arena, Noise, 1),
                 .D = s.d_model,
                 .HK = s.heads * s.d_head,
                 .K = s.d_head,
                 .F = s.d_mlp,
                 .V = s.d_vocab};
    b.noise->query = query;
    *ret_noise = b.noise;
    return take_keys(&b) && take_residual(&b) && take_neurons(&b) && take_logits(&b);
}

Wide noise_of_head(const Noise *noise, int head, const Fix *c, Fix c_rad)
{
    const Query *q = noise->query;
    const FixMatrix *W_V = &q->model->layer[q->model->model->shape.layers - 1].W_V;
    int K = q->model->model->shape.d_head, D = W_V->cols;
    Fix through[D];
    Wide most = 0, norm = fix_sum_abs(c, K);
    if (q->n_head_keys[head] == 0)
        return 0;
    for (int d = 0; d < D; d++) {
        Wide sum = 0;
        for (int k = 0; k < K; k++)
            sum += (Wide)c[k] * W_V->mid[(head * K + k) * D + d];
        sum = fix_ceil(sum < 0 ? -sum : sum);
        if (sum > FIX_MAX)
            return NOISE_TOO_LARGE;
        through[d] = (Fix)sum;
    }
    Wide rad = fix_ceil(norm * W_V->rad + (Wide)K * c_rad * (W_V->norm + W_V->rad)) + 1;
    if (rad > FIX_MAX)
        return NOISE_TOO_LARGE;
    for (int j = 0; j < q->n_head_keys[head]; j++) {
        int key = q->head_key[head][j];
        Wide error = rounding_spread(noise->key[key], through, (Fix)rad, D) +
                     rounding_spread(noise->value[key] + head * K, c, c_rad, K);
        most = error > most ? error : most;
    }
    Wide all = most + rounding_spread(noise->sum + head * K, c, c_rad, K);
    return all + (all >> 5) + 1;
}
