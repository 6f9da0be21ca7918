// The model (K5): every number is read from where it is stored, and what is not of the form of model-format.md is refused.
#include "weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "pool.h"
#include "reject.h"
#include "written.h"

#define TESTS(X)                                                                                   \
    X(numbers_are_read_from_their_places)                                                          \
    X(biases_may_be_absent)                                                                        \
    X(edges_are_read_from_their_places)                                                            \
    X(headers_of_another_form_are_refused)                                                         \
    X(data_of_another_size_is_refused)                                                             \
    X(weights_that_are_no_numbers_are_refused)                                                     \
    X(edges_to_later_positions_are_refused)

enum { L = 2, H = 2, D = 3, K = 2, F = 5, V = 4, C = 3, DATA = 2000 };

// ---- a file -------------------------------------------------------------------------------------

static char *const header = text; // what is written
static char bytes[1 << 15];
static uint8_t data[DATA];
static int size; // of the data
static size_t file_size;

static void put_tensor(const char *block, const char *name, const char *type, int a, int b, int c)
{
    int count = a * (b ? b : 1) * (c ? c : 1) * (*type == 'F' ? 4 : 1);
    put(",\"%s%s\":{\"dtype\":\"%s\",\"shape\":[%d", block, name, type, a);
    if (b)
        put(",%d", b);
    if (c)
        put(",%d", c);
    put("],\"data_offsets\":[%d,%d]}", size, size + count);
    size += count;
}

static void put_layer(int l, bool with_biases)
{
    char block[20];
    snprintf(block, sizeof block, "blocks.%d.", l);
    put_tensor(block, "attn.W_Q", "F32", H, D, K);
    put_tensor(block, "attn.W_K", "F32", H, D, K);
    put_tensor(block, "attn.W_V", "F32", H, D, K);
    put_tensor(block, "attn.W_O", "F32", H, K, D);
    put_tensor(block, "mlp.W_in", "F32", D, F, 0);
    put_tensor(block, "mlp.W_out", "F32", F, D, 0);
    if (with_biases) {
        put_tensor(block, "attn.b_Q", "F32", H, K, 0);
        put_tensor(block, "attn.b_K", "F32", H, K, 0);
        put_tensor(block, "attn.b_V", "F32", H, K, 0);
        put_tensor(block, "attn.b_O", "F32", D, 0, 0);
        put_tensor(block, "mlp.b_in", "F32", F, 0, 0);
        put_tensor(block, "mlp.b_out", "F32", D, 0, 0);
    }
}

static void put_header(bool with_biases)
{
    length = size = 0;
    put("{\"__metadata__\":{\"format\":\"ripple-1\",\"layers\":\"%d\",\"heads\":\"%d\","
        "\"d_model\":\"%d\",\"d_head\":\"%d\",\"d_mlp\":\"%d\",\"d_vocab\":\"%d\",\"n_ctx\":\"%d\","
        "\"activation\":\"relu\",\"normalization\":\"none\",\"positions\":\"learned\","
        "\"score_scale\":\"0.25\",\"vocab\":\"[\\\"a\\\",\\\"b\\\",\\\"c\\\",\\\"d\\\"]\"}",
        L, H, D, K, F, V, C);
    put_tensor("", "embed.W_E", "F32", V, D, 0);
    put_tensor("", "pos_embed.W_pos", "F32", C, D, 0);
    for (int l = 0; l < L; l++)
        put_layer(l, with_biases);
    put_tensor("", "unembed.W_U", "F32", D, V, 0);
    if (with_biases)
        put_tensor("", "unembed.b_U", "F32", V, 0, 0);
    for (int l = 0; l < L; l++)
        put_tensor(l ? "blocks.1." : "blocks.0.", "attn.edges", "BOOL", H, C, C);
    put("}");
}

static float random_weight(void)
{
    float x = (float)(rand() % (1 << 24)) / (1 << 23);
    return ldexpf(rand() % 2 ? x : -x, -(rand() % 60));
}

