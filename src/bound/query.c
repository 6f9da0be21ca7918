#include "query.h"

#include <stdlib.h>

#include "fixexp.h"
#include "noise.h"

typedef struct Builder {
    Arena *arena;
    const ResidualTables *tables;
    Query *query;
} Builder;

static int last_layer(const Query *query)
{
    return query->model->model->shape.layers - 1;
}

static bool is_input(const Query *query, int position, int column)
{
    const TokenSource *source = &query->task->source[position];
    return source->kind == TOKEN_INPUT && (column < 0 || source->column == column);
}

// The column that settles most of the positions that the query leaves open; -1 if none does.
static int main_column(const Query *query, const Cone *cone)
{
    int best = -1, most = 0;
    for (int c = 0; c < query->task->columns; c++) {
        int count = 0;
        for (int i = 0; i < cone->count; i++)
            count += cone_find(query->table->cone, cone->position[i]) < 0 &&
                     is_input(query, cone->position[i], c);
        if (count > most) {
            most = count;
            best = c;
        }
    }
    return best;
}

// Offsets of the tokens that neither the query nor the main column settles.
static int *variant_offsets(Builder *b, const Cone *cone, int column, int *ret_count)
{
    const TokenOptions *o = b->query->options;
    int count = 1, filled = 1;
    bool open[CONE_POSITIONS_MAX];
    for (int i = 0; i < cone->count; i++) {
        int p = cone->position[i];
        bool settled = column >= 0 && is_input(b->query, p, column);
        open[i] = cone_find(b->query->table->cone, p) < 0 && !settled;
        count *= open[i] ? o->count[p] : 1;
    }
    int *offset = ARENA_NEW(b->arena, int, (size_t)count);
    for (int i = 0; i < cone->count; i++) {
        if (!open[i])
            continue;
        for (int k = o->count[cone->position[i]] - 1; k >= 0; k--)
            for (int v = 0; v < filled; v++)
                offset[k * filled + v] = offset[v] + k * cone->stride[i];
        filled *= o->count[cone->position[i]];
    }
    *ret_count = count;
    return offset;
}

static int symbol_offset(const Query *query, const Cone *cone, int column, int symbol)
{
    int offset = 0;
    for (int i = 0; i < cone->count; i++) {
        int p = cone->position[i];
        if (cone_find(query->table->cone, p) >= 0 || !is_input(query, p, column))
            continue;
        int token = task_source_token(query->task, &query->task->source[p], 0, symbol);
        offset += cone->stride[i] * query->options->option[p][token];
    }
    return offset;
}

static long key_init(Builder *b, QueryKey *key, const ResidualTable *table)
{
    const Task *task = b->query->task;
    int column = main_column(b->query, table->cone), variants;
    int *open = variant_offsets(b, table->cone, column, &variants);
    *key = (QueryKey){.table = table, .column = column, .variants = variants, .offset = open};
    if (column < 0)
        return variants;
    long terms = (long)variants * task->symbols;
    if (terms > QUERY_TERMS_MAX)
        return terms;
    key->offset = ARENA_NEW(b->arena, int, (size_t)terms);
    for (int s = 0; s < task->symbols; s++)
        for (int v = 0; v < variants; v++)
            key->offset[s * variants + v] =
                open[v] + symbol_offset(b->query, table->cone, column, s);
    return terms;
}

// All positions that a head may read; false if one of them cannot be enumerated.
static bool find_keys(Builder *b)
{
    Query *q = b->query;
    ModelShape s = q->model->model->shape;
    long terms = 0;
    size_t entries = 0;
    q->key = ARENA_NEW(b->arena, QueryKey, (size_t)q->position + 1);
    q->n_head_keys = ARENA_NEW(b->arena, int, (size_t)s.heads);
    q->head_key = ARENA_NEW(b->arena, int *, (size_t)s.heads);
    for (int h = 0; h < s.heads; h++)
        q->head_key[h] = ARENA_NEW(b->arena, int, (size_t)q->position + 1);
    for (int p = 0; p <= q->position; p++) {
        bool read = false;
        for (int h = 0; h < s.heads; h++)
            if (model_edge(q->model->model, last_layer(q), h, q->position, p)) {
                q->head_key[h][q->n_head_keys[h]++] = q->n_keys;
                read = true;
            }
        const ResidualTable *table = residual_table(b->tables, last_layer(q), p);
        if (read && !table)
            return false;
        if (read)
            terms += key_init(b, &q->key[q->n_keys++], table);
        entries += read ? (size_t)table->cone->configs * (size_t)(s.heads * s.d_mlp) : 0;
        if (terms > QUERY_TERMS_MAX || q->n_keys > PATH_KEYS_MAX || entries > QUERY_ENTRIES_MAX)
            return false;
    }
    return true;
}

