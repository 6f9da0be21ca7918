// Gradients against finite differences: of every layer by itself, and of the whole network, tensor
// by tensor, against a plain double-precision forward pass.
#include <math.h>
#include <string.h>

#include "attention.h"
#include "clones.h"
#include "embedding.h"
#include "exchange.h"
#include "harness.h"
#include "heads.h"
#include "isa.h"
#include "linear.h"
#include "loss.h"
#include "reference.h"
#include "relu.h"
#include "rng.h"
#include "shard.h"
#include "tensors.h"
#include "transpose.h"

static Arena *arena; // of the test that runs

static float *random_grid(Rng *rng, int rows, int columns)
{
    size_t count = (size_t)rows * (size_t)columns;
    float *grid = ARENA_NEW(arena, float, count);
    for (size_t i = 0; i < count; i++)
        grid[i] = 0.5f * rng_normal(rng);
    return grid;
}

static bool near(double x, double y, double tolerance)
{
    return fabs(x - y) <= tolerance * (1.0 + fabs(x) + fabs(y));
}

// The whole of a test of one layer: a scalar f(x) = <forward(x), dy>, whose derivative along a few
// numbers of x is compared with what the backward pass says.
typedef double Objective(void *context);

static bool gradient_holds(Objective *objective, void *context, float *x, const float *dx,
                           size_t count)
{
    const float h = 1.0f / 64;
    for (size_t i = 0; i < count; i++) {
        float kept = x[i];
        x[i] = kept + h;
        double up = objective(context);
        x[i] = kept - h;
        double down = objective(context);
        x[i] = kept;
        if (!near((up - down) / (2.0 * (double)h), (double)dx[i], 2e-3))
            return false;
    }
    return true;
}

static double inner_product(const float *x, const float *y, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)x[i] * (double)y[i];
    return sum;
}

typedef struct LinearCase {
    Linear layer;
    float *x, *y, *dy;
    int columns;
} LinearCase;

static double linear_objective(void *context)
{
    LinearCase *c = context;
    linear_forward(c->layer, c->x, c->columns, false, c->y);
    return inner_product(c->y, c->dy, (size_t)(c->layer.out * c->columns));
}

static void linear_layer(void)
{
    enum { IN = 5, OUT = 19, COLUMNS = 32 };
    arena = arena_new();
    Rng rng = rng_new(1, 1);
    float *W = random_grid(&rng, IN, OUT), *b = random_grid(&rng, 1, OUT);
    LinearCase c = {{IN, OUT, W, b}, random_grid(&rng, IN, COLUMNS), NULL, NULL, COLUMNS};
    c.y = random_grid(&rng, OUT, COLUMNS), c.dy = random_grid(&rng, OUT, COLUMNS);
    float dx[IN * COLUMNS], dW[IN * OUT], db[OUT], dy_t[COLUMNS * 32];
    transpose(c.dy, OUT, COLUMNS, dy_t);
    linear_backward_input(c.layer, c.dy, COLUMNS, false, dx);
    linear_backward_weight(c.layer, c.x, dy_t, 32, COLUMNS, dW);
    linear_backward_bias(dy_t, 32, COLUMNS, OUT, db);
    CU_ASSERT(gradient_holds(linear_objective, &c, c.x, dx, IN * COLUMNS));
    CU_ASSERT(gradient_holds(linear_objective, &c, W, dW, IN * OUT));
    CU_ASSERT(gradient_holds(linear_objective, &c, b, db, OUT));
    arena_free(arena);
}

static void transpose_changes_rows_and_columns(void)
{
    enum { ROWS = 35, COLUMNS = 48, WIDTH = 48 };
    arena = arena_new();
    Rng rng = rng_new(2, 1);
    float *x = random_grid(&rng, ROWS, COLUMNS), y[COLUMNS * WIDTH];
    CU_ASSERT_EQUAL(transpose_width(ROWS), WIDTH);
    transpose(x, ROWS, COLUMNS, y);
    int wrong = 0;
    for (int r = 0; r < WIDTH; r++)
        for (int c = 0; c < COLUMNS; c++)
            wrong += y[c * WIDTH + r] != (r < ROWS ? x[r * COLUMNS + c] : 0.0f);
    CU_ASSERT_EQUAL(wrong, 0);
    arena_free(arena);
}

