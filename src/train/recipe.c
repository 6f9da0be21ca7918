#include "recipe.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "file.h"
#include "nearest.h"

enum { LINES_MAX = 4096, NAME_MAX_LENGTH = 64, STEPS_MAX = 1000000000 };

typedef struct Parser {
    Arena *arena;
    Recipe *recipe;
    Diag *diag;
    SpecSpan rest; // what is left of the line's value
    uint64_t seen; // bit r: row r of the table was given
} Parser;

static Status fault(Parser *parser, SpecSpan span, const char *code, const char *format, ...)
    PRINTF_LIKE(4, 5);

static Status fault(Parser *parser, SpecSpan span, const char *code, const char *format, ...)
{
    const Recipe *recipe = parser->recipe;
    char text[sizeof parser->diag->text];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    diag_set(parser->diag, STATUS_MALFORMED, code, "%s", text);
    diag_path(parser->diag, recipe->path);
    diag_place(parser->diag, recipe->text, recipe->size, span.offset, span.length);
    return STATUS_MALFORMED;
}

// Words: what stands between spaces. The end of a value gives an empty word.

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static SpecSpan next_word(Parser *parser)
{
    const char *text = parser->recipe->text;
    SpecSpan *rest = &parser->rest;
    while (rest->length > 0 && is_space(text[rest->offset]))
        rest->offset++, rest->length--;
    SpecSpan word = {rest->offset, 0};
    while (rest->length > 0 && !is_space(text[rest->offset]))
        rest->offset++, rest->length--, word.length++;
    return word;
}

static bool word_is(const Parser *parser, SpecSpan word, const char *text)
{
    return strlen(text) == word.length &&
           memcmp(parser->recipe->text + word.offset, text, word.length) == 0;
}

static char *word_text(Parser *parser, SpecSpan word)
{
    return arena_strndup(parser->arena, parser->recipe->text + word.offset, word.length);
}

#define SHOW(parser, word)                                                                         \
    (int)((word).length < NAME_MAX_LENGTH ? (word).length : NAME_MAX_LENGTH),                      \
        (parser)->recipe->text + (word).offset

static Status needed_word(Parser *parser, const char *what, SpecSpan *ret_word)
{
    *ret_word = next_word(parser);
    if (ret_word->length == 0)
        return fault(parser, *ret_word, "R004", "expected %s", what);
    return STATUS_OK;
}

static Status no_more_words(Parser *parser)
{
    SpecSpan word = next_word(parser);
    if (word.length > 0)
        return fault(parser, word, "R004", "nothing may follow here");
    return STATUS_OK;
}

// Numbers, read without the C library, whose decimal point depends on the locale.

// Decimal digits from *at on; false when there are none or they pass 2^63 - 1.
static bool read_digits(const char **at, const char *end, int64_t *value, int *count)
{
    const char *start = *at;
    for (; *at < end && **at >= '0' && **at <= '9'; ++*at)
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, **at - '0', value))
            return false;
    *count = (int)(*at - start);
    return *count > 0;
}

static Status parse_integer(Parser *parser, SpecSpan word, int64_t low, int64_t high,
                            int64_t *ret_value)
{
    const char *at = parser->recipe->text + word.offset, *end = at + word.length;
    int64_t value = 0;
    int count;
    bool negative = at < end && *at == '-';
    at += negative;
    if (!read_digits(&at, end, &value, &count) || at != end)
        return fault(parser, word, "R004", "expected an integer below 2^63");
    value = negative ? -value : value;
    if (value < low || value > high)
        return fault(parser, word, "R005", "must be between %lld and %lld", (long long)low,
                     (long long)high);
    *ret_value = value;
    return STATUS_OK;
}

// digits[.digits] as the binary32 number next to (digits as one integer) / 10^places in binary64.
static Status parse_decimal(Parser *parser, SpecSpan word, double low, double high,
                            float *ret_value)
{
    const char *at = parser->recipe->text + word.offset, *end = at + word.length;
    int64_t digits = 0;
    int count, places = 0;
    bool good = read_digits(&at, end, &digits, &count);
    if (good && at < end && *at == '.') {
        at++;
        good = read_digits(&at, end, &digits, &places);
    }
    if (!good || at != end || digits >= (int64_t)1 << 53 || places > 15)
        return fault(parser, word, "R004", "expected a decimal number such as 0.003");
    double divisor = 1.0;
    while (places-- > 0)
        divisor *= 10.0;
    double value = (double)digits / divisor;
    if (value < low || value > high)
        return fault(parser, word, "R005", "must be between %g and %g", low, high);
    *ret_value = (float)value;
    return STATUS_OK;
}

