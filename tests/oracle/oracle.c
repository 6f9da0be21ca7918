#include "oracle.h"

#include "status.h"

enum { SCRATCH = 2, SHORT_FIELD = 5, SLOTS_SHORT = 1 << 13, SLOTS_LONG = 64 };

typedef struct Weights { // a layer's numbers, exactly
    mpfr_ptr W_Q, b_Q, W_K, b_K, W_V, b_V, W_O, b_O, W_in, b_in, W_out, b_out;
} Weights;

// What one position brings to a layer, for one choice of the tokens that reach it. `view` is how
// the layer looks at a vector of the residual stream: see there.
typedef struct Node {
    int *tokens;  // of `field`, in order
    Enclosure *x; // [D] the residual that enters the layer
    bool has_query, has_key;
    Enclosure *q, *k; // [H, K]
    Enclosure *own;   // [view] of x + b_O: what a position has without attention
    Enclosure *value; // [H, view] of v W_O: what a head takes from this key
} Node;

typedef struct Place { // (layer, position)
    int *field;        // positions whose tokens reach it
    int n_field;
    Node **slots; // by hash of the tokens; a later node replaces the one in its slot
    unsigned n_slots;
} Place;

struct Oracle {
    Arena *arena;
    const Model *model;
    mpfr_prec_t precision;
    mpfr_ptr W_E, W_pos, scale;
    Weights *layer;      // [L]
    Place *places;       // [L, C]
    mpfr_ptr reader;     // [D, F + V]: W_in of the last layer beside W_U
    Enclosure *constant; // [F + V]: b_in of the last layer, b_U + b_out W_U
    Enclosure *direct;   // [F, V]: W_out W_U of the last layer
    // Scratch; children are complete before a node uses it.
    Node **keys; // [L, C] the keys that a layer attends to
    mpfr_ptr t;
    Enclosure *weight, *sum, *top, *seen, *hidden, *out;
};

// ---- set-up -------------------------------------------------------------------------------------

static Enclosure *vector(Oracle *o, int count)
{
    return enclosure_vector(o->arena, (size_t)count, o->precision);
}

static mpfr_ptr load(Oracle *o, const float *numbers, int count)
{
    mpfr_ptr loaded = enclosure_numbers(o->arena, (size_t)count, o->precision);
    for (int i = 0; i < count; i++)
        CHECK(mpfr_set_flt(&loaded[i], numbers[i], MPFR_RNDN) == 0);
    return loaded;
}

static Weights load_layer(Oracle *o, const ModelLayer *m)
{
    ModelShape s = o->model->shape;
    int D = s.d_model, HK = s.heads * s.d_head, F = s.d_mlp;
    Weights w;
    w.W_Q = load(o, m->W_Q, HK * D);
    w.b_Q = load(o, m->b_Q, HK);
    w.W_K = load(o, m->W_K, HK * D);
    w.b_K = load(o, m->b_K, HK);
    w.W_V = load(o, m->W_V, HK * D);
    w.b_V = load(o, m->b_V, HK);
    w.W_O = load(o, m->W_O, HK * D);
    w.b_O = load(o, m->b_O, D);
    w.W_in = load(o, m->W_in, D * F);
    w.b_in = load(o, m->b_in, F);
    w.W_out = load(o, m->W_out, F * D);
    w.b_out = load(o, m->b_out, D);
    return w;
}

static void set_exact(Enclosure *y, mpfr_srcptr x)
{
    enclosure_zero(y);
    enclosure_add_exact(y, x);
}

