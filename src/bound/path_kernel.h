// One longest-path pass for FUNCTIONAL_LANES functionals side by side; compiled once for each way
// to write Lanes, with PATH_PASS naming the function that it defines.
//
// All arithmetic is on integers: weights at most 2^27 + 2 in units of their batch, |g - lambda| at most 2^28, at most 64
// keys, so that sums stay below 2^62 and no factor leaves 32 bits. A path's sum is counted in units of its own, those of
// the greatest weight on it: 2^-shift, and rounded up where it changes to greater ones. So the sign of a sum is
// right even where all weights of the path are tiny beside those of others. (Lemma B3)

typedef struct
    Best { // value of partial paths, and their weight for the next lambda; in units of 2^-shift
    Lanes value, weight, shift;
} Best;

static inline Lanes shift_up(Lanes x, Lanes places)
{
    Lanes none = lanes_splat(0);
    return lanes_subtract(none, lanes_shift_down(lanes_subtract(none, x), places));
}

static inline Best sum_of(Best a, Best b)
{
    Lanes shift = lanes_least(a.shift, b.shift);
    Lanes by_a = lanes_subtract(a.shift, shift), by_b = lanes_subtract(b.shift, shift);
    return (Best){
        lanes_add(shift_up(a.value, by_a), shift_up(b.value, by_b)),
        lanes_add(lanes_shift_down(a.weight, by_a), lanes_shift_down(b.weight, by_b)),
        shift,
    };
}

static inline Best choose(Mask mask, Best yes, Best no)
{
    return (Best){lanes_select(mask, yes.value, no.value),
                  lanes_select(mask, yes.weight, no.weight),
                  lanes_select(mask, yes.shift, no.shift)};
}

// Exactly: of two values, the one in smaller units is rounded up to the units of the other, and is the larger one if it
// is then above that.
static inline void keep_larger(Best *best, Best other)
{
    Lanes shift = lanes_least(best->shift, other.shift);
    Lanes by = lanes_subtract(best->shift, shift);
    Lanes own = shift_up(best->value, by);
    Lanes others = shift_up(other.value, lanes_subtract(other.shift, shift));
    Lanes at_least = lanes_subtract(own, lanes_least(by, lanes_splat(1)));
    *best = choose(lanes_larger(others, at_least), other, *best);
}

// Of the same units.
static inline void keep_larger_term(Best *best, Best other)
{
    Mask larger = lanes_larger(other.value, best->value);
    best->value = lanes_select(larger, other.value, best->value);
    best->weight = lanes_select(larger, other.weight, best->weight);
}

// An upper bound of e^s (sign g - lambda) for the key configuration at term `at`.
static inline Best term(const PathPass *p, int k, int at)
{
    const PathKey *key = &p->head->key[k];
    Lanes g =
        lanes_load(p->table->g[k] + (size_t)key->config[at] * (size_t)p->table->stride + p->lane);
    Lanes lambda = lanes_load_wide(p->lambda), none = lanes_splat(0);
    Lanes t =
        p->sign > 0 ? lanes_subtract(g, lambda) : lanes_subtract(lanes_subtract(none, g), lambda);
    Lanes weight =
        lanes_select(lanes_larger(t, none), lanes_splat(key->high[at]), lanes_splat(key->low[at]));
    return (Best){lanes_multiply(weight, t), weight, lanes_splat(0)};
}

static inline Best key_best(const PathPass *p, int k, int symbol)
{
    const PathKey *key = &p->head->key[k];
    int at = key->column < 0 ? 0 : symbol * key->variants;
    Best best = term(p, k, at);
    for (int v = at + 1; v < at + key->variants; v++)
        keep_larger_term(&best, term(p, k, v));
    return best;
}

static inline Best batch_best(const PathPass *p, const PathBatch *batch, const int *keys,
                              int n_keys)
{
    Best best = {lanes_splat(n_keys > 0 ? NEVER : 0), lanes_splat(0), lanes_splat(batch->shift)};
    for (int i = 0; n_keys > 0 && i < batch->count; i++) {
        Best sum = key_best(p, keys[0], batch->symbol[i]);
        for (int k = 1; k < n_keys; k++) {
            Best one = key_best(p, keys[k], batch->symbol[i]);
            sum.value = lanes_add(sum.value, one.value);
            sum.weight = lanes_add(sum.weight, one.weight);
        }
        keep_larger_term(&best, sum);
    }
    return best;
}

static inline void column_step(const PathPass *p, int c, Best *now, uint64_t *reached)
{
    const PathBatches *batches = &p->head->batches[c];
    Best after[TASK_STATES_MAX];
    uint64_t ends = 0;
    int keys[PATH_KEYS_MAX], n_keys = 0;
    for (int k = 0; k < p->head->n_keys; k++)
        if (p->head->key[k].column == c)
            keys[n_keys++] = k;
    for (int i = 0; i < batches->count; i++) {
        const PathClass *class = batches->batch[i].class;
        Best best = batch_best(p, &batches->batch[i], keys, n_keys);
        for (int m = 0; m < class->n_moves; m++) {
            int from = class->from[m], to = class->to[m];
            if (!(*reached >> from & 1))
                continue;
            Best sum = sum_of(now[from], best);
            if (ends >> to & 1)
                keep_larger(&after[to], sum);
            else
                after[to] = sum;
            ends |= (uint64_t)1 << to;
        }
    }
    for (int s = 0; s < p->path->task->states; s++)
        if (ends >> s & 1)
            now[s] = after[s];
    *reached = ends;
}

// The keys without a column.
static inline Best always_best(const PathPass *p)
{
    Best sum = {lanes_splat(0), lanes_splat(0), lanes_splat(PATH_SHIFT_MAX)};
    for (int k = 0; k < p->head->n_keys; k++)
        if (p->head->key[k].column < 0) {
            Best one = key_best(p, k, 0);
            one.shift = lanes_splat(p->head->key[k].shift[0]);
            sum = sum_of(sum, one);
        }
    return sum;
}

void PATH_PASS(const PathPass *p, int64_t *ret_value, int64_t *ret_weight)
{
    const Task *task = p->path->task;
    Best now[TASK_STATES_MAX], best = {lanes_splat(NEVER), lanes_splat(0), lanes_splat(0)};
    uint64_t reached = task->starts;
    now[0] = always_best(p);
    for (int s = 1; s < task->states; s++)
        now[s] = now[0];
    for (int c = 0; c < task->columns; c++)
        column_step(p, c, now, &reached);
    for (int s = 0; s < task->states; s++)
        if (task_has_state(reached & task->accepts, s))
            keep_larger(&best, now[s]);
    lanes_store(ret_value, best.value);
    lanes_store(ret_weight, best.weight);
}
