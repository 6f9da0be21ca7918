#include "trellis.h"

#include "edge_set.h"
#include "level_a.h"
#include "lines.h"
#include "pool.h"

#include <string.h>

enum {
    COLUMNS_MOST = 256,
    STATES_MOST = 64,
    SYMBOLS_MOST = 1000,
    TABLES_MOST = 256,
    TOKENS_MOST = 65536,
    POSITIONS_MOST = 1024,
    QUANTITIES_MOST = 256,
    LITERALS_MOST = 4096,
    EDGES_MOST = 1 << 20
};

// ---- reading ------------------------------------------------------------------------------------

static int field(Lines *l, const char *name, int low, int high)
{
    lines_expect(l, name);
    int value = (int)lines_number(l, low, high);
    lines_next(l);
    return value;
}

static uint64_t read_states(const Trellis *t, Lines *l, const char *name)
{
    uint64_t states = 0;
    lines_expect(l, name);
    lines_set(l, t->states, &states);
    lines_next(l);
    return states;
}

static void read_head(Trellis *t, Lines *l)
{
    lines_entry(l, "ripple-task", 2);
    lines_next(l);
    t->columns = field(l, "columns", 1, COLUMNS_MOST);
    t->states = field(l, "states", 1, STATES_MOST);
    t->symbols = field(l, "symbols", 1, SYMBOLS_MOST);
    if (t->columns * t->states * t->symbols > EDGES_MOST)
        reject(l->place, "more edges than this checker reckons with");
    t->words = (t->symbols + 63) / 64;
    t->start = read_states(t, l, "start");
    t->accept = read_states(t, l, "accept");
}

static void read_next(Trellis *t, Lines *l)
{
    t->next = POOL_TAKE(int, t->states * t->symbols);
    t->lead = POOL_TAKE(uint64_t, t->states * t->states * t->words);
    for (int q = 0; q < t->states; q++) {
        lines_entry(l, "next", q);
        for (int s = 0; s < t->symbols; s++) {
            int to = t->next[q * t->symbols + s] = (int)lines_choice(l, t->states - 1);
            if (to >= 0)
                t->lead[(q * t->states + to) * t->words + s / 64] |= UINT64_C(1) << s % 64;
        }
        lines_next(l);
    }
}

static void read_allow(Trellis *t, Lines *l)
{
    t->allow = POOL_TAKE(uint64_t, t->columns * t->words);
    for (int c = 0; c < t->columns; c++) {
        lines_entry(l, "allow", c);
        lines_set(l, t->symbols, t->allow + c * t->words);
        lines_next(l);
    }
}

static void read_tokens(Trellis *t, Lines *l)
{
    t->text = POOL_TAKE(const char *, TOKENS_MOST);
    while (lines_may(l, "token")) {
        lines_number(l, t->tokens, t->tokens);
        if (t->tokens == TOKENS_MOST)
            reject(l->place, "more tokens than this checker reckons with");
        const char *text = lines_rest(l);
        for (int k = 0; k < t->tokens; k++)
            if (strcmp(t->text[k], text) == 0)
                reject(l->place, "the text of token %d again (K4)", k);
        t->text[t->tokens++] = text;
        lines_next(l);
    }
}

static void read_tables(Trellis *t, Lines *l)
{
    int edges = t->states * t->symbols;
    t->table = POOL_TAKE(int, TABLES_MOST *edges);
    for (; lines_may(l, "table"); t->tables++) {
        if (t->tables == TABLES_MOST)
            reject(l->place, "more tables than this checker reckons with");
        for (int q = 0; q < t->states; q++) {
            if (q > 0)
                lines_expect(l, "table");
            lines_number(l, t->tables, t->tables);
            lines_number(l, q, q);
            for (int s = 0; s < t->symbols; s++)
                t->table[t->tables * edges + q * t->symbols + s] =
                    (int)lines_choice(l, t->tokens - 1);
            lines_next(l);
        }
    }
}

static void read_spots(Trellis *t, Lines *l)
{
    t->prompt = field(l, "prompt", 1, POSITIONS_MOST);
    t->length = t->prompt + field(l, "answer", 1, POSITIONS_MOST);
    t->spot = POOL_TAKE(Spot, t->length);
    for (int i = 0; i < t->length; i++) {
        bool fixed = lines_may(l, "fixed");
        if (!fixed)
            lines_expect(l, "column");
        lines_number(l, i, i);
        t->spot[i].column = fixed ? -1 : (int)lines_number(l, 0, t->columns - 1);
        t->spot[i].source = (int)lines_number(l, 0, (fixed ? t->tokens : t->tables) - 1);
        lines_next(l);
    }
}

// Names are what the theorem is printed with: they must not be taken for something else.
static const char *read_name(Lines *l)
{
    static const char signs[] = "0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t size;
    const char *word = lines_word(l, &size);
    const char *name = memcpy(POOL_TAKE(char, size + 1), word, size);
    if (strspn(name, signs) != size || strchr("0123456789", name[0]) || strcmp(name, "and") == 0 ||
        strcmp(name, "or") == 0)
        malformed(l->place, "the name of a quantity is no name (K4)");
    return name;
}

