// Every reason to refuse a model file: each bad file is a good one with one thing changed, and
// gives exactly this message.
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "safetensors.h"
#include "samples.h"

// What is changed: in the header, the text `from` (its first place) becomes `to`; in the data, the
// bytes of `patch` are put at `at`; at the end, `cut` bytes are taken away, or added if negative.
typedef struct BadModel {
    const char *name, *from, *to;
    const char *patch;
    int patch_size, at;
    int cut;
    const char *code, *text;
} BadModel;

#define HEADER(name, from, to, code, text)                                                         \
    {                                                                                              \
        name, from, to, NULL, 0, 0, 0, code, text                                                  \
    }
#define DATA(name, at, patch, code, text)                                                          \
    {                                                                                              \
        name, "", "", patch, (int)sizeof(patch) - 1, at, 0, code, text                             \
    }
#define CUT(name, cut, code, text)                                                                 \
    {                                                                                              \
        name, "", "", NULL, 0, 0, cut, code, text                                                  \
    }
#define HEADER_CUT(name, from, to, cut, code, text)                                                \
    {                                                                                              \
        name, from, to, NULL, 0, 0, cut, code, text                                                \
    }

static const BadModel bad_models[] = {
    // The file as a whole
    CUT("empty", 1 << 20, "M001", "the file has 0 bytes and ends before its header"),
    HEADER("no JSON", "{\"__metadata__\"", "{__metadata__", "M003",
           "the header is not valid JSON, near byte 2"),
    HEADER("no object", "{\"__metadata__\"", "\"__metadata__\"", "M003",
           "the header is not a JSON object or array"),
    HEADER("space first", "{\"__metadata__\"", " {\"__metadata__\"", "M003",
           "the header is not a JSON object or array"),
    HEADER("text after the object", "[725,734]}}", "[725,734]}}x", "M003",
           "the header is not a JSON object or array"),
    HEADER("object after the object", "[725,734]}}", "[725,734]}}{}", "M003",
           "the header is not valid JSON, near byte 2525"),
    HEADER("line feed after the object", "[725,734]}}", "[725,734]}}\n", "M003",
           "the header is not a JSON object or array"),
    HEADER("open object", "[725,734]}}", "[725,734]}", "M003",
           "the header is not valid JSON, near byte 2523"),
    HEADER("not UTF-8", "t1", "t\xff", "M003", "the header is not UTF-8 text"),
    HEADER("half a surrogate", "t1", "\\ud800", "M003",
           "the header is not valid JSON, near byte 255"),
    HEADER("NUL in a string", "t1", "\\u0000", "M003",
           "the header is not valid JSON, near byte 255"),
    HEADER("key twice", "pos_embed.W_pos", "embed.W_E", "M003",
           "the header has the same key twice, near byte 329"),
    HEADER("great offset", "[700,716]", "[700,9223372036854775808]", "M003",
           "the header is not valid JSON, near byte 2373"),

    // Metadata
    HEADER("no metadata", "__metadata__", "__meta__", "M005",
           "the header has no object __metadata__"),
    HEADER("metadata is a string", "{\"format\":\"ripple-1\"", "\"\",\"x\":{\"y\":\"\"", "M005",
           "the header has no object __metadata__"),
    HEADER("number in metadata", "\"d_head\":\"2\"", "\"d_head\":2", "M005",
           "the metadata's \"d_head\" is not a string"),
    HEADER("no d_head", "d_head", "d_haed", "M006", "the metadata lacks \"d_head\""),
    HEADER("no normalization", "normalization", "norm", "M006",
           "the metadata lacks \"normalization\""),
    HEADER("no vocab", "\"vocab\"", "\"words\"", "M006", "the metadata lacks \"vocab\""),
    HEADER("leading zero", "\"d_head\":\"2\"", "\"d_head\":\"02\"", "M007",
           "d_head is \"02\", not a whole number in decimal digits"),
    HEADER("negative dimension", "\"d_head\":\"2\"", "\"d_head\":\"-2\"", "M007",
           "d_head is \"-2\", not a whole number in decimal digits"),
    HEADER("dimension is no number", "\"d_head\":\"2\"", "\"d_head\":\"two\"", "M007",
           "d_head is \"two\", not a whole number in decimal digits"),
    HEADER("great dimension", "\"d_head\":\"2\"", "\"d_head\":\"4294967298\"", "M007",
           "d_head is \"4294967298\", not a whole number in decimal digits"),
    HEADER("negative scale", "\"0.5\"", "\"-0.5\"", "M007",
           "score_scale is \"-0.5\", not a positive binary32 number in its %.9g form"),
    HEADER("zero scale", "\"0.5\"", "\"0\"", "M007",
           "score_scale is \"0\", not a positive binary32 number in its %.9g form"),
    HEADER("scale in another form", "\"0.5\"", "\"0.50\"", "M007",
           "score_scale is \"0.50\", not a positive binary32 number in its %.9g form"),
    HEADER("infinite scale", "\"0.5\"", "\"inf\"", "M007",
           "score_scale is \"inf\", not a positive binary32 number in its %.9g form"),
    HEADER(
        "scale in double precision", "\"0.5\"", "\"0.14433756729740643\"", "M007",
        "score_scale is \"0.14433756729740643\", not a positive binary32 number in its %.9g form"),
    HEADER("another format", "ripple-1", "pt", "M008", "the metadata's format is \"pt\""),
    HEADER("unsupported activation", "relu", "gelu", "M009",
           "activation \"gelu\" is not supported"),
    HEADER("unsupported normalization", "\"none\"", "\"LN\"", "M009",
           "normalization \"LN\" is not supported"),
    HEADER("unsupported positions", "learned", "rotary", "M009",
           "positions \"rotary\" is not supported"),
    HEADER("no layers", "\"layers\":\"2\"", "\"layers\":\"0\"", "M010",
           "layers is 0, but must be between 1 and 64"),
    HEADER("too many heads", "\"heads\":\"1\"", "\"heads\":\"257\"", "M010",
           "heads is 257, but must be between 1 and 256"),
    HEADER("too many parameters", "\"d_model\":\"3\",\"d_head\":\"2\",\"d_mlp\":\"5\"",
           "\"d_model\":\"16384\",\"d_head\":\"2\",\"d_mlp\":\"65536\"", "M010",
           "the model would have 4295606288 parameters, more than the 268435456 allowed"),
    HEADER("too many edges",
           "\"heads\":\"1\",\"d_model\":\"3\",\"d_head\":\"2\",\"d_mlp\":\"5\",\"d_vocab\":\"4\","
           "\"n_ctx\":\"3\"",
           "\"heads\":\"9\",\"d_model\":\"3\",\"d_head\":\"2\",\"d_mlp\":\"5\",\"d_vocab\":\"4\","
           "\"n_ctx\":\"8192\"",
           "M010",
           "the model would have 1207959552 possible attention edges, more than the 268435456 "
           "allowed"),
    HEADER("more layers than tensors", "\"layers\":\"2\"", "\"layers\":\"3\"", "M016",
           "the tensor blocks.2.attn.W_Q is missing"),

    // Vocabulary
    HEADER("vocabulary is no JSON", "[\\\"t0\\\"", "\\\"t0\\\"", "M003",
           "the vocabulary is not a JSON object or array"),
    HEADER("vocabulary is an object", "[\\\"t0\\\",\\\"t1\\\",\\\"t2\\\",\\\"t3\\\"]", "{}", "M011",
           "the vocabulary is not a JSON array"),
    HEADER("token is a number", "\\\"t2\\\"", "2", "M011",
           "token 2 of the vocabulary is not a string"),
    HEADER("empty token", "t2", "", "M011", "token 2 of the vocabulary is empty"),
    HEADER("token twice", "t2", "t0", "M012", "tokens 0 and 2 of the vocabulary are both \"t0\""),
    HEADER("token too many", "\\\"t2\\\"", "\\\"t2\\\",\\\"x\\\"", "M013",
           "the vocabulary has 5 tokens, but d_vocab is 4"),
    HEADER("token missing", ",\\\"t2\\\"", "", "M013",
           "the vocabulary has 3 tokens, but d_vocab is 4"),

    // Entries of tensors
    HEADER("entry is a number", "{\"dtype\":\"F32\",\"shape\":[4, 3],\"data_offsets\":[0,48]}", "4",
           "M014", "the entry of embed.W_E is not a dtype, a shape and two data_offsets"),
    HEADER("no dtype", "\"dtype\":\"F32\",\"shape\":[4, 3]", "\"shape\":[4, 3]", "M014",
           "the entry of embed.W_E is not a dtype, a shape and two data_offsets"),
    HEADER("something more in an entry", "\"shape\":[4, 3]", "\"shape\":[4, 3],\"x\":1", "M014",
           "the entry of embed.W_E is not a dtype, a shape and two data_offsets"),
    HEADER("shape in fractions", "[4, 3]", "[4.0, 3]", "M014",
           "the entry of embed.W_E is not a dtype, a shape and two data_offsets"),
    HEADER("three offsets", "[0,48]", "[0,48,48]", "M014",
           "the entry of embed.W_E is not a dtype, a shape and two data_offsets"),
    HEADER("unknown tensor", "blocks.0.attn.b_Q", "blocks.0.ln1.b", "M015",
           "there is no tensor blocks.0.ln1.b in a model of 2 layers"),
    HEADER("tensor of a layer too many", "blocks.1.mlp.b_in", "blocks.2.mlp.b_in", "M015",
           "there is no tensor blocks.2.mlp.b_in in a model of 2 layers"),
    HEADER("missing tensor",
           "\"unembed.W_U\":{\"dtype\":\"F32\",\"shape\":[3, 4],\"data_offsets\":[652,700]},", "",
           "M016", "the tensor unembed.W_U is missing"),
    HEADER("dtype of weights", "\"dtype\":\"F32\",\"shape\":[3, 4]",
           "\"dtype\":\"BF16\",\"shape\":[3, 4]", "M017",
           "unembed.W_U has dtype BF16, but must have F32"),
    HEADER("dtype of edges", "BOOL", "U8", "M017",
           "blocks.0.attn.edges has dtype U8, but must have BOOL"),
    HEADER("transposed", "[3, 5]", "[5, 3]", "M018",
           "blocks.0.mlp.W_in has shape [5, 3], but must have [3, 5]"),
    HEADER("flat", "[3, 5]", "[15]", "M018",
           "blocks.0.mlp.W_in has shape [15], but must have [3, 5]"),
    HEADER("no dimensions", "[3, 5]", "[]", "M018",
           "blocks.0.mlp.W_in has shape [], but must have [3, 5]"),
    HEADER("negative shape", "[3, 5]", "[-3, -5]", "M018",
           "blocks.0.mlp.W_in has shape [-3, -5], but must have [3, 5]"),
    HEADER("edges for more positions", "\"BOOL\",\"shape\":[1, 3, 3]",
           "\"BOOL\",\"shape\":[1, 4, 4]", "M018",
           "blocks.0.attn.edges has shape [1, 4, 4], but must have [1, 3, 3]"),
    HEADER("beyond the data", "[725,734]", "[726,735]", "M019",
           "blocks.1.attn.edges lies at bytes 726 to 735 of the data, which has 734 bytes"),
    HEADER("backwards", "[48,84]", "[84,48]", "M019",
           "pos_embed.W_pos lies at bytes 84 to 48 of the data, which has 734 bytes"),
    HEADER("negative offset", "[0,48]", "[-48,0]", "M019",
           "embed.W_E lies at bytes -48 to 0 of the data, which has 734 bytes"),
    HEADER("too few bytes", "[48,84]", "[48,83]", "M019",
           "pos_embed.W_pos has 35 bytes, but must have 36"),
    HEADER("overlap", "[48,84]", "[47,83]", "M020", "byte 47 of the data belongs to two tensors"),
    HEADER("two tensors in one place", "[368,392]", "[84,108]", "M020",
           "byte 84 of the data belongs to two tensors"),
    HEADER_CUT("edges in one place", "[725,734]", "[716,725]", 9, "M020",
               "byte 716 of the data belongs to two tensors"),
    HEADER_CUT("hole", "[725,734]", "[726,735]", -1, "M020",
               "byte 725 of the data belongs to no tensor"),
    HEADER("absent bias whose bytes are left",
           "\"blocks.0.attn.b_Q\":{\"dtype\":\"F32\",\"shape\":[1, 2],\"data_offsets\":[108,116]},",
           "", "M020", "byte 108 of the data belongs to no tensor"),
    CUT("bytes after the last tensor", -3, "M020", "byte 734 of the data belongs to no tensor"),
    CUT("data cut short", 4, "M019",
        "blocks.1.attn.edges lies at bytes 725 to 734 of the data, which has 730 bytes"),

    // Weights and edges
    DATA("NaN", 236, "\x00\x00\xc0\x7f", "M021", "blocks.0.mlp.W_in[1, 0] is not a number"),
    DATA("signalling NaN", 84, "\x01\x00\x80\xff", "M021",
         "blocks.0.attn.W_Q[0, 0, 0] is not a number"),
    DATA("infinity", 712, "\x00\x00\x80\x7f", "M021", "unembed.b_U[3] is infinite"),
    DATA("minus infinity", 492, "\x00\x00\x80\xff", "M021", "blocks.1.attn.b_O[1] is infinite"),
    DATA("edge is neither", 716 + 3, "\x02", "M022",
         "blocks.0.attn.edges[0, 1, 0] is 2, but must be 0 or 1"),
    DATA("edge looks ahead", 725 + 5, "\x01", "M023",
         "the attention edge of layer 1, head 0 from query 1 to key 2 looks ahead"),
    HEADER_CUT("edges in one layer only",
               ",\"blocks.1.attn.edges\":{\"dtype\":\"BOOL\",\"shape\":[1, 3, "
               "3],\"data_offsets\":[725,734]}",
               "", 9, "M024", "layer 0 has attention edges, but layer 1 has none"),
};

