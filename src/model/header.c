#include "header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_text.h"

// A tensor of the file, as it must be.
typedef struct Wanted {
    const char *name, *dtype;
    int rank, dims[TENSOR_RANK_MAX];
    uint64_t bytes;
} Wanted;

static Wanted want_tensor(const Tensor *tensor)
{
    Wanted wanted = {.name = tensor->name, .dtype = "F32", .rank = tensor->rank};
    memcpy(wanted.dims, tensor->dims, sizeof wanted.dims);
    wanted.bytes = (uint64_t)tensor->count * sizeof(float);
    return wanted;
}

static Wanted want_edges(const ModelShape *s, const char *name)
{
    Wanted wanted = {.name = name, .dtype = "BOOL", .rank = 3};
    wanted.dims[0] = s->heads, wanted.dims[1] = wanted.dims[2] = s->n_ctx;
    wanted.bytes = (uint64_t)s->heads * (uint64_t)s->n_ctx * (uint64_t)s->n_ctx;
    return wanted;
}

static void edges_name(int layer, char ret_name[TENSOR_NAME_SIZE])
{
    snprintf(ret_name, TENSOR_NAME_SIZE, "blocks.%d.attn.edges", layer);
}

static HeaderSpan *find_wanted(const Header *header, const char *name, Wanted *ret_wanted)
{
    for (int i = 0; i < header->n_tensors; i++)
        if (strcmp(header->tensors[i].name, name) == 0) {
            *ret_wanted = want_tensor(&header->tensors[i]);
            return &header->spans[i];
        }
    for (int l = 0; l < header->metadata.shape.layers; l++) {
        char edges[TENSOR_NAME_SIZE];
        edges_name(l, edges);
        if (strcmp(edges, name) == 0) {
            *ret_wanted = want_edges(&header->metadata.shape, name);
            return &header->edge_spans[l];
        }
    }
    return NULL;
}

static void shape_text(int rank, const int *dims, char ret_text[64])
{
    int length = snprintf(ret_text, 64, "[%d", dims[0]);
    for (int i = 1; i < rank; i++)
        length += snprintf(ret_text + length, 64 - (size_t)length, ", %d", dims[i]);
    snprintf(ret_text + length, 64 - (size_t)length, "]");
}

static Status check_dtype(const json_t *entry, const Wanted *wanted, Diag *diag)
{
    const char *dtype = json_string_value(json_object_get(entry, "dtype"));
    if (strcmp(dtype, wanted->dtype) == 0)
        return STATUS_OK;
    return diag_set(diag, STATUS_MALFORMED, "M017", "%s has dtype %.20s, but must have %s",
                    wanted->name, dtype, wanted->dtype);
}

static Status check_dims(const json_t *entry, const Wanted *wanted, Diag *diag)
{
    const json_t *dims = json_object_get(entry, "shape");
    bool right = json_array_size(dims) == (size_t)wanted->rank;
    for (int i = 0; right && i < wanted->rank; i++)
        right = json_integer_value(json_array_get(dims, (size_t)i)) == wanted->dims[i];
    if (right)
        return STATUS_OK;
    char must[64], *is = json_dumps(dims, 0);
    shape_text(wanted->rank, wanted->dims, must);
    diag_set(diag, STATUS_MALFORMED, "M018", "%s has shape %.60s, but must have %s", wanted->name,
             is ? is : "?", must);
    free(is);
    return STATUS_MALFORMED;
}

static Status check_offsets(const json_t *entry, const Wanted *wanted, uint64_t data_size,
                            HeaderSpan *ret_span, Diag *diag)
{
    const json_t *offsets = json_object_get(entry, "data_offsets");
    long long begin = json_integer_value(json_array_get(offsets, 0));
    long long end = json_integer_value(json_array_get(offsets, 1));
    if (begin < 0 || end < begin || (uint64_t)end > data_size)
        return diag_set(diag, STATUS_MALFORMED, "M019",
                        "%s lies at bytes %lld to %lld of the data, which has %llu bytes",
                        wanted->name, begin, end, (unsigned long long)data_size);
    if ((uint64_t)(end - begin) != wanted->bytes)
        return diag_set(diag, STATUS_MALFORMED, "M019", "%s has %lld bytes, but must have %llu",
                        wanted->name, end - begin, (unsigned long long)wanted->bytes);
    *ret_span = (HeaderSpan){(uint64_t)begin, (uint64_t)end};
    return STATUS_OK;
}

static bool all_integers(const json_t *list)
{
    bool all = json_is_array(list);
    for (size_t i = 0; i < json_array_size(list); i++)
        all = all && json_is_integer(json_array_get(list, i));
    return all;
}

static Status check_entry_form(const char *name, const json_t *entry, Diag *diag)
{
    const json_t *offsets = json_object_get(entry, "data_offsets");
    if (json_object_size(entry) == 3 && json_is_string(json_object_get(entry, "dtype")) &&
        all_integers(json_object_get(entry, "shape")) && all_integers(offsets) &&
        json_array_size(offsets) == 2)
        return STATUS_OK;
    return diag_set(diag, STATUS_MALFORMED, "M014",
                    "the entry of %.60s is not a dtype, a shape and two data_offsets", name);
}

