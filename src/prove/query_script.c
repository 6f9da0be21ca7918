#include "query_script.h"

enum { SHORT_BITS = 10 }; // numbers in scripts are multiples of 2^-10
#define STEP ((Fix)1 << (FIX_BITS - SHORT_BITS))

static int64_t short_down(Fix x)
{
    return x >> (FIX_BITS - SHORT_BITS);
}

static int64_t short_up(Fix x)
{
    return -(-x >> (FIX_BITS - SHORT_BITS));
}

// A multiple of 2^-10 as an exact SMT-LIB term.
static void add_short(Text *s, int64_t x)
{
    uint64_t size = x < 0 ? -(uint64_t)x : (uint64_t)x;
    int bits = SHORT_BITS;
    while (bits > 0 && size % 2 == 0) {
        size /= 2;
        bits--;
    }
    text_add(s, x < 0 ? "(- " : "");
    if (bits == 0)
        text_add(s, "%llu.0", (unsigned long long)size);
    else
        text_add(s, "(/ %llu.0 %llu.0)", (unsigned long long)size, 1ull << bits);
    text_add(s, x < 0 ? ")" : "");
}

static void add_product(Text *s, int64_t factor, const char *name, int index)
{
    text_add(s, " (* ");
    add_short(s, factor);
    text_add(s, " %s%d)", name, index);
}

typedef struct Relu { // bounds of an unstable neuron as the script has them, in steps
    int64_t low, high;
} Relu;

static Relu relu_bounds(NeuronBound n)
{
    return (Relu){short_down(n.low), short_up(n.high)};
}

// h <= alpha u + beta with alpha, beta short and the line above relu at both ends.
static void add_upper_facet(Text *s, int i, Relu r)
{
    int64_t alpha = (r.high << SHORT_BITS) / (r.high - r.low);
    int64_t at_low = -alpha * r.low, at_high = (r.high << SHORT_BITS) - alpha * r.high;
    int64_t beta = at_low > at_high ? at_low : at_high; // in units of 2^-20
    text_add(s, "(assert (<= h%d (+", i);
    add_product(s, alpha, "u", i);
    text_add(s, " ");
    add_short(s, (beta + (1 << SHORT_BITS) - 1) >> SHORT_BITS);
    text_add(s, ")))\n");
}

static void add_relu(Text *s, int i, NeuronBound n)
{
    Relu r = relu_bounds(n);
    text_add(s, "(declare-const u%d Real)\n(declare-const h%d Real)\n(assert (<= ", i, i);
    add_short(s, r.low);
    text_add(s, " u%d ", i);
    add_short(s, r.high);
    text_add(s, "))\n(assert (or (and (<= u%d 0.0) (= h%d 0.0)) (and (>= u%d 0.0) (= h%d u%d))))\n",
             i, i, i, i, i);
    text_add(s, "(assert (>= h%d 0.0))\n(assert (>= h%d u%d))\n", i, i, i);
    add_upper_facet(s, i, r);
}

static void add_part_name(Text *s, const char *kind, int token, int head)
{
    text_add(s, "%s%d", kind, token);
    if (head >= 0)
        text_add(s, "_%d", head);
}

static void assert_part(Text *s, const char *kind, int token, int head, Fix low)
{
    text_add(s, "(assert (>= ");
    add_part_name(s, kind, token, head);
    text_add(s, " ");
    add_short(s, short_down(low));
    text_add(s, "))\n");
}

static void declare_token(Text *s, int token, int H)
{
    for (int h = -1; h < H; h++) {
        text_add(s, "(declare-const ");
        add_part_name(s, h < 0 ? "direct" : "head", token, h);
        text_add(s, " Real)\n");
    }
}

// The parts of a token's linear part: names after a "+".
static void add_linear(Text *s, int token, int H)
{
    for (int h = -1; h < H; h++) {
        text_add(s, " ");
        add_part_name(s, h < 0 ? "direct" : "head", token, h);
    }
}

// Whether the bounds of the parts alone give as much as the one of their sum.
static bool parts_suffice(const TokenBound *token, int H)
{
    Wide sum = token->direct;
    for (int h = 0; h < H; h++)
        sum += token->head[h];
    return sum >= token->linear;
}

// The parts of token t: linear part + sum of slopes * u = direct + heads.
static void assert_token(Text *s, const Query *q, const GroupBound *b, int t)
{
    ModelShape shape = q->model->model->shape;
    const TokenBound *token = &b->token[t];
    assert_part(s, "direct", token->token, -1, token->direct);
    for (int h = 0; h < shape.heads; h++)
        assert_part(s, "head", token->token, h, token->head[h]);
    if (b->n_kept == 0 && parts_suffice(token, shape.heads))
        return;
    text_add(s, "(assert (>= (+");
    add_linear(s, token->token, shape.heads);
    text_add(s, ") ");
    add_short(s, short_down(token->linear));
    text_add(s, "))\n");
}

static Wide distance(Fix a, Fix b)
{
    return a > b ? (Wide)a - b : (Wide)b - a;
}

static Fix farthest(NeuronBound n)
{
    return n.high > -n.low ? n.high : -n.low;
}

// Is margin = parts - sum of slopes * u + sum of gains * h at most mu? What rounding slopes and gains
// can do is charged to mu.
static void ask_token(Text *s, const Query *q, const GroupBound *b, int t, Fix mu)
{
    const TokenBound *token = &b->token[t];
    ModelShape shape = q->model->model->shape;
    Wide charge = (Wide)mu * FIX_ONE;
    text_add(s, "(assert (<= (+");
    add_linear(s, token->token, shape.heads);
    for (int i = 0; i < shape.d_mlp; i++) {
        if (!b->kept[i])
            continue;
        int64_t gain = short_down(token->gain[i] + STEP / 2);
        charge += (distance(token->gain[i], gain * STEP) + token->gain_rad) * b->neuron[i].high;
        int64_t slope = short_down(token->slope[i] + STEP / 2);
        charge += distance(token->slope[i], slope * STEP) * farthest(b->neuron[i]);
        add_product(s, -slope, "u", i);
        add_product(s, gain, "h", i);
    }
    text_add(s, " 0.0) ");
    add_short(s, short_up((Fix)fix_ceil(charge)));
    text_add(s, "))\n(check-sat)\n");
}

void query_script(Text *script, const Query *query, const GroupBound *bound, Fix mu,
                  const char *title)
{
    ModelShape shape = query->model->model->shape;
    text_add(script, "; %s\n(set-logic QF_LRA)\n", title);
    for (int i = 0; i < shape.d_mlp; i++)
        if (bound->kept[i])
            add_relu(script, i, bound->neuron[i]);
    for (int t = 0; t < shape.d_vocab - 1; t++)
        declare_token(script, bound->token[t].token, shape.heads);
    text_add(script, "(push 1)\n");
    for (int t = 0; t < shape.d_vocab - 1; t++)
        assert_token(script, query, bound, t);
    text_add(script, "(check-sat)\n(pop 1)\n");
    for (int t = 0; t < shape.d_vocab - 1; t++) {
        text_add(script, "(push 1)\n");
        assert_token(script, query, bound, t);
        ask_token(script, query, bound, t, mu);
        text_add(script, "(pop 1)\n");
    }
}
