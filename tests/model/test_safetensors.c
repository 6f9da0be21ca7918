// Reading and writing model files.
#include "safetensors.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decimal32.h"
#include "harness.h"
#include "rng.h"
#include "samples.h"

static Model *parse(Arena *arena, const Text *file)
{
    Model *model = NULL;
    Diag diag;
    Status status = model_parse(arena, "test", file->chars, file->length, &model, &diag);
    CU_ASSERT_FATAL(status == STATUS_OK);
    return model;
}

static bool same_model(const Model *a, const Model *b)
{
    bool same = memcmp(&a->shape, &b->shape, sizeof a->shape) == 0 &&
                a->n_parameters == b->n_parameters && a->has_edges == b->has_edges &&
                a->n_notes == b->n_notes &&
                memcmp(a->parameters, b->parameters, a->n_parameters * sizeof(float)) == 0;
    size_t C = (size_t)a->shape.n_ctx, edges = (size_t)a->shape.heads * C * C;
    for (int l = 0; same && l < a->shape.layers; l++)
        same = memcmp(a->layer[l].edges, b->layer[l].edges, edges) == 0;
    for (int v = 0; same && v < a->shape.d_vocab; v++)
        same = strcmp(a->vocab[v], b->vocab[v]) == 0;
    for (int i = 0; same && i < a->n_notes; i++)
        same = strcmp(a->notes[i].key, b->notes[i].key) == 0 &&
               strcmp(a->notes[i].value, b->notes[i].value) == 0;
    return same;
}

static void check_round_trip(Arena *arena, const Model *model)
{
    Text file = {0}, again = {0};
    model_render(model, &file);
    Model *copy = parse(arena, &file);
    model_render(copy, &again);
    CU_ASSERT(same_model(model, copy));
    CU_ASSERT(file.length == again.length && memcmp(file.chars, again.chars, file.length) == 0);
    text_free(&file);
    text_free(&again);
}

static void what_is_written_is_read_back_and_written_again_byte_for_byte(void)
{
    for (int which = 0; which < 2 * SAMPLE_SHAPES; which++) {
        Arena *arena = arena_new();
        ModelNote notes[] = {{"spec", "addition.spec"}, {"a \"note\"", "tab\t, é, \\, \x01"}};
        Model *model = sample_model(arena, 3, sample_shape(which / 2), which % 2);
        model->notes = notes;
        model->n_notes = which % 3;
        check_round_trip(arena, model);
        arena_free(arena);
    }
}

static void any_text_can_be_a_token(void)
{
    Arena *arena = arena_new();
    Model *model = sample_model(arena, 3, sample_shape(0), false);
    char *const texts[] = {"\"", "\\u0041", "−", " "};
    model->vocab = (char **)texts;
    check_round_trip(arena, model);
    arena_free(arena);
}

static void the_header_is_padded_and_the_data_follows_in_order(void)
{
    Arena *arena = arena_new();
    Model *model = sample_model(arena, 3, sample_shape(1), true);
    Text file = {0};
    model_render(model, &file);
    size_t length = (unsigned char)file.chars[0] + 256u * (unsigned char)file.chars[1];
    CU_ASSERT(length % 8 == 0);
    CU_ASSERT(memcmp(file.chars + 8 + length, model->W_E, sizeof(float)) == 0);
    CU_ASSERT(file.length == 8 + length + 4 * model->n_parameters + 2 * 3 * 9 * 9);
    CU_ASSERT(memcmp(file.chars + file.length - 243, model->layer[1].edges, 243) == 0);
    text_free(&file);
    arena_free(arena);
}

