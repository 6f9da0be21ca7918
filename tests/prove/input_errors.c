#include "input_errors.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 128 };

typedef struct Matrix { // [in][out]
    int in, out;
    double *w, *size; // size: absolute values
} Matrix;

struct InputErrors {
    const Model *model;
    const TokenOptions *options;
    const ResidualTables *tables;
    int layer, D, HK, H, K, F, V;
    Matrix heads, up, down, unembed; // W_O, W_in, W_out, W_U
    Matrix heads_up;                 // W_O W_in
    Matrix heads_back, up_back;      // W_O and W_in transposed
    double *gain;                    // [V][F] W_out W_U
};

typedef struct Entry { // a table's row for the input's tokens
    const ResidualTable *table;
    int config;
} Entry;

typedef struct Step { // what K8 names so
    const InputErrors *all;
    const int *tokens;
    int position;
    double x[WIDTH], e[WIDTH], z[WIDTH], dz[WIDTH], y[WIDTH], ly[WIDTH], dy[WIDTH];
    double u[WIDTH], lu[WIDTH], eta[WIDTH], theta[WIDTH], sigma[WIDTH];
    double above[WIDTH], lx[WIDTH], e_above[WIDTH], ll[WIDTH];
} Step;

static double real(Fix x)
{
    return ldexp((double)x, -FIX_BITS);
}

static double gamma_of(int k)
{
    return k * 0x1p-24 / (1 - k * 0x1p-24);
}

// ---- set-up -------------------------------------------------------------------------------------

static Matrix matrix_new(Arena *arena, int in, int out)
{
    size_t count = (size_t)in * (size_t)out;
    return (Matrix){in, out, ARENA_NEW(arena, double, count), ARENA_NEW(arena, double, count)};
}

static Matrix matrix_seal(Matrix m)
{
    for (int i = 0; i < m.in * m.out; i++)
        m.size[i] = fabs(m.w[i]);
    return m;
}

static Matrix matrix_of(Arena *arena, const float *w, int in, int out)
{
    Matrix m = matrix_new(arena, in, out);
    for (int i = 0; i < in * out; i++)
        m.w[i] = (double)w[i];
    return matrix_seal(m);
}

static Matrix transposed(Arena *arena, const Matrix *a)
{
    Matrix m = matrix_new(arena, a->out, a->in);
    for (int i = 0; i < a->in; i++)
        for (int o = 0; o < a->out; o++)
            m.w[o * a->in + i] = a->w[i * a->out + o];
    return matrix_seal(m);
}

// y += x w, or its absolute values.
static void add_product(double *y, const double *x, const double *w, int in, int out)
{
    for (int i = 0; i < in; i++)
        for (int o = 0; x[i] != 0 && o < out; o++)
            y[o] += x[i] * w[i * out + o];
}

static Matrix product(Arena *arena, const Matrix *a, const Matrix *b)
{
    Matrix m = matrix_new(arena, a->in, b->out);
    for (int i = 0; i < a->in; i++)
        add_product(m.w + i * b->out, a->w + i * a->out, b->w, a->out, b->out);
    return matrix_seal(m);
}

static void matrices_init(Arena *arena, InputErrors *all)
{
    const ModelLayer *w = &all->model->layer[all->layer];
    all->heads = matrix_of(arena, w->W_O, all->HK, all->D);
    all->up = matrix_of(arena, w->W_in, all->D, all->F);
    all->down = matrix_of(arena, w->W_out, all->F, all->D);
    all->unembed = matrix_of(arena, all->model->W_U, all->D, all->V);
    all->heads_up = product(arena, &all->heads, &all->up);
    all->heads_back = transposed(arena, &all->heads);
    all->up_back = transposed(arena, &all->up);
    Matrix gain = product(arena, &all->down, &all->unembed);
    all->gain = transposed(arena, &gain).w;
}