static void load_reader(Oracle *o, mpfr_srcptr W_U, mpfr_srcptr b_U)
{
    ModelShape s = o->model->shape;
    int D = s.d_model, F = s.d_mlp, V = s.d_vocab;
    const Weights *w = &o->layer[s.layers - 1];
    o->reader = enclosure_numbers(o->arena, (size_t)D * (size_t)(F + V), o->precision);
    for (int d = 0; d < D; d++) {
        for (int f = 0; f < F; f++)
            mpfr_set(&o->reader[d * (F + V) + f], &w->W_in[d * F + f], MPFR_RNDN);
        for (int t = 0; t < V; t++)
            mpfr_set(&o->reader[d * (F + V) + F + t], &W_U[d * V + t], MPFR_RNDN);
    }
    Enclosure *row = vector(o, 1);
    o->constant = vector(o, F + V);
    o->direct = vector(o, F * V);
    for (int f = 0; f < F; f++)
        set_exact(&o->constant[f], &w->b_in[f]);
    for (int t = 0; t < V; t++)
        set_exact(&o->constant[F + t], &b_U[t]);
    for (int f = -1; f < F; f++)
        for (int d = 0; d < D; d++) {
            set_exact(row, f < 0 ? &w->b_out[d] : &w->W_out[f * D + d]);
            for (int t = 0; t < V; t++)
                enclosure_add_scaled(f < 0 ? &o->constant[F + t] : &o->direct[f * V + t],
                                     &W_U[d * V + t], row, o->t);
        }
}

static Place *place_of(const Oracle *o, int layer, int position)
{
    return &o->places[layer * o->model->shape.n_ctx + position];
}

static bool any_edge(const Model *model, int layer, int query, int key)
{
    for (int h = 0; h < model->shape.heads; h++)
        if (model_edge(model, layer, h, query, key))
            return true;
    return false;
}

// Whether the token at `from` reaches (layer, position): through the position itself, or a key, in
// the layer below.
static bool reaches(const Oracle *o, int layer, int position, int from)
{
    if (layer == 0)
        return position == from;
    for (int key = 0; key <= position; key++) {
        const Place *place = place_of(o, layer - 1, key);
        if (key != position && !any_edge(o->model, layer - 1, position, key))
            continue;
        for (int i = 0; i < place->n_field; i++)
            if (place->field[i] == from)
                return true;
    }
    return false;
}

static void make_place(Oracle *o, int layer, int position)
{
    Place *place = place_of(o, layer, position);
    place->field = ARENA_NEW(o->arena, int, (size_t)position + 1);
    for (int from = 0; from <= position; from++)
        if (reaches(o, layer, position, from))
            place->field[place->n_field++] = from;
    place->n_slots = place->n_field <= SHORT_FIELD ? SLOTS_SHORT : SLOTS_LONG;
    place->slots = ARENA_NEW(o->arena, Node *, place->n_slots);
}

static void make_scratch(Oracle *o)
{
    ModelShape s = o->model->shape;
    int view = s.d_model > s.d_mlp + s.d_vocab ? s.d_model : s.d_mlp + s.d_vocab;
    o->keys = ARENA_NEW(o->arena, Node *, (size_t)s.layers * (size_t)s.n_ctx);
    o->t = enclosure_numbers(o->arena, SCRATCH, o->precision);
    o->weight = vector(o, s.n_ctx);
    o->sum = vector(o, 1);
    o->top = vector(o, 1);
    o->seen = vector(o, view);
    o->hidden = vector(o, s.d_mlp);
    o->out = vector(o, s.d_model);
}

Oracle *oracle_new(const Model *model, mpfr_prec_t precision)
{
    ModelShape s = model->shape;
    Arena *arena = arena_new();
    Oracle *o = ARENA_NEW(arena, Oracle, 1);
    *o = (Oracle){.arena = arena, .model = model, .precision = precision};
    o->W_E = load(o, model->W_E, s.d_vocab * s.d_model);
    o->W_pos = load(o, model->W_pos, s.n_ctx * s.d_model);
    o->scale = load(o, &s.score_scale, 1);
    o->layer = ARENA_NEW(arena, Weights, (size_t)s.layers);
    o->places = ARENA_NEW(arena, Place, (size_t)s.layers * (size_t)s.n_ctx);
    for (int l = 0; l < s.layers; l++) {
        o->layer[l] = load_layer(o, &model->layer[l]);
        for (int p = 0; p < s.n_ctx; p++)
            make_place(o, l, p);
    }
    make_scratch(o);
    load_reader(o, load(o, model->W_U, s.d_model * s.d_vocab), load(o, model->b_U, s.d_vocab));
    return o;
}

