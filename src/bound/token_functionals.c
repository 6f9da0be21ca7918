#include "token_functionals.h"

typedef struct Work {
    Arena *arena;
    const Cases *cases;
    const Query *query;
    const FixLayer *layer;
    const TokenBound *token;
    int right, n_tokens, H, D, F;
} Work;

// Row t of C: U_right - U_t + sum of a W_in. Its radius counts the unembedding's, and W_in's once
// for each neuron with a slope.
static bool functional_row(const Work *w, const TokenBound *t, Fix *row, Fix *ret_rad)
{
    const FixMatrix *U = &w->query->model->W_U, *W_in = &w->layer->W_in;
    Wide *sum = ARENA_NEW(w->arena, Wide, (size_t)w->D), slopes = fix_sum_abs(t->slope, w->F);
    if (slopes > FIX_NORM_MAX)
        return false;
    for (int d = 0; d < w->D; d++)
        sum[d] = (Wide)(U->mid[w->right * w->D + d] - U->mid[t->token * w->D + d]) * FIX_ONE;
    for (int i = 0; i < w->F; i++)
        for (int d = 0; t->slope[i] && d < w->D; d++)
            sum[d] += (Wide)t->slope[i] * W_in->mid[i * w->D + d];
    for (int d = 0; d < w->D; d++)
        if (!fix_round(sum[d], &row[d]))
            return false;
    *ret_rad = 2 * U->rad + (Fix)fix_ceil(slopes * W_in->rad) + 1;
    return true;
}

// The constant of row t: sum of a b_in + (U_right - U_t) b_out + b_U.
static bool functional_constant(const Work *w, const TokenBound *t, Fix *ret_mid, Fix *ret_rad)
{
    const FixModel *m = w->query->model;
    const FixVector *b_in = &w->layer->b_in, *b_out = &w->layer->b_out;
    Wide sum = (Wide)(m->b_U.mid[w->right] - m->b_U.mid[t->token]) * FIX_ONE;
    Wide slopes = fix_sum_abs(t->slope, w->F), outs = fix_sum_abs(b_out->mid, w->D), unembed = 0;
    for (int d = 0; d < w->D; d++) {
        Fix u = m->W_U.mid[w->right * w->D + d] - m->W_U.mid[t->token * w->D + d];
        unembed += u < 0 ? -u : u;
        sum += (Wide)u * b_out->mid[d];
    }
    sum += fix_dot(t->slope, b_in->mid, w->F);
    if (unembed > FIX_NORM_MAX || slopes > FIX_NORM_MAX)
        return false;
    *ret_rad = 2 * m->b_U.rad + (Fix)fix_ceil(slopes * b_in->rad) +
               fix_dot_radius(unembed, 2 * m->W_U.rad, outs, b_out->rad, w->D) + 1;
    return fix_round(sum, ret_mid);
}

static bool functionals_init(const Work *w, FixMatrix *ret_C, FixVector *ret_constant)
{
    int T = w->n_tokens;
    FixMatrix C = fix_matrix_new(w->arena, T, w->D);
    C.inexact = w->D;
    FixVector constant = fix_vector_new(w->arena, T);
    for (int t = 0; t < T; t++) {
        Fix rad, constant_rad;
        if (!functional_row(w, &w->token[t], C.mid + t * w->D, &rad) ||
            !functional_constant(w, &w->token[t], &constant.mid[t], &constant_rad))
            return false;
        C.rad = rad > C.rad ? rad : C.rad;
        constant.rad = constant_rad > constant.rad ? constant_rad : constant.rad;
    }
    *ret_C = C;
    *ret_constant = constant;
    return constant.rad <= FIX_RAD_MAX && fix_matrix_seal(ret_C);
}

static FunctionalTable *token_tables(const Work *w, const FixMatrix *C, FixMatrix *ret_through)
{
    const Query *q = w->query;
    FunctionalTable *tables = ARENA_NEW(w->arena, FunctionalTable, (size_t)w->H);
    if (!query_through_heads(w->arena, w->layer, C, ret_through))
        return NULL;
    for (int h = 0; h < w->H; h++) {
        const KeyValues *keys[PATH_KEYS_MAX];
        for (int k = 0; k < q->n_head_keys[h]; k++)
            keys[k] = &q->key[q->head_key[h][k]].values;
        if (!functional_table_init(w->arena, ret_through, h, q->model->model->shape.d_head, keys,
                                   cases_used(w->arena, w->cases, h), q->n_head_keys[h],
                                   &tables[h]))
            return NULL;
    }
    return tables;
}

bool token_functionals_init(Arena *arena, const Cases *cases, int right, const TokenBound *tokens,
                            int n_tokens, TokenFunctionals *ret_functionals)
{
    const Query *query = cases->query;
    ModelShape s = query->model->model->shape;
    Work w = {.arena = arena,
              .cases = cases,
              .query = query,
              .layer = &query->model->layer[s.layers - 1],
              .token = tokens,
              .right = right,
              .n_tokens = n_tokens,
              .H = s.heads,
              .D = s.d_model,
              .F = s.d_mlp};
    TokenFunctionals f;
    if (!functionals_init(&w, &f.C, &f.constant))
        return false;
    f.tables = token_tables(&w, &f.C, &f.through);
    if (!f.tables)
        return false;
    *ret_functionals = f;
    return true;
}