// Edges of the token's column that put the token there; column -1 for a fixed token.
static void mask_init(Builder *b, int i, size_t words)
{
    Query *q = b->query;
    const Task *task = q->task;
    int p = q->table->cone->position[i];
    const TokenSource *source = &task->source[p];
    q->mask_column[i] = task_source_column(task, source);
    q->mask[i] = ARENA_NEW(b->arena, uint64_t, words * (size_t)q->options->count[p]);
    for (int e = 0; e < task->states * task->symbols; e++) {
        if (!task->reachable[e / task->symbols] || task->next[e] == TASK_NO_STATE)
            continue;
        size_t option = q->options->option[p][task_edge_token(task, source, e)];
        q->mask[i][option * words + (size_t)e / 64] |= (uint64_t)1 << (e % 64);
    }
}

static void masks_init(Builder *b)
{
    Query *q = b->query;
    size_t count = (size_t)q->table->cone->count;
    size_t words = ((size_t)q->task->states * (size_t)q->task->symbols + 63) / 64;
    q->mask = ARENA_NEW(b->arena, uint64_t *, count);
    q->mask_column = ARENA_NEW(b->arena, int, count);
    for (int i = 0; i < q->table->cone->count; i++)
        mask_init(b, i, words);
}

bool query_through_heads(Arena *arena, const FixLayer *layer, const FixMatrix *C,
                         FixMatrix *ret_through)
{
    int D = C->cols, HK = layer->W_O.cols;
    FixMatrix T = fix_matrix_new(arena, C->rows, HK);
    T.inexact = HK;
    Fix *column = ARENA_NEW(arena, Fix, (size_t)D);
    for (int j = 0; j < HK; j++) {
        for (int d = 0; d < D; d++)
            column[d] = layer->W_O.mid[d * HK + j];
        Wide sum = fix_sum_abs(column, D);
        Fix rad = fix_dot_radius(C->norm, C->rad, sum, layer->W_O.rad, D) + 1;
        T.rad = rad > T.rad ? rad : T.rad;
        for (int r = 0; r < C->rows; r++)
            if (!fix_round(fix_dot(C->mid + r * D, column, D), &T.mid[r * HK + j]))
                return false;
    }
    *ret_through = T;
    return fix_matrix_seal(ret_through);
}

static bool neurons_init(Builder *b)
{
    Query *q = b->query;
    ModelShape s = q->model->model->shape;
    const FixLayer *layer = &q->model->layer[last_layer(q)];
    if (!query_through_heads(b->arena, layer, &layer->W_in, &q->neuron))
        return false;
    q->neurons = ARENA_NEW(b->arena, FunctionalTable, (size_t)s.heads);
    for (int h = 0; h < s.heads; h++) {
        const KeyValues *keys[PATH_KEYS_MAX];
        for (int k = 0; k < q->n_head_keys[h]; k++)
            keys[k] = &q->key[q->head_key[h][k]].values;
        if (!functional_table_init(b->arena, &q->neuron, h, s.d_head, keys, NULL, q->n_head_keys[h],
                                   &q->neurons[h]))
            return false;
    }
    return true;
}

static bool sides_init(Builder *b)
{
    Query *q = b->query;
    ModelShape s = q->model->model->shape;
    if (!score_side_init(b->arena, q->table, true, s.heads, s.d_head, &q->side))
        return false;
    for (int k = 0; k < q->n_keys; k++) {
        QueryKey *key = &q->key[k];
        key->score_rad = ARENA_NEW(b->arena, Fix, (size_t)s.heads);
        if (!score_side_init(b->arena, key->table, false, s.heads, s.d_head, &key->side) ||
            !key_values_init(b->arena, key->table, s.heads, s.d_head, &key->values))
            return false;
        for (int h = 0; h < s.heads; h++) {
            key->score_rad[h] = score_radius(&q->side, &key->side, h, s.d_head);
            if (key->score_rad[h] > FIX_RAD_MAX)
                return false;
        }
    }
    return true;
}