// Where a tensor's data begins, by the header.
static int place_of(const char *name)
{
    char quoted[48];
    snprintf(quoted, sizeof quoted, "\"%s\"", name);
    const char *at = strstr(header, quoted);
    return at ? (int)strtol(strstr(at, "offsets\":[") + 10, NULL, 10) : -1;
}

static void put_data(void)
{
    int edges = place_of("blocks.0.attn.edges");
    for (int i = 0; i < edges; i += 4) {
        float x = random_weight();
        memcpy(data + i, &x, 4);
    }
    for (int i = 0; i < L * H * C * C; i++)
        data[edges + i] = i % C <= i / C % C && rand() % 2;
}

static void make(bool with_biases)
{
    put_header(with_biases);
    put_data();
}

static ProofFile file_of(void)
{
    uint64_t n = (uint64_t)length;
    for (int i = 0; i < 8; i++)
        bytes[i] = (char)(n >> 8 * i);
    memcpy(bytes + 8, header, n);
    memcpy(bytes + 8 + n, data, (size_t)size);
    file_size = 8 + n + (size_t)size;
    return (ProofFile){"model.safetensors", bytes, file_size};
}

static Model read_good(void)
{
    Model model;
    pool_release(NULL);
    ProofFile file = file_of();
    model_read(&model, &file);
    return model;
}

// ---- where numbers are --------------------------------------------------------------------------

static float stored(const char *block, const char *name, int i)
{
    char full[40];
    float x = 0;
    snprintf(full, sizeof full, "%s%s", block, name);
    int place = place_of(full);
    if (place >= 0)
        memcpy(&x, data + place + 4 * i, 4);
    return x;
}

// Within the radius, which is at most a unit, and none if all is exact.
static bool near(int64_t fixed, int64_t rad, float x)
{
    double away = fabs(ldexp((double)x, FIXED_BITS) - (double)fixed);
    return rad <= 1 && away <= 0.5 * (double)rad;
}

static int64_t at(const Matrix *m, int i, int o)
{
    return m->a[o * m->stride + i];
}

static int bad_bias(const Bias *b, const char *block, const char *name, int n)
{
    int bad = 0;
    for (int i = 0; i < n; i++)
        bad += !near(b->a[i], b->rad, stored(block, name, i));
    return bad;
}

// [heads][in][out], heads side by side among the outputs.
static int bad_heads(const Matrix *m, const char *block, const char *name)
{
    int bad = 0;
    for (int h = 0; h < H; h++)
        for (int i = 0; i < D; i++)
            for (int r = 0; r < K; r++)
                bad += !near(at(m, i, h * K + r), m->rad, stored(block, name, (h * D + i) * K + r));
    return bad;
}

// [in][out]
static int bad_matrix(const Matrix *m, const char *block, const char *name, int in, int out)
{
    int bad = m->in != in || m->out != out;
    for (int i = 0; i < in; i++)
        for (int o = 0; o < out; o++)
            bad += !near(at(m, i, o), m->rad, stored(block, name, i * out + o));
    return bad;
}

static int bad_layer(const Layer *y, const char *block)
{
    return bad_heads(&y->q, block, "attn.W_Q") + bad_heads(&y->k, block, "attn.W_K") +
           bad_heads(&y->v, block, "attn.W_V") + bad_matrix(&y->o, block, "attn.W_O", H * K, D) +
           bad_matrix(&y->in, block, "mlp.W_in", D, F) +
           bad_matrix(&y->out, block, "mlp.W_out", F, D) +
           bad_bias(&y->bq, block, "attn.b_Q", H * K) + bad_bias(&y->bk, block, "attn.b_K", H * K) +
           bad_bias(&y->bv, block, "attn.b_V", H * K) + bad_bias(&y->bo, block, "attn.b_O", D) +
           bad_bias(&y->bin, block, "mlp.b_in", F) + bad_bias(&y->bout, block, "mlp.b_out", D);
}

// A row of an embedding is what one output is made of.
static int bad_rows(const Matrix *m, const char *name, int rows)
{
    int bad = 0;
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < D; i++)
            bad += !near(at(m, i, r), m->rad, stored("", name, r * D + i));
    return bad;
}

