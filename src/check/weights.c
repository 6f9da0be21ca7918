#include "weights.h"

#include "decimal.h"
#include "json_reader.h"
#include "lines.h"
#include "pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MOST = 4096, KEYS_MOST = 1024, MATRIX_MOST = 1 << 26 };

// A tensor as the header describes it.
typedef struct Entry {
    const char *name, *type;
    int64_t shape[3];
    int rank;
    int64_t start, end;
    bool used;
} Entry;

typedef struct Header {
    Place place;
    Entry *entry;
    int entries;
    const char **key, **value; // of __metadata__
    int keys;
    bool metadata;
    const uint8_t *data;
    int64_t size;
} Header;

// ---- header -------------------------------------------------------------------------------------

static void read_metadata(Header *h, JsonReader *json)
{
    if (h->metadata)
        malformed(h->place, "the header has __metadata__ twice (K5)");
    h->metadata = true;
    h->key = POOL_TAKE(const char *, KEYS_MOST);
    h->value = POOL_TAKE(const char *, KEYS_MOST);
    json_must(json, '{');
    do {
        if (h->keys == KEYS_MOST)
            malformed(h->place, "more metadata than this checker reckons with");
        h->key[h->keys] = json_string(json);
        json_must(json, ':');
        h->value[h->keys] = json_string(json);
        for (int k = 0; k < h->keys; k++)
            if (strcmp(h->key[k], h->key[h->keys]) == 0)
                malformed(h->place, "the metadata has \"%s\" twice (K5)", h->key[k]);
        h->keys++;
    } while (json_may(json, ','));
    json_must(json, '}');
}

// { "dtype": ..., "shape": [...], "data_offsets": [start, end] } in any order
static void read_entry(Header *h, JsonReader *json, const char *name)
{
    if (h->entries == ENTRIES_MOST)
        malformed(h->place, "more tensors than this checker reckons with");
    Entry *e = &h->entry[h->entries++];
    *e = (Entry){.name = name, .start = -1, .rank = -1};
    json_must(json, '{');
    do {
        const char *field = json_string(json);
        json_must(json, ':');
        if (strcmp(field, "dtype") == 0 && !e->type)
            e->type = json_string(json);
        else if (strcmp(field, "shape") == 0 && e->rank < 0) {
            json_must(json, '[');
            e->rank = 0;
            do {
                if (e->rank == 3)
                    malformed(h->place, "%.60s has more than three dimensions (K5)", name);
                e->shape[e->rank++] = json_number(json);
            } while (json_may(json, ','));
            json_must(json, ']');
        } else if (strcmp(field, "data_offsets") == 0 && e->start < 0) {
            json_must(json, '[');
            e->start = json_number(json);
            json_must(json, ',');
            e->end = json_number(json);
            json_must(json, ']');
        } else
            malformed(h->place, "%.60s has a field \"%.60s\" (K5)", name, field);
    } while (json_may(json, ','));
    json_must(json, '}');
    if (!e->type || e->rank < 0 || e->start < 0)
        malformed(h->place, "%.60s lacks type, shape or offsets (K5)", name);
}

static int by_start(const void *a, const void *b)
{
    int64_t x = ((const Entry *)a)->start, y = ((const Entry *)b)->start;
    return (x > y) - (x < y);
}

static void check_offsets(Header *h)
{
    int64_t end = 0;
    qsort(h->entry, (size_t)h->entries, sizeof *h->entry, by_start);
    for (int i = 0; i < h->entries; i++) {
        if (h->entry[i].start != end || h->entry[i].end <= end)
            malformed(h->place, "%.60s overlaps another tensor or leaves a hole (K5)",
                      h->entry[i].name);
        end = h->entry[i].end;
    }
    if (end != h->size)
        malformed(h->place, "the tensors do not cover the data (K5)");
}