Status query_new(Arena *arena, const ResidualTables *tables, const Task *task, int position,
                 Query **ret_query, Diag *diag)
{
    Query *q = ARENA_NEW(arena, Query, 1);
    Builder b = {arena, tables, q};
    q->model = tables->model;
    q->task = task;
    q->options = tables->options;
    q->position = position;
    q->table = residual_table(tables, last_layer(q), position);
    q->supported = q->table && find_keys(&b);
    *ret_query = q;
    if (!q->supported)
        return STATUS_OK;
    masks_init(&b);
    if (!sides_init(&b) || !neurons_init(&b) || !noise_new(arena, q, &q->noise))
        return diag_set(diag, STATUS_LIMIT, "B002",
                        "values in the last layer grow too large for the rigorous arithmetic");
    return STATUS_OK;
}

// Whether an edge of the column of the i-th token of the cone has this token and those before it that belong to
// the same column.
static bool column_agrees(const Query *query, int config, const Region *region, int i)
{
    const Cone *cone = query->table->cone;
    int column = query->mask_column[i];
    for (size_t w = 0; w < region->words; w++) {
        uint64_t edges = region->edges[(size_t)column * region->words + w];
        for (int j = 0; j <= i && edges; j++)
            if (query->mask_column[j] == column)
                edges &= query->mask[j][(size_t)cone_option(cone, query->options, j, config) *
                                            region->words +
                                        w];
        if (edges)
            return true;
    }
    return false;
}

bool query_occurs(const Query *query, int config, const Region *region)
{
    for (int i = 0; i < query->table->cone->count; i++)
        if (!column_agrees(query, config, region, i))
            return false;
    return true;
}

bool query_restrict(const Query *query, int config, Region *region)
{
    const Cone *cone = query->table->cone;
    for (int i = 0; i < cone->count; i++) {
        size_t option = (size_t)cone_option(cone, query->options, i, config);
        uint64_t *edges = region->edges + (size_t)query->mask_column[i] * region->words;
        for (size_t w = 0; w < region->words; w++)
            edges[w] &= query->mask[i][option * region->words + w];
    }
    return region_trim(region);
}

// What the query's tokens contribute to a key's configuration.
static int settled_part(const Query *query, const Cone *cone, int config)
{
    int part = 0;
    for (int i = 0; i < cone->count; i++) {
        int at = cone_find(query->table->cone, cone->position[i]);
        if (at >= 0)
            part += cone->stride[i] * cone_option(query->table->cone, query->options, at, config);
    }
    return part;
}

int query_key_config(const Query *query, const QueryKey *key, int config, int symbol)
{
    return settled_part(query, key->table->cone, config) +
           key->offset[key->column < 0 ? 0 : symbol * key->variants];
}

bool query_score(const Query *query, int config, int head, const QueryKey *key, int key_config,
                 Fix *ret_score)
{
    ModelShape s = query->model->model->shape;
    return score_exact(query->table, config, key->table, key_config, head, s.heads, s.d_head,
                       ret_score);
}

static int key_terms(const Query *query, const QueryKey *key)
{
    return key->variants * (key->column < 0 ? 1 : query->task->symbols);
}

typedef struct Scores {        // of one head at one configuration
    Fix *mid[PATH_KEYS_MAX];   // into `block`; by key and its configuration
    Fix *away[PATH_KEYS_MAX];  // how far a run's score, but for a common shift, can be from mid
    bool *done[PATH_KEYS_MAX]; // DOT_LANES configurations each: whether these have been computed
    int *config[PATH_KEYS_MAX];
    void *block;
    Fix most; // largest mid + away on the region
} Scores;