static void check_numbers(bool with_biases)
{
    make(with_biases);
    Model m = read_good();
    CU_ASSERT_EQUAL(bad_rows(&m.embed, "embed.W_E", V), 0);
    CU_ASSERT_EQUAL(bad_rows(&m.positions, "pos_embed.W_pos", C), 0);
    CU_ASSERT_EQUAL(bad_layer(&m.layer[0], "blocks.0."), 0);
    CU_ASSERT_EQUAL(bad_layer(&m.layer[1], "blocks.1."), 0);
    CU_ASSERT_EQUAL(bad_matrix(&m.unembed, "", "unembed.W_U", D, V), 0);
    CU_ASSERT_EQUAL(bad_bias(&m.bu, "", "unembed.b_U", V), 0);
    CU_ASSERT_EQUAL(m.scale, FIXED_ONE / 4);
}

static void numbers_are_read_from_their_places(void)
{
    srand(1);
    for (int round = 0; round < 20; round++)
        check_numbers(true);
}

static void biases_may_be_absent(void)
{
    srand(2);
    check_numbers(false);
}

static void edges_are_read_from_their_places(void)
{
    srand(3);
    make(true);
    Model m = read_good();
    for (int l = 0; l < L; l++)
        for (int i = 0; i < H * C * C; i++) {
            int place = place_of(l ? "blocks.1.attn.edges" : "blocks.0.attn.edges");
            CU_ASSERT_EQUAL(model_edge(&m, l, i / C / C, i / C % C, i % C), data[place + i]);
        }
    m.layer[1].edges = NULL;
    CU_ASSERT(model_edge(&m, 1, 0, 1, 0) && model_edge(&m, 1, 0, 1, 1));
    CU_ASSERT(!model_edge(&m, 1, 0, 1, 2));
}

// ---- refusals -----------------------------------------------------------------------------------

static void read_file(const void *file)
{
    Model model;
    model_read(&model, file);
}

static int code(void)
{
    ProofFile file = file_of();
    return exit_code_of(read_file, &file);
}

// The header with the first occurrence of a text replaced.
static int code_with(const char *old, const char *new)
{
    make(true);
    char *from = strstr(header, old);
    CU_ASSERT_PTR_NOT_NULL_FATAL(from);
    memmove(from + strlen(new), from + strlen(old), strlen(from + strlen(old)) + 1);
    memcpy(from, new, strlen(new));
    length = (int)strlen(header);
    return code();
}

