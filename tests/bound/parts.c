#include "parts.h"

#include <string.h>

#include "oracle.h"

// The model whose logits are the residual between attention and MLP of the last layer, as it is with
// one of the last layer's heads only (-1: none); the last logit is 0.
static Model *with_one_head(Arena *arena, const Model *m, int head)
{
    ModelShape s = m->shape, wide = s;
    int D = s.d_model, K = s.d_head, last = s.layers - 1;
    wide.d_vocab = D + 1 > s.d_vocab ? D + 1 : s.d_vocab;
    const char **vocab = ARENA_NEW(arena, const char *, (size_t)wide.d_vocab);
    for (int v = 0; v < wide.d_vocab; v++)
        vocab[v] = arena_printf(arena, "%d", v);
    Model *copy = model_new(arena, wide, vocab);
    size_t below = (size_t)(m->W_U - m->W_pos), rows = (size_t)(s.d_vocab * D);
    CHECK((size_t)(copy->W_U - copy->W_pos) == below);
    memcpy(copy->W_E, m->W_E, rows * sizeof(float));
    memcpy(copy->W_pos, m->W_pos, below * sizeof(float));
    for (int l = 0; l < s.layers; l++)
        memcpy(copy->layer[l].edges, m->layer[l].edges, (size_t)(s.heads * s.n_ctx * s.n_ctx));
    for (int i = 0; i < s.heads * K * D; i++)
        if (i / (K * D) != head)
            copy->layer[last].W_O[i] = 0.0f;
    memset(copy->layer[last].W_out, 0, (size_t)(s.d_mlp * D) * sizeof(float));
    memset(copy->layer[last].b_out, 0, (size_t)D * sizeof(float));
    for (int d = 0; d < D; d++)
        copy->W_U[d * wide.d_vocab + d] = 1.0f;
    return copy;
}

static void residual_with(const Fixture *f, int head, const int *tokens, int position, double *ret)
{
    Arena *arena = arena_new();
    Model *m = with_one_head(arena, f->model, head);
    Oracle *oracle = oracle_new(m, ORACLE_QUICK);
    Enclosure *x = enclosure_vector(arena, (size_t)m->shape.d_vocab, ORACLE_QUICK);
    oracle_margins(oracle, tokens, position, m->shape.d_vocab - 1, x);
    for (int d = 0; d < f->model->shape.d_model; d++)
        ret[d] = -mpfr_get_d(x[d].lo, MPFR_RNDN);
    oracle_free(oracle);
    arena_free(arena);
}

Parts parts_of(const Fixture *f, const int *tokens, int position)
{
    Parts p;
    residual_with(f, -1, tokens, position, p.direct);
    for (int h = 0; h < f->model->shape.heads; h++) {
        residual_with(f, h, tokens, position, p.head[h]);
        for (int d = 0; d < f->model->shape.d_model; d++)
            p.head[h][d] -= p.direct[d];
    }
    return p;
}
