#include "residual.h"

#include <string.h>

#include "softmax.h"

enum { CHUNK = 64 };                // configurations in one piece of work
#define BYTES_MAX ((size_t)1 << 31) // of all tables

typedef struct Piece {
    ResidualTable *table;
    int first, last;
} Piece;

typedef struct Builder {
    Arena *arena;
    ResidualTables *tables;
    Piece *pieces;
    bool *failed; // [pieces]
    size_t bytes; // of the tables declared
} Builder;

// What one configuration does on its way through a layer.
typedef struct Passage {
    Arena *scratch;
    const ResidualTables *tables;
    const ResidualTable *below; // of the position itself
    const FixLayer *layer;
    const Cone *cone; // entering the next layer
    int config, own;  // configuration of `cone`, and the same in the cone below
    int D, HK, F, K;
    FixVector z, x, hidden; // heads' outputs; the residual, first y, then x'; relu of u
    Fix *dz, *e;            // [HK], [D] errors: of z; of the residual that enters
    Fix *ly, *dy;           // [D]
    Fix *lu, *eta, *lx;     // [F], [F], [D]
    uint8_t *theta2;        // [F]
} Passage;

// Adds y to x.
static bool add_in_place(FixVector *x, const FixVector *y)
{
    for (int d = 0; d < y->n; d++) {
        x->mid[d] += y->mid[d];
        if (x->mid[d] > FIX_MAX || x->mid[d] < -FIX_MAX)
            return false;
    }
    x->rad += y->rad;
    return x->rad <= FIX_RAD_MAX;
}

static Fix size(const FixVector *x, int i)
{
    return (x->mid[i] < 0 ? -x->mid[i] : x->mid[i]) + x->rad;
}

static Fix larger(Fix a, Fix b)
{
    return a > b ? a : b;
}

static void embed(const ResidualTables *t, ResidualTable *table, int config)
{
    const FixModel *m = t->model;
    int D = m->model->shape.d_model, p = table->position;
    int option = table->cone->count ? cone_option(table->cone, t->options, 0, config) : 0;
    const Fix *e = m->W_E.mid + t->options->id[p][option] * D, *pos = m->W_pos.mid + p * D;
    for (int d = 0; d < D; d++)
        table->x[config * D + d] = e[d] + pos[d];
    table->x_rad[config] = m->W_E.rad + m->W_pos.rad;
    FixVector x = {table->x + config * D, table->x_rad[config], D};
    for (int d = 0; d < D; d++)
        table->e[config * D + d] = (Fix)rounding_gamma(1, size(&x, d)) + 1;
}

// The keys of one head, their scores and values at the passage's configuration.
typedef struct HeadKeys {
    int count;
    Fix score[SOFTMAX_KEYS_MAX], score_rad, v_rad, tau;
    const Fix *v[SOFTMAX_KEYS_MAX], *dv[SOFTMAX_KEYS_MAX];
} HeadKeys;

static bool add_key(const Passage *p, int head, int position, HeadKeys *keys)
{
    const ResidualTable *own = p->below, *key = residual_table(p->tables, own->layer, position);
    int kc = cone_project(key->cone, p->cone, p->tables->options, p->config);
    int q = p->own * p->HK + head * p->K, k = kc * p->HK + head * p->K;
    Fix rad;
    if (keys->count == SOFTMAX_KEYS_MAX ||
        !score_enclose(own->q + q, own->q_rad[p->own], key->k + k, key->k_rad[kc], p->K,
                       &keys->score[keys->count], &rad))
        return false;
    Wide tau = rounding_score(own->q + q, own->q_rad[p->own], own->dq + q, key->k + k,
                              key->k_rad[kc], key->dk + k, p->K);
    if (tau + (FIX_ONE >> 16) > ROUNDING_TAU_MAX)
        return false;
    keys->tau = larger(keys->tau, (Fix)tau);
    keys->score_rad = larger(keys->score_rad, rad);
    keys->v_rad = larger(keys->v_rad, key->v_rad[kc]);
    keys->dv[keys->count] = key->dv + k;
    keys->v[keys->count++] = key->v + k;
    return true;
}