// Values of the keys that are not a plain number.

static Status parse_spec(Parser *parser)
{
    SpecSpan word;
    TRY(needed_word(parser, "the path of a spec, seen from the recipe", &word));
    parser->recipe->spec =
        file_beside(parser->arena, parser->recipe->path, word_text(parser, word));
    return STATUS_OK;
}

static Status parse_set(Parser *parser)
{
    Recipe *recipe = parser->recipe;
    SpecSpan word;
    TRY(needed_word(parser, "NAME=N", &word));
    char *name = word_text(parser, word), *equals = strchr(name, '=');
    if (!equals || equals == name)
        return fault(parser, word, "R004", "expected NAME=N");
    *equals = '\0';
    size_t skip = (size_t)(equals - name) + 1;
    int64_t value;
    TRY(parse_integer(parser, (SpecSpan){word.offset + skip, word.length - skip}, INT64_MIN + 1,
                      INT64_MAX, &value));
    for (int i = 0; i < recipe->n_settings; i++)
        if (strcmp(recipe->settings[i].name, name) == 0)
            return fault(parser, word, "R002", "`%s` is set twice", name);
    recipe->settings[recipe->n_settings++] = (SpecSetting){name, value};
    return STATUS_OK;
}

static Status parse_vocab(Parser *parser)
{
    Recipe *recipe = parser->recipe;
    recipe->vocab = ARENA_NEW(parser->arena, char *, parser->rest.length / 2 + 1);
    SpecSpan word;
    TRY(needed_word(parser, "the texts of the tokens", &word));
    for (; word.length > 0; word = next_word(parser)) {
        char *text = word_text(parser, word);
        for (int i = 0; i < recipe->n_vocab; i++)
            if (strcmp(recipe->vocab[i], text) == 0)
                return fault(parser, word, "R002", "the token stands here twice");
        recipe->vocab[recipe->n_vocab++] = text;
    }
    return STATUS_OK;
}

static Status parse_pattern(Parser *parser, SpecSpan word, unsigned *patterns)
{
    for (EdgePattern pattern = 0; pattern < EDGE_PATTERNS; pattern++)
        if (word_is(parser, word, edges_pattern_name(pattern))) {
            *patterns |= 1u << pattern;
            return STATUS_OK;
        }
    fault(parser, word, "R006", "no edge pattern is called `%.*s`", SHOW(parser, word));
    diag_hint(parser->diag, "self, fixed, choices, column, columns-below, columns or dense");
    return STATUS_MALFORMED;
}

static Status parse_edges(Parser *parser)
{
    RecipeEdges *edges = &parser->recipe->edges[parser->recipe->n_edges++];
    SpecSpan word;
    TRY(needed_word(parser, "LAYER or LAYER.HEAD", &word));
    *edges = (RecipeEdges){.head = -1, .span = word};
    const char *text = parser->recipe->text + word.offset, *dot = memchr(text, '.', word.length);
    size_t length = dot ? (size_t)(dot - text) : word.length;
    int64_t layer, head = -1;
    TRY(parse_integer(parser, (SpecSpan){word.offset, length}, 0, 1000, &layer));
    if (dot)
        TRY(parse_integer(parser, (SpecSpan){word.offset + length + 1, word.length - length - 1}, 0,
                          1000, &head));
    edges->layer = (int)layer, edges->head = (int)head;
    TRY(needed_word(parser, "an edge pattern", &word));
    for (; word.length > 0; word = next_word(parser))
        TRY(parse_pattern(parser, word, &edges->patterns));
    return STATUS_OK;
}

static Status parse_schedule(Parser *parser)
{
    SpecSpan word;
    TRY(needed_word(parser, "`smooth` or `constant`", &word));
    if (word_is(parser, word, "smooth"))
        parser->recipe->schedule = SCHEDULE_SMOOTH;
    else if (word_is(parser, word, "constant"))
        parser->recipe->schedule = SCHEDULE_CONSTANT;
    else
        return fault(parser, word, "R006", "expected `smooth` or `constant`");
    return STATUS_OK;
}