static void read_header(Header *h, const ProofFile *file)
{
    h->place = (Place){file->name, 0};
    uint64_t size = 0;
    for (size_t i = 0; i < 8 && i < file->size; i++)
        size |= (uint64_t)(uint8_t)file->bytes[i] << 8 * i;
    if (file->size < 8 || size > 100000000 || size > file->size - 8)
        malformed(h->place, "the header does not fit the file (K5)");
    JsonReader json = {h->place, file->bytes + 8, file->bytes + 8 + size};
    h->data = (const uint8_t *)file->bytes + 8 + size;
    h->size = (int64_t)(file->size - 8 - size);
    h->entry = POOL_TAKE(Entry, ENTRIES_MOST);
    json_must(&json, '{');
    do {
        const char *name = json_string(&json);
        json_must(&json, ':');
        if (strcmp(name, "__metadata__") == 0)
            read_metadata(h, &json);
        else
            read_entry(h, &json, name);
    } while (json_may(&json, ','));
    json_must(&json, '}');
    json_end(&json);
    check_offsets(h);
}

// ---- metadata -----------------------------------------------------------------------------------

static const char *value_of(const Header *h, const char *key)
{
    for (int k = 0; k < h->keys; k++)
        if (strcmp(h->key[k], key) == 0)
            return h->value[k];
    malformed(h->place, "the metadata lacks \"%s\" (K5)", key);
}

static void value_is(const Header *h, const char *key, const char *value)
{
    if (strcmp(value_of(h, key), value) != 0)
        malformed(h->place, "the metadata's \"%s\" is not \"%s\" (K5)", key, value);
}

static int dimension(const Header *h, const char *key, int most)
{
    const char *text = value_of(h, key);
    int64_t value;
    if (!lines_parse_number(text, strlen(text), &value) || value < 0 || value > most)
        malformed(h->place, "the metadata's \"%s\" is no number up to %d (K5)", key, most);
    if (value == 0)
        reject(h->place, "the metadata's \"%s\" is zero (K5)", key);
    return (int)value;
}

static void read_vocabulary(Model *m, const Header *h)
{
    const char *text = value_of(h, "vocab");
    JsonReader json = {h->place, text, text + strlen(text)};
    m->text = POOL_TAKE(const char *, m->vocabulary);
    json_must(&json, '[');
    for (int t = 0; t < m->vocabulary; t++) {
        if (t > 0)
            json_must(&json, ',');
        m->text[t] = json_string(&json);
        for (int r = 0; r < t; r++)
            if (strcmp(m->text[r], m->text[t]) == 0)
                reject(h->place, "the vocabulary has \"%.60s\" twice (K5)", m->text[t]);
    }
    json_must(&json, ']');
    json_end(&json);
}

static void read_scale(Model *m, const Header *h)
{
    uint32_t bits;
    bool inexact = false;
    if (!decimal_to_binary32(value_of(h, "score_scale"), &bits))
        malformed(h->place, "the score_scale is no positive binary32 number (K5)");
    if (!binary32_to_fixed(bits, &m->scale, &inexact) || inexact)
        reject(h->place,
               "the score_scale is not between 2^-27 and 2^9, and others are not reckoned with");
}

static void read_dimensions(Model *m, const Header *h)
{
    value_is(h, "format", "ripple-1");
    value_is(h, "activation", "relu");
    value_is(h, "normalization", "none");
    value_is(h, "positions", "learned");
    m->layers = dimension(h, "layers", 64);
    m->heads = dimension(h, "heads", 256);
    m->d = dimension(h, "d_model", 16384);
    m->width = dimension(h, "d_head", 4096);
    m->hidden = dimension(h, "d_mlp", 65536);
    m->vocabulary = dimension(h, "d_vocab", 65536);
    if (m->vocabulary == 1)
        reject(h->place, "the vocabulary has one token, which is ahead of no other (K5)");
    m->context = dimension(h, "n_ctx", 8192);
    m->hk = m->heads * m->width;
    int64_t widest = m->hk > m->hidden ? m->hk : m->hidden;
    widest = widest > m->vocabulary ? widest : m->vocabulary;
    if ((widest + m->d) * (widest + m->d) > MATRIX_MOST)
        reject(h->place, "the model is wider than this checker reckons with");
}