void oracle_free(Oracle *oracle)
{
    if (oracle)
        arena_free(oracle->arena);
    mpfr_free_cache();
}

// ---- linear maps --------------------------------------------------------------------------------

// y[j] += sum over i of x[i] W[i, j].
static void add_product(Oracle *o, mpfr_srcptr W, const Enclosure *x, int rows, int cols,
                        Enclosure *y)
{
    for (int i = 0; i < rows; i++)
        if (mpfr_sgn(x[i].lo) != 0 || mpfr_sgn(x[i].hi) != 0)
            for (int j = 0; j < cols; j++)
                enclosure_add_scaled(&y[j], &W[i * cols + j], &x[i], o->t);
}

// Per head h: y[h] = x W[h] + b[h], for W [H, D, K].
static void project(Oracle *o, mpfr_srcptr W, mpfr_srcptr b, const Enclosure *x, Enclosure *y)
{
    ModelShape s = o->model->shape;
    int D = s.d_model, K = s.d_head;
    for (int h = 0; h < s.heads; h++) {
        for (int k = 0; k < K; k++)
            set_exact(&y[h * K + k], &b[h * K + k]);
        add_product(o, W + h * D * K, x, D, K, y + h * K);
    }
}

// The last layer's residual is only read by its MLP and by the unembedding, so there a vector is
// seen as its product with W_in and W_U; the layers below see it as it is.
static bool is_last(const Oracle *o, int layer)
{
    return layer == o->model->shape.layers - 1;
}

static int view_size(const Oracle *o, int layer)
{
    ModelShape s = o->model->shape;
    return is_last(o, layer) ? s.d_mlp + s.d_vocab : s.d_model;
}

// y += the view of x.
static void add_view(Oracle *o, int layer, const Enclosure *x, Enclosure *y)
{
    int D = o->model->shape.d_model;
    if (is_last(o, layer))
        add_product(o, o->reader, x, D, view_size(o, layer), y);
    for (int d = 0; d < D && !is_last(o, layer); d++)
        enclosure_add(&y[d], &x[d]);
}

static void clear(Enclosure *y, int count)
{
    for (int i = 0; i < count; i++)
        enclosure_zero(&y[i]);
}

// ---- attention ----------------------------------------------------------------------------------

static void make_query(Oracle *o, int layer, Node *node)
{
    ModelShape s = o->model->shape;
    if (node->has_query)
        return;
    if (!node->q) {
        node->q = vector(o, s.heads * s.d_head);
        node->own = vector(o, view_size(o, layer));
    }
    project(o, o->layer[layer].W_Q, o->layer[layer].b_Q, node->x, node->q);
    for (int d = 0; d < s.d_model; d++) {
        enclosure_set(&o->out[d], &node->x[d]);
        enclosure_add_exact(&o->out[d], &o->layer[layer].b_O[d]);
    }
    clear(node->own, view_size(o, layer));
    add_view(o, layer, o->out, node->own);
    node->has_query = true;
}

static void make_key(Oracle *o, int layer, Node *node)
{
    ModelShape s = o->model->shape;
    const Weights *w = &o->layer[layer];
    int D = s.d_model, K = s.d_head, view = view_size(o, layer);
    if (node->has_key)
        return;
    if (!node->k) {
        node->k = vector(o, s.heads * K);
        node->value = vector(o, s.heads * view);
    }
    clear(node->value, s.heads * view);
    project(o, w->W_V, w->b_V, node->x, node->k); // v, in k's place for a moment
    for (int h = 0; h < s.heads; h++) {
        clear(o->out, D);
        add_product(o, w->W_O + h * K * D, node->k + h * K, K, D, o->out);
        add_view(o, layer, o->out, node->value + h * view);
    }
    project(o, w->W_K, w->b_K, node->x, node->k);
    node->has_key = true;
}