static double attention_objective(void *context)
{
    const Attention *a = context;
    size_t count = (size_t)(a->heads * a->d_head * a->reach->n_out) * LANES;
    attention_forward(a);
    return inner_product(a->z, a->z + count, count); // dz stands behind z
}

// Two heads; the first query of head 1 has no edge at all.
static void attention_layer(void)
{
    enum { HEADS = 2, K = 3, IN = 4, OUT = 2, HK = HEADS * K };
    arena = arena_new();
    int first[HEADS * OUT + 1] = {0, 2, 5, 5, 6}, keys[] = {0, 1, 0, 2, 3, 1};
    ReachLayer reach = {.n_in = IN, .n_out = OUT, .first = first, .keys = keys};
    Rng rng = rng_new(3, 1);
    Attention a = {.reach = &reach, .heads = HEADS, .d_head = K, .score_scale = 0.7f};
    a.q = random_grid(&rng, HK, OUT * LANES), a.z = random_grid(&rng, 2 * HK, OUT * LANES);
    a.k = random_grid(&rng, HK, IN * LANES), a.v = random_grid(&rng, HK, IN * LANES);
    a.weights = random_grid(&rng, 6, LANES);
    CU_ASSERT_EQUAL(attention_edges(&reach, HEADS), 6);
    AttentionGradient g = {.dz = a.z + HK * OUT * LANES};
    g.dq = random_grid(&rng, HK, OUT * LANES), g.ds = random_grid(&rng, 6, LANES);
    g.dk = random_grid(&rng, HK, IN * LANES), g.dv = random_grid(&rng, HK, IN * LANES);
    attention_forward(&a);
    attention_backward(&a, &g);
    CU_ASSERT(gradient_holds(attention_objective, &a, a.q, g.dq, HK * OUT * LANES));
    CU_ASSERT(gradient_holds(attention_objective, &a, a.k, g.dk, HK * IN * LANES));
    CU_ASSERT(gradient_holds(attention_objective, &a, a.v, g.dv, HK * IN * LANES));
    arena_free(arena);
}

static void relu_layer(void)
{
    float x[] = {-1.0f, 0.0f, 2.0f, -0.5f, 3.0f}, dy[] = {1, 2, 3, 4, 5};
    relu_forward(x, 5);
    relu_backward(x, dy, 5);
    CU_ASSERT(x[0] == 0 && x[1] == 0 && x[2] == 2 && x[3] == 0 && x[4] == 3);
    CU_ASSERT(dy[0] == 0 && dy[1] == 0 && dy[2] == 3 && dy[3] == 0 && dy[4] == 5);
}

typedef struct EmbeddingCase {
    EmbeddingInput in;
    float *W_E, *W_pos, *x, *dx;
} EmbeddingCase;

static double embedding_objective(void *context)
{
    EmbeddingCase *c = context;
    embedding_forward(c->in, c->W_E, c->W_pos, c->x);
    return inner_product(c->x, c->dx, (size_t)(c->in.count * c->in.d_model) * LANES);
}

// Position 1 of three is not used.
static void embedding_layer(void)
{
    enum { D = 5, V = 3, C = 3, USED = 2 };
    arena = arena_new();
    int position[USED] = {0, 2}, tokens[C * LANES];
    Rng rng = rng_new(4, 1);
    for (int i = 0; i < C * LANES; i++)
        tokens[i] = (int)rng_below(&rng, V);
    EmbeddingCase c = {{position, USED, D, tokens}, NULL, NULL, NULL, NULL};
    c.W_E = random_grid(&rng, V, D), c.W_pos = random_grid(&rng, C, D);
    c.x = random_grid(&rng, D, USED * LANES), c.dx = random_grid(&rng, D, USED * LANES);
    float dx_t[USED * LANES * 16], dW_E[V * D] = {0}, dW_pos[C * D] = {0};
    transpose(c.dx, D, USED * LANES, dx_t);
    embedding_backward(c.in, dx_t, 16, dW_E, dW_pos);
    CU_ASSERT(gradient_holds(embedding_objective, &c, c.W_E, dW_E, V * D));
    CU_ASSERT(gradient_holds(embedding_objective, &c, c.W_pos, dW_pos, C * D));
    arena_free(arena);
}