static Status parse_seed(Parser *parser)
{
    SpecSpan word;
    int64_t seed;
    TRY(needed_word(parser, "an integer", &word));
    TRY(parse_integer(parser, word, 0, INT64_MAX, &seed));
    parser->recipe->seed = (uint64_t)seed;
    return STATUS_OK;
}

static Status parse_batch(Parser *parser)
{
    SpecSpan word;
    int64_t batch;
    TRY(needed_word(parser, "an integer", &word));
    TRY(parse_integer(parser, word, RECIPE_BATCH_UNIT, 1 << 16, &batch));
    if (batch % RECIPE_BATCH_UNIT != 0)
        return fault(parser, word, "R005", "must be a multiple of %d", RECIPE_BATCH_UNIT);
    parser->recipe->batch = (int)batch;
    return STATUS_OK;
}

static Status parse_hash(Parser *parser)
{
    SpecSpan word;
    TRY(needed_word(parser, "64 hexadecimal digits", &word));
    const char *text = parser->recipe->text + word.offset;
    bool good = word.length == HASH_HEX_SIZE - 1;
    for (size_t i = 0; good && i < word.length; i++)
        good = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (!good)
        return fault(parser, word, "R004", "expected 64 lower-case hexadecimal digits");
    memcpy(parser->recipe->sha256, text, word.length);
    parser->recipe->sha256_span = word;
    return STATUS_OK;
}

// The keys.

typedef enum Presence { ONCE, AT_MOST_ONCE, ANY_NUMBER } Presence;

typedef struct Row {
    const char *key;
    Presence presence;
    Status (*parse)(Parser *parser); // NULL: a number
    bool decimal;                    // the field is a float, else an int
    size_t field;
    double low, high;
} Row;

#define COUNT(key, low, high)                                                                      \
    {                                                                                              \
#key, ONCE, NULL, false, offsetof(Recipe, key), low, high                                  \
    }
#define OPTIONAL_COUNT(key, low, high)                                                             \
    {                                                                                              \
#key, AT_MOST_ONCE, NULL, false, offsetof(Recipe, key), low, high                          \
    }
#define SHARE(key, field, low, high)                                                               \
    {                                                                                              \
#key, ONCE, NULL, true, offsetof(Recipe, field), low, high                                 \
    }
#define OPTIONAL_SHARE(key, field, low, high)                                                      \
    {                                                                                              \
#key, AT_MOST_ONCE, NULL, true, offsetof(Recipe, field), low, high                         \
    }

static const Row rows[] = {
    {"spec", ONCE, parse_spec, false, 0, 0, 0},
    {"set", ANY_NUMBER, parse_set, false, 0, 0, 0},
    {"vocab", AT_MOST_ONCE, parse_vocab, false, 0, 0, 0},
    COUNT(layers, 1, 64),
    COUNT(heads, 1, 256),
    COUNT(d_model, 1, 16384),
    COUNT(d_head, 1, 4096),
    COUNT(d_mlp, 1, 65536),
    {"edges", ANY_NUMBER, parse_edges, false, 0, 0, 0},
    COUNT(steps, 1, STEPS_MAX),
    {"batch", ONCE, parse_batch, false, 0, 0, 0},
    SHARE(replayed, replayed, 0, 0.9),
    SHARE(chained, chained, 0, 1),
    SHARE(rate, rate, 0, 1),
    COUNT(warm_up, 0, STEPS_MAX),
    {"schedule", ONCE, parse_schedule, false, 0, 0, 0},
    SHARE(beta1, adam.beta1, 0, 0.9999),
    SHARE(beta2, adam.beta2, 0, 0.9999),
    SHARE(epsilon, adam.epsilon, 0, 1),
    SHARE(decay, adam.decay, 0, 1),
    OPTIONAL_SHARE(exchange, exchange, 0, 1),
    OPTIONAL_SHARE(ramp, ramp, 0, 10),
    OPTIONAL_SHARE(smoothing, smoothing, 0, 0.9),
    OPTIONAL_COUNT(rounds, 1, 1000),
    OPTIONAL_COUNT(round_steps, 1, 1000000),
    OPTIONAL_COUNT(round_regions, 1, 1000000000),
    OPTIONAL_SHARE(round_rate, round_rate, 0, 1),
    OPTIONAL_COUNT(restarts, 1, 1000),
    {"seed", ONCE, parse_seed, false, 0, 0, 0},
    {"sha256", AT_MOST_ONCE, parse_hash, false, 0, 0, 0},
};