static Status parse_entry(const Header *header, const char *name, const json_t *entry,
                          uint64_t data_size, Diag *diag)
{
    Wanted wanted;
    HeaderSpan *span = find_wanted(header, name, &wanted);
    if (!span) {
        diag_set(diag, STATUS_MALFORMED, "M015", "there is no tensor %.60s in a model of %d layers",
                 name, header->metadata.shape.layers);
        diag_hint(diag, "docs/model-format.md lists the tensors; normalisation is not supported");
        return STATUS_MALFORMED;
    }
    TRY(check_entry_form(name, entry, diag));
    TRY(check_dtype(entry, &wanted, diag));
    TRY(check_dims(entry, &wanted, diag));
    return check_offsets(entry, &wanted, data_size, span, diag);
}

static Status parse_entries(const json_t *object, const Header *header, uint64_t data_size,
                            Diag *diag)
{
    const char *name;
    json_t *entry;
    json_object_foreach((json_t *)object, name, entry)
    {
        if (strcmp(name, "__metadata__") != 0)
            TRY(parse_entry(header, name, entry, data_size, diag));
    }
    return STATUS_OK;
}

static Status check_complete(const Header *header, Diag *diag)
{
    for (int i = 0; i < header->n_tensors; i++)
        if (header->spans[i].end == 0 && !header->tensors[i].bias)
            return diag_set(diag, STATUS_MALFORMED, "M016", "the tensor %s is missing",
                            header->tensors[i].name);
    return STATUS_OK;
}

// All layers have a mask, or none has one.
static Status check_edges(Header *header, Diag *diag)
{
    int with = 0, without = 0, layers = header->metadata.shape.layers;
    for (int l = 0; l < layers; l++)
        *(header->edge_spans[l].end > 0 ? &with : &without) = l + 1;
    if (with && without)
        return diag_set(diag, STATUS_MALFORMED, "M024",
                        "layer %d has attention edges, but layer %d has none", with - 1,
                        without - 1);
    if (!with)
        header->edge_spans = NULL;
    return STATUS_OK;
}

static int compare_spans(const void *a, const void *b)
{
    const HeaderSpan *x = a, *y = b;
    return (x->begin > y->begin) - (x->begin < y->begin);
}

// Spans are not empty; sorted, each begins where the one before it ends.
static Status check_cover(Arena *arena, const Header *header, uint64_t data_size, Diag *diag)
{
    int most = header->n_tensors + header->metadata.shape.layers, count = 0;
    HeaderSpan *spans = ARENA_NEW(arena, HeaderSpan, (size_t)most);
    for (int i = 0; i < header->n_tensors; i++)
        if (header->spans[i].end > 0)
            spans[count++] = header->spans[i];
    for (int l = 0; header->edge_spans && l < header->metadata.shape.layers; l++)
        spans[count++] = header->edge_spans[l];
    qsort(spans, (size_t)count, sizeof *spans, compare_spans);
    uint64_t covered = 0;
    int next = 0;
    while (next < count && spans[next].begin == covered)
        covered = spans[next++].end;
    if (next == count && covered == data_size)
        return STATUS_OK;
    bool overlap = next < count && spans[next].begin < covered;
    return diag_set(diag, STATUS_MALFORMED, "M020", "byte %llu of the data belongs to %s",
                    (unsigned long long)(overlap ? spans[next].begin : covered),
                    overlap ? "two tensors" : "no tensor");
}

static Status parse_object(Arena *arena, const json_t *object, uint64_t data_size, Header *header,
                           Diag *diag)
{
    TRY(metadata_parse(arena, object, &header->metadata, diag));
    header->tensors = tensors_list(arena, header->metadata.shape, &header->n_tensors);
    header->spans = ARENA_NEW(arena, HeaderSpan, (size_t)header->n_tensors);
    header->edge_spans = ARENA_NEW(arena, HeaderSpan, (size_t)header->metadata.shape.layers);
    TRY(parse_entries(object, header, data_size, diag));
    TRY(check_complete(header, diag));
    TRY(check_edges(header, diag));
    return check_cover(arena, header, data_size, diag);
}

Status header_parse(Arena *arena, const char *text, size_t size, uint64_t data_size,
                    Header *ret_header, Diag *diag)
{
    json_t *object;
    Header header = {0};
    TRY(json_text_parse("the header", text, size, &object, diag));
    Status status = parse_object(arena, object, data_size, &header, diag);
    json_decref(object);
    if (status == STATUS_OK)
        *ret_header = header;
    return status;
}

static void add_entry(Text *text, const Wanted *wanted, uint64_t *offset)
{
    char shape[64];
    shape_text(wanted->rank, wanted->dims, shape);
    text_add(text, ",\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%llu,%llu]}",
             wanted->name, wanted->dtype, shape, (unsigned long long)*offset,
             (unsigned long long)(*offset + wanted->bytes));
    *offset += wanted->bytes;
}

void header_render(const Model *model, Text *text)
{
    Arena *arena = arena_new();
    uint64_t offset = 0;
    size_t first = text->length;
    int count;
    const Tensor *tensors = tensors_list(arena, model->shape, &count);
    text_add(text, "{");
    metadata_render(model, text);
    for (int i = 0; i < count; i++) {
        Wanted wanted = want_tensor(&tensors[i]);
        add_entry(text, &wanted, &offset);
    }
    for (int l = 0; model->has_edges && l < model->shape.layers; l++) {
        char name[TENSOR_NAME_SIZE];
        edges_name(l, name);
        Wanted wanted = want_edges(&model->shape, name);
        add_entry(text, &wanted, &offset);
    }
    text_add(text, "}");
    while ((text->length - first) % 8 != 0)
        text_add(text, " ");
    arena_free(arena);
}
