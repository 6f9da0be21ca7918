#include "precise.h"

#include <math.h>
#include <string.h>

#include "limbs.h"
#include "status.h"

enum { BUCKETS = 1 << 12, WEIGHT_PRECISION = LIMBS_FRACTION + 24 };

typedef struct Vector {
    Limbs *x;
    int n;
    double rad; // of every element, in units of 2^-248
} Vector;

typedef struct Map { // y = x W + b
    int in, out;
    int64_t *w;        // [out][in]
    int64_t *b;        // [out]
    double norm, bias; // the largest sum of |w| over an output's row, and the largest |b|
} Map;

typedef struct Layer {
    Map query, key, value, heads, up, down;
} Layer;

// What one position brings to a layer, for one choice of the tokens that reach it.
typedef struct Node {
    struct Node *next; // in the bucket
    int *tokens;       // of the place's field, in order
    Vector x;          // [D] the residual that enters the layer
    Vector q, k, v;    // [H, K], once they are asked for
} Node;

typedef struct Place { // (layer, position)
    int *field;        // positions whose tokens reach it
    int n_field;
    Node **bucket; // [BUCKETS]
} Place;

struct Precise {
    Arena *arena;
    const Model *model;
    Map scale, unembed;
    Layer *layer;   // [L]
    Place *place;   // [L, C]
    int64_t *W_E;   // [V, D]
    int64_t *W_pos; // [C, D]
    // Scratch; nodes of the layer below are complete before a node uses it.
    Node **keys;    // [L, C] what a layer's heads read
    Limbs *score;   // [C]
    mpfr_t *weight; // [C]
    mpfr_t total, t;
    Vector z, y, u, hidden, x, logits;
};

// ---- radii --------------------------------------------------------------------------------------

// Sums and products of doubles that are not negative, made larger than they are.
static double up(double x)
{
    return x * (1 + 0x1p-40);
}

// A bound on what the vector's elements are, radius included.
static double most_of(const Vector *x)
{
    double most = 0;
    for (int i = 0; i < x->n; i++) {
        double size = limbs_size_up(&x->x[i]);
        most = size > most ? size : most;
    }
    return up(most + ldexp(x->rad, -LIMBS_FRACTION));
}

// ---- set-up -------------------------------------------------------------------------------------

static Vector vector_new(Arena *arena, int n)
{
    return (Vector){ARENA_NEW(arena, Limbs, (size_t)n), n, 0};
}

static int64_t weight_of(float value)
{
    int64_t weight;
    CHECK(limbs_weight(value, &weight));
    return weight;
}

static int64_t *weights_of(Arena *arena, const float *values, int count)
{
    int64_t *weights = ARENA_NEW(arena, int64_t, (size_t)count);
    for (int i = 0; i < count; i++)
        weights[i] = weight_of(values[i]);
    return weights;
}

static double size_of(int64_t weight)
{
    return ldexp(fabs((double)weight), -LIMBS_WEIGHT);
}

static void measure(Map *map)
{
    for (int o = 0; o < map->out; o++) {
        double sum = 0;
        for (int i = 0; i < map->in; i++)
            sum += size_of(map->w[o * map->in + i]);
        map->norm = fmax(map->norm, up(sum));
        map->bias = fmax(map->bias, size_of(map->b[o]));
    }
}

// For `blocks` matrices W [block][in][out / block] side by side.
static Map map_new(Arena *arena, const float *W, const float *b, int blocks, int in, int out)
{
    int width = out / blocks;
    Map map = {.in = in, .out = out, .b = weights_of(arena, b, out)};
    map.w = ARENA_NEW(arena, int64_t, (size_t)(in * out));
    for (int block = 0; block < blocks; block++)
        for (int i = 0; i < in; i++)
            for (int o = 0; o < width; o++)
                map.w[(block * width + o) * in + i] = weight_of(W[(block * in + i) * width + o]);
    measure(&map);
    return map;
}

static Layer layer_new(Arena *arena, const ModelShape *s, const ModelLayer *w)
{
    int D = s->d_model, H = s->heads, HK = H * s->d_head, F = s->d_mlp;
    return (Layer){.query = map_new(arena, w->W_Q, w->b_Q, H, D, HK),
                   .key = map_new(arena, w->W_K, w->b_K, H, D, HK),
                   .value = map_new(arena, w->W_V, w->b_V, H, D, HK),
                   .heads = map_new(arena, w->W_O, w->b_O, 1, HK, D),
                   .up = map_new(arena, w->W_in, w->b_in, 1, D, F),
                   .down = map_new(arena, w->W_out, w->b_out, 1, F, D)};
}