// The number of the quantity, or -1.
static int find_quantity(const Trellis *t, const char *name)
{
    int k = t->quantities;
    while (--k >= 0 && strcmp(t->quantity[k].name, name) != 0)
        ;
    return k;
}

static void read_number(const Trellis *t, Lines *l, Quantity *x)
{
    do {
        if (x->digits == t->length)
            reject(l->place, "a number with more digits than there are positions");
        x->position[x->digits++] = (int)lines_number(l, 0, t->length - 1);
    } while (lines_more(l));
    for (int k = 0; k < t->tokens; k++)
        if (strlen(t->text[k]) == 1 && *t->text[k] >= '0' && *t->text[k] <= '9')
            x->value[k] = *t->text[k] - '0';
}

static void read_choice(const Trellis *t, Lines *l, Quantity *x)
{
    x->position[x->digits++] = (int)lines_number(l, 0, t->length - 1);
    x->token = POOL_TAKE(int, t->tokens);
    do {
        int k = (int)lines_number(l, 0, t->tokens - 1);
        if (x->value[k] >= 0)
            malformed(l->place, "token %d is listed twice (K4)", k);
        x->token[x->choices] = k;
        x->value[k] = x->choices++;
    } while (lines_more(l));
}

static void read_quantities(Trellis *t, Lines *l)
{
    t->quantity = POOL_TAKE(Quantity, QUANTITIES_MOST);
    for (;; t->quantities++) {
        bool number = lines_may(l, "number");
        if (!number && !lines_may(l, "choice"))
            return;
        if (t->quantities == QUANTITIES_MOST)
            reject(l->place, "more quantities than this checker reckons with");
        Quantity *x = &t->quantity[t->quantities];
        x->name = read_name(l);
        if (find_quantity(t, x->name) >= 0)
            reject(l->place, "two quantities have the same name (K4)");
        x->position = POOL_TAKE(int, t->length);
        x->value = POOL_TAKE(int, t->tokens);
        for (int k = 0; k < t->tokens; k++)
            x->value[k] = -1;
        (number ? read_number : read_choice)(t, l, x);
        lines_next(l);
    }
}

static void read_literal(Trellis *t, Lines *l)
{
    if (t->literals == LITERALS_MOST)
        reject(l->place, "more literals than this checker reckons with");
    Literal *x = &t->literal[t->literals++];
    x->constant = lines_integer(l);
    x->coefficient = POOL_TAKE(const char *, t->quantities);
    do {
        const char *coefficient = lines_integer(l);
        int k = find_quantity(t, read_name(l));
        if (k < 0)
            malformed(l->place, "a literal names what is neither number nor choice (K4)");
        if (x->coefficient[k] || *coefficient == '0')
            malformed(l->place, "a quantity that counts nothing, or twice (K4)");
        x->coefficient[k] = coefficient;
        t->quantity[k].named = true;
    } while (lines_more(l));
    lines_next(l);
}

static void read_claim(Trellis *t, Lines *l)
{
    t->literal = POOL_TAKE(Literal, LITERALS_MOST);
    t->clause = POOL_TAKE(Clause, LITERALS_MOST);
    do {
        lines_expect(l, "clause");
        lines_next(l);
        int first = t->literals;
        lines_expect(l, "literal");
        do
            read_literal(t, l);
        while (lines_may(l, "literal"));
        t->clause[t->clauses++] = (Clause){first, t->literals - first};
    } while (!lines_at_end(l));
}

// ---- conditions 1 to 5 of K4 --------------------------------------------------------------------

// Two different paths with the same symbols begin in two starts. twins[q]: the states that some beginning of a path
// leads to while another one with the same symbols leads to q.
static void check_twins(const Trellis *t, Place place)
{
    uint64_t twins[STATES_MOST];
    for (int q = 0; q < t->states; q++)
        twins[q] = t->start >> q & 1 ? t->start & ~(UINT64_C(1) << q) : 0;
    for (int c = 0; c < t->columns; c++) {
        uint64_t after[STATES_MOST] = {0};
        for (int q = 0; q < t->states; q++)
            for (int s = 0; twins[q] && s < t->symbols; s++)
                for (uint64_t rest = trellis_edge(t, c, q, s) ? twins[q] : 0; rest;
                     rest &= rest - 1)
                    if (trellis_edge(t, c, __builtin_ctzll(rest), s))
                        after[trellis_next(t, q, s)] |=
                            UINT64_C(1) << trellis_next(t, __builtin_ctzll(rest), s);
        memcpy(twins, after, sizeof twins);
    }
    for (int q = 0; q < t->states; q++)
        if (twins[q])
            reject(place, "two paths have the same symbols (K4)");
}

