#include "trellis.h"

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
    NUMBERS_MOST = 64,
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

static void read_head(Trellis *t, Lines *l)
{
    lines_expect(l, "ripple-task");
    lines_expect(l, "1");
    lines_next(l);
    t->columns = field(l, "columns", 1, COLUMNS_MOST);
    t->states = field(l, "states", 1, STATES_MOST);
    t->symbols = field(l, "symbols", 1, SYMBOLS_MOST);
    if (t->columns * t->states * t->symbols > EDGES_MOST)
        reject(l->place, "more edges than this checker reckons with");
    t->words = (t->symbols + 63) / 64;
    t->start = field(l, "initial", 0, t->states - 1);
}

static void read_next(Trellis *t, Lines *l)
{
    t->next = POOL_TAKE(int, t->states * t->symbols);
    t->lead = POOL_TAKE(uint64_t, t->states * t->states * t->words);
    for (int q = 0; q < t->states; q++) {
        lines_expect(l, "next");
        lines_number(l, q, q);
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
        lines_expect(l, "allow");
        lines_number(l, c, c);
        lines_set(l, t->symbols, t->allow + c * t->words);
        lines_next(l);
    }
}

static void read_tokens(Trellis *t, Lines *l)
{
    t->text = POOL_TAKE(const char *, TOKENS_MOST);
    while (lines_begin(l, "token")) {
        lines_expect(l, "token");
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
    for (; lines_begin(l, "table"); t->tables++) {
        if (t->tables == TABLES_MOST)
            reject(l->place, "more tables than this checker reckons with");
        for (int q = 0; q < t->states; q++) {
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
        bool fixed = lines_begin(l, "fixed");
        lines_expect(l, fixed ? "fixed" : "column");
        lines_number(l, i, i);
        t->spot[i].column = fixed ? -1 : (int)lines_number(l, 0, t->columns - 1);
        t->spot[i].source = (int)lines_number(l, 0, (fixed ? t->tokens : t->tables) - 1);
        lines_next(l);
    }
}

// Names are what the theorem is printed with: they must not be taken for something else.
static const char *copy_name(const Trellis *t, const Lines *l, const char *name, size_t size)
{
    char *copy = POOL_TAKE(char, size + 1);
    memcpy(copy, name, size);
    static const char signs[] = "0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    if (strspn(copy, signs) != size || strchr("0123456789", copy[0]))
        malformed(l->place, "the name of a number is no name (K4)");
    for (int n = 0; n < t->numbers; n++)
        if (strcmp(t->number[n].name, copy) == 0)
            reject(l->place, "two numbers have the same name (K4)");
    return copy;
}

static void read_numbers(Trellis *t, Lines *l)
{
    t->number = POOL_TAKE(Number, NUMBERS_MOST);
    for (; lines_begin(l, "number"); t->numbers++) {
        if (t->numbers == NUMBERS_MOST)
            reject(l->place, "more numbers than this checker reckons with");
        Number *x = &t->number[t->numbers];
        lines_expect(l, "number");
        size_t size;
        const char *name = lines_word(l, &size);
        x->name = copy_name(t, l, name, size);
        x->coefficient = lines_number(l, INT64_MIN, INT64_MAX);
        if (x->coefficient == 0)
            reject(l->place, "a number that counts nothing (K4)");
        x->position = POOL_TAKE(int, t->length);
        do {
            if (x->digits == t->length)
                reject(l->place, "a number with more digits than there are positions");
            x->position[x->digits++] = (int)lines_number(l, 0, t->length - 1);
        } while (lines_more(l));
        lines_next(l);
    }
    lines_expect(l, "claim");
    lines_expect(l, "sum");
    lines_expect(l, "is");
    lines_expect(l, "zero");
    lines_next(l);
    if (!lines_at_end(l))
        malformed(l->place, "the task goes on after its claim (K4)");
}

// ---- conditions 1 to 3 of K4 --------------------------------------------------------------------

static void check_edges(Trellis *t, Place place)
{
    t->reach = POOL_TAKE(uint64_t, t->columns + 1);
    t->reach[0] = UINT64_C(1) << t->start;
    for (int c = 0; c < t->columns; c++)
        for (int q = 0; q < t->states; q++)
            for (int s = 0; s < t->symbols; s++) {
                if (!trellis_edge(t, c, q, s))
                    continue;
                if (trellis_next(t, q, s) < 0)
                    reject(place, "no edge from state %d in column %d for symbol %d (K4)", q, c, s);
                t->reach[c + 1] |= UINT64_C(1) << trellis_next(t, q, s);
            }
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

// Some state of the column that a path can be in.
static int some_state(const Trellis *t, int column)
{
    return __builtin_ctzll(t->reach[column]);
}

static bool prompt_tells_apart(const Trellis *t, int column, int s, int r)
{
    int q = some_state(t, column);
    for (int i = 0; i < t->prompt; i++)
        if (t->spot[i].column == column && trellis_token(t, i, q, s) != trellis_token(t, i, q, r))
            return true;
    return false;
}

static void check_prompts(const Trellis *t, Place place)
{
    for (int c = 0; c < t->columns; c++)
        for (int s = 0; s < t->symbols; s++)
            for (int r = 0; r < s; r++)
                if (set_has(t->allow + c * t->words, s) && set_has(t->allow + c * t->words, r) &&
                    !prompt_tells_apart(t, c, s, r))
                    reject(place, "symbols %d and %d of column %d have the same prompt (K4)", r, s,
                           c);
}

static void count_inputs(Trellis *t)
{
    mpz_init_set_ui(t->inputs, 1);
    for (int c = 0; c < t->columns; c++) {
        unsigned long count = 0;
        for (int w = 0; w < t->words; w++)
            count += (unsigned long)__builtin_popcountll(t->allow[c * t->words + w]);
        mpz_mul_ui(t->inputs, t->inputs, count);
    }
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
    read_numbers(t, &lines);
    Place whole = {file->name, 0};
    check_edges(t, whole);
    t->options = POOL_TAKE(int, t->length);
    t->option = POOL_TAKE(int *, t->length);
    for (int i = 0; i < t->length; i++)
        check_spot(t, i, whole);
    check_prompts(t, whole);
    count_inputs(t);
    level_a_check(t, whole);
}

void trellis_clear(Trellis *t)
{
    mpz_clear(t->inputs);
}
