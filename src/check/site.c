#include "site.h"

#include "exponential.h"
#include "paths.h"
#include "pool.h"
#include "reject.h"

enum { DOWN = FIXED_BITS - PATHS_VALUE_BITS };

// ---- what all answer positions share ------------------------------------------------------------

static void make_values(SiteParts *parts, int position)
{
    const Model *m = parts->tables->problem->model;
    const Table *t = tables_at(parts->tables, m->layers - 1, position);
    int64_t count = t->cone->count, *row = pool_numbers(m->hidden), worst = 0;
    int32_t **values = POOL_TAKE(int32_t *, m->heads);
    for (int h = 0; h < m->heads; h++) {
        Matrix mix = matrix_inputs(&parts->mix, h * m->width, m->width);
        values[h] = POOL_TAKE(int32_t, (size_t)count * (size_t)m->hidden);
        for (int64_t c = 0; c < count; c++) {
            int64_t rad =
                matrix_apply(&mix, t->v + c * m->hk + h * m->width, t->rv[c], NULL, 0, row);
            worst = fixed_greater(worst, rad);
            for (int i = 0; i < m->hidden; i++) {
                int64_t value = row[i] >> DOWN;
                if (fixed_abs(value) >= PATHS_VALUE_LIMIT - 1024)
                    reject(place_model, "a head moves a neuron by 2^11 or more");
                values[h][c * m->hidden + i] = (int32_t)value;
            }
        }
    }
    parts->values[position] = values;
    parts->values_off[position] = (int32_t)((worst >> DOWN) + 2);
}

void site_parts_init(SiteParts *p, const Tables *tables)
{
    const Model *m = tables->problem->model;
    const Layer *y = &m->layer[m->layers - 1];
    *p = (SiteParts){.tables = tables,
                     .mix = matrix_product(&y->o, &y->in),
                     .far = POOL_TAKE(Matrix, m->heads),
                     .o_back = matrix_transpose(&y->o),
                     .v_back = POOL_TAKE(Matrix, m->heads),
                     .in_back = matrix_transpose(&y->in),
                     .out_back = matrix_transpose(&y->out),
                     .values = POOL_TAKE(int32_t **, tables->problem->task->length),
                     .values_off = POOL_TAKE(int32_t, tables->problem->task->length)};
    for (int h = 0; h < m->heads; h++) {
        Matrix v = matrix_outputs(&y->v, h * m->width, m->width);
        Matrix mix = matrix_inputs(&p->mix, h * m->width, m->width);
        p->far[h] = matrix_product(&v, &mix);
        p->v_back[h] = matrix_transpose(&v);
    }
    for (int j = 0; j < tables->problem->task->length; j++)
        if (tables_at(tables, m->layers - 1, j))
            make_values(p, j);
}

// ---- keys ---------------------------------------------------------------------------------------

void site_keys(Site *site, const SiteParts *parts, int position)
{
    const Tables *tables = parts->tables;
    const Model *m = tables->problem->model;
    int last = m->layers - 1, j = position - 1;
    *site = (Site){.tables = tables,
                   .position = position,
                   .query = j,
                   .table = tables_at(tables, last, j),
                   .key = POOL_TAKE(SiteKey, j + 1),
                   .keys_of = POOL_TAKE(int, m->heads)};
    for (int k = 0; k <= j; k++) {
        SiteKey *key = &site->key[site->keys];
        bool read = false;
        key->read = POOL_TAKE(bool, m->heads);
        for (int h = 0; h < m->heads; h++) {
            key->read[h] = model_edge(m, last, h, j, k);
            site->keys_of[h] += key->read[h];
            read |= key->read[h];
        }
        if (!read)
            continue;
        key->position = k;
        key->column = -1;
        key->table = tables_at(tables, last, k);
        site->keys++;
    }
    for (int h = 0; h < m->heads; h++)
        if (site->keys_of[h] > PATHS_KEYS_MOST)
            reject(place_model, "a head reads more keys than this checker reckons with");
}

// Whether a configuration of a key has the first option at all positions of the query's cone; so the members at any
// configuration of the query are these, moved by its base.
static bool is_offset(const Site *site, const Cone *cone, int64_t configuration)
{
    for (int i = 0; i < cone->size; i++)
        if (cone_find(site->table->cone, cone->position[i]) >= 0 &&
            cone_option(site->tables->problem, cone, configuration, i) > 0)
            return false;
    return true;
}

