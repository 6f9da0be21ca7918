#include "residual.h"

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

// Adds y to x (both [D] with a radius).
static bool add_in_place(Fix *x, Fix *x_rad, const FixVector *y)
{
    for (int d = 0; d < y->n; d++) {
        x[d] += y->mid[d];
        if (x[d] > FIX_MAX || x[d] < -FIX_MAX)
            return false;
    }
    *x_rad += y->rad;
    return *x_rad <= FIX_RAD_MAX;
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
}

// One head's output at (query configuration), z[K]; zero without an allowed edge.
static bool attend(const ResidualTables *t, const ResidualTable *below, const Cone *cone,
                   int config, int head, Fix *ret_z, Fix *ret_rad)
{
    const Model *model = t->model->model;
    int K = model->shape.d_head, HK = model->shape.heads * K, count = 0;
    Fix score[SOFTMAX_KEYS_MAX], score_rad = 0, v_rad = 0, rad;
    const Fix *v[SOFTMAX_KEYS_MAX];
    int own = cone_project(below->cone, cone, t->options, config);
    *ret_rad = 0;
    for (int p = 0; p <= below->position; p++) {
        if (!model_edge(model, below->layer, head, below->position, p))
            continue;
        if (count == SOFTMAX_KEYS_MAX)
            return false;
        const ResidualTable *key = residual_table(t, below->layer, p);
        int kc = cone_project(key->cone, cone, t->options, config);
        if (!score_enclose(below->q + own * HK + head * K, below->q_rad[own],
                           key->k + kc * HK + head * K, key->k_rad[kc], K, &score[count], &rad))
            return false;
        score_rad = rad > score_rad ? rad : score_rad;
        v_rad = key->v_rad[kc] > v_rad ? key->v_rad[kc] : v_rad;
        v[count++] = key->v + kc * HK + head * K;
    }
    if (count == 0)
        return true;
    return softmax_mean(score, score_rad, v, v_rad, count, K, ret_z, ret_rad);
}

static bool attention(const ResidualTables *t, const ResidualTable *below, const Cone *cone,
                      int config, FixVector *z)
{
    int H = t->model->model->shape.heads, K = t->model->model->shape.d_head;
    z->rad = 0;
    for (int i = 0; i < H * K; i++)
        z->mid[i] = 0;
    for (int h = 0; h < H; h++) {
        Fix rad;
        if (!attend(t, below, cone, config, h, z->mid + h * K, &rad))
            return false;
        z->rad = rad > z->rad ? rad : z->rad;
    }
    return true;
}

static bool mlp(const FixLayer *layer, FixVector *x, FixVector *hidden, FixVector *out)
{
    if (!fix_apply(&layer->W_in, x, &layer->b_in, hidden))
        return false;
    for (int i = 0; i < hidden->n; i++)
        hidden->mid[i] = hidden->mid[i] > 0 ? hidden->mid[i] : 0;
    return fix_apply(&layer->W_out, hidden, &layer->b_out, out) &&
           add_in_place(x->mid, &x->rad, out);
}

// The residual that enters the table's layer, from the tables one layer down.
static bool advance(Arena *scratch, const ResidualTables *t, ResidualTable *table, int config)
{
    ModelShape s = t->model->model->shape;
    const ResidualTable *below = residual_table(t, table->layer - 1, table->position);
    const FixLayer *layer = &t->model->layer[table->layer - 1];
    int own = cone_project(below->cone, table->cone, t->options, config);
    FixVector z = fix_vector_new(scratch, s.heads * s.d_head);
    FixVector out = fix_vector_new(scratch, s.d_model);
    FixVector hidden = fix_vector_new(scratch, s.d_mlp);
    FixVector x = {table->x + config * s.d_model, below->x_rad[own], s.d_model};
    for (int d = 0; d < s.d_model; d++)
        x.mid[d] = below->x[own * s.d_model + d];
    if (!attention(t, below, table->cone, config, &z) ||
        !fix_apply(&layer->W_O, &z, &layer->b_O, &out) || !add_in_place(x.mid, &x.rad, &out) ||
        !mlp(layer, &x, &hidden, &out))
        return false;
    table->x_rad[config] = x.rad;
    return true;
}

static bool project(const FixMatrix *W, const FixVector *b, const FixVector *x, Fix *y, Fix *y_rad,
                    int config)
{
    FixVector out = {y + config * W->rows, 0, W->rows};
    bool fits = fix_apply(W, x, b, &out);
    y_rad[config] = out.rad;
    return fits;
}

static bool scale(const FixModel *m, Fix *q, Fix *q_rad, int n)
{
    Fix most = fix_max_abs(q, n);
    for (int i = 0; i < n; i++)
        if (!fix_round((Wide)q[i] * m->score_scale, &q[i]))
            return false;
    *q_rad = fix_dot_radius(m->score_scale, m->score_scale_rad, most, *q_rad, 1) + 1;
    return *q_rad <= FIX_RAD_MAX;
}

static bool fill(Arena *scratch, const ResidualTables *t, ResidualTable *table, int config)
{
    ModelShape s = t->model->model->shape;
    const FixLayer *layer = &t->model->layer[table->layer];
    int HK = s.heads * s.d_head;
    if (table->layer == 0)
        embed(t, table, config);
    else if (!advance(scratch, t, table, config))
        return false;
    FixVector x = {table->x + config * s.d_model, table->x_rad[config], s.d_model};
    return project(&layer->W_Q, &layer->b_Q, &x, table->q, table->q_rad, config) &&
           scale(t->model, table->q + config * HK, &table->q_rad[config], HK) &&
           project(&layer->W_K, &layer->b_K, &x, table->k, table->k_rad, config) &&
           project(&layer->W_V, &layer->b_V, &x, table->v, table->v_rad, config);
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
    return (size_t)cone->configs * (size_t)(s.d_model + 3 * s.heads * s.d_head + 4) * sizeof(Fix);
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

Status residual_tables_new(Arena *arena, WorkPool *pool, const FixModel *model,
                           const TokenOptions *options, const Cone *cones, const uint8_t *needed,
                           ResidualTables **ret_tables, Diag *diag)
{
    int P = options->positions, L = model->model->shape.layers;
    ResidualTables *t = ARENA_NEW(arena, ResidualTables, 1);
    *t =
        (ResidualTables){model, options, cones, ARENA_NEW(arena, ResidualTable *, (size_t)(P * L))};
    Builder b = {.arena = arena, .tables = t};
    for (int p = 0; p < P; p++)
        if (needed[p])
            (void)declare(&b, L - 1, p); // what cannot be had stays NULL
    for (int layer = 0; layer < L; layer++)
        if (!fill_layer(&b, pool, layer))
            return diag_set(diag, STATUS_LIMIT, "B002",
                            "values in layer %d grow too large for the rigorous arithmetic", layer);
    *ret_tables = t;
    return STATUS_OK;
}