static void score(Oracle *o, const Enclosure *q, const Enclosure *k, Enclosure *ret)
{
    enclosure_zero(o->sum);
    for (int i = 0; i < o->model->shape.d_head; i++)
        enclosure_add_product(o->sum, &q[i], &k[i], o->t);
    enclosure_zero(ret);
    enclosure_add_scaled(ret, o->scale, o->sum, o->t);
}

// weight[key] = the softmax of the scores on the head's edges. All scores are first shifted by the
// largest upper end, which changes no quotient and keeps every exponential small.
static void weigh_keys(Oracle *o, int layer, int head, int position, const Node *query)
{
    const Model *m = o->model;
    int K = m->shape.d_head;
    mpfr_set_inf(o->top->hi, -1);
    for (int key = 0; key <= position; key++)
        if (model_edge(m, layer, head, position, key)) {
            const Node *node = o->keys[layer * m->shape.n_ctx + key];
            score(o, query->q + head * K, node->k + head * K, &o->weight[key]);
            mpfr_max(o->top->hi, o->top->hi, o->weight[key].hi, MPFR_RNDN);
        }
    mpfr_set(o->top->lo, o->top->hi, MPFR_RNDN);
    enclosure_zero(o->sum);
    for (int key = 0; key <= position; key++)
        if (model_edge(m, layer, head, position, key)) {
            enclosure_subtract(&o->weight[key], o->top);
            enclosure_exp(&o->weight[key]);
            enclosure_add(o->sum, &o->weight[key]);
        }
    for (int key = 0; key <= position; key++)
        if (model_edge(m, layer, head, position, key))
            enclosure_divide(&o->weight[key], o->sum);
}

// y += the head's sum of softmax(score) v W_O, as the layer sees it; nothing without an edge.
static void attend(Oracle *o, int layer, int head, int position, const Node *query, Enclosure *y)
{
    int view = view_size(o, layer);
    weigh_keys(o, layer, head, position, query);
    for (int key = 0; key <= position; key++) {
        if (!model_edge(o->model, layer, head, position, key))
            continue;
        const Enclosure *value = o->keys[layer * o->model->shape.n_ctx + key]->value + head * view;
        for (int i = 0; i < view; i++)
            enclosure_add_product(&y[i], &o->weight[key], &value[i], o->t);
    }
}

static Node *node_of(Oracle *o, const int *tokens, int layer, int position);

// y = the residual between a layer's attention and its MLP, as the layer sees it.
static void see(Oracle *o, const int *tokens, int layer, int position, Enclosure *y)
{
    ModelShape s = o->model->shape;
    Node *query = node_of(o, tokens, layer, position);
    make_query(o, layer, query);
    for (int key = 0; key <= position; key++)
        if (any_edge(o->model, layer, position, key)) {
            Node *node = node_of(o, tokens, layer, key);
            make_key(o, layer, node);
            o->keys[layer * s.n_ctx + key] = node;
        }
    for (int i = 0; i < view_size(o, layer); i++)
        enclosure_set(&y[i], &query->own[i]);
    for (int head = 0; head < s.heads; head++)
        attend(o, layer, head, position, query, y);
}

// ---- nodes --------------------------------------------------------------------------------------

static void embed(Oracle *o, int token, int position, Enclosure *x)
{
    int D = o->model->shape.d_model;
    for (int d = 0; d < D; d++) {
        set_exact(&x[d], &o->W_E[token * D + d]);
        enclosure_add_exact(&x[d], &o->W_pos[position * D + d]);
    }
}