typedef struct LossCase {
    int V, answer, targets[2 * LANES];
    double smoothing;
    float *logits;
} LossCase;

static double loss_objective(void *context)
{
    LossCase *c = context;
    double loss = 0;
    int width = c->answer * LANES;
    for (int i = 0; i < width; i++) {
        double sum = 0, aim = 0;
        for (int t = 0; t < c->V; t++) {
            double wrong = c->smoothing / (c->V - 1);
            sum += exp((double)c->logits[t * width + i]);
            aim +=
                (double)c->logits[t * width + i] * (t == c->targets[i] ? 1 - c->smoothing : wrong);
        }
        loss += log(sum) - aim;
    }
    return loss;
}

static void loss_layer(void)
{
    enum { V = 4, ANSWER = 2, COUNT = V * ANSWER * LANES };
    arena = arena_new();
    Rng rng = rng_new(5, 1);
    LossCase c = {.V = V, .answer = ANSWER, .logits = random_grid(&rng, V, ANSWER * LANES)};
    for (int i = 0; i < ANSWER * LANES; i++)
        c.targets[i] = (int)rng_below(&rng, V);
    float gradient[COUNT];
    memcpy(gradient, c.logits, sizeof gradient);
    LossReport report;
    loss_backward(V, ANSWER, c.targets, 1.0f, 0.0f, gradient, &report);
    CU_ASSERT(near(report.loss, loss_objective(&c), 1e-5));
    CU_ASSERT(gradient_holds(loss_objective, &c, c.logits, gradient, COUNT));
    arena_free(arena);
}

static void loss_layer_with_smoothing(void)
{
    enum { V = 5, COUNT = V * LANES };
    arena = arena_new();
    Rng rng = rng_new(8, 1);
    LossCase c = {.V = V, .answer = 1, .smoothing = 0.25, .logits = random_grid(&rng, V, LANES)};
    for (int i = 0; i < LANES; i++)
        c.targets[i] = (int)rng_below(&rng, V);
    float gradient[COUNT];
    memcpy(gradient, c.logits, sizeof gradient);
    LossReport report;
    loss_backward(V, 1, c.targets, 1.0f, 0.25f, gradient, &report);
    CU_ASSERT(gradient_holds(loss_objective, &c, c.logits, gradient, COUNT));
    c.smoothing = 0;
    CU_ASSERT(near(report.loss, loss_objective(&c), 1e-5));
    arena_free(arena);
}

// Nothing is left to learn where every margin is what smoothing aims at.
static void loss_with_smoothing_wants_margins_no_wider(void)
{
    enum { V = 3 };
    int targets[LANES] = {0};
    float logits[V * LANES] = {0};
    for (int i = 0; i < LANES; i++)
        logits[i] = i == 7 ? 9.0f : 2.772589f; // log 16
    LossReport report;
    loss_backward(V, 1, targets, 1.0f, 1.0f / 9.0f, logits, &report);
    for (int i = 0; i < LANES; i++)
        CU_ASSERT(i == 7 ? logits[i] > 0.1f : near((double)logits[i], 0.0, 1e-6));
}

// Answers that are almost certain still have a gradient: that of the right token is the sum of the
// others', not 1 minus something that rounds to 1.
static void loss_gradient_of_a_certain_answer_is_not_zero(void)
{
    enum { V = 3 };
    int targets[LANES] = {0};
    float logits[V * LANES] = {0};
    for (int i = 0; i < LANES; i++)
        logits[i] = 30.0f;
    LossReport report;
    loss_backward(V, 1, targets, 1.0f, 0.0f, logits, &report);
    CU_ASSERT(logits[0] < 0.0f && logits[LANES] > 0.0f);
    CU_ASSERT(logits[0] == -2 * logits[LANES]);
    CU_ASSERT_EQUAL(report.right, LANES);
    CU_ASSERT(report.margin == 30.0f);
    CU_ASSERT(near(report.loss / LANES, 2 * exp(-30.0), 1e-18));
}