Status input_errors_new(Arena *arena, WorkPool *pool, const Claim *claim, InputErrors **ret_errors,
                        Diag *diag)
{
    ModelShape s = claim->model->shape;
    InputErrors *all = ARENA_NEW(arena, InputErrors, 1);
    FixModel *model;
    ResidualTables *tables;
    TokenOptions *options = ARENA_NEW(arena, TokenOptions, 1);
    *options = token_options(arena, claim->task, claim->ids);
    uint8_t *needed = ARENA_NEW(arena, uint8_t, (size_t)options->positions);
    memset(needed, 1, (size_t)claim_length(claim));
    TRY(fix_model_new(arena, claim->model, &model, diag));
    TRY(residual_tables_new(arena, pool, model, options, cones_new(arena, claim->model, options),
                            needed, &tables, diag));
    *all = (InputErrors){.model = claim->model,
                         .options = options,
                         .tables = tables,
                         .layer = s.layers - 1,
                         .D = s.d_model,
                         .HK = s.heads * s.d_head,
                         .H = s.heads,
                         .K = s.d_head,
                         .F = s.d_mlp,
                         .V = s.d_vocab};
    CHECK(all->D <= WIDTH && all->HK <= WIDTH && all->F <= WIDTH && all->V <= WIDTH);
    matrices_init(arena, all);
    *ret_errors = all;
    return STATUS_OK;
}

static Entry entry_of(const Step *s, int position)
{
    const TokenOptions *options = s->all->options;
    Entry entry = {residual_table(s->all->tables, s->all->layer, position), 0};
    CHECK(entry.table);
    const Cone *cone = entry.table->cone;
    for (int i = 0; i < cone->count; i++) {
        int p = cone->position[i], option = 0;
        while (options->id[p][option] != s->tokens[p])
            CHECK(++option < options->count[p]);
        entry.config += option * cone->stride[i];
    }
    return entry;
}

// ---- the layer, line by line of K8 --------------------------------------------------------------

typedef struct Keys {
    int count;
    double tau, weight[TASK_POSITIONS_MAX]; // first scores, then weights
    const Fix *v[TASK_POSITIONS_MAX], *dv[TASK_POSITIONS_MAX];
} Keys;

static void add_key(const Step *s, const Entry *own, const Entry *key, int head, Keys *keys)
{
    int HK = s->all->HK, K = s->all->K, from = own->config * HK + head * K,
        to = key->config * HK + head * K;
    double score = 0, errors = 0, sizes = 0;
    for (int i = 0; i < K; i++) {
        double q = real(own->table->q[from + i]), dq = real(own->table->dq[from + i]);
        double k = real(key->table->k[to + i]), dk = real(key->table->dk[to + i]);
        score += q * k;
        errors += fabs(q) * dk + dq * fabs(k) + dq * dk;
        sizes += (fabs(q) + dq) * (fabs(k) + dk);
    }
    keys->tau = fmax(keys->tau, errors + gamma_of(K + 1) * sizes);
    keys->weight[keys->count] = score;
    keys->dv[keys->count] = key->table->dv + to;
    keys->v[keys->count++] = key->table->v + to;
}

static void weigh(Keys *keys)
{
    double most = -INFINITY, sum = 0;
    for (int k = 0; k < keys->count; k++)
        most = fmax(most, keys->weight[k]);
    for (int k = 0; k < keys->count; k++)
        sum += keys->weight[k] = exp(keys->weight[k] - most);
    for (int k = 0; k < keys->count; k++)
        keys->weight[k] /= sum;
}

static void step_mean(const Keys *keys, int i, double rho, double *ret_z, double *ret_dz)
{
    double z = 0, away = 0, error = 0, most = 0;
    for (int k = 0; k < keys->count; k++)
        z += keys->weight[k] * real(keys->v[k][i]);
    for (int k = 0; k < keys->count; k++) {
        double v = real(keys->v[k][i]), dv = real(keys->dv[k][i]);
        away += keys->weight[k] * fabs(v - z);
        error = fmax(error, dv);
        most = fmax(most, fabs(v) + dv);
    }
    *ret_z = z;
    *ret_dz = rho / (1 - rho) * away + error + gamma_of(2 * keys->count + 2) * most;
}