// dz of one head, for the mean deviations of its values. (Lemma R2)
static bool head_errors(const Passage *p, const HeadKeys *keys, const Fix *deviation, Fix *ret_dz)
{
    Fix weight = rounding_weights(keys->tau, keys->count);
    for (int i = 0; i < p->K; i++) {
        Fix most = 0, error = 0;
        for (int k = 0; k < keys->count; k++) {
            Fix v = keys->v[k][i] < 0 ? -keys->v[k][i] : keys->v[k][i];
            most = larger(most, v + keys->v_rad + keys->dv[k][i]);
            error = larger(error, keys->dv[k][i]);
        }
        Wide dz = fix_ceil((Wide)weight * deviation[i]) + error +
                  rounding_gamma(2 * keys->count + 2, most) + 1;
        if (dz > ROUNDING_MAX)
            return false;
        ret_dz[i] = (Fix)dz;
    }
    return true;
}

// One head's output, z[K] and its errors; zero without an allowed edge.
static bool attend(Passage *p, int head)
{
    const Model *model = p->tables->model->model;
    HeadKeys keys = {0};
    Fix rad, *z = p->z.mid + head * p->K, *deviation = ARENA_NEW(p->scratch, Fix, (size_t)p->K);
    for (int k = 0; k <= p->below->position; k++)
        if (model_edge(model, p->below->layer, head, p->below->position, k) &&
            !add_key(p, head, k, &keys))
            return false;
    if (keys.count == 0)
        return true;
    if (!softmax_mean(keys.score, keys.score_rad, keys.v, keys.v_rad, keys.count, p->K, z, &rad,
                      deviation))
        return false;
    p->z.rad = larger(p->z.rad, rad);
    return head_errors(p, &keys, deviation, p->dz + head * p->K);
}

// x = y = x + z W_O + b_O, with ly and dy.
static bool add_heads(Passage *p)
{
    FixVector out = fix_vector_new(p->scratch, p->D);
    Fix *none = ARENA_NEW(p->scratch, Fix, (size_t)p->D), *la = p->ly;
    if (!fix_apply(&p->layer->W_O, &p->z, &p->layer->b_O, &out) || !add_in_place(&p->x, &out) ||
        !rounding_apply(&p->layer->W_O, &p->layer->b_O, &p->z, p->dz, none, la))
        return false;
    for (int d = 0; d < p->D; d++) {
        Wide before =
            p->e[d] + la[d] +
            rounding_spread(p->dz, p->layer->W_O.mid + d * p->HK, p->layer->W_O.rad, p->HK);
        Wide last = rounding_gamma(1, size(&p->x, d) + before);
        if (before + last > ROUNDING_MAX)
            return false;
        p->ly[d] = la[d] + (Fix)last;
        p->dy[d] = (Fix)(before + last);
    }
    return true;
}

// eta, and whether a run's neuron is settled: theta.
static bool settle(Passage *p, const FixMatrix *heads_in, const FixVector *u)
{
    Fix *residual = ARENA_NEW(p->scratch, Fix, (size_t)p->D);
    for (int d = 0; d < p->D; d++)
        residual[d] = p->e[d] + p->ly[d];
    for (int i = 0; i < p->F; i++) {
        Wide eta =
            rounding_spread(residual, p->layer->W_in.mid + i * p->D, p->layer->W_in.rad, p->D) +
            rounding_spread(p->dz, heads_in->mid + i * p->HK, heads_in->rad, p->HK) + p->lu[i];
        if (eta > ROUNDING_MAX)
            return false;
        p->eta[i] = (Fix)eta;
        p->theta2[i] = u->mid[i] - u->rad >= eta ? 2 : u->mid[i] + u->rad <= -eta ? 0 : 1;
    }
    return true;
}