enum { BAD_MODELS = sizeof bad_models / sizeof *bad_models, DATA_SIZE = 734 };

// Two layers, one head, d_model 3, d_head 2, d_mlp 5, four tokens, three positions, with edges.
static void good_file(Text *file)
{
    ModelShape shape = {2, 1, 3, 2, 5, 4, 3, 0.5f};
    Arena *arena = arena_new();
    Model *model = sample_model(arena, 1, shape, true);
    model_render(model, file);
    arena_free(arena);
}

static void add_header(const Text *good, const BadModel *bad, size_t length, Text *file)
{
    const char *header = good->chars + 8;
    const char *at = memmem(header, length, bad->from, strlen(bad->from));
    CU_ASSERT_FATAL(at != NULL);
    size_t before = (size_t)(at - header), skipped = strlen(bad->from), put = strlen(bad->to);
    size_t size = length - skipped + put;
    unsigned char bytes[8] = {(unsigned char)(size % 256), (unsigned char)(size / 256 % 256),
                              (unsigned char)(size / 65536)};
    text_add_bytes(file, bytes, sizeof bytes);
    text_add_bytes(file, header, before);
    text_add_bytes(file, bad->to, put);
    text_add_bytes(file, at + skipped, length - before - skipped);
}

static void bad_file(const BadModel *bad, Text *file)
{
    Text good = {0};
    good_file(&good);
    size_t length = (unsigned char)good.chars[0] + 256u * (unsigned char)good.chars[1];
    CU_ASSERT_FATAL(good.length == 8 + length + DATA_SIZE);
    add_header(&good, bad, length, file);
    size_t data = file->length;
    text_add_bytes(file, good.chars + 8 + length, DATA_SIZE);
    if (bad->patch)
        memcpy(file->chars + data + bad->at, bad->patch, (size_t)bad->patch_size);
    for (int i = bad->cut; i < 0; i++)
        text_add_bytes(file, "", 1);
    if (bad->cut > 0)
        file->length -= (size_t)bad->cut < file->length ? (size_t)bad->cut : file->length;
    text_free(&good);
}