enum { ROWS = sizeof rows / sizeof *rows };

static Status parse_number(Parser *parser, const Row *row)
{
    void *field = (char *)parser->recipe + row->field;
    SpecSpan word;
    int64_t value;
    TRY(needed_word(parser, "a number", &word));
    if (row->decimal)
        return parse_decimal(parser, word, row->low, row->high, field);
    TRY(parse_integer(parser, word, (int64_t)row->low, (int64_t)row->high, &value));
    *(int *)field = (int)value;
    return STATUS_OK;
}

static Status no_key(Parser *parser, SpecSpan key)
{
    char typed[NAME_MAX_LENGTH + 1];
    const char *keys[ROWS];
    for (int r = 0; r < ROWS; r++)
        keys[r] = rows[r].key;
    snprintf(typed, sizeof typed, "%.*s", SHOW(parser, key));
    fault(parser, key, "R001", "a recipe has no key `%s`", typed);
    const char *meant = nearest_word(typed, keys, ROWS);
    if (meant)
        diag_hint(parser->diag, "did you mean `%s`?", meant);
    else
        diag_hint(parser->diag, "docs/training.md lists the keys");
    return STATUS_MALFORMED;
}

static Status parse_entry(Parser *parser, SpecSpan key)
{
    int r = 0;
    while (r < ROWS && !word_is(parser, key, rows[r].key))
        r++;
    if (r == ROWS)
        return no_key(parser, key);
    if (rows[r].presence != ANY_NUMBER && parser->seen >> r & 1)
        return fault(parser, key, "R002", "`%s` is given twice", rows[r].key);
    parser->seen |= (uint64_t)1 << r;
    TRY(rows[r].parse ? rows[r].parse(parser) : parse_number(parser, &rows[r]));
    return no_more_words(parser);
}

// A comment runs from a word that begins with `#` to the end of the line. In `vocab` such a word
// can therefore not be a token.
static SpecSpan without_comment(const char *text, SpecSpan line)
{
    for (size_t i = 0; i < line.length; i++)
        if (text[line.offset + i] == '#' && (i == 0 || is_space(text[line.offset + i - 1])))
            line.length = i;
    return line;
}

static Status parse_lines(Parser *parser)
{
    const Recipe *recipe = parser->recipe;
    for (size_t at = 0; at < recipe->size;) {
        const char *end = memchr(recipe->text + at, '\n', recipe->size - at);
        size_t length = end ? (size_t)(end - recipe->text) - at : recipe->size - at;
        parser->rest = without_comment(recipe->text, (SpecSpan){at, length});
        SpecSpan key = next_word(parser);
        if (key.length > 0)
            TRY(parse_entry(parser, key));
        at += length + 1;
    }
    return STATUS_OK;
}

// What can only be said of the whole.

static Status nowhere(Parser *parser, const char *code, const char *text, const char *key)
{
    diag_set(parser->diag, STATUS_MALFORMED, code, text, key);
    diag_path(parser->diag, parser->recipe->path);
    return STATUS_MALFORMED;
}

static Status check_presence(Parser *parser)
{
    for (int r = 0; r < ROWS; r++)
        if (rows[r].presence == ONCE && !(parser->seen >> r & 1))
            return nowhere(parser, "R003", "the key `%s` is missing", rows[r].key);
    return STATUS_OK;
}

static Status check_edges(Parser *parser)
{
    const Recipe *recipe = parser->recipe;
    for (int i = 0; i < recipe->n_edges; i++)
        if (recipe->edges[i].layer >= recipe->layers || recipe->edges[i].head >= recipe->heads)
            return fault(parser, recipe->edges[i].span, "R007",
                         "there are %d layers and %d heads, counted from 0", recipe->layers,
                         recipe->heads);
    for (int layer = 0; layer < recipe->layers; layer++)
        for (int head = 0; head < recipe->heads; head++)
            if (recipe_patterns(recipe, layer, head) == 0) {
                char name[32];
                snprintf(name, sizeof name, "%d.%d", layer, head);
                return nowhere(parser, "R007", "no line `edges` says what head %s may read", name);
            }
    return STATUS_OK;
}