// Whether its tokens are those of a symbol at the other positions of the prompt in the key's column.
static bool has_tokens(const Site *site, const SiteKey *key, int64_t configuration, int symbol)
{
    const Problem *p = site->tables->problem;
    const Trellis *t = p->task;
    const Cone *cone = key->table->cone;
    for (int i = 0; i < cone->size; i++) {
        int j = cone->position[i];
        if (cone_find(site->table->cone, j) >= 0 || j >= t->prompt ||
            t->spot[j].column != key->column)
            continue;
        int token = t->option[j][cone_option(p, cone, configuration, i)];
        if (token != trellis_token(t, j, trellis_state(t, key->column, symbol), symbol))
            return false;
    }
    return true;
}

// Members at a symbol, of which there are always as many. Returns how many; lists them unless ret is null.
static int members_at(const Site *site, const SiteKey *key, int symbol, int64_t *ret)
{
    int count = 0;
    for (int64_t n = 0; n < key->members; n++)
        if (key->column < 0 || has_tokens(site, key, key->offset[n], symbol)) {
            if (ret)
                ret[count] = n;
            count++;
        }
    return count;
}

static void list_members(const Site *site, SiteKey *key)
{
    const Trellis *t = site->tables->problem->task;
    const Cone *cone = key->table->cone;
    key->offset = pool_numbers(cone->count);
    for (int64_t c = 0; c < cone->count; c++)
        if (is_offset(site, cone, c))
            key->offset[key->members++] = c;
    key->at = POOL_TAKE(int64_t *, t->symbols);
    for (int s = 0; s < (key->column < 0 ? 1 : t->symbols); s++)
        if (key->column < 0 || set_has(t->allow + key->column * t->words, s)) {
            key->choices = members_at(site, key, s, NULL);
            key->at[s] = pool_numbers(key->choices);
            members_at(site, key, s, key->at[s]);
        }
}

int64_t site_base(const Site *site, const SiteKey *key, int64_t configuration)
{
    const Cone *cone = key->table->cone;
    int64_t base = 0;
    for (int i = 0; i < cone->size; i++) {
        int at = cone_find(site->table->cone, cone->position[i]);
        if (at >= 0)
            base += cone->stride[i] *
                    cone_option(site->tables->problem, site->table->cone, configuration, at);
    }
    return base;
}

// ---- K9 -----------------------------------------------------------------------------------------

int64_t site_head_error(const Site *site, int h, const int64_t *c, const int64_t *far)
{
    const Model *m = site->tables->problem->model;
    int from = h * m->width;
    int64_t most = 0;
    if (site->keys_of[h] == 0)
        return 0;
    for (int k = 0; k < site->keys; k++) {
        const Table *t = site->key[k].table;
        if (site->key[k].read[h])
            most = fixed_greater(most, fixed_within((Wide)fixed_dot_up(t->e_most, far, m->d) +
                                                    fixed_dot_up(t->lv_most + from, c, m->width)));
    }
    int64_t v = fixed_dot_up(site->v_most + from, c, m->width);
    return fixed_within((Wide)most + fixed_gamma_up(v, 2 * site->keys_of[h] + 2) + FIXED_GRAIN);
}

static void find_v_most(Site *site)
{
    const Model *m = site->tables->problem->model;
    site->v_most = pool_numbers(m->hk);
    for (int k = 0; k < site->keys; k++)
        for (int r = 0; r < m->hk; r++)
            if (site->key[k].read[r / m->width])
                site->v_most[r] = fixed_greater(site->v_most[r], site->key[k].table->v_most[r]);
}

static void find_direct(Site *site)
{
    const Model *m = site->tables->problem->model;
    const Layer *y = &m->layer[m->layers - 1];
    int64_t count = site->table->cone->count;
    site->entry = pool_numbers(count * m->d);
    site->entry_rad = pool_numbers(count);
    site->direct = pool_numbers(count * m->hidden);
    site->direct_rad = pool_numbers(count);
    for (int64_t c = 0; c < count; c++) {
        for (int i = 0; i < m->d; i++)
            site->entry[c * m->d + i] =
                fixed_within((Wide)site->table->x[c * m->d + i] + y->bo.a[i]);
        site->entry_rad[c] = fixed_radius((Wide)site->table->rx[c] + y->bo.rad);
        site->direct_rad[c] = matrix_apply(&y->in, site->entry + c * m->d, site->entry_rad[c],
                                           y->bin.a, y->bin.rad, site->direct + c * m->hidden);
    }
}