// The number of inputs, if it is that of the paths.
static void check_paths(Trellis *t, Place place)
{
    mpz_t paths;
    mpz_init(paths);
    mpz_init_set_ui(t->inputs, 1);
    for (int c = 0; c < t->columns; c++) {
        unsigned long count = 0;
        for (int w = 0; w < t->words; w++)
            count += (unsigned long)__builtin_popcountll(t->allow[c * t->words + w]);
        mpz_mul_ui(t->inputs, t->inputs, count);
    }
    t->full = edge_set_new(t);
    edge_set_fill(t, &t->full);
    edge_set_trim(t, &t->full);
    edge_set_count(t, &t->full, paths);
    if (mpz_cmp(paths, t->inputs) != 0)
        reject(place, "there are not as many paths as sequences of allowed symbols (K4)");
    mpz_clear(paths);
    check_twins(t, place);
}

int trellis_state(const Trellis *t, int column, int symbol)
{
    int q = 0;
    while (!trellis_edge(t, column, q, symbol))
        q++;
    return q;
}

// The tokens that can stand at a position; those of the prompt must depend on the symbol only.
static void check_spot(Trellis *t, int position, Place place)
{
    int column = t->spot[position].column, count = 0;
    int *list = POOL_TAKE(int, t->tokens);
    bool *seen = POOL_TAKE(bool, t->tokens);
    if (column < 0)
        seen[t->spot[position].source] = true;
    for (int s = 0; column >= 0 && s < t->symbols; s++) {
        int other = -1;
        for (int q = 0; q < t->states; q++) {
            if (!trellis_edge(t, column, q, s))
                continue;
            int token = trellis_token(t, position, q, s);
            if (token < 0)
                reject(place, "no token at position %d in state %d for symbol %d (K4)", position, q,
                       s);
            if (position < t->prompt && other >= 0 && other != token)
                reject(place, "the token at position %d of the prompt depends on the state (K4)",
                       position);
            other = token;
            seen[token] = true;
        }
    }
    for (int k = 0; k < t->tokens; k++)
        if (seen[k])
            list[count++] = k;
    t->options[position] = count;
    t->option[position] = list;
}

// No two allowed symbols of a column write the same tokens into the prompt.
static void check_prompt(const Trellis *t, int column, Place place)
{
    PoolMark mark = pool_mark();
    int *position = POOL_TAKE(int, t->prompt), width = 0, rows = 0;
    for (int i = 0; i < t->prompt; i++)
        if (t->spot[i].column == column)
            position[width++] = i;
    int *row = POOL_TAKE(int, t->symbols *width), *last = row;
    for (int s = 0; s < t->symbols; s++) {
        if (!set_has(t->allow + column * t->words, s))
            continue;
        int q = trellis_state(t, column, s);
        for (int k = 0; k < width; k++)
            last[k] = trellis_token(t, position[k], q, s);
        for (int r = 0; r < rows; r++)
            if (memcmp(row + r * width, last, (size_t)width * sizeof *row) == 0)
                reject(place, "symbol %d of column %d has the prompt of one before it (K4)", s,
                       column);
        last += width;
        rows++;
    }
    pool_release(mark);
}

// Every token of a quantity counts something, and no position of the answer is left to chance.
static void check_quantities(const Trellis *t, Place place)
{
    bool *spoken = POOL_TAKE(bool, t->length);
    for (int k = 0; k < t->quantities; k++)
        for (int d = 0; d < t->quantity[k].digits; d++) {
            int i = t->quantity[k].position[d];
            spoken[i] |= t->quantity[k].named;
            for (int o = 0; o < t->options[i]; o++)
                if (t->quantity[k].value[t->option[i][o]] < 0)
                    reject(place, "\"%s\" stands where %s has %s (K4)", t->text[t->option[i][o]],
                           t->quantity[k].name,
                           t->quantity[k].choices ? "one of its tokens" : "a digit");
        }
    for (int i = t->prompt; i < t->length; i++)
        if (t->spot[i].column >= 0 && !spoken[i])
            reject(place, "position %d of the answer belongs to nothing that the claim names (K4)",
                   i);
}

void trellis_read(Trellis *t, const ProofFile *file)
{
    Lines lines;
    *t = (Trellis){.columns = 0};
    lines_open(&lines, file->name, file->bytes, file->size);
    read_head(t, &lines);
    read_next(t, &lines);
    read_allow(t, &lines);
    read_tokens(t, &lines);
    read_tables(t, &lines);
    read_spots(t, &lines);
    read_quantities(t, &lines);
    read_claim(t, &lines);
    Place whole = {file->name, 0};
    check_paths(t, whole);
    t->options = POOL_TAKE(int, t->length);
    t->option = POOL_TAKE(int *, t->length);
    for (int i = 0; i < t->length; i++)
        check_spot(t, i, whole);
    for (int c = 0; c < t->columns; c++)
        check_prompt(t, c, whole);
    check_quantities(t, whole);
    level_a_check(t, whole);
}

void trellis_clear(Trellis *t)
{
    mpz_clear(t->inputs);
}