static const struct {
    const char *old, *new;
    int code;
} changes[] = {
    {"{", "{", EXIT_ACCEPTED},
    {"{", " {\t\r\n", EXIT_ACCEPTED},
    {"{", "[", EXIT_MALFORMED},
    {",\"embed", ",\"__metadata__\":{\"a\":\"b\"},\"embed", EXIT_MALFORMED},
    {"\"layers\":\"2\"", "\"layers\":\"2\",\"layers\":\"2\"", EXIT_MALFORMED},
    {"\"layers\":\"2\"", "\"layers\":\"2\",\"note\":\"2\"", EXIT_ACCEPTED},
    {"\"layers\":\"2\"", "\"layer\":\"2\"", EXIT_MALFORMED},
    {"ripple-1", "ripple-2", EXIT_MALFORMED},
    {"relu", "gelu", EXIT_MALFORMED},
    {"none", "layer", EXIT_MALFORMED},
    {"learned", "rotary", EXIT_MALFORMED},
    // dimensions
    {"\"layers\":\"2\"", "\"layers\":\"0\"", EXIT_REJECTED},
    {"\"layers\":\"2\"", "\"layers\":\"-2\"", EXIT_MALFORMED},
    {"\"layers\":\"2\"", "\"layers\":\"02\"", EXIT_MALFORMED},
    {"\"layers\":\"2\"", "\"layers\":\"x\"", EXIT_MALFORMED},
    {"\"layers\":\"2\"", "\"layers\":\"1\"", EXIT_MALFORMED},
    {"\"layers\":\"2\"", "\"layers\":\"3\"", EXIT_MALFORMED},
    {"\"heads\":\"2\"", "\"heads\":\"-1\"", EXIT_MALFORMED},
    {"\"d_mlp\":\"5\"", "\"d_mlp\":\"65537\"", EXIT_MALFORMED}, // before it is too wide
    {"\"d_mlp\":\"5\"", "\"d_mlp\":\"8190\"", EXIT_REJECTED},
    {"\"d_mlp\":\"5\"", "\"d_mlp\":\"8189\"", EXIT_MALFORMED},
    {"\"d_vocab\":\"4\"", "\"d_vocab\":\"8190\"", EXIT_REJECTED},
    // the vocabulary and the scale
    {"\\\"b\\\"", "\\\"a\\\"", EXIT_REJECTED},
    {"\\\"c\\\"", "\\\"a\\\"", EXIT_REJECTED},
    {"\\\"d\\\"", "\\\"a\\\"", EXIT_REJECTED},
    {"\\\"d\\\"", "\\\"d\\\",\\\"e\\\"", EXIT_MALFORMED},
    {",\\\"d\\\"", "", EXIT_MALFORMED},
    {"\\\"d\\\"]", "\\\"d\\\"]x", EXIT_MALFORMED},
    {"0.25", "0", EXIT_MALFORMED},
    {"0.25", "1e-9", EXIT_REJECTED}, // not exactly a fixed one
    {"0.25", "512", EXIT_REJECTED},
    // entries
    {"\"dtype\":\"F32\"", "\"dtype\"\"F32\"", EXIT_MALFORMED},
    {"\"dtype\":\"F32\",", "", EXIT_MALFORMED},
    {"\"shape\":[4,3],", "", EXIT_MALFORMED},
    {",\"data_offsets\":[0,48]", "", EXIT_MALFORMED},
    {"\"dtype\":\"F32\"", "\"dtype\":\"F32\",\"dtype\":\"F32\"", EXIT_MALFORMED},
    {"\"dtype\":\"F32\"", "\"dtype\":\"F32\",\"type\":\"F32\"", EXIT_MALFORMED},
    {"\"dtype\":\"F32\"", "\"dtype\":\"F16\"", EXIT_MALFORMED},
    {"[0,48]", "[00,48]", EXIT_MALFORMED},
    {"[0,48]", "[,48]", EXIT_MALFORMED},
    {"[0,48]", "[0,52]", EXIT_MALFORMED},
    {"[48,84]", "[52,84]", EXIT_MALFORMED},
    {"[48,84]", "[44,84]", EXIT_MALFORMED},
    {"[4,3]", "[3,4]", EXIT_MALFORMED},
    {"[4,3]", "[4,4]", EXIT_MALFORMED},
    {"[4,3]", "[5,3]", EXIT_MALFORMED},
    {"[4,3]", "[4,3,1]", EXIT_MALFORMED},
    {"[4,3]", "[4,3,0]", EXIT_MALFORMED},
    {"[4,3]", "[12]", EXIT_MALFORMED},
    {"[2,3,2]", "[2,3,3]", EXIT_MALFORMED},
    {"[2,3,2]", "[2,3,2,1]", EXIT_MALFORMED},
    {"[0,48]},\"pos_embed.W_pos\":{\"dtype\":\"F32\",\"shape\":[3,3],\"data_offsets\":[48,84]",
     "[0,36]},\"pos_embed.W_pos\":{\"dtype\":\"F32\",\"shape\":[3,3],\"data_offsets\":[36,84]",
     EXIT_MALFORMED},
    {"\"embed.W_E\"", "\"embed.W_X\"", EXIT_MALFORMED},
    {"\"blocks.1.attn.b_V\"", "\"blocks.1.attn.b_X\"", EXIT_MALFORMED},
    {"\"blocks.1.attn.b_V\"", "\"blocks.1.attn.b_K\"", EXIT_MALFORMED},
    {"\"blocks.0.attn.edges\"", "\"blocks.0.attn.hedge\"", EXIT_MALFORMED},
    {"\"blocks.1.attn.edges\"", "\"blocks.1.attn.hedge\"", EXIT_MALFORMED},
};