// The bytes are handed over in a block of exactly their size, so that a sanitizer sees a read
// beyond.
static Status parse(const Text *file, Diag *diag)
{
    Arena *arena = arena_new();
    Model *model = NULL;
    char *bytes = malloc(file->length + 1);
    CU_ASSERT_FATAL(bytes != NULL);
    memcpy(bytes, file->chars, file->length);
    bytes = realloc(bytes, file->length ? file->length : 1);
    Status status = model_parse(arena, "bad.safetensors", bytes, file->length, &model, diag);
    CU_ASSERT(status == STATUS_OK || model == NULL);
    free(bytes);
    arena_free(arena);
    return status;
}

static void check_message(const char *name, const Text *file, const char *code, const char *text)
{
    Diag diag = {0};
    bool right = parse(file, &diag) == STATUS_MALFORMED && strcmp(diag.code, code) == 0 &&
                 strcmp(diag.text, text) == 0 && strcmp(diag.path, "bad.safetensors") == 0;
    if (!right)
        printf("\n%s: %s %s\n", name, diag.code, diag.text);
    CU_ASSERT(right);
}

static void each_bad_file_has_its_message(void)
{
    for (int i = 0; i < BAD_MODELS; i++) {
        Text file = {0};
        bad_file(&bad_models[i], &file);
        check_message(bad_models[i].name, &file, bad_models[i].code, bad_models[i].text);
        text_free(&file);
    }
}