// A file as another program writes it: tensors in another order, no biases, spaces in the JSON.
static void a_foreign_file_without_biases_is_read(void)
{
    static const char header[] =
        "{ \"unembed.W_U\" : {\"shape\":[1,1],\"dtype\":\"F32\",\"data_offsets\":[32,36]},\n"
        "\"blocks.0.mlp.W_in\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]},"
        "\"blocks.0.mlp.W_out\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[4,8]},"
        "\"blocks.0.attn.W_Q\":{\"dtype\":\"F32\",\"shape\":[1,1,1],\"data_offsets\":[8,12]},"
        "\"blocks.0.attn.W_K\":{\"dtype\":\"F32\",\"shape\":[1,1,1],\"data_offsets\":[12,16]},"
        "\"blocks.0.attn.W_V\":{\"dtype\":\"F32\",\"shape\":[1,1,1],\"data_offsets\":[16,20]},"
        "\"blocks.0.attn.W_O\":{\"dtype\":\"F32\",\"shape\":[1,1,1],\"data_offsets\":[20,24]},"
        "\"pos_embed.W_pos\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[28,32]},"
        "\"embed.W_E\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[24,28]},"
        "\"__metadata__\":{\"heads\":\"1\",\"layers\":\"1\",\"d_model\":\"1\",\"d_head\":\"1\","
        "\"d_mlp\":\"1\",\"d_vocab\":\"1\",\"n_ctx\":\"1\",\"note\":\"\",\"format\":\"ripple-1\","
        "\"activation\":\"relu\",\"normalization\":\"none\",\"positions\":\"learned\","
        "\"score_scale\":\"1\",\"vocab\":\"[ \\\"a\\\" ]\"}}   ";
    static const float data[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    Arena *arena = arena_new();
    Text file = {0};
    unsigned char length[8] = {(sizeof header - 1) % 256, (sizeof header - 1) / 256};
    text_add_bytes(&file, length, sizeof length);
    text_add_bytes(&file, header, sizeof header - 1);
    text_add_bytes(&file, data, sizeof data);
    Model *model = parse(arena, &file);
    CU_ASSERT(model->W_E[0] == 7 && model->W_pos[0] == 8 && model->W_U[0] == 9);
    CU_ASSERT(model->layer[0].W_Q[0] == 3 && model->layer[0].W_O[0] == 6);
    CU_ASSERT(model->layer[0].W_in[0] == 1 && model->layer[0].W_out[0] == 2);
    CU_ASSERT(model->layer[0].b_Q[0] == 0 && model->layer[0].b_out[0] == 0 && model->b_U[0] == 0);
    CU_ASSERT(!model->has_edges && model->layer[0].edges[0] == 1 && model->n_notes == 1);
    CU_ASSERT_STRING_EQUAL(model_note(model, "note"), "");
    CU_ASSERT(model_token(model, "a") == 0 && model_token(model, "b") == -1);
    check_round_trip(arena, model);
    text_free(&file);
    arena_free(arena);
}

static void files_are_written_and_read(void)
{
    Arena *arena = arena_new();
    char path[] = "test_safetensors.XXXXXX";
    Diag diag;
    Model *model = sample_model(arena, 3, sample_shape(1), true), *copy = NULL;
    int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0);
    close(fd);
    CU_ASSERT(model_write(model, path, &diag) == STATUS_OK);
    CU_ASSERT_FATAL(model_read(arena, path, &copy, &diag) == STATUS_OK);
    CU_ASSERT(same_model(model, copy));
    unlink(path);
    CU_ASSERT(model_read(arena, path, &copy, &diag) == STATUS_MISSING);
    CU_ASSERT_STRING_EQUAL(diag.path, path);
    arena_free(arena);
}

static void decimals_name_every_number_exactly(void)
{
    Rng rng = rng_new(1, 2);
    for (int i = 0; i < 20000; i++) {
        uint32_t bits = (uint32_t)rng_next(&rng);
        float number, back = 0.0f;
        char text[DECIMAL32_SIZE];
        memcpy(&number, &bits, sizeof number);
        decimal32_print(number, text);
        CU_ASSERT(decimal32_parse(text, &back) == (bool)isfinite(number));
        CU_ASSERT(!isfinite(number) || memcmp(&number, &back, sizeof back) == 0);
    }
}

static void decimals_have_one_form_in_any_locale(void)
{
    static const char *const bad[] = {"",    " 1",  "1 ",    "+1", "01",  "1.0",         "0x1p0",
                                      "inf", "nan", "1e400", ".5", "0,5", "0.1000000001"};
    float number = 7.0f;
    const char *locale = setlocale(LC_ALL, "de_DE.UTF-8");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CU_ASSERT(!decimal32_parse(bad[i], &number) && number == 7.0f);
    CU_ASSERT(decimal32_parse("0.5", &number) && number == 0.5f);
    CU_ASSERT(decimal32_parse("0.144337565", &number) && number == 0.144337565f);
    if (locale)
        setlocale(LC_ALL, "C");
}

#define TESTS(X)                                                                                   \
    X(what_is_written_is_read_back_and_written_again_byte_for_byte)                                \
    X(any_text_can_be_a_token)                                                                     \
    X(the_header_is_padded_and_the_data_follows_in_order)                                          \
    X(a_foreign_file_without_biases_is_read)                                                       \
    X(files_are_written_and_read)                                                                  \
    X(decimals_name_every_number_exactly)                                                          \
    X(decimals_have_one_form_in_any_locale)
RUN_TESTS("safetensors", TESTS)