// Sizes of a row of a matrix.
static void row_sizes(const Matrix *m, int o, int64_t *ret)
{
    fixed_sizes(m->a + (size_t)o * (size_t)m->stride, m->rad, NULL, m->in, ret);
}

static void find_wide(Site *site, const SiteParts *parts)
{
    const Model *m = site->tables->problem->model;
    const Layer *y = &m->layer[m->layers - 1];
    int64_t *e = pool_numbers(m->d), *c = pool_numbers(m->width), *far = pool_numbers(m->d);
    site->wide = pool_numbers(m->hidden);
    for (int i = 0; i < m->d; i++)
        e[i] = fixed_within((Wide)site->table->e_most[i] + site->ly[i]);
    matrix_apply_up(&y->in, e, site->wide);
    for (int i = 0; i < m->hidden; i++) {
        Wide wide = (Wide)site->wide[i] + site->lu[i] + FIXED_GRAIN;
        for (int h = 0; h < m->heads; h++) {
            Matrix mix = matrix_inputs(&parts->mix, h * m->width, m->width);
            row_sizes(&mix, i, c);
            row_sizes(&parts->far[h], i, far);
            wide += site_head_error(site, h, c, far);
        }
        site->wide[i] = fixed_within(wide);
    }
}

static int64_t greatest_value(const Site *site, int h, int i)
{
    const Model *m = site->tables->problem->model;
    int64_t most = INT64_MIN;
    for (int k = 0; k < site->keys; k++) {
        const SiteKey *key = &site->key[k];
        for (int64_t c = 0; key->read[h] && c < key->table->cone->count; c++)
            most = fixed_greater(most, (int64_t)key->value[h][c * m->hidden + i] + key->value_off);
    }
    return site->keys_of[h] ? most * (INT64_C(1) << DOWN) : 0;
}

static void find_hidden(const Site *site, int64_t *ret)
{
    const Model *m = site->tables->problem->model;
    for (int i = 0; i < m->hidden; i++) {
        Wide most = -((Wide)1 << 100);
        for (int64_t c = 0; c < site->table->cone->count; c++) {
            Wide direct = (Wide)site->direct[c * m->hidden + i] + site->direct_rad[c];
            most = direct > most ? direct : most;
        }
        most += site->wide[i];
        for (int h = 0; h < m->heads; h++)
            most += greatest_value(site, h, i);
        ret[i] = most > 0 ? fixed_within(most) : 0;
    }
}

// ret = size |W| + |b|.
static void reach(const Matrix *w, const Bias *b, const int64_t *size, int64_t *ret)
{
    matrix_apply_up(w, size, ret);
    for (int o = 0; o < w->out; o++)
        ret[o] = fixed_within((Wide)ret[o] + fixed_abs(b->a[o]) + b->rad);
}

static void find_attention_errors(Site *site, int64_t *y_most)
{
    const Model *m = site->tables->problem->model;
    const Layer *y = &m->layer[m->layers - 1];
    int64_t *z = pool_numbers(m->hk), *out = pool_numbers(m->d), *size = pool_numbers(m->d);
    for (int r = 0; r < m->hk; r++)
        z[r] = fixed_within((Wide)site->v_most[r] + site->v_most[r] / 1024 + 1);
    for (int64_t c = 0; c < site->table->cone->count; c++)
        for (int i = 0; i < m->d; i++)
            y_most[i] = fixed_greater(
                y_most[i], fixed_within((Wide)fixed_abs(site->table->x[c * m->d + i]) +
                                        site->table->rx[c] + site->table->e[c * m->d + i]));
    reach(&y->o, &y->bo, z, out);
    site->ly = pool_numbers(m->d);
    for (int i = 0; i < m->d; i++) {
        y_most[i] = fixed_within((Wide)y_most[i] + out[i]);
        int64_t la = fixed_gamma_up(out[i], m->hk + 1) + FIXED_GRAIN;
        site->ly[i] = la + fixed_ulp_up(fixed_within((Wide)y_most[i] + la)) + FIXED_GRAIN;
        size[i] = fixed_within((Wide)y_most[i] + site->ly[i]);
    }
    site->lu = pool_numbers(m->hidden);
    matrix_rounding_up(&y->in, y->bin.a, y->bin.rad, size, m->d + 1, site->lu);
}

