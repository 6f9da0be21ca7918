// Random small trellises and claims: the checker accepts those that all paths, one by one, say it should.
#include "reject.h"
#include "trellis.h"

#include "child.h"
#include "written.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TESTS(X)                                                                                   \
    X(one_path_for_each_sequence_of_symbols)                                                       \
    X(a_literal_for_each_last_state)

enum { STATES = 4, SYMBOLS = 3, COLUMNS = 3, CLAUSES = 3, LITERALS = 2, TERMS = 3 };

// The prompt is the symbols; the answer, a digit and a token of two for each column.
typedef struct Task {
    int columns, symbols;
    unsigned start, accept, allow[COLUMNS];
    int next[STATES][SYMBOLS]; // -1: none
    int digit[STATES][SYMBOLS], sign[STATES][SYMBOLS];
    int clauses, literals[CLAUSES];
    int constant[CLAUSES][LITERALS];
    int coefficient[CLAUSES][LITERALS]
                   [TERMS]; // of the number asked, of the answer, of the last token
} Task;

static int below(int n)
{
    return rand() % n;
}

// Some bits of so many, at least one.
static unsigned some(int bits)
{
    return 1 + (unsigned)below((1 << bits) - 1);
}

static void random_edges(Task *t)
{
    t->columns = 1 + below(COLUMNS);
    t->symbols = 1 + below(SYMBOLS);
    t->start = some(STATES);
    t->accept = some(STATES);
    for (int c = 0; c < t->columns; c++)
        t->allow[c] = some(t->symbols);
    int holes = below(4), states = 1 + below(STATES);
    for (int q = 0; q < STATES; q++)
        for (int s = 0; s < t->symbols; s++)
            t->next[q][s] = below(4) < holes ? -1 : below(states);
}

// A guess that is confirmed: states 0 and 1 become 2 and 3, or stay, by what was guessed.
static void random_guess(Task *t)
{
    random_edges(t);
    t->start = 1 | 1 << 2;
    t->accept = 1 << below(2) | 1 << (2 + below(2));
    for (int q = 0; q < STATES; q++)
        for (int s = 0; s < t->symbols; s++)
            t->next[q][s] = q < 2 ? below(2) : t->next[q - 2][s] + 2;
}

static void random_answers(Task *t)
{
    int most = 1 + below(3);
    for (int q = 0; q < STATES; q++)
        for (int s = 0; s < SYMBOLS; s++) {
            t->digit[q][s] = below(most);
            t->sign[q][s] = below(4) ? q / 2 : below(2);
        }
}

static void random_claim(Task *t)
{
    t->clauses = 1 + below(CLAUSES);
    for (int k = 0; k < t->clauses; k++) {
        t->literals[k] = 1 + below(LITERALS);
        for (int l = 0; l < t->literals[k]; l++) {
            t->constant[k][l] = below(3) ? below(5) - 1 : below(300) - 50;
            for (int i = 0; i < TERMS; i++)
                t->coefficient[k][l][i] = below(3) ? below(5) - 2 : below(200) - 100;
        }
    }
    t->coefficient[0][0][1] = t->coefficient[0][0][1] ? t->coefficient[0][0][1] : 1;
}

// ---- as K4 writes it ----------------------------------------------------------------------------

static void put_set(const char *name, unsigned set)
{
    put("%s ", name);
    for (int i = 0, first = 1; i < 8; i++)
        if (set >> i & 1) {
            put(first ? "%d" : ",%d", i);
            first = 0;
        }
    put("\n");
}

static void put_row(const char *name, int q, const int *row, int symbols)
{
    put("%s %d", name, q);
    for (int s = 0; s < symbols; s++)
        put(row[s] < 0 ? " -" : " %d", row[s]);
    put("\n");
}

static void put_tables(const Task *t)
{
    static const int symbol[SYMBOLS] = {0, 1, 2};
    for (int q = 0; q < STATES; q++)
        put_row("next", q, t->next[q], t->symbols);
    for (int c = 0; c < t->columns; c++) {
        char name[20];
        snprintf(name, sizeof name, "allow %d", c);
        put_set(name, t->allow[c]);
    }
    for (int k = 0; k < 5; k++)
        put("token %d %s\n", k, (const char *const[]){"0", "1", "2", "no", "yes"}[k]);
    for (int q = 0; q < STATES; q++)
        put_row("table 0", q, symbol, t->symbols);
    for (int q = 0; q < STATES; q++)
        put_row("table 1", q, t->digit[q], t->symbols);
    for (int q = 0; q < STATES; q++) {
        int sign[SYMBOLS];
        for (int s = 0; s < SYMBOLS; s++)
            sign[s] = 3 + t->sign[q][s];
        put_row("table 2", q, sign, t->symbols);
    }
}

static void put_quantities(const Task *t)
{
    int n = t->columns;
    put("prompt %d\nanswer %d\n", n, n + 1);
    for (int i = 0; i < 2 * n; i++)
        put("column %d %d %d\n", i, i % n, i / n);
    put("column %d %d 2\nnumber x", 2 * n, n - 1);
    for (int i = 0; i < n; i++)
        put(" %d", i);
    put("\nnumber y");
    for (int i = 0; i < n; i++)
        put(" %d", n + i);
    put("\nchoice z %d 3 4\nnumber unit 0\n", 2 * n);
}