static void step_head(Step *s, const Entry *own, int head)
{
    int K = s->all->K;
    Keys keys = {0};
    for (int position = 0; position <= s->position; position++)
        if (model_edge(s->all->model, s->all->layer, head, s->position, position)) {
            Entry key = entry_of(s, position);
            add_key(s, own, &key, head, &keys);
        }
    if (keys.count == 0)
        return;
    double t = keys.tau + 0x1p-16;
    CHECK(t <= 0.25);
    weigh(&keys);
    for (int i = 0; i < K; i++)
        step_mean(&keys, i, keys.count > 1 ? t + t * t : 0, &s->z[head * K + i],
                  &s->dz[head * K + i]);
}

static void step_attention(Step *s)
{
    const InputErrors *all = s->all;
    const ModelLayer *w = &all->model->layer[all->layer];
    double spread[WIDTH] = {0}, sum[WIDTH] = {0}, sizes[WIDTH];
    for (int j = 0; j < all->HK; j++)
        sizes[j] = fabs(s->z[j]) + s->dz[j];
    memcpy(s->y, s->x, sizeof s->y);
    add_product(s->y, s->z, all->heads.w, all->HK, all->D);
    add_product(spread, s->dz, all->heads.size, all->HK, all->D);
    add_product(sum, sizes, all->heads.size, all->HK, all->D);
    for (int d = 0; d < all->D; d++) {
        s->y[d] += (double)w->b_O[d];
        double la = gamma_of(all->HK + 1) * (sum[d] + fabs((double)w->b_O[d]));
        s->ly[d] = la + 0x1p-24 * (fabs(s->y[d]) + s->e[d] + spread[d] + la);
        s->dy[d] = s->e[d] + spread[d] + s->ly[d];
    }
}

static void step_neurons(Step *s)
{
    const InputErrors *all = s->all;
    const ModelLayer *w = &all->model->layer[all->layer];
    double sum[WIDTH] = {0}, spread[WIDTH] = {0}, sizes[WIDTH], inner[WIDTH];
    for (int d = 0; d < all->D; d++) {
        sizes[d] = fabs(s->y[d]) + s->dy[d];
        inner[d] = s->e[d] + s->ly[d];
    }
    add_product(s->u, s->y, all->up.w, all->D, all->F);
    add_product(sum, sizes, all->up.size, all->D, all->F);
    add_product(spread, inner, all->up.size, all->D, all->F);
    add_product(spread, s->dz, all->heads_up.size, all->HK, all->F);
    for (int i = 0; i < all->F; i++) {
        s->u[i] += (double)w->b_in[i];
        s->lu[i] = gamma_of(all->D + 1) * (sum[i] + fabs((double)w->b_in[i]));
        s->eta[i] = spread[i] + s->lu[i];
        s->theta[i] = s->u[i] >= s->eta[i] ? 1 : s->u[i] <= -s->eta[i] ? 0 : 0.5;
        s->sigma[i] = s->theta[i] == 0.5 ? 0.5 : 0;
    }
}

