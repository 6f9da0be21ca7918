#include "splits.h"

#include "edge_case.h"
#include "pool.h"
#include "reject.h"

#include <string.h>

// Splits within splits; the tree is read by recursion.
enum { DEPTH_MOST = 256 };

typedef struct Walk {
    const Trellis *t;
    Court *court;
    Lines *lines;
    mpz_t covered; // inputs in the edge cases so far
} Walk;

// What a split sorts edges by.
typedef enum By { BY_TOKEN, BY_STATE, BY_SYMBOL } By;

typedef struct Split {
    By by;
    int position, column;
    int labels;
} Split;

static Split read_split(Walk *w)
{
    Lines *l = w->lines;
    const Trellis *t = w->t;
    lines_expect(l, "split");
    Split split = {BY_TOKEN, 0, 0, t->tokens};
    if (lines_may(l, "token")) {
        split.position = (int)lines_number(l, 0, t->length - 1);
        split.column = t->spot[split.position].column;
        if (split.column < 0)
            reject(l->place, "position %d has a fixed token (K10)", split.position);
    } else {
        bool state = lines_may(l, "state");
        if (!state)
            lines_expect(l, "symbol");
        split = (Split){state ? BY_STATE : BY_SYMBOL, 0, (int)lines_number(l, 0, t->columns - 1),
                        state ? t->states : t->symbols};
    }
    lines_next(l);
    return split;
}

static int label_of(const Walk *w, const Split *split, int state, int symbol)
{
    if (split->by == BY_TOKEN)
        return trellis_token(w->t, split->position, state, symbol);
    return split->by == BY_STATE ? state : symbol;
}

// The edges of a region whose label in the split's column is in the set.
static void take_part(const Walk *w, const Split *split, const uint64_t *set, const EdgeSet *region,
                      EdgeSet *part)
{
    const Trellis *t = w->t;
    edge_set_copy(t, part, region);
    for (int q = 0; q < t->states; q++)
        for (int s = 0; s < t->symbols; s++) {
            uint64_t *row = edge_set_row(t, part, split->column, q);
            if (set_has(row, s) && !set_has(set, label_of(w, split, q, s)))
                row[s / 64] &= ~(UINT64_C(1) << s % 64);
        }
}

static void check_complete(const Walk *w, const Split *split, const uint64_t *all,
                           const EdgeSet *region, Place place)
{
    const Trellis *t = w->t;
    for (int q = 0; q < t->states; q++)
        for (int s = 0; s < t->symbols; s++)
            if (set_has(edge_set_row(t, region, split->column, q), s) &&
                !set_has(all, label_of(w, split, q, s)))
                reject(place, "label %d of the split is in none of its parts (K10)",
                       label_of(w, split, q, s));
}

static void walk_tree(Walk *w, const EdgeSet *region, int depth);

static void walk_part(Walk *w, const Split *split, uint64_t *all, const EdgeSet *region, int depth)
{
    PoolMark mark = pool_mark();
    int words = (split->labels + 63) / 64;
    uint64_t *set = POOL_TAKE(uint64_t, words);
    Place place = w->lines->place;
    lines_set(w->lines, split->labels, set);
    lines_next(w->lines);
    for (int i = 0; i < words; i++) {
        if (all[i] & set[i])
            reject(place, "a label of the split is in two of its parts (K10)");
        all[i] |= set[i];
    }
    EdgeSet part = edge_set_new(w->t);
    take_part(w, split, set, region, &part);
    if (!edge_set_trim(w->t, &part))
        reject(place, "a part without inputs (K10)");
    walk_tree(w, &part, depth + 1);
    pool_release(mark);
}

static void walk_tree(Walk *w, const EdgeSet *region, int depth)
{
    if (depth > DEPTH_MOST)
        reject(w->lines->place, "more splits within splits than this checker reckons with");
    if (lines_may(w->lines, "case")) {
        mpz_t count;
        mpz_init(count);
        edge_set_count(w->t, region, count);
        mpz_add(w->covered, w->covered, count);
        mpz_clear(count);
        edge_case_check(w->court, w->lines, region);
        return;
    }
    PoolMark mark = pool_mark();
    Place place = w->lines->place;
    Split split = read_split(w);
    uint64_t *all = POOL_TAKE(uint64_t, (split.labels + 63) / 64);
    lines_expect(w->lines, "part");
    do
        walk_part(w, &split, all, region, depth);
    while (lines_may(w->lines, "part"));
    check_complete(w, &split, all, region, place);
    lines_expect(w->lines, "end");
    lines_next(w->lines);
    pool_release(mark);
}

static void read_keys(const Walk *w, Site *site)
{
    for (int k = 0; k < site->keys; k++) {
        lines_entry(w->lines, "key", site->key[k].position);
        site->key[k].column = (int)lines_choice(w->lines, w->t->columns - 1);
        lines_next(w->lines);
    }
}

static PositionVerdict check_position(Walk *w, const SiteParts *parts, int position)
{
    PoolMark mark = pool_mark();
    Place place = w->lines->place;
    Site site;
    Court court;
    lines_entry(w->lines, "position", position);
    lines_next(w->lines);
    site_keys(&site, parts, position);
    read_keys(w, &site);
    site_fill(&site, parts);
    court_init(&court, &site, parts);
    w->court = &court;
    mpz_init(w->covered);
    walk_tree(w, &w->t->full, 0);
    if (mpz_cmp(w->covered, w->t->inputs) != 0)
        reject(place, "the edge cases do not add up to the number of inputs (K10)");
    mpz_clear(w->covered);
    pool_release(mark);
    return (PositionVerdict){court.cases, court.worst};
}

void splits_check(const Tables *tables, const ProofFile *certificate, PositionVerdict *ret)
{
    const Trellis *t = tables->problem->task;
    Lines lines;
    SiteParts parts;
    Walk walk = {.t = t, .lines = &lines};
    lines_open(&lines, certificate->name, certificate->bytes, certificate->size);
    lines_entry(&lines, "ripple-certificate", 1);
    lines_next(&lines);
    site_parts_init(&parts, tables);
    for (int i = t->prompt; i < t->length; i++)
        ret[i - t->prompt] = check_position(&walk, &parts, i);
    lines_expect(&lines, "end");
    lines_next(&lines);
    if (!lines_at_end(&lines))
        malformed(lines.place, "the certificate goes on after its end (K10)");
}