// ---- numbers ------------------------------------------------------------------------------------

bool binary32_to_fixed(uint32_t bits, int64_t *ret_fixed, bool *ret_inexact)
{
    int exponent = bits >> 23 & 0xff;
    int64_t mantissa = bits & 0x7fffff;
    if (exponent >= 127 + 9)
        return false;
    if (exponent > 0) // otherwise it is subnormal, and becomes 0 whatever it is
        mantissa |= 1 << 23;
    int shift = exponent - 150 + FIXED_BITS;
    int64_t fixed = 0;
    if (shift >= 0)
        fixed = mantissa << shift;
    else if (shift > -26)
        fixed = (mantissa + (INT64_C(1) << (-shift - 1))) >> -shift;
    if (shift < 0 && (shift <= -26 ? mantissa != 0 : fixed << -shift != mantissa))
        *ret_inexact = true;
    *ret_fixed = bits >> 31 ? -fixed : fixed;
    return true;
}

static uint32_t bits_at(const uint8_t *data, int64_t i)
{
    data += 4 * i;
    return (uint32_t)data[0] | (uint32_t)data[1] << 8 | (uint32_t)data[2] << 16 |
           (uint32_t)data[3] << 24;
}

// A tensor of this name, shape (0: no such dimension) and type; null if it is absent.
static Entry *find(Header *h, const char *name, const char *type, int64_t a, int64_t b, int64_t c)
{
    for (int i = 0; i < h->entries; i++) {
        Entry *e = &h->entry[i];
        if (e->used || strcmp(e->name, name) != 0)
            continue;
        int rank = c ? 3 : b ? 2 : 1;
        int64_t count = a * (b ? b : 1) * (c ? c : 1);
        if (strcmp(e->type, type) != 0 || e->rank != rank || e->shape[0] != a || e->shape[1] != b ||
            e->shape[2] != c || e->end - e->start != count * (*type == 'F' ? 4 : 1))
            malformed(h->place, "%s has another type or shape (K5)", name);
        e->used = true;
        return e;
    }
    return NULL;
}

static int64_t convert(const Header *h, const Entry *e, int64_t i, int64_t *rad)
{
    int64_t fixed;
    bool inexact = false;
    uint32_t bits = bits_at(h->data + e->start, i);
    if ((bits >> 23 & 0xff) == 0xff)
        reject(h->place, "%s has a weight that is not finite (K5)", e->name);
    if (!binary32_to_fixed(bits, &fixed, &inexact))
        reject(h->place, "%s has a weight beyond 2^9, which this checker does not reckon with",
               e->name);
    if (inexact)
        *rad = 1;
    return fixed;
}

static const Entry *need(Header *h, const char *name, int64_t a, int64_t b, int64_t c)
{
    const Entry *e = find(h, name, "F32", a, b, c);
    if (!e)
        malformed(h->place, "%s is missing (K5)", name);
    return e;
}

// The tensor [blocks][in][out] as a matrix whose outputs are those of all blocks, side by side.
static Matrix load(const Header *h, const Entry *e, int blocks, int in, int out)
{
    int64_t *a = pool_numbers((size_t)blocks * (size_t)in * (size_t)out), rad = 0;
    for (int64_t b = 0; b < blocks; b++)
        for (int64_t i = 0; i < in; i++)
            for (int64_t o = 0; o < out; o++)
                a[(b * out + o) * in + i] = convert(h, e, (b * in + i) * out + o, &rad);
    return matrix_of(a, rad, in, blocks * out);
}

static Bias load_bias(Header *h, const char *name, int a, int b)
{
    int n = a * (b ? b : 1);
    Bias bias = {pool_numbers(n), 0};
    Entry *e = find(h, name, "F32", a, b, 0);
    for (int i = 0; e && i < n; i++)
        bias.a[i] = convert(h, e, i, &bias.rad);
    return bias;
}