static void loss_reports_margin_and_right_answers(void)
{
    enum { V = 2, ANSWER = 2 };
    int targets[ANSWER * LANES] = {0};
    float logits[V * ANSWER * LANES] = {0};
    for (int i = 0; i < ANSWER * LANES; i++)
        logits[i] = 4.0f;
    logits[3] = -1.0f;        // question 3, first token: wrong
    logits[LANES + 5] = 0.0f; // question 5, second token: a tie is not right
    LossReport report, sum = loss_nothing;
    loss_backward(V, ANSWER, targets, 1.0f, 0.0f, logits, &report);
    loss_merge(&sum, &report);
    loss_merge(&sum, &loss_nothing);
    CU_ASSERT_EQUAL(sum.right, LANES - 2);
    CU_ASSERT(sum.margin == -1.0f);
}

// A small network with edges drawn at random; the first query of layer 1, head 0 has none.
static Model *small_model(Rng *rng)
{
    static const char *const vocab[] = {"a", "b", "c", "d", "e"};
    ModelShape shape = {.layers = 2, .heads = 2, .d_model = 7, .d_head = 3, .d_mlp = 9};
    shape.d_vocab = 5, shape.n_ctx = 6, shape.score_scale = 0.6f;
    Model *model = model_new(arena, shape, vocab);
    for (size_t i = 0; i < model->n_parameters; i++)
        model->parameters[i] = 0.5f * rng_normal(rng);
    for (int l = 0; l < 2; l++)
        for (int i = 0; i < 2 * 6 * 6; i++)
            model->layer[l].edges[i] = model->layer[l].edges[i] && rng_below(rng, 3) > 0;
    memset(model->layer[1].edges + 2 * 6, 0, 6);
    return model;
}

typedef struct Whole {
    Model *model, *gradient;
    double *parameters;
    int tokens[6 * LANES];
} Whole;

enum { WHOLE_FIRST = 2, WHOLE_LENGTH = 5 };

static Whole whole_new(void)
{
    Rng rng = rng_new(6, 1);
    Whole whole = {.model = small_model(&rng), .gradient = small_model(&rng)};
    for (int i = 0; i < 6 * LANES; i++)
        whole.tokens[i] = (int)rng_below(&rng, 5);
    whole.parameters = ARENA_NEW(arena, double, whole.model->n_parameters);
    for (size_t i = 0; i < whole.model->n_parameters; i++)
        whole.parameters[i] = (double)whole.model->parameters[i];
    return whole;
}

static double whole_slope(Whole *whole, size_t i)
{
    const double h = 1e-6;
    double kept = whole->parameters[i];
    whole->parameters[i] = kept + h;
    double up =
        reference_loss(whole->model, whole->parameters, whole->tokens, WHOLE_FIRST, WHOLE_LENGTH);
    whole->parameters[i] = kept - h;
    double down =
        reference_loss(whole->model, whole->parameters, whole->tokens, WHOLE_FIRST, WHOLE_LENGTH);
    whole->parameters[i] = kept;
    return (up - down) / (2 * h);
}

static void tensor_matches(Whole *whole, const Tensor *tensor)
{
    int wrong = 0;
    for (size_t i = tensor->first; i < tensor->first + tensor->count; i++)
        wrong += !near(whole_slope(whole, i), (double)whole->gradient->parameters[i], 1e-4);
    if (wrong > 0)
        printf("\n%s: %d of %zu derivatives are wrong", tensor->name, wrong, tensor->count);
    CU_ASSERT_EQUAL(wrong, 0);
}

static void whole_network_matches_a_plain_one(void)
{
    arena = arena_new();
    Whole whole = whole_new();
    Reach *reach = reach_new(arena, whole.model, WHOLE_FIRST, WHOLE_LENGTH);
    Shard *shard = shard_new(arena, whole.model, reach);
    LossReport report;
    shard_run(shard, whole.model, whole.tokens, 1.0f, whole.gradient, &report);
    double loss =
        reference_loss(whole.model, whole.parameters, whole.tokens, WHOLE_FIRST, WHOLE_LENGTH);
    CU_ASSERT(near(report.loss, loss, 1e-6));
    int count;
    Tensor *tensors = tensors_list(arena, whole.model->shape, &count);
    for (int i = 0; i < count; i++)
        tensor_matches(&whole, &tensors[i]);
    arena_free(arena);
}