static void put_claim(const Task *t)
{
    for (int k = 0; k < t->clauses; k++) {
        put("clause\n");
        for (int l = 0; l < t->literals[k]; l++) {
            bool none = true;
            put("literal %d", t->constant[k][l]);
            for (int i = 0; i < TERMS; i++)
                if (t->coefficient[k][l][i]) {
                    put(" %d %c", t->coefficient[k][l][i], "xyz"[i]);
                    none = false;
                }
            put(none ? " 1 unit\n" : "\n");
        }
    }
    put("clause\nliteral 0 1 y 1 z\n"); // it names all of the answer
}

static void put_task(const Task *t)
{
    length = 0;
    put("ripple-task 2\ncolumns %d\nstates %d\nsymbols %d\n", t->columns, STATES, t->symbols);
    put_set("start", t->start);
    put_set("accept", t->accept);
    put_tables(t);
    put_quantities(t);
    put_claim(t);
}

static void read_task(const void *context)
{
    Trellis trellis;
    ProofFile file = {"task.txt", text, (size_t)length};
    (void)context;
    trellis_read(&trellis, &file);
    trellis_clear(&trellis);
}

static bool accepts(const Task *t)
{
    put_task(t);
    int code = exit_code_of(read_task, NULL);
    CU_ASSERT(code == EXIT_ACCEPTED || code == EXIT_REJECTED);
    return code == EXIT_ACCEPTED;
}

// ---- path by path -------------------------------------------------------------------------------

typedef struct Path {
    int x, y, z, unit, last;
} Path;

// The number of paths with these symbols; *ret is one of them.
static int find_paths(const Task *t, const int *symbols, Path *ret)
{
    int count = 0;
    for (int start = 0; start < STATES; start++) {
        Path path = {0, 0, 0, symbols[0], start};
        int q = t->start >> start & 1 ? start : -1;
        for (int c = 0; c < t->columns && q >= 0; c++) {
            path.x = 10 * path.x + symbols[c];
            path.y = 10 * path.y + t->digit[q][symbols[c]];
            path.z = t->sign[q][symbols[c]];
            q = t->next[q][symbols[c]];
        }
        if (q >= 0 && t->accept >> q & 1) {
            path.last = q;
            *ret = path;
            count++;
        }
    }
    return count;
}

// Tries all sequences of allowed symbols. False unless each has one path; counts these by last state, and by those
// on which literals hold.
static bool try_all(const Task *t, int ret_paths[STATES], int ret_held[STATES][CLAUSES][LITERALS])
{
    bool good = true;
    for (int input = 0, all = t->columns == 1   ? 3
                              : t->columns == 2 ? 9
                                                : 27;
         input < all; input++) {
        int symbols[COLUMNS] = {input % 3, input / 3 % 3, input / 9};
        bool allowed = true;
        for (int c = 0; c < t->columns; c++)
            allowed = allowed && symbols[c] < t->symbols && t->allow[c] >> symbols[c] & 1;
        Path p = {0};
        if (!allowed)
            continue;
        if (find_paths(t, symbols, &p) != 1) {
            good = false;
            continue;
        }
        ret_paths[p.last]++;
        for (int k = 0; k < t->clauses; k++)
            for (int l = 0; l < t->literals[k]; l++) {
                const int *c = t->coefficient[k][l];
                int sum = t->constant[k][l] + c[0] * p.x + c[1] * p.y + c[2] * p.z;
                if (!c[0] && !c[1] && !c[2])
                    sum += p.unit;
                ret_held[p.last][k][l] += sum >= 0;
            }
    }
    return good;
}

static bool should_be_accepted(const Task *t)
{
    int paths[STATES] = {0}, held[STATES][CLAUSES][LITERALS] = {0};
    bool good = try_all(t, paths, held);
    for (int q = 0; q < STATES; q++)
        for (int k = 0; k < t->clauses; k++) {
            bool some_literal = paths[q] == 0;
            for (int l = 0; l < t->literals[k]; l++)
                some_literal = some_literal || held[q][k][l] == paths[q];
            good = good && some_literal;
        }
    return good;
}

static void try_many(void (*make)(Task *), bool with_claim, int rounds)
{
    int accepted = 0, wrong = 0;
    for (int round = 0; round < rounds; round++) {
        Task t = {0};
        make(&t);
        random_answers(&t);
        if (with_claim)
            random_claim(&t);
        else {
            t.clauses = t.literals[0] = 1;
            t.coefficient[0][0][1] = 1;
        }
        bool right = should_be_accepted(&t);
        wrong += accepts(&t) != right;
        accepted += right;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(accepted > rounds / 50 && accepted < rounds - rounds / 50);
}

static void one_path_for_each_sequence_of_symbols(void)
{
    srand(1);
    try_many(random_edges, false, 1000);
    try_many(random_guess, false, 1000);
}

// Only tasks whose sequences have one path each.
static void random_good(Task *t)
{
    int paths[STATES] = {0}, held[STATES][CLAUSES][LITERALS] = {0};
    do {
        *t = (Task){0};
        (below(2) ? random_edges : random_guess)(t);
    } while (!try_all(t, paths, held));
}

static void a_literal_for_each_last_state(void)
{
    srand(2);
    try_many(random_good, true, 2000);
}

RUN_TESTS("check/claims", TESTS)
