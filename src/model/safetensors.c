#include "safetensors.h"

#include <math.h>
#include <string.h>

#include "bytes32.h"
#include "file.h"
#include "header.h"

enum { LENGTH_BYTES = 8 };

// "2, 5": where entry `index` of a tensor of these dimensions stands.
static const char *place_text(int rank, const int *dims, size_t index, char *buffer, size_t size)
{
    size_t at[TENSOR_RANK_MAX], length = 0;
    for (int i = rank - 1; i >= 0; i--) {
        at[i] = index % (size_t)dims[i];
        index /= (size_t)dims[i];
    }
    for (int i = 0; i < rank; i++)
        length += (size_t)snprintf(buffer + length, size - length, "%s%zu", i ? ", " : "", at[i]);
    return buffer;
}

static Status copy_tensor(const Tensor *tensor, const unsigned char *bytes, float *ret_values,
                          Diag *diag)
{
    char place[64];
    for (size_t i = 0; i < tensor->count; i++) {
        float value = bytes_get_f32(bytes + i * sizeof(float));
        if (!isfinite(value))
            return diag_set(diag, STATUS_MALFORMED, "M021", "%s[%s] is %s", tensor->name,
                            place_text(tensor->rank, tensor->dims, i, place, sizeof place),
                            isnan(value) ? "not a number" : "infinite");
        ret_values[i] = value;
    }
    return STATUS_OK;
}

static Status copy_edges(const ModelShape *shape, int layer, const unsigned char *bytes,
                         uint8_t *ret_edges, Diag *diag)
{
    size_t C = (size_t)shape->n_ctx;
    for (size_t i = 0; i < (size_t)shape->heads * C * C; i++) {
        size_t head = i / (C * C), query = i / C % C, key = i % C;
        if (bytes[i] > 1)
            return diag_set(diag, STATUS_MALFORMED, "M022",
                            "blocks.%d.attn.edges[%zu, %zu, %zu] is %d, but must be 0 or 1", layer,
                            head, query, key, bytes[i]);
        if (bytes[i] && key > query)
            return diag_set(diag, STATUS_MALFORMED, "M023",
                            "the attention edge of layer %d, head %zu from query %zu to key %zu "
                            "looks ahead",
                            layer, head, query, key);
        ret_edges[i] = bytes[i];
    }
    return STATUS_OK;
}

static Status build_model(Arena *arena, const Header *header, const unsigned char *data,
                          Model **ret_model, Diag *diag)
{
    const Metadata *metadata = &header->metadata;
    Model *model = model_new(arena, metadata->shape, (const char *const *)metadata->vocab);
    for (int i = 0; i < header->n_tensors; i++)
        if (header->spans[i].end > 0)
            TRY(copy_tensor(&header->tensors[i], data + header->spans[i].begin,
                            model->parameters + header->tensors[i].first, diag));
    model->has_edges = header->edge_spans != NULL;
    for (int l = 0; model->has_edges && l < metadata->shape.layers; l++)
        TRY(copy_edges(&metadata->shape, l, data + header->edge_spans[l].begin,
                       model->layer[l].edges, diag));
    model->notes = metadata->notes;
    model->n_notes = metadata->n_notes;
    *ret_model = model;
    return STATUS_OK;
}

static Status check_length(const unsigned char *bytes, size_t size, uint64_t *ret_length,
                           Diag *diag)
{
    if (size < LENGTH_BYTES)
        return diag_set(diag, STATUS_MALFORMED, "M001",
                        "the file has %zu bytes and ends before its header", size);
    uint64_t length = bytes_get_u64(bytes);
    if (length > SAFETENSORS_HEADER_MAX)
        return diag_set(diag, STATUS_MALFORMED, "M002",
                        "the header would have %llu bytes, more than the %d allowed",
                        (unsigned long long)length, SAFETENSORS_HEADER_MAX);
    if (length > size - LENGTH_BYTES)
        return diag_set(diag, STATUS_MALFORMED, "M001",
                        "the header has %llu bytes, but the file ends %zu bytes after its start",
                        (unsigned long long)length, size - LENGTH_BYTES);
    *ret_length = length;
    return STATUS_OK;
}

static Status parse(Arena *arena, const unsigned char *bytes, size_t size, Model **ret_model,
                    Diag *diag)
{
    uint64_t length = 0;
    Header header;
    TRY(check_length(bytes, size, &length, diag));
    const unsigned char *data = bytes + LENGTH_BYTES + length;
    TRY(header_parse(arena, (const char *)bytes + LENGTH_BYTES, (size_t)length,
                     size - LENGTH_BYTES - length, &header, diag));
    return build_model(arena, &header, data, ret_model, diag);
}

Status model_parse(Arena *arena, const char *path, const void *bytes, size_t size,
                   Model **ret_model, Diag *diag)
{
    Status status = parse(arena, bytes, size, ret_model, diag);
    if (status != STATUS_OK)
        diag_path(diag, path);
    return status;
}

Status model_read(Arena *arena, const char *path, Model **ret_model, Diag *diag)
{
    char *content;
    size_t size;
    Arena *scratch = arena_new();
    Status status = file_read(scratch, path, SAFETENSORS_FILE_MAX, &content, &size, diag);
    if (status == STATUS_OK)
        status = model_parse(arena, path, content, size, ret_model, diag);
    arena_free(scratch);
    return status;
}

static void add_floats(Text *text, const float *values, size_t count)
{
    enum { CHUNK = 1024 };
    unsigned char bytes[CHUNK * sizeof(float)];
    for (size_t done = 0; done < count; done += CHUNK) {
        size_t now = count - done < CHUNK ? count - done : CHUNK;
        for (size_t i = 0; i < now; i++)
            bytes_put_f32(values[done + i], bytes + i * sizeof(float));
        text_add_bytes(text, bytes, now * sizeof(float));
    }
}

void model_render(const Model *model, Text *text)
{
    Text header = {0};
    unsigned char length[LENGTH_BYTES];
    size_t C = (size_t)model->shape.n_ctx;
    header_render(model, &header);
    bytes_put_u64(header.length, length);
    text_add_bytes(text, length, sizeof length);
    text_add_bytes(text, header.chars, header.length);
    text_free(&header);
    add_floats(text, model->parameters, model->n_parameters);
    for (int l = 0; model->has_edges && l < model->shape.layers; l++)
        text_add_bytes(text, model->layer[l].edges, (size_t)model->shape.heads * C * C);
}

Status model_write(const Model *model, const char *path, Diag *diag)
{
    Text text = {0};
    model_render(model, &text);
    Status status = file_write(path, text.chars, text.length, diag);
    text_free(&text);
    return status;
}