// The slope of the loss along a random direction, against the gradient's.
static bool slope_holds(Whole *whole, Shard *shard, Rng *rng)
{
    const float h = 1.0f / 256;
    Model *model = whole->model;
    LossReport up, down;
    float *direction = random_grid(rng, 1, (int)model->n_parameters);
    shard_run(shard, model, whole->tokens, 1.0f, whole->gradient, &up);
    double slope = inner_product(direction, whole->gradient->parameters, model->n_parameters);
    for (size_t i = 0; i < model->n_parameters; i++)
        model->parameters[i] += h * direction[i];
    shard_run(shard, model, whole->tokens, 1.0f, whole->gradient, &up);
    for (size_t i = 0; i < model->n_parameters; i++)
        model->parameters[i] -= 2 * h * direction[i];
    shard_run(shard, model, whole->tokens, 1.0f, whole->gradient, &down);
    for (size_t i = 0; i < model->n_parameters; i++)
        model->parameters[i] += h * direction[i];
    return near((up.loss - down.loss) / (2.0 * (double)h), slope, 1e-2);
}

static void exchanges_have_the_gradient_of_their_loss(void)
{
    enum { ANSWER = WHOLE_LENGTH - WHOLE_FIRST };
    arena = arena_new();
    Whole whole = whole_new();
    Reach *reach = reach_new(arena, whole.model, WHOLE_FIRST, WHOLE_LENGTH);
    Shard *shard = shard_new(arena, whole.model, reach);
    int F = whole.model->shape.d_mlp, *targets = whole.tokens + (WHOLE_FIRST + 1) * LANES;
    uint8_t *from = ARENA_NEW(arena, uint8_t, (size_t)(F * ANSWER * LANES));
    Rng rng = rng_new(9, 1);
    LossReport own, exchanged;
    shard_run(shard, whole.model, whole.tokens, 1.0f, whole.gradient, &own);
    exchange_draw(&rng, F, ANSWER, targets, from);
    shard->layer[1].from = from;
    shard_run(shard, whole.model, whole.tokens, 1.0f, whole.gradient, &exchanged);
    CU_ASSERT_FALSE(near(own.loss, exchanged.loss, 1e-3));
    for (int i = 0; i < 10; i++)
        CU_ASSERT(slope_holds(&whole, shard, &rng));
    arena_free(arena);
}

static void every_instruction_set_gives_the_same_bits(void)
{
    arena = arena_new();
    Whole whole = whole_new();
    Reach *reach = reach_new(arena, whole.model, WHOLE_FIRST, WHOLE_LENGTH);
    Shard *shard = shard_new(arena, whole.model, reach);
    size_t size = whole.model->n_parameters * sizeof(float);
    float *first = ARENA_NEW(arena, float, whole.model->n_parameters);
    Isa best = isa_current();
    for (Isa isa = ISA_GENERIC; isa < ISA_COUNT; isa++) {
        LossReport report;
        if (!isa_available(isa))
            continue;
        isa_use(isa);
        shard_run(shard, whole.model, whole.tokens, 1.0f, whole.gradient, &report);
        if (isa == ISA_GENERIC)
            memcpy(first, whole.gradient->parameters, size);
        CU_ASSERT(memcmp(first, whole.gradient->parameters, size) == 0);
    }
    isa_use(best);
    arena_free(arena);
}

#define TESTS(X)                                                                                   \
    X(linear_layer)                                                                                \
    X(transpose_changes_rows_and_columns)                                                          \
    X(attention_layer)                                                                             \
    X(relu_layer)                                                                                  \
    X(embedding_layer)                                                                             \
    X(loss_layer)                                                                                  \
    X(loss_layer_with_smoothing)                                                                   \
    X(loss_with_smoothing_wants_margins_no_wider)                                                  \
    X(loss_gradient_of_a_certain_answer_is_not_zero)                                               \
    X(loss_reports_margin_and_right_answers)                                                       \
    X(whole_network_matches_a_plain_one)                                                           \
    X(exchanges_have_the_gradient_of_their_loss)                                                   \
    X(every_instruction_set_gives_the_same_bits)

RUN_TESTS("train/gradients", TESTS)
