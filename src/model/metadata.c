#include "metadata.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decimal32.h"
#include "json_text.h"

#define FORMAT "ripple-1"

typedef struct Dimension {
    const char *key;
    size_t field; // in ModelShape
} Dimension;

static const Dimension dimensions[] = {
    {"layers", offsetof(ModelShape, layers)},   {"heads", offsetof(ModelShape, heads)},
    {"d_model", offsetof(ModelShape, d_model)}, {"d_head", offsetof(ModelShape, d_head)},
    {"d_mlp", offsetof(ModelShape, d_mlp)},     {"d_vocab", offsetof(ModelShape, d_vocab)},
    {"n_ctx", offsetof(ModelShape, n_ctx)},
};

// Parts of the architecture of which there is only one kind so far.
typedef struct Part {
    const char *key, *value;
} Part;

static const Part parts[] = {
    {"activation", "relu"},
    {"normalization", "none"},
    {"positions", "learned"},
};

enum {
    DIMENSIONS = sizeof dimensions / sizeof *dimensions,
    PARTS = sizeof parts / sizeof *parts,
};

static int *dimension_field(ModelShape *shape, const Dimension *dimension)
{
    return (int *)(void *)((char *)shape + dimension->field);
}

static Status get_string(const json_t *metadata, const char *key, const char **ret_value,
                         Diag *diag)
{
    const json_t *value = json_object_get(metadata, key);
    if (value) {
        *ret_value = json_string_value(value);
        return STATUS_OK;
    }
    diag_set(diag, STATUS_MALFORMED, "M006", "the metadata lacks \"%s\"", key);
    diag_hint(diag, "__metadata__ describes the architecture; see docs/model-format.md");
    return STATUS_MALFORMED;
}

static Status check_strings(const json_t *metadata, Diag *diag)
{
    const char *key;
    json_t *value;
    if (!json_is_object(metadata)) {
        diag_set(diag, STATUS_MALFORMED, "M005", "the header has no object __metadata__");
        diag_hint(diag, "it describes the architecture and vocabulary; see docs/model-format.md");
        return STATUS_MALFORMED;
    }
    json_object_foreach((json_t *)metadata, key, value)
    {
        if (!json_is_string(value))
            return diag_set(diag, STATUS_MALFORMED, "M005",
                            "the metadata's \"%.60s\" is not a string", key);
    }
    return STATUS_OK;
}

static Status check_format(const json_t *metadata, Diag *diag)
{
    const char *value;
    TRY(get_string(metadata, "format", &value, diag));
    if (strcmp(value, FORMAT) == 0)
        return STATUS_OK;
    diag_set(diag, STATUS_MALFORMED, "M008", "the metadata's format is \"%.60s\"", value);
    diag_hint(diag, "this version reads \"%s\"", FORMAT);
    return STATUS_MALFORMED;
}

static Status parse_dimension(const json_t *metadata, const Dimension *dimension, ModelShape *shape,
                              Diag *diag)
{
    const char *value;
    char again[16];
    TRY(get_string(metadata, dimension->key, &value, diag));
    long number = strtol(value, NULL, 10);
    number = number < 0 || number > 1000000000 ? 0 : number;
    snprintf(again, sizeof again, "%ld", number);
    if (strcmp(value, again) != 0)
        return diag_set(diag, STATUS_MALFORMED, "M007",
                        "%s is \"%.60s\", not a whole number in decimal digits", dimension->key,
                        value);
    *dimension_field(shape, dimension) = (int)number;
    return STATUS_OK;
}

static Status check_part(const json_t *metadata, const Part *part, Diag *diag)
{
    const char *value;
    TRY(get_string(metadata, part->key, &value, diag));
    if (strcmp(value, part->value) == 0)
        return STATUS_OK;
    diag_set(diag, STATUS_MALFORMED, "M009", "%s \"%.60s\" is not supported", part->key, value);
    diag_hint(diag, "supported: \"%s\"", part->value);
    return STATUS_MALFORMED;
}

static Status parse_scale(const json_t *metadata, ModelShape *shape, Diag *diag)
{
    const char *value;
    TRY(get_string(metadata, "score_scale", &value, diag));
    if (decimal32_parse(value, &shape->score_scale) && shape->score_scale > 0.0f)
        return STATUS_OK;
    diag_set(diag, STATUS_MALFORMED, "M007",
             "score_scale is \"%.60s\", not a positive binary32 number in its %%.9g form", value);
    diag_hint(diag, "for instance \"0.25\" or \"0.144337565\"");
    return STATUS_MALFORMED;
}

static Status parse_shape(const json_t *metadata, ModelShape *ret_shape, Diag *diag)
{
    ModelShape shape = {0};
    for (int i = 0; i < DIMENSIONS; i++)
        TRY(parse_dimension(metadata, &dimensions[i], &shape, diag));
    for (int i = 0; i < PARTS; i++)
        TRY(check_part(metadata, &parts[i], diag));
    TRY(parse_scale(metadata, &shape, diag));
    TRY(model_check_shape(shape, diag));
    *ret_shape = shape;
    return STATUS_OK;
}

typedef struct NumberedToken {
    const char *text;
    int id;
} NumberedToken;