static void the_good_file_is_read(void)
{
    Text file = {0};
    Diag diag;
    good_file(&file);
    CU_ASSERT(parse(&file, &diag) == STATUS_OK);
    text_free(&file);
}

static void no_prefix_of_a_good_file_is_read(void)
{
    Text file = {0};
    Diag diag;
    good_file(&file);
    for (size_t whole = file.length; file.length > 0;) {
        file.length -= file.length > whole - 900 || file.length < 60 ? 1 : 50;
        CU_ASSERT(parse(&file, &diag) == STATUS_MALFORMED);
    }
    text_free(&file);
}

static void a_header_may_not_be_longer_than_the_format_allows(void)
{
    static const unsigned char length[] = {1, 225, 245, 5, 0, 0, 0, 0, '{', '}'};
    Text file = {0};
    text_add_bytes(&file, length, sizeof length);
    check_message("long header", &file, "M002",
                  "the header would have 100000001 bytes, more than the 100000000 allowed");
    text_free(&file);
}

// A header of `count` times `piece`.
static void check_repeated(const char *piece, int count, const char *text)
{
    Text file = {0};
    size_t size = strlen(piece) * (size_t)count;
    unsigned char length[8] = {(unsigned char)(size % 256), (unsigned char)(size / 256 % 256),
                               (unsigned char)(size / 65536)};
    text_add_bytes(&file, length, sizeof length);
    for (int i = 0; i < count; i++)
        text_add_bytes(&file, piece, strlen(piece));
    check_message(piece, &file, "M004", text);
    text_free(&file);
}

static void json_that_costs_much_is_refused_before_it_is_parsed(void)
{
    check_repeated("[", 1000000, "the header is nested more than 16 deep");
    check_repeated("{\"\":", 1000000, "the header is nested more than 16 deep");
    check_repeated("[],", 1000000, "the header holds more than 262144 values");
}

#define TESTS(X)                                                                                   \
    X(each_bad_file_has_its_message)                                                               \
    X(the_good_file_is_read)                                                                       \
    X(no_prefix_of_a_good_file_is_read)                                                            \
    X(a_header_may_not_be_longer_than_the_format_allows)                                           \
    X(json_that_costs_much_is_refused_before_it_is_parsed)
RUN_TESTS("bad models", TESTS)