static Place *place_of(const Precise *p, int layer, int position)
{
    return &p->place[layer * p->model->shape.n_ctx + position];
}

static bool any_edge(const Model *model, int layer, int query, int key)
{
    for (int h = 0; h < model->shape.heads; h++)
        if (model_edge(model, layer, h, query, key))
            return true;
    return false;
}

static void add_field(const Place *from, bool *reached)
{
    for (int i = 0; i < from->n_field; i++)
        reached[from->field[i]] = true;
}

static void place_init(Precise *p, int layer, int position)
{
    Place *place = place_of(p, layer, position);
    bool reached[position + 1];
    memset(reached, 0, sizeof reached);
    reached[position] = true;
    for (int key = 0; layer > 0 && key <= position; key++)
        if (key == position || any_edge(p->model, layer - 1, position, key))
            add_field(place_of(p, layer - 1, key), reached);
    place->field = ARENA_NEW(p->arena, int, (size_t)position + 1);
    for (int from = 0; from <= position; from++)
        if (reached[from])
            place->field[place->n_field++] = from;
    place->bucket = ARENA_NEW(p->arena, Node *, BUCKETS);
}

static void scratch_init(Precise *p)
{
    ModelShape s = p->model->shape;
    p->keys = ARENA_NEW(p->arena, Node *, (size_t)(s.layers * s.n_ctx));
    p->score = ARENA_NEW(p->arena, Limbs, (size_t)s.n_ctx);
    p->weight = ARENA_NEW(p->arena, mpfr_t, (size_t)s.n_ctx);
    for (int i = 0; i < s.n_ctx; i++)
        mpfr_init2(p->weight[i], WEIGHT_PRECISION);
    mpfr_init2(p->total, WEIGHT_PRECISION);
    mpfr_init2(p->t, LIMBS_PRECISION);
    p->z = vector_new(p->arena, s.heads * s.d_head);
    p->y = vector_new(p->arena, s.d_model);
    p->x = vector_new(p->arena, s.d_model);
    p->u = vector_new(p->arena, s.d_mlp);
    p->hidden = vector_new(p->arena, s.d_mlp);
    p->logits = vector_new(p->arena, s.d_vocab);
}

Precise *precise_new(const Model *model)
{
    ModelShape s = model->shape;
    Arena *arena = arena_new();
    Precise *p = ARENA_NEW(arena, Precise, 1);
    p->arena = arena;
    p->model = model;
    p->scale = map_new(arena, &s.score_scale, &(float){0}, 1, 1, 1);
    p->unembed = map_new(arena, model->W_U, model->b_U, 1, s.d_model, s.d_vocab);
    p->W_E = weights_of(arena, model->W_E, s.d_vocab * s.d_model);
    p->W_pos = weights_of(arena, model->W_pos, s.n_ctx * s.d_model);
    p->layer = ARENA_NEW(arena, Layer, (size_t)s.layers);
    p->place = ARENA_NEW(arena, Place, (size_t)(s.layers * s.n_ctx));
    for (int l = 0; l < s.layers; l++) {
        p->layer[l] = layer_new(arena, &s, &model->layer[l]);
        for (int position = 0; position < s.n_ctx; position++)
            place_init(p, l, position);
    }
    scratch_init(p);
    return p;
}

void precise_free(Precise *precise)
{
    if (!precise)
        return;
    for (int i = 0; i < precise->model->shape.n_ctx; i++)
        mpfr_clear(precise->weight[i]);
    mpfr_clear(precise->total);
    mpfr_clear(precise->t);
    arena_free(precise->arena);
    mpfr_free_cache();
}

// ---- linear maps --------------------------------------------------------------------------------

// y = x W + b, and also `also` unless it is NULL.
static void apply(const Map *map, const Vector *x, const Vector *also, Vector *y)
{
    double more = also ? most_of(also) : 0;
    CHECK(map->norm * most_of(x) + map->bias + more < LIMBS_MOST);
    for (int o = 0; o < map->out; o++) {
        const int64_t *w = map->w + o * map->in;
        LimbSum sum = limbs_sum(map->b[o]);
        if (also)
            limbs_sum_add(&sum, &also->x[o]);
        for (int i = 0; i < map->in; i++)
            limbs_sum_add_scaled(&sum, &x->x[i], w[i]);
        limbs_sum_round(&sum, &y->x[o]);
    }
    y->rad = up(map->norm * x->rad + (also ? also->rad : 0) + 1);
}