static void find_output_errors(Site *site, const int64_t *y_most)
{
    const Model *m = site->tables->problem->model;
    const Layer *y = &m->layer[m->layers - 1];
    int64_t *h = pool_numbers(m->hidden), *out = pool_numbers(m->d), *size = pool_numbers(m->d);
    find_hidden(site, h);
    reach(&y->out, &y->bout, h, out);
    site->lx = pool_numbers(m->d);
    for (int i = 0; i < m->d; i++) {
        int64_t x = fixed_within((Wide)y_most[i] + site->ly[i] + out[i]);
        int64_t lo = fixed_gamma_up(out[i], m->hidden + 1);
        site->lx[i] = fixed_within((Wide)lo + fixed_ulp_up(lo) + fixed_ulp_up(x) + FIXED_GRAIN);
        size[i] = fixed_within((Wide)x + site->lx[i]);
    }
    site->ll = pool_numbers(m->vocabulary);
    matrix_rounding_up(&m->unembed, m->bu.a, m->bu.rad, size, m->d + 1, site->ll);
}

// ---- weights ------------------------------------------------------------------------------------

static const int64_t tau_most = 16 * FIXED_ONE;

// S of K11 is so far above the greatest score; a spread is less.
static const int64_t above_all = 17 * FIXED_ONE;

// Encloses e^-y for y within spread of `below`. Requires: spread <= below, spread <= above_all. (So shifts differ by less
// than 2 * 17 / ln 2 + 1 < 64.)
static Weight weight_of(int64_t below, int64_t spread)
{
    int least, middle, shift;
    uint64_t low = exponential(below + spread, &least) - EXPONENTIAL_ERROR;
    uint64_t about = exponential(below, &middle);
    uint64_t high = exponential(below - spread, &shift) + EXPONENTIAL_ERROR;
    return (Weight){low >> (least - shift), about >> (middle - shift), high, shift};
}

// The weights of a head at a configuration of the query, one for each member of its keys.
static void weigh(const Site *site, int h, int64_t c, TauQuery *query, int64_t *score,
                  int64_t *spread, Weight *ret)
{
    const Model *m = site->tables->problem->model;
    int from = h * m->width;
    int64_t greatest = INT64_MIN;
    tau_query_set(query, m, site->table, c, from);
    for (int k = 0; k < site->keys; k++) {
        const SiteKey *key = &site->key[k];
        int64_t base = site_base(site, key, c);
        for (int64_t n = 0; key->read[h] && n < key->members; n++) {
            Ball s = exact_score(m, site->table, c, key->table, base + key->offset[n], from);
            int64_t tau = tau_bound(query, m, key->table, base + key->offset[n], from);
            if (tau > tau_most)
                reject(place_model, "tau at position %d is greater than 16 (K9)", site->query);
            score[key->place + n] = s.mid;
            spread[key->place + n] = tau + (FIXED_ONE >> 16) + s.rad;
            greatest = fixed_greater(greatest, s.mid);
        }
    }
    for (int k = 0; k < site->keys; k++) {
        const SiteKey *key = &site->key[k];
        for (int64_t n = key->place; key->read[h] && n < key->place + key->members; n++)
            ret[n] = weight_of(fixed_within((Wide)greatest + above_all - score[n]), spread[n]);
    }
}

static void find_weights(Site *site)
{
    const Model *m = site->tables->problem->model;
    int64_t count = site->table->cone->count;
    site->weight = POOL_TAKE(Weight, (size_t)count * (size_t)m->heads * (size_t)site->members);
    int64_t *score = pool_numbers(site->members), *spread = pool_numbers(site->members);
    TauQuery query = tau_query_new(m);
    for (int64_t c = 0; c < count; c++)
        for (int h = 0; h < m->heads; h++)
            weigh(site, h, c, &query, score, spread,
                  site->weight + (c * m->heads + h) * site->members);
}

void site_fill(Site *site, const SiteParts *parts)
{
    int64_t *y_most = pool_numbers(site->tables->problem->model->d);
    for (int k = 0; k < site->keys; k++) {
        SiteKey *key = &site->key[k];
        list_members(site, key);
        key->place = site->members;
        site->members += key->members;
        key->value = parts->values[key->position];
        key->value_off = parts->values_off[key->position];
    }
    find_v_most(site);
    find_direct(site);
    find_attention_errors(site, y_most);
    find_wide(site, parts);
    find_output_errors(site, y_most);
    find_weights(site);
}