// x = x', with lx. Errors of the hidden layer are eta.
static bool add_mlp(Passage *p, const FixMatrix *heads_in)
{
    FixVector out = fix_vector_new(p->scratch, p->D);
    Fix *none = ARENA_NEW(p->scratch, Fix, (size_t)larger(p->F, p->D));
    if (!fix_apply(&p->layer->W_in, &p->x, &p->layer->b_in, &p->hidden) ||
        !rounding_apply(&p->layer->W_in, &p->layer->b_in, &p->x, p->dy, none, p->lu) ||
        !settle(p, heads_in, &p->hidden))
        return false;
    for (int i = 0; i < p->F; i++)
        p->hidden.mid[i] = p->hidden.mid[i] > 0 ? p->hidden.mid[i] : 0;
    if (!fix_apply(&p->layer->W_out, &p->hidden, &p->layer->b_out, &out) ||
        !add_in_place(&p->x, &out) ||
        !rounding_apply(&p->layer->W_out, &p->layer->b_out, &p->hidden, p->eta, none, p->lx))
        return false;
    for (int d = 0; d < p->D; d++) {
        Wide before =
            p->dy[d] + p->lx[d] +
            rounding_spread(p->eta, p->layer->W_out.mid + d * p->F, p->layer->W_out.rad, p->F);
        Wide lx = p->lx[d] + rounding_gamma(1, size(&p->x, d) + before);
        if (lx > ROUNDING_MAX)
            return false;
        p->lx[d] = (Fix)lx;
    }
    return true;
}

static Passage passage_new(Arena *scratch, const ResidualTables *t, ResidualTable *table,
                           int config)
{
    ModelShape s = t->model->model->shape;
    const ResidualTable *below = residual_table(t, table->layer - 1, table->position);
    size_t D = (size_t)s.d_model, HK = (size_t)(s.heads * s.d_head), F = (size_t)s.d_mlp;
    Passage p = {.scratch = scratch,
                 .tables = t,
                 .below = below,
                 .layer = &t->model->layer[table->layer - 1],
                 .cone = table->cone,
                 .config = config,
                 .own = cone_project(below->cone, table->cone, t->options, config),
                 .D = s.d_model,
                 .HK = s.heads * s.d_head,
                 .F = s.d_mlp,
                 .K = s.d_head};
    p.z = fix_vector_new(scratch, p.HK);
    p.hidden = fix_vector_new(scratch, p.F);
    p.x = (FixVector){table->x + config * p.D, below->x_rad[p.own], p.D};
    memcpy(p.x.mid, below->x + p.own * p.D, D * sizeof(Fix));
    p.e = below->e + p.own * p.D;
    p.dz = ARENA_NEW(scratch, Fix, HK);
    p.ly = ARENA_NEW(scratch, Fix, D);
    p.dy = ARENA_NEW(scratch, Fix, D);
    p.lx = ARENA_NEW(scratch, Fix, D);
    p.lu = ARENA_NEW(scratch, Fix, F);
    p.eta = ARENA_NEW(scratch, Fix, F);
    p.theta2 = ARENA_NEW(scratch, uint8_t, F);
    return p;
}

// The residual that enters the table's layer, from the tables one layer down; and its errors, which
// for the queries and keys come by themselves (Lemma R2).
static bool advance(Arena *scratch, const ResidualTables *t, ResidualTable *table, int config,
                    Fix *ret_q, Fix *ret_k)
{
    Passage p = passage_new(scratch, t, table, config);
    const RoundingLayer *rounding = t->rounding[table->layer - 1];
    for (int h = 0; h < p.HK / p.K; h++)
        if (!attend(&p, h))
            return false;
    if (!add_heads(&p) || !add_mlp(&p, rounding_heads_in(rounding)))
        return false;
    table->x_rad[config] = p.x.rad;
    Fix *residual = ARENA_NEW(scratch, Fix, (size_t)p.D);
    for (int d = 0; d < p.D; d++)
        residual[d] = p.e[d] + p.ly[d];
    RoundingStep step = {residual, p.dz, p.lu, p.eta, p.lx, p.theta2};
    return rounding_step(scratch, rounding, &step, table->e + config * p.D, ret_q, ret_k);
}