static void rectify(const Vector *u, Vector *y)
{
    for (int i = 0; i < u->n; i++)
        if (limbs_negative(&u->x[i]))
            limbs_zero(&y->x[i]);
        else
            y->x[i] = u->x[i];
    y->rad = u->rad;
}

// ---- attention ----------------------------------------------------------------------------------

// One score, in place of a vector of one element; its radius.
static double score_at(const Precise *p, const Node *query, const Node *key, int head, Limbs *ret)
{
    int K = p->model->shape.d_head;
    double q = most_of(&query->q), k = most_of(&key->k);
    Limbs product;
    LimbWide sum = {{0}};
    Vector from = {&product, 1, 0}, to = {ret, 1, 0};
    CHECK(K * q * k < LIMBS_MOST);
    for (int i = head * K; i < (head + 1) * K; i++)
        limbs_wide_add_product(&sum, &query->q.x[i], &key->k.x[i]);
    limbs_wide_round(&sum, &product);
    from.rad = up(K * up(q * key->k.rad + k * query->q.rad) + 1);
    apply(&p->scale, &from, NULL, &to);
    return to.rad;
}

// Weights of `count` keys from their scores. The greatest score is subtracted first, so that no
// exponential is greater than 1, and their sum not below it.
static void weigh(Precise *p, int count)
{
    Limbs most = p->score[0];
    for (int k = 1; k < count; k++)
        if (limbs_less(&most, &p->score[k]))
            most = p->score[k];
    mpfr_set_zero(p->total, 1);
    for (int k = 0; k < count; k++) {
        limbs_subtract(&p->score[k], &most);
        limbs_get(&p->score[k], p->t);
        mpfr_exp(p->weight[k], p->t, MPFR_RNDN);
        mpfr_add(p->total, p->total, p->weight[k], MPFR_RNDN);
    }
    for (int k = 0; k < count; k++) {
        mpfr_div(p->weight[k], p->weight[k], p->total, MPFR_RNDN);
        limbs_set(&p->score[k], p->weight[k]);
    }
}

// z of one head: the mean of the values under the weights, which stand in p->score.
static void average(const Precise *p, Node *const *key, int count, int head, Limbs *z)
{
    int K = p->model->shape.d_head;
    for (int i = 0; i < K; i++) {
        LimbWide sum = {{0}};
        for (int k = 0; k < count; k++)
            limbs_wide_add_product(&sum, &p->score[k], &key[k]->v.x[head * K + i]);
        limbs_wide_round(&sum, &z[i]);
    }
}

// Returns the radius.
static double attend(Precise *p, int layer, int head, int position, const Node *query, Limbs *z)
{
    const Model *m = p->model;
    Node *key[position + 1];
    double scores = 0, values = 0, most = 0;
    int count = 0;
    memset(z, 0, (size_t)m->shape.d_head * sizeof *z);
    for (int k = 0; k <= position; k++) {
        if (!model_edge(m, layer, head, position, k))
            continue;
        Node *node = key[count] = p->keys[layer * m->shape.n_ctx + k];
        scores = fmax(scores, score_at(p, query, node, head, &p->score[count++]));
        values = fmax(values, node->v.rad);
        most = fmax(most, most_of(&node->v));
    }
    if (count == 0)
        return 0;
    CHECK(scores < ldexp(1, LIMBS_FRACTION - 8));
    weigh(p, count);
    average(p, key, count, head, z);
    return up(values + most * (3 * scores + 2 * count) + 1);
}

static Node *node_of(Precise *p, const int *tokens, int layer, int position);

static Node *make_query(Precise *p, int layer, Node *node)
{
    if (!node->q.x) {
        node->q = vector_new(p->arena, p->layer[layer].query.out);
        apply(&p->layer[layer].query, &node->x, NULL, &node->q);
    }
    return node;
}

static Node *make_key(Precise *p, int layer, Node *node)
{
    if (!node->k.x) {
        node->k = vector_new(p->arena, p->layer[layer].key.out);
        node->v = vector_new(p->arena, p->layer[layer].value.out);
        apply(&p->layer[layer].key, &node->x, NULL, &node->k);
        apply(&p->layer[layer].value, &node->x, NULL, &node->v);
    }
    return node;
}

