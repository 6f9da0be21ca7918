// One longest-path pass for FUNCTIONAL_LANES functionals side by side; compiled once for each way
// to write Lanes, with PATH_PASS naming the function that it defines.
//
// All arithmetic is on integers: weights at most 2^27 + 2, |g - lambda| at most 2^28, at most 64 keys,
// so that sums stay below 2^62 and no factor leaves 32 bits.

typedef struct Best { // value of partial paths, and their weight for the next lambda
    Lanes value, weight;
} Best;

static inline void keep_larger(Best *best, Best other)
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
    return (Best){lanes_multiply(weight, t), weight};
}

static inline Best key_best(const PathPass *p, int k, int symbol)
{
    const PathKey *key = &p->head->key[k];
    int at = key->column < 0 ? 0 : symbol * key->variants;
    Best best = term(p, k, at);
    for (int v = at + 1; v < at + key->variants; v++)
        keep_larger(&best, term(p, k, v));
    return best;
}

static inline Best class_best(const PathPass *p, const PathColumn *column, const PathClass *class,
                              const int *keys, int n_keys)
{
    Best best = {lanes_splat(NEVER), lanes_splat(0)};
    for (int i = class->first; i < class->first + class->count; i++) {
        Best sum = key_best(p, keys[0], column->symbol[i]);
        for (int k = 1; k < n_keys; k++) {
            Best one = key_best(p, keys[k], column->symbol[i]);
            sum.value = lanes_add(sum.value, one.value);
            sum.weight = lanes_add(sum.weight, one.weight);
        }
        keep_larger(&best, sum);
    }
    return best;
}

static inline void column_step(const PathPass *p, int c, Best *now, uint64_t *reached)
{
    const PathColumn *column = &p->path->column[c];
    Best after[TASK_STATES_MAX];
    uint64_t ends = 0;
    int keys[PATH_KEYS_MAX], n_keys = 0;
    for (int k = 0; k < p->head->n_keys; k++)
        if (p->head->key[k].column == c)
            keys[n_keys++] = k;
    for (int i = 0; i < column->n_classes; i++) {
        const PathClass *class = &column->classes[i];
        Best best = {lanes_splat(0), lanes_splat(0)};
        if (n_keys > 0)
            best = class_best(p, column, class, keys, n_keys);
        for (int m = 0; m < class->n_moves; m++) {
            int from = class->from[m], to = class->to[m];
            if (!(*reached >> from & 1))
                continue;
            Best sum = {lanes_add(now[from].value, best.value),
                        lanes_add(now[from].weight, best.weight)};
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

void PATH_PASS(const PathPass *p, int64_t *ret_value, int64_t *ret_weight)
{
    Best now[TASK_STATES_MAX], best = {lanes_splat(NEVER), lanes_splat(0)};
    const Task *task = p->path->task;
    uint64_t reached = task->starts;
    for (int s = 0; s < task->states; s++)
        now[s] = (Best){lanes_splat(0), lanes_splat(0)};
    for (int c = 0; c < task->columns; c++)
        column_step(p, c, now, &reached);
    for (int s = 0; s < task->states; s++)
        if (task_has_state(reached & task->accepts, s))
            keep_larger(&best, now[s]);
    for (int k = 0; k < p->head->n_keys; k++)
        if (p->head->key[k].column < 0) {
            Best one = key_best(p, k, 0);
            best.value = lanes_add(best.value, one.value);
            best.weight = lanes_add(best.weight, one.weight);
        }
    lanes_store(ret_value, best.value);
    lanes_store(ret_weight, best.weight);
}