static void headers_of_another_form_are_refused(void)
{
    srand(4);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        int came = code_with(changes[i].old, changes[i].new);
        CU_ASSERT_EQUAL(came, changes[i].code);
        if (came != changes[i].code)
            printf("(%s to %s: %d) ", changes[i].old, changes[i].new, came);
    }
}

// Edges of one layer, and the other's left out altogether.
static int code_without_edges(int layer)
{
    make(true);
    char *entry = strstr(header, layer ? ",\"blocks.1.attn.edges" : ",\"blocks.0.attn.edges");
    char *end = strchr(entry, '}') + 1;
    memmove(entry, end, strlen(end) + 1);
    if (layer == 0) { // what was behind it moves up
        int n = size - H * C * C;
        char *offsets = strstr(entry, "offsets\":[") + 10;
        memcpy(data + n - H * C * C, data + n, H * C * C);
        sprintf(offsets, "%d,%d]}}", n - H * C * C, n);
    }
    length = (int)strlen(header);
    size -= H * C * C;
    return code();
}

// A byte that no tensor covers, before the last one.
static int code_with_hole(void)
{
    make(true);
    char *offsets = strstr(strstr(header, "blocks.1.attn.edges"), "offsets\":[") + 10;
    sprintf(offsets, "%d,%d]}}", size - H * C * C + 1, size + 1);
    length = (int)strlen(header);
    memset(data + size - H * C * C, 0, H * C * C + 1);
    size++;
    return code();
}

static void data_of_another_size_is_refused(void)
{
    srand(5);
    make(true);
    CU_ASSERT_EQUAL(code(), EXIT_ACCEPTED);
    size++;
    CU_ASSERT_EQUAL(code(), EXIT_MALFORMED);
    size -= 2;
    CU_ASSERT_EQUAL(code(), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with_hole(), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_without_edges(0), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_without_edges(1), EXIT_MALFORMED);
    make(true);
    ProofFile file = file_of();
    for (size_t n = 0; n < 9; n++)
        CU_ASSERT_EQUAL(exit_code_of(read_file, &(ProofFile){"short", bytes, n}), EXIT_MALFORMED);
    file.size = 8 + (size_t)length - 1; // the last brace is there, but not in the file
    CU_ASSERT_EQUAL(exit_code_of(read_file, &file), EXIT_MALFORMED);
}

static int code_with_weight(const char *name, int i, float x)
{
    make(true);
    memcpy(data + place_of(name) + 4 * i, &x, 4);
    return code();
}

static void weights_that_are_no_numbers_are_refused(void)
{
    static const char *const names[] = {"embed.W_E", "blocks.1.attn.W_O", "blocks.0.mlp.b_in",
                                        "unembed.b_U"};
    static const struct {
        float x;
        int code;
    } weight[] = {{INFINITY, EXIT_REJECTED}, {-INFINITY, EXIT_REJECTED}, {NAN, EXIT_REJECTED},
                  {512, EXIT_REJECTED},      {-600, EXIT_REJECTED},      {1024, EXIT_REJECTED},
                  {511.99F, EXIT_ACCEPTED},  {-511, EXIT_ACCEPTED},      {1e-45F, EXIT_ACCEPTED}};
    srand(6);
    for (int n = 0; n < 4; n++)
        for (size_t i = 0; i < sizeof weight / sizeof *weight; i++)
            CU_ASSERT_EQUAL(code_with_weight(names[n], rand() % 3, weight[i].x), weight[i].code);
}

static void edges_to_later_positions_are_refused(void)
{
    srand(7);
    for (int l = 0; l < L; l++)
        for (int i = 0; i < H * C * C; i++)
            for (uint8_t value = 1; value <= 2; value++) {
                make(true);
                data[place_of(l ? "blocks.1.attn.edges" : "blocks.0.attn.edges") + i] = value;
                int expected = value > 1           ? EXIT_MALFORMED
                               : i % C > i / C % C ? EXIT_REJECTED
                                                   : EXIT_ACCEPTED;
                CU_ASSERT_EQUAL(code(), expected);
            }
}

RUN_TESTS("check/model", TESTS)