// ---- layers -------------------------------------------------------------------------------------

// p->u = the pre-activations, p->x = the residual that leaves the layer.
static void pass(Precise *p, const int *tokens, int layer, int position)
{
    ModelShape s = p->model->shape;
    const Layer *w = &p->layer[layer];
    const Node *query = make_query(p, layer, node_of(p, tokens, layer, position));
    for (int key = 0; key <= position; key++)
        if (any_edge(p->model, layer, position, key))
            p->keys[layer * s.n_ctx + key] = make_key(p, layer, node_of(p, tokens, layer, key));
    p->z.rad = 0;
    for (int h = 0; h < s.heads; h++)
        p->z.rad = fmax(p->z.rad, attend(p, layer, h, position, query, p->z.x + h * s.d_head));
    apply(&w->heads, &p->z, &query->x, &p->y);
    apply(&w->up, &p->y, NULL, &p->u);
    rectify(&p->u, &p->hidden);
    apply(&w->down, &p->hidden, &p->y, &p->x);
}

// Exact: weights are multiples of the unit.
static void embed(const Precise *p, int token, int position, Vector *x)
{
    for (int d = 0; d < x->n; d++) {
        LimbSum sum = limbs_sum(p->W_E[token * x->n + d] + p->W_pos[position * x->n + d]);
        limbs_sum_round(&sum, &x->x[d]);
    }
}

static Node **bucket_of(const Place *place, const int *tokens)
{
    unsigned hash = 2166136261u;
    for (int i = 0; i < place->n_field; i++)
        hash = (hash ^ (unsigned)tokens[place->field[i]]) * 16777619u;
    return &place->bucket[(hash ^ hash >> 15) % BUCKETS];
}

static bool holds(const Place *place, const Node *node, const int *tokens)
{
    for (int i = 0; i < place->n_field; i++)
        if (node->tokens[i] != tokens[place->field[i]])
            return false;
    return true;
}

static Node *node_new(Precise *p, const Place *place, const int *tokens)
{
    Node *node = ARENA_NEW(p->arena, Node, 1);
    node->tokens = ARENA_NEW(p->arena, int, (size_t)place->n_field);
    node->x = vector_new(p->arena, p->model->shape.d_model);
    for (int i = 0; i < place->n_field; i++)
        node->tokens[i] = tokens[place->field[i]];
    return node;
}

// The node for these tokens, made when they are met for the first time.
static Node *node_of(Precise *p, const int *tokens, int layer, int position)
{
    const Place *place = place_of(p, layer, position);
    Node **bucket = bucket_of(place, tokens), *node = *bucket;
    while (node && !holds(place, node, tokens))
        node = node->next;
    if (node)
        return node;
    node = node_new(p, place, tokens);
    if (layer == 0)
        embed(p, tokens[position], position, &node->x);
    else {
        pass(p, tokens, layer - 1, position);
        memcpy(node->x.x, p->x.x, (size_t)node->x.n * sizeof *node->x.x);
        node->x.rad = p->x.rad;
    }
    node->next = *bucket;
    *bucket = node;
    return node;
}

// ---- what is asked ------------------------------------------------------------------------------

static void enclose(Precise *p, const Limbs *x, double rad, Enclosure *ret)
{
    mpfr_t radius;
    mpfr_init2(radius, 53);
    mpfr_set_d(radius, ldexp(rad, -LIMBS_FRACTION), MPFR_RNDU);
    limbs_get(x, p->t);
    mpfr_sub(ret->lo, p->t, radius, MPFR_RNDD);
    mpfr_add(ret->hi, p->t, radius, MPFR_RNDU);
    mpfr_clear(radius);
}

void precise_last(Precise *precise, const int *tokens, int position, int right,
                  Enclosure *ret_preactivations, Enclosure *ret_margins)
{
    Precise *p = precise;
    ModelShape s = p->model->shape;
    pass(p, tokens, s.layers - 1, position);
    apply(&p->unembed, &p->x, NULL, &p->logits);
    for (int f = 0; f < s.d_mlp; f++)
        enclose(p, &p->u.x[f], p->u.rad, &ret_preactivations[f]);
    for (int t = 0; t < s.d_vocab; t++) {
        Limbs margin = p->logits.x[right];
        limbs_subtract(&margin, &p->logits.x[t]);
        enclose(p, &margin, t == right ? 0 : up(2 * p->logits.rad), &ret_margins[t]);
    }
}
