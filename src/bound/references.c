#include "references.h"

#include "softmax.h"

References references_of(Arena *arena, const Region *region)
{
    int columns = region->task->columns;
    References r = {REFERENCES_MAX, columns,
                    ARENA_NEW(arena, uint8_t, (size_t)(REFERENCES_MAX * columns))};
    Rng rng = rng_new(0, 0);
    region_first(region, r.symbol);
    for (int i = 1; i < r.count; i++)
        region_sample(region, &rng, r.symbol + i * columns);
    return r;
}

static bool on_region(const Region *region, int column, int symbol)
{
    for (int q = 0; q < region->task->states; q++)
        if (region_has(region, column, q * region->task->symbols + symbol))
            return true;
    return false;
}

// The reference's symbol, or the least one that the restriction has in the column.
static int symbol_at(const Region *own, int column, int symbol)
{
    if (on_region(own, column, symbol))
        return symbol;
    for (symbol = 0; !on_region(own, column, symbol);)
        symbol++;
    return symbol;
}

static void normalise(const Fix *score, int n, int32_t *ret_share)
{
    uint64_t weight[PATH_KEYS_MAX];
    UWide total = 0;
    Fix most = score[0];
    for (int k = 1; k < n; k++)
        most = score[k] > most ? score[k] : most;
    for (int k = 0; k < n; k++) {
        weight[k] = fix_exp_neg_down((uint64_t)(most - score[k]));
        total += weight[k];
    }
    for (int k = 0; k < n; k++)
        ret_share[k] = (int32_t)((((UWide)weight[k] << REFERENCE_BITS) + total / 2) / total);
}

bool reference_weights(Arena *arena, const Query *query, int config, int head, const Region *own,
                       const References *references, ReferenceWeights *ret_weights)
{
    int n = query->n_head_keys[head];
    size_t size = (size_t)(references->count * n);
    ReferenceWeights w = {references->count, n, ARENA_NEW(arena, int32_t, size),
                          ARENA_NEW(arena, int, size)};
    for (int r = 0; r < w.count && n > 0; r++) {
        Fix score[PATH_KEYS_MAX];
        for (int k = 0; k < n; k++) {
            const QueryKey *key = &query->key[query->head_key[head][k]];
            int symbol = 0;
            if (key->column >= 0)
                symbol = symbol_at(own, key->column,
                                   references->symbol[r * references->columns + key->column]);
            int *at = &w.config[r * n + k];
            *at = query_key_config(query, key, config, symbol);
            if (!query_score(query, config, head, key, *at, &score[k]))
                return false;
        }
        normalise(score, n, w.share + r * n);
    }
    *ret_weights = w;
    return true;
}

static void add_share(int64_t *sum, int64_t share, const int32_t *g, int n)
{
    for (int i = 0; i < n; i++)
        sum[i] += share * g[i];
}

void reference_means(const ReferenceWeights *weights, const FunctionalTable *table,
                     Fix *ret_greatest, Fix *ret_least)
{
    int64_t sum[256];
    for (int first = 0; first < table->stride; first += 256) {
        int n = table->stride - first < 256 ? table->stride - first : 256;
        for (int r = 0; r < weights->count; r++) {
            for (int i = 0; i < n; i++)
                sum[i] = 0;
            for (int k = 0; k < weights->n_keys; k++) {
                int at = r * weights->n_keys + k;
                add_share(sum, weights->share[at],
                          table->g[k] + (size_t)weights->config[at] * (size_t)table->stride + first,
                          n);
            }
            for (int i = 0; i < n; i++) {
                Fix mean = (sum[i] >> REFERENCE_BITS) * ((Fix)1 << table->shift[first + i]);
                if (r == 0 || mean > ret_greatest[first + i])
                    ret_greatest[first + i] = mean;
                if (r == 0 || mean < ret_least[first + i])
                    ret_least[first + i] = mean;
            }
        }
    }
}