static bool given(const Parser *parser, const char *key)
{
    for (int r = 0; r < ROWS; r++)
        if (strcmp(rows[r].key, key) == 0)
            return parser->seen >> r & 1;
    return false;
}

// The four that are about rounds go together.
static Status check_rounds(Parser *parser)
{
    static const char *const keys[] = {"rounds", "round_steps", "round_regions", "round_rate"};
    int count = 0;
    for (int k = 0; k < 4; k++)
        count += given(parser, keys[k]);
    for (int k = 0; k < 4 && count > 0; k++)
        if (!given(parser, keys[k]))
            return nowhere(parser, "R003", "the key `%s` is missing", keys[k]);
    if (given(parser, "restarts") && count == 0)
        return nowhere(parser, "R003", "the key `%s` is missing", "rounds");
    return STATUS_OK;
}

static Status check_warm_up(Parser *parser)
{
    if (parser->recipe->warm_up >= parser->recipe->steps)
        return nowhere(parser, "R005", "`%s` must be less than `steps`", "warm_up");
    return STATUS_OK;
}

Status recipe_check_length(const Recipe *recipe, Diag *diag)
{
    if (recipe_attempt(recipe) <= STEPS_MAX / (recipe->restarts + 1))
        return STATUS_OK;
    diag_set(diag, STATUS_MALFORMED, "R005", "more than %d steps, with all rounds and restarts",
             STEPS_MAX);
    diag_path(diag, recipe->path);
    return STATUS_MALFORMED;
}

static size_t count_lines(const char *text, size_t size)
{
    size_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    return lines;
}

static Status check_size(Parser *parser, size_t lines)
{
    const Recipe *recipe = parser->recipe;
    const char *zero = memchr(recipe->text, 0, recipe->size);
    if (zero)
        return fault(parser, (SpecSpan){(size_t)(zero - recipe->text), 1}, "R008",
                     "a zero byte: this is no text");
    if (recipe->size > RECIPE_SIZE_MAX || lines > LINES_MAX)
        return nowhere(parser, "R008", "the recipe is too long%s", "");
    return STATUS_OK;
}

Status recipe_parse(Arena *arena, const char *path, const char *text, size_t size,
                    Recipe **ret_recipe, Diag *diag)
{
    Recipe *recipe = ARENA_NEW(arena, Recipe, 1);
    *recipe = (Recipe){.path = path, .text = text, .size = size};
    Parser parser = {.arena = arena, .recipe = recipe, .diag = diag};
    size_t lines = count_lines(text, size);
    TRY(check_size(&parser, lines));
    recipe->settings = ARENA_NEW(arena, SpecSetting, lines);
    recipe->edges = ARENA_NEW(arena, RecipeEdges, lines);
    TRY(parse_lines(&parser));
    TRY(check_presence(&parser));
    TRY(check_edges(&parser));
    TRY(check_warm_up(&parser));
    TRY(check_rounds(&parser));
    TRY(recipe_check_length(parser.recipe, diag));
    *ret_recipe = recipe;
    return STATUS_OK;
}

Status recipe_read(Arena *arena, const char *path, Recipe **ret_recipe, Diag *diag)
{
    char *text;
    size_t size;
    TRY(file_read(arena, path, RECIPE_SIZE_MAX, &text, &size, diag));
    return recipe_parse(arena, path, text, size, ret_recipe, diag);
}

unsigned recipe_patterns(const Recipe *recipe, int layer, int head)
{
    unsigned patterns = 0;
    for (int i = 0; i < recipe->n_edges; i++) {
        const RecipeEdges *edges = &recipe->edges[i];
        if (edges->layer == layer && (edges->head == head || edges->head < 0))
            patterns = edges->patterns;
    }
    return patterns;
}

void recipe_identity(Arena *arena, const Recipe *recipe, char ret_hex[HASH_HEX_SIZE])
{
    char *text = arena_strndup(arena, recipe->text, recipe->size);
    memset(text + recipe->sha256_span.offset, ' ', recipe->sha256_span.length);
    hash_sha256(text, recipe->size, ret_hex);
}