// x = what a layer below the last gives.
static void run_layer(Oracle *o, const int *tokens, int layer, int position, Enclosure *x)
{
    ModelShape s = o->model->shape;
    const Weights *w = &o->layer[layer];
    see(o, tokens, layer, position, x);
    for (int f = 0; f < s.d_mlp; f++)
        set_exact(&o->hidden[f], &w->b_in[f]);
    add_product(o, w->W_in, x, s.d_model, s.d_mlp, o->hidden);
    for (int f = 0; f < s.d_mlp; f++)
        enclosure_relu(&o->hidden[f]);
    for (int d = 0; d < s.d_model; d++)
        enclosure_add_exact(&x[d], &w->b_out[d]);
    add_product(o, w->W_out, o->hidden, s.d_mlp, s.d_model, x);
}

static unsigned slot_of(const Place *place, const int *tokens)
{
    unsigned hash = 2166136261u;
    for (int i = 0; i < place->n_field; i++)
        hash = (hash ^ (unsigned)tokens[place->field[i]]) * 16777619u;
    return (hash ^ hash >> 15) % place->n_slots;
}

static bool holds(const Place *place, const Node *node, const int *tokens)
{
    for (int i = 0; i < place->n_field; i++)
        if (node->tokens[i] != tokens[place->field[i]])
            return false;
    return true;
}

// The node for these tokens, made unless its slot holds it already. While one input is evaluated no
// node of it is replaced: each place is asked for one choice of tokens only.
static Node *node_of(Oracle *o, const int *tokens, int layer, int position)
{
    Place *place = place_of(o, layer, position);
    Node **slot = &place->slots[slot_of(place, tokens)];
    if (*slot && holds(place, *slot, tokens))
        return *slot;
    if (!*slot) {
        *slot = ARENA_NEW(o->arena, Node, 1);
        (*slot)->tokens = ARENA_NEW(o->arena, int, (size_t)place->n_field);
        (*slot)->x = vector(o, o->model->shape.d_model);
    }
    (*slot)->has_query = (*slot)->has_key = false;
    for (int i = 0; i < place->n_field; i++)
        (*slot)->tokens[i] = tokens[place->field[i]];
    if (layer == 0)
        embed(o, tokens[position], position, (*slot)->x);
    else
        run_layer(o, tokens, layer - 1, position, (*slot)->x);
    return *slot;
}

// ---- what is asked ------------------------------------------------------------------------------

// seen = pre-activations of the last MLP, and the logits without what the MLP adds.
static void see_last(Oracle *o, const int *tokens, int position)
{
    ModelShape s = o->model->shape;
    see(o, tokens, s.layers - 1, position, o->seen);
    for (int i = 0; i < s.d_mlp + s.d_vocab; i++)
        enclosure_add(&o->seen[i], &o->constant[i]);
}

void oracle_preactivations(Oracle *o, const int *tokens, int position, Enclosure *ret)
{
    see_last(o, tokens, position);
    for (int f = 0; f < o->model->shape.d_mlp; f++)
        enclosure_set(&ret[f], &o->seen[f]);
}

void oracle_margins(Oracle *o, const int *tokens, int position, int right, Enclosure *ret_margins)
{
    ModelShape s = o->model->shape;
    Enclosure *logits = o->seen + s.d_mlp;
    see_last(o, tokens, position);
    for (int f = 0; f < s.d_mlp; f++) {
        enclosure_relu(&o->seen[f]);
        for (int t = 0; t < s.d_vocab && mpfr_sgn(o->seen[f].hi) > 0; t++)
            enclosure_add_product(&logits[t], &o->seen[f], &o->direct[f * s.d_vocab + t], o->t);
    }
    for (int t = 0; t < s.d_vocab; t++) {
        enclosure_zero(&ret_margins[t]);
        if (t == right)
            continue;
        enclosure_add(&ret_margins[t], &logits[right]);
        enclosure_subtract(&ret_margins[t], &logits[t]);
    }
}