static bool project(const FixMatrix *W, const FixVector *b, const FixVector *x, Fix *y, Fix *y_rad,
                    int config)
{
    FixVector out = {y + config * W->rows, 0, W->rows};
    bool fits = fix_apply(W, x, b, &out);
    y_rad[config] = out.rad;
    return fits;
}

static bool scale(const FixModel *m, Fix *q, Fix *q_rad, Fix *dq, int n)
{
    Fix most = fix_max_abs(q, n);
    for (int i = 0; i < n; i++) {
        if (!fix_round((Wide)q[i] * m->score_scale, &q[i]))
            return false;
        dq[i] = (Fix)fix_ceil((Wide)dq[i] * (m->score_scale + m->score_scale_rad));
        if (dq[i] > ROUNDING_MAX)
            return false;
    }
    *q_rad = fix_dot_radius(m->score_scale, m->score_scale_rad, most, *q_rad, 1) + 1;
    return *q_rad <= FIX_RAD_MAX;
}

static bool fill(Arena *scratch, const ResidualTables *t, ResidualTable *table, int config)
{
    ModelShape s = t->model->model->shape;
    const FixLayer *layer = &t->model->layer[table->layer];
    int HK = s.heads * s.d_head;
    Fix *eq = NULL, *ek = NULL; // through the layer below, if there is one
    if (table->layer == 0) {
        embed(t, table, config);
    } else {
        eq = ARENA_NEW(scratch, Fix, (size_t)HK);
        ek = ARENA_NEW(scratch, Fix, (size_t)HK);
        if (!advance(scratch, t, table, config, eq, ek))
            return false;
    }
    FixVector x = {table->x + config * s.d_model, table->x_rad[config], s.d_model};
    const Fix *e = table->e + config * s.d_model;
    Fix *dq = table->dq + config * HK;
    return project(&layer->W_Q, &layer->b_Q, &x, table->q, table->q_rad, config) &&
           project(&layer->W_K, &layer->b_K, &x, table->k, table->k_rad, config) &&
           project(&layer->W_V, &layer->b_V, &x, table->v, table->v_rad, config) &&
           rounding_apply(&layer->W_Q, &layer->b_Q, &x, e, eq, dq) &&
           rounding_apply(&layer->W_K, &layer->b_K, &x, e, ek, table->dk + config * HK) &&
           rounding_apply(&layer->W_V, &layer->b_V, &x, e, NULL, table->dv + config * HK) &&
           scale(t->model, table->q + config * HK, &table->q_rad[config], dq, HK);
}

static void run_piece(void *context, size_t piece, int worker)
{
    Builder *b = context;
    Piece *p = &b->pieces[piece];
    (void)worker;
    for (int config = p->first; config < p->last; config++) {
        Arena *scratch = arena_new();
        if (!fill(scratch, b->tables, p->table, config))
            b->failed[piece] = true;
        arena_free(scratch);
    }
}

static size_t table_bytes(const Cone *cone, ModelShape s)
{
    return (size_t)cone->configs * 2 * (size_t)(s.d_model + 3 * s.heads * s.d_head + 2) *
           sizeof(Fix);
}

static ResidualTable *table_new(Arena *arena, const Cone *cone, ModelShape s, int layer,
                                int position)
{
    size_t configs = (size_t)cone->configs, HK = (size_t)(s.heads * s.d_head);
    ResidualTable *t = ARENA_NEW(arena, ResidualTable, 1);
    *t = (ResidualTable){
        .cone = cone,
        .layer = layer,
        .position = position,
        .x = ARENA_NEW(arena, Fix, configs * (size_t)s.d_model),
        .q = ARENA_NEW(arena, Fix, configs * HK),
        .k = ARENA_NEW(arena, Fix, configs * HK),
        .v = ARENA_NEW(arena, Fix, configs * HK),
        .e = ARENA_NEW(arena, Fix, configs * (size_t)s.d_model),
        .dq = ARENA_NEW(arena, Fix, configs * HK),
        .dk = ARENA_NEW(arena, Fix, configs * HK),
        .dv = ARENA_NEW(arena, Fix, configs * HK),
        .x_rad = ARENA_NEW(arena, Fix, configs),
        .q_rad = ARENA_NEW(arena, Fix, configs),
        .k_rad = ARENA_NEW(arena, Fix, configs),
        .v_rad = ARENA_NEW(arena, Fix, configs),
    };
    return t;
}