// Makes sure that the scores of a key's configuration, and of its neighbours, are there.
static bool score_config(const Query *query, int config, int head, int k, const QueryKey *key,
                         int kc, Scores *s)
{
    ModelShape shape = query->model->model->shape;
    int block = kc / DOT_LANES, first = block * DOT_LANES;
    Fix rad = key->score_rad[head];
    if (s->done[k][block])
        return true;
    s->done[k][block] = true;
    if (!score_block(&query->side, config, &key->side, first, head, shape.heads, shape.d_head, rad,
                     s->mid[k] + first, s->away[k] + first))
        return false;
    for (int i = first; query->exact && i < first + DOT_LANES; i++)
        if (s->mid[k][i] >= -FIX_MAX)
            s->away[k][i] = rad;
    return true;
}

static bool score_terms(const Query *query, int config, int head, int k, const QueryKey *key,
                        int first, int count, Scores *s)
{
    for (int i = first; i < first + count; i++) {
        int kc = s->config[k][i];
        if (!score_config(query, config, head, k, key, kc, s))
            return false;
        Fix top = s->mid[k][kc] + s->away[k][kc];
        s->most = top > s->most ? top : s->most;
    }
    return true;
}

static bool score_key(Arena *arena, const Query *query, int config, int head, int k,
                      const QueryKey *key, const PathRegion *path, Scores *s)
{
    int terms = key_terms(query, key);
    int part = settled_part(query, key->table->cone, config);
    s->config[k] = ARENA_NEW(arena, int, (size_t)terms);
    for (int i = 0; i < terms; i++)
        s->config[k][i] = part + key->offset[i];
    if (key->column < 0)
        return score_terms(query, config, head, k, key, 0, key->variants, s);
    const PathColumn *column = &path->column[key->column];
    for (int c = 0; c < column->n_classes; c++)
        for (int i = 0; i < column->classes[c].count; i++) {
            int symbol = column->symbol[column->classes[c].first + i];
            if (!score_terms(query, config, head, k, key, symbol * key->variants, key->variants, s))
                return false;
        }
    return true;
}

// Room for the scores of all keys of the head.
static void scores_init(Scores *s, const Query *query, int head)
{
    size_t configs = 0;
    int n = query->n_head_keys[head];
    for (int k = 0; k < n; k++)
        configs += (size_t)query->key[query->head_key[head][k]].side.configs;
    *s = (Scores){.most = INT64_MIN,
                  .block = heap_alloc(configs + 1, 2 * sizeof(Fix) + sizeof(bool))};
    Fix *at = s->block;
    bool *done = (bool *)(at + 2 * configs);
    for (int k = 0; k < n; k++) {
        size_t own = (size_t)query->key[query->head_key[head][k]].side.configs;
        s->mid[k] = at;
        s->away[k] = at + own;
        s->done[k] = done;
        at += 2 * own;
        done += own / DOT_LANES;
    }
}

// How far the score of a term, but for a common shift, can be below the greatest one of the region.
static void find_gaps(Arena *arena, const Query *query, int head, const Scores *s, PathHead *h)
{
    for (int k = 0; k < h->n_keys; k++) {
        const QueryKey *key = &query->key[query->head_key[head][k]];
        size_t terms = (size_t)key_terms(query, key);
        Fix *near = ARENA_NEW(arena, Fix, terms), *far = ARENA_NEW(arena, Fix, terms);
        for (size_t i = 0; i < terms; i++) {
            int kc = s->config[k][i];
            if (!s->done[k][kc / DOT_LANES])
                continue; // not on the region
            near[i] = s->most - s->mid[k][kc] - s->away[k][kc];
            far[i] = s->most - s->mid[k][kc] + s->away[k][kc];
        }
        h->key[k] = (PathKey){.column = key->column,
                              .variants = key->variants,
                              .config = s->config[k],
                              .near = near,
                              .far = far};
    }
}

bool query_head(Arena *arena, const Query *query, int config, int head, const PathRegion *path,
                PathHead *ret_head)
{
    Scores s;
    int n = query->n_head_keys[head];
    PathHead h = {.n_keys = n, .key = ARENA_NEW(arena, PathKey, (size_t)n)};
    bool fits = true;
    scores_init(&s, query, head);
    for (int k = 0; k < n && fits; k++)
        fits = score_key(arena, query, config, head, k, &query->key[query->head_key[head][k]], path,
                         &s);
    if (fits)
        find_gaps(arena, query, head, &s, &h);
    free(s.block);
    if (!fits)
        return false;
    path_weigh(arena, path, &h);
    *ret_head = h;
    return true;
}
