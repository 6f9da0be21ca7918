#include "fixmodel.h"

#define ENTRIES_MAX ((size_t)1 << 26) // of a matrix that is a product of two stored ones

typedef struct Loader {
    Arena *arena;
    bool fits;
} Loader;

static Fix load(Loader *l, float x, Fix *rad, int *inexact)
{
    Fix fix = 0;
    bool exact = true;
    if (!fix_from_float(x, &fix, &exact))
        l->fits = false;
    if (!exact) {
        *rad = 1; // half a unit, rounded up
        (*inexact)++;
    }
    return fix;
}

static FixVector load_vector(Loader *l, const float *w, int n)
{
    FixVector v = fix_vector_new(l->arena, n);
    int inexact = 0;
    for (int i = 0; i < n; i++)
        v.mid[i] = load(l, w[i], &v.rad, &inexact);
    return v;
}

// Row r of m from the stored numbers w[0], w[stride], ...
static void load_row(Loader *l, const float *w, int r, size_t stride, FixMatrix *m)
{
    int inexact = 0;
    for (int c = 0; c < m->cols; c++)
        m->mid[r * m->cols + c] = load(l, w[(size_t)c * stride], &m->rad, &inexact);
    m->inexact = inexact > m->inexact ? inexact : m->inexact;
}

// blocks stored matrices [block][cols][rows] side by side as rows of outputs.
static FixMatrix load_matrix(Loader *l, const float *w, int blocks, int cols, int rows)
{
    FixMatrix m = fix_matrix_new(l->arena, blocks * rows, cols);
    for (int b = 0; b < blocks; b++)
        for (int r = 0; r < rows; r++)
            load_row(l, w + (size_t)b * (size_t)(cols * rows) + r, b * rows + r, (size_t)rows, &m);
    l->fits = fix_matrix_seal(&m) && l->fits;
    return m;
}

static FixMatrix load_rows(Loader *l, const float *w, int rows, int cols)
{
    FixMatrix m = fix_matrix_new(l->arena, rows, cols);
    for (int r = 0; r < rows; r++)
        load_row(l, w + (size_t)r * (size_t)cols, r, 1, &m);
    l->fits = fix_matrix_seal(&m) && l->fits;
    return m;
}

static FixLayer load_layer(Loader *l, const ModelLayer *w, ModelShape s)
{
    int H = s.heads, D = s.d_model, K = s.d_head, F = s.d_mlp;
    return (FixLayer){
        .W_Q = load_matrix(l, w->W_Q, H, D, K),
        .W_K = load_matrix(l, w->W_K, H, D, K),
        .W_V = load_matrix(l, w->W_V, H, D, K),
        .b_Q = load_vector(l, w->b_Q, H * K),
        .b_K = load_vector(l, w->b_K, H * K),
        .b_V = load_vector(l, w->b_V, H * K),
        .W_O = load_matrix(l, w->W_O, 1, H * K, D),
        .b_O = load_vector(l, w->b_O, D),
        .W_in = load_matrix(l, w->W_in, 1, D, F),
        .b_in = load_vector(l, w->b_in, F),
        .W_out = load_matrix(l, w->W_out, 1, F, D),
        .b_out = load_vector(l, w->b_out, D),
    };
}

static bool readout_init(Arena *arena, FixModel *m)
{
    const FixMatrix *out = &m->layer[m->model->shape.layers - 1].W_out, *U = &m->W_U;
    int V = U->rows, D = U->cols, F = out->cols;
    Fix *column = ARENA_NEW(arena, Fix, (size_t)D);
    m->readout = fix_matrix_new(arena, V, F);
    m->readout.inexact = F;
    for (int i = 0; i < F; i++) {
        for (int d = 0; d < D; d++)
            column[d] = out->mid[d * F + i];
        Fix rad = fix_dot_radius(U->norm, U->rad, fix_sum_abs(column, D), out->rad, D) + 1;
        m->readout.rad = rad > m->readout.rad ? rad : m->readout.rad;
        for (int v = 0; v < V; v++)
            if (!fix_round(fix_dot(U->mid + v * D, column, D), &m->readout.mid[v * F + i]))
                return false;
    }
    return fix_matrix_seal(&m->readout);
}

// Effects of neurons and heads on logits, and of heads on neurons, are matrices that no file bounds.
static bool products_fit(ModelShape s)
{
    size_t HK = (size_t)s.heads * (size_t)s.d_head, F = (size_t)s.d_mlp, V = (size_t)s.d_vocab;
    return V * F <= ENTRIES_MAX && V * HK <= ENTRIES_MAX && F * HK <= ENTRIES_MAX;
}

Status fix_model_new(Arena *arena, const Model *model, FixModel **ret_fix, Diag *diag)
{
    Loader l = {arena, true};
    ModelShape s = model->shape;
    int inexact = 0;
    FixModel *fix = ARENA_NEW(arena, FixModel, 1);
    if (!products_fit(s))
        return diag_set(diag, STATUS_LIMIT, "B001",
                        "the model is too wide for the rigorous arithmetic");
    fix->model = model;
    fix->W_E = load_rows(&l, model->W_E, s.d_vocab, s.d_model);
    fix->W_pos = load_rows(&l, model->W_pos, s.n_ctx, s.d_model);
    fix->layer = ARENA_NEW(arena, FixLayer, (size_t)s.layers);
    for (int i = 0; i < s.layers; i++)
        fix->layer[i] = load_layer(&l, &model->layer[i], s);
    fix->W_U = load_matrix(&l, model->W_U, 1, s.d_model, s.d_vocab);
    fix->b_U = load_vector(&l, model->b_U, s.d_vocab);
    fix->score_scale = load(&l, s.score_scale, &fix->score_scale_rad, &inexact);
    if (!l.fits || !readout_init(arena, fix))
        return diag_set(diag, STATUS_LIMIT, "B001",
                        "a weight or a sum of weights is too large for the rigorous arithmetic");
    *ret_fix = fix;
    return STATUS_OK;
}