static int compare_tokens(const void *a, const void *b)
{
    const NumberedToken *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order ? order : (x->id > y->id) - (x->id < y->id);
}

static Status check_different(Arena *arena, char *const *vocab, int V, Diag *diag)
{
    NumberedToken *tokens = ARENA_NEW(arena, NumberedToken, (size_t)V);
    for (int v = 0; v < V; v++)
        tokens[v] = (NumberedToken){vocab[v], v};
    qsort(tokens, (size_t)V, sizeof *tokens, compare_tokens);
    for (int v = 1; v < V; v++)
        if (strcmp(tokens[v - 1].text, tokens[v].text) == 0)
            return diag_set(diag, STATUS_MALFORMED, "M012",
                            "tokens %d and %d of the vocabulary are both \"%.60s\"",
                            tokens[v - 1].id, tokens[v].id, tokens[v].text);
    return STATUS_OK;
}

static Status copy_vocab(Arena *arena, const json_t *list, int V, char ***ret_vocab, Diag *diag)
{
    if (!json_is_array(list))
        return diag_set(diag, STATUS_MALFORMED, "M011", "the vocabulary is not a JSON array");
    if (json_array_size(list) != (size_t)V)
        return diag_set(diag, STATUS_MALFORMED, "M013",
                        "the vocabulary has %zu tokens, but d_vocab is %d", json_array_size(list),
                        V);
    char **vocab = ARENA_NEW(arena, char *, (size_t)V);
    for (int v = 0; v < V; v++) {
        const char *token = json_string_value(json_array_get(list, (size_t)v));
        if (!token || !*token)
            return diag_set(diag, STATUS_MALFORMED, "M011", "token %d of the vocabulary is %s", v,
                            token ? "empty" : "not a string");
        vocab[v] = arena_strdup(arena, token);
    }
    TRY(check_different(arena, vocab, V, diag));
    *ret_vocab = vocab;
    return STATUS_OK;
}

static Status parse_vocab(Arena *arena, const json_t *metadata, int V, char ***ret_vocab,
                          Diag *diag)
{
    const char *value;
    json_t *list;
    TRY(get_string(metadata, "vocab", &value, diag));
    TRY(json_text_parse("the vocabulary", value, strlen(value), &list, diag));
    Status status = copy_vocab(arena, list, V, ret_vocab, diag);
    json_decref(list);
    return status;
}

static bool is_note(const char *key)
{
    bool known =
        strcmp(key, "format") == 0 || strcmp(key, "score_scale") == 0 || strcmp(key, "vocab") == 0;
    for (int i = 0; i < DIMENSIONS; i++)
        known = known || strcmp(key, dimensions[i].key) == 0;
    for (int i = 0; i < PARTS; i++)
        known = known || strcmp(key, parts[i].key) == 0;
    return !known;
}

static void copy_notes(Arena *arena, const json_t *metadata, Metadata *ret)
{
    const char *key;
    json_t *value;
    ret->notes = ARENA_NEW(arena, ModelNote, json_object_size(metadata));
    json_object_foreach((json_t *)metadata, key, value)
    {
        if (is_note(key))
            ret->notes[ret->n_notes++] = (ModelNote){arena_strdup(arena, key),
                                                     arena_strdup(arena, json_string_value(value))};
    }
}

Status metadata_parse(Arena *arena, const json_t *header, Metadata *ret_metadata, Diag *diag)
{
    const json_t *object = json_object_get(header, "__metadata__");
    Metadata metadata = {0};
    TRY(check_strings(object, diag));
    TRY(check_format(object, diag));
    TRY(parse_shape(object, &metadata.shape, diag));
    TRY(parse_vocab(arena, object, metadata.shape.d_vocab, &metadata.vocab, diag));
    copy_notes(arena, object, &metadata);
    *ret_metadata = metadata;
    return STATUS_OK;
}

static void render_vocab(const Model *model, Text *text)
{
    Text list = {0};
    for (int v = 0; v < model->shape.d_vocab; v++) {
        text_add(&list, "%c", v == 0 ? '[' : ',');
        json_text_add_string(&list, model->vocab[v]);
    }
    text_add(&list, "]");
    text_add(text, ",\"vocab\":");
    json_text_add_string(text, text_chars(&list));
    text_free(&list);
}

void metadata_render(const Model *model, Text *text)
{
    ModelShape shape = model->shape;
    char scale[DECIMAL32_SIZE];
    decimal32_print(shape.score_scale, scale);
    text_add(text, "\"__metadata__\":{\"format\":\"%s\"", FORMAT);
    for (int i = 0; i < DIMENSIONS; i++)
        text_add(text, ",\"%s\":\"%d\"", dimensions[i].key,
                 *dimension_field(&shape, &dimensions[i]));
    for (int i = 0; i < PARTS; i++)
        text_add(text, ",\"%s\":\"%s\"", parts[i].key, parts[i].value);
    text_add(text, ",\"score_scale\":\"%s\"", scale);
    render_vocab(model, text);
    for (int i = 0; i < model->n_notes; i++) {
        CHECK(is_note(model->notes[i].key));
        text_add(text, ",");
        json_text_add_string(text, model->notes[i].key);
        text_add(text, ":");
        json_text_add_string(text, model->notes[i].value);
    }
    text_add(text, "}");
}