static void step_output(Step *s)
{
    const InputErrors *all = s->all;
    const ModelLayer *w = &all->model->layer[all->layer];
    double sum[WIDTH] = {0}, spread[WIDTH] = {0}, sizes[WIDTH], hidden[WIDTH];
    for (int i = 0; i < all->F; i++) {
        hidden[i] = fmax(0, s->u[i]);
        sizes[i] = hidden[i] + s->eta[i];
    }
    memcpy(s->above, s->y, sizeof s->above);
    add_product(s->above, hidden, all->down.w, all->F, all->D);
    add_product(sum, sizes, all->down.size, all->F, all->D);
    add_product(spread, s->eta, all->down.size, all->F, all->D);
    for (int d = 0; d < all->D; d++) {
        s->above[d] += (double)w->b_out[d];
        double lo = gamma_of(all->F + 1) * (sum[d] + fabs((double)w->b_out[d]));
        s->lx[d] = lo + 0x1p-24 * (fabs(s->above[d]) + s->dy[d] + spread[d] + lo);
        s->e_above[d] = s->dy[d] + spread[d] + s->lx[d];
    }
}

// Lemma R1.
static void step_logits(Step *s)
{
    const InputErrors *all = s->all;
    double sum[WIDTH] = {0}, sizes[WIDTH];
    for (int d = 0; d < all->D; d++)
        sizes[d] = fabs(s->above[d]) + s->e_above[d];
    add_product(sum, sizes, all->unembed.size, all->D, all->V);
    for (int t = 0; t < all->V; t++)
        s->ll[t] = gamma_of(all->D + 1) * (sum[t] + fabs((double)all->model->b_U[t]));
}

// ---- functionals of the residual above ----------------------------------------------------------

// W_U[:, t] + sum over neurons of theta a W_in[:, i], the part of C that token t has.
static void pulled_back(const Step *s, int t, double *ret)
{
    const InputErrors *all = s->all;
    double a[WIDTH];
    for (int d = 0; d < all->D; d++)
        ret[d] = all->unembed.w[d * all->V + t];
    for (int i = 0; i < all->F; i++)
        a[i] = s->theta[i] * all->gain[t * all->F + i];
    add_product(ret, a, all->up_back.w, all->F, all->D);
}

// err(W_U[:, right] - W_U[:, t])
static double error_of(const Step *s, int right, int t, const double *of_right)
{
    const InputErrors *all = s->all;
    double C[WIDTH], through[WIDTH] = {0}, error = 0;
    pulled_back(s, t, C);
    for (int d = 0; d < all->D; d++) {
        const double *U = all->unembed.w + d * all->V;
        C[d] = of_right[d] - C[d];
        error += s->lx[d] * fabs(U[right] - U[t]) + (s->e[d] + s->ly[d]) * fabs(C[d]);
    }
    add_product(through, C, all->heads_back.w, all->D, all->HK);
    for (int j = 0; j < all->HK; j++)
        error += s->dz[j] * fabs(through[j]);
    for (int i = 0; i < all->F; i++)
        error += fabs(all->gain[right * all->F + i] - all->gain[t * all->F + i]) *
                 (s->theta[i] * s->lu[i] + s->sigma[i] * s->eta[i]);
    return error;
}

// With what doubles can have lost, and the absolute errors of K6.
static double allowed(double error)
{
    return error * (1 + 1e-9) + 1e-10;
}

void input_errors_at(const InputErrors *errors, const int *tokens, int position, int right,
                     double *ret_errors)
{
    Step s = {.all = errors, .tokens = tokens, .position = position};
    Entry own = entry_of(&s, position);
    double of_right[WIDTH];
    for (int d = 0; d < errors->D; d++) {
        s.x[d] = real(own.table->x[own.config * errors->D + d]);
        s.e[d] = real(own.table->e[own.config * errors->D + d]);
    }
    for (int h = 0; h < errors->H; h++)
        step_head(&s, &own, h);
    step_attention(&s);
    step_neurons(&s);
    step_output(&s);
    step_logits(&s);
    for (int i = 0; i < errors->F; i++)
        ret_errors[i] = allowed(s.eta[i]);
    pulled_back(&s, right, of_right);
    for (int t = 0; t < errors->V; t++)
        ret_errors[errors->F + t] =
            t == right ? 0 : allowed(error_of(&s, right, t, of_right) + s.ll[right] + s.ll[t]);
}