// Fills all tables of one layer.
static bool fill_layer(Builder *b, WorkPool *pool, int layer)
{
    ResidualTables *t = b->tables;
    size_t count = 0;
    int P = t->options->positions;
    b->pieces = ARENA_NEW(b->arena, Piece, (size_t)P * (CONE_CONFIGS_MAX / CHUNK + 1));
    for (int p = 0; p < P; p++) {
        ResidualTable *table = residual_table(t, layer, p);
        for (int c = 0; table && c < table->cone->configs; c += CHUNK) {
            int last = c + CHUNK < table->cone->configs ? c + CHUNK : table->cone->configs;
            b->pieces[count++] = (Piece){table, c, last};
        }
    }
    b->failed = ARENA_NEW(b->arena, bool, count);
    work_run(pool, count, run_piece, b);
    for (size_t i = 0; i < count; i++)
        if (b->failed[i])
            return false;
    return true;
}

static bool read_by(const Model *model, int layer, int query, int key)
{
    if (query == key)
        return true;
    for (int h = 0; h < model->shape.heads; h++)
        if (model_edge(model, layer, h, query, key))
            return true;
    return false;
}

// Declares the table of (layer, position) and those below that it rests on; false if it cannot be had.
static bool declare(Builder *b, int layer, int position)
{
    ResidualTables *t = b->tables;
    const Model *model = t->model->model;
    int P = t->options->positions;
    const Cone *cone = &t->cones[layer * P + position];
    if (t->table[layer * P + position])
        return true;
    b->bytes += cone->wide ? 0 : table_bytes(cone, model->shape);
    if (cone->wide || b->bytes > BYTES_MAX)
        return false;
    for (int p = 0; layer > 0 && p <= position; p++)
        if (read_by(model, layer - 1, position, p) && !declare(b, layer - 1, p))
            return false;
    t->table[layer * P + position] = table_new(b->arena, cone, model->shape, layer, position);
    return true;
}

static Status too_large(Diag *diag, int layer)
{
    return diag_set(diag, STATUS_LIMIT, "B002",
                    "values in layer %d grow too large for the rigorous arithmetic", layer);
}

Status residual_tables_new(Arena *arena, WorkPool *pool, const FixModel *model,
                           const TokenOptions *options, const Cone *cones, const uint8_t *needed,
                           ResidualTables **ret_tables, Diag *diag)
{
    int P = options->positions, L = model->model->shape.layers;
    ResidualTables *t = ARENA_NEW(arena, ResidualTables, 1);
    *t = (ResidualTables){.model = model,
                          .options = options,
                          .cones = cones,
                          .rounding = ARENA_NEW(arena, RoundingLayer *, (size_t)L),
                          .table = ARENA_NEW(arena, ResidualTable *, (size_t)(P * L))};
    for (int l = 0; l + 1 < L; l++) {
        t->rounding[l] = rounding_layer_new(arena, &model->layer[l], &model->layer[l + 1]);
        if (!t->rounding[l])
            return too_large(diag, l);
    }
    Builder b = {.arena = arena, .tables = t};
    for (int p = 0; p < P; p++)
        if (needed[p])
            (void)declare(&b, L - 1, p); // what cannot be had stays NULL
    for (int layer = 0; layer < L; layer++)
        if (!fill_layer(&b, pool, layer))
            return too_large(diag, layer);
    *ret_tables = t;
    return STATUS_OK;
}