// ---- tensors ------------------------------------------------------------------------------------

typedef struct Name {
    char text[48];
} Name;

static const char *block(Name *name, int layer, const char *rest)
{
    snprintf(name->text, sizeof name->text, "blocks.%d.%s", layer, rest);
    return name->text;
}

static void load_edges(Model *m, Header *h, int l)
{
    Name n;
    int64_t c = m->context;
    Entry *e = find(h, block(&n, l, "attn.edges"), "BOOL", m->heads, c, c);
    if (l > 0 && !e != !m->layer[0].edges)
        malformed(h->place, "edges are stored for some layers only (K5)");
    if (!e)
        return;
    m->layer[l].edges = h->data + e->start;
    for (int64_t i = 0; i < m->heads * c * c; i++) {
        if (h->data[e->start + i] > 1)
            malformed(h->place, "%s has a byte other than 0 and 1 (K5)", e->name);
        if (h->data[e->start + i] && i % c > i / c % c)
            reject(h->place, "%s has an edge to a later position (K5)", e->name);
    }
}

static void load_layer(Model *m, Header *h, int l)
{
    static const char *const names[] = {"attn.W_Q", "attn.W_K", "attn.W_V"};
    Name n;
    Layer *y = &m->layer[l];
    Matrix *heads[] = {&y->q, &y->k, &y->v};
    for (int i = 0; i < 3; i++)
        *heads[i] = load(h, need(h, block(&n, l, names[i]), m->heads, m->d, m->width), m->heads,
                         m->d, m->width);
    y->bq = load_bias(h, block(&n, l, "attn.b_Q"), m->heads, m->width);
    y->bk = load_bias(h, block(&n, l, "attn.b_K"), m->heads, m->width);
    y->bv = load_bias(h, block(&n, l, "attn.b_V"), m->heads, m->width);
    y->o = load(h, need(h, block(&n, l, "attn.W_O"), m->heads, m->width, m->d), 1, m->hk, m->d);
    y->bo = load_bias(h, block(&n, l, "attn.b_O"), m->d, 0);
    y->in = load(h, need(h, block(&n, l, "mlp.W_in"), m->d, m->hidden, 0), 1, m->d, m->hidden);
    y->bin = load_bias(h, block(&n, l, "mlp.b_in"), m->hidden, 0);
    y->out = load(h, need(h, block(&n, l, "mlp.W_out"), m->hidden, m->d, 0), 1, m->hidden, m->d);
    y->bout = load_bias(h, block(&n, l, "mlp.b_out"), m->d, 0);
    load_edges(m, h, l);
}

void model_read(Model *m, const ProofFile *file)
{
    Header h = {.entries = 0};
    *m = (Model){.layers = 0};
    read_header(&h, file);
    read_dimensions(m, &h);
    read_vocabulary(m, &h);
    read_scale(m, &h);
    m->embed = load(&h, need(&h, "embed.W_E", m->vocabulary, m->d, 0), m->vocabulary, m->d, 1);
    m->positions = load(&h, need(&h, "pos_embed.W_pos", m->context, m->d, 0), m->context, m->d, 1);
    m->layer = POOL_TAKE(Layer, m->layers);
    for (int l = 0; l < m->layers; l++)
        load_layer(m, &h, l);
    m->unembed = load(&h, need(&h, "unembed.W_U", m->d, m->vocabulary, 0), 1, m->d, m->vocabulary);
    m->bu = load_bias(&h, "unembed.b_U", m->vocabulary, 0);
    for (int i = 0; i < h.entries; i++)
        if (!h.entry[i].used)
            malformed(h.place, "%.60s is no tensor of a model (K5)", h.entry[i].name);
}

bool model_edge(const Model *m, int layer, int head, int query, int key)
{
    const uint8_t *edges = m->layer[layer].edges;
    int64_t c = m->context;
    return key <= query && (!edges || edges[(head * c + query) * c + key]);
}
