#include "theorem.h"

#include "pool.h"

#include <stdio.h>
#include <string.h>

// ---- prompt and answer --------------------------------------------------------------------------

static void print_text(const char *text)
{
    putchar('"');
    for (; *text; text++)
        printf(*text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    putchar('"');
}

// The tokens of a choice, or those that are chosen of them.
static void print_tokens(const Trellis *t, const Quantity *x, const bool *chosen)
{
    bool first = true;
    for (int j = 0; j < x->choices; j++) {
        if (chosen && !chosen[j])
            continue;
        printf(first ? "" : " or ");
        print_text(t->text[x->token[j]]);
        first = false;
    }
}

// How many positions from i on are those of a quantity, in order; 0 unless these are all of them. In the prompt,
// a number with a digit that is the same on every input is not shown as a whole.
static int run_of(const Trellis *t, const Quantity *x, int i)
{
    for (int n = 0; n < x->digits; n++)
        if (x->position[n] != i + n || (i + n < t->prompt && t->spot[i + n].column < 0))
            return 0;
    return x->digits;
}

// The longest quantity that stands at i as a whole, and ends before `to`; -1 if there is none.
static int quantity_at(const Trellis *t, int i, int to)
{
    int best = -1, most = 0;
    for (int n = 0; n < t->quantities; n++) {
        int run = run_of(t, &t->quantity[n], i);
        if (run > most && i + run <= to) {
            best = n;
            most = run;
        }
    }
    return best;
}

static void print_quantity(const Trellis *t, const Quantity *x)
{
    printf("%s (", x->name);
    if (x->choices)
        print_tokens(t, x, NULL);
    else
        printf("%d digit%s", x->digits, x->digits == 1 ? "" : "s");
    printf(")");
}

// Marks the quantities that it shows.
static void print_layout(const Trellis *t, int from, int to, bool *shown)
{
    for (int i = from; i < to; i++) {
        int n = quantity_at(t, i, to);
        printf(i == from ? "" : " ");
        if (n >= 0) {
            print_quantity(t, &t->quantity[n]);
            shown[n] = true;
            i += t->quantity[n].digits - 1;
        } else if (t->spot[i].column < 0)
            print_text(t->text[t->spot[i].source]);
        else
            printf("[token %d]", i);
    }
    printf("\n");
}

// What the layout does not say of a quantity.
static void print_details(const Trellis *t, const Quantity *x, bool shown)
{
    if (shown && !x->choices)
        return;
    printf("where    %s ", x->name);
    for (int j = 0; j < x->choices; j++) {
        printf(j ? ", %d for " : "is %d for ", j);
        print_text(t->text[x->token[j]]);
    }
    if (!shown)
        printf(x->choices ? ", the token at position" : "has its digits at the positions");
    for (int i = 0; i < x->digits && !shown; i++)
        printf(" %d", x->position[i]);
    printf("\n");
}

// ---- the claim ----------------------------------------------------------------------------------

static bool is_negative(const char *number)
{
    return *number == '-';
}

static const char *size_of(const char *number)
{
    return number + is_negative(number);
}

static bool opposite(const char *x, const char *y)
{
    return strcmp(size_of(x), size_of(y)) == 0 && (is_negative(x) != is_negative(y) || *x == '0');
}

// Whether b is the same as a, or (turned) the same with all signs changed.
static bool alike(const Trellis *t, const Literal *a, const Literal *b, bool turned)
{
    bool good = turned ? opposite(a->constant, b->constant) : strcmp(a->constant, b->constant) == 0;
    for (int k = 0; k < t->quantities && good; k++) {
        const char *x = a->coefficient[k], *y = b->coefficient[k];
        good = !x || !y ? x == y : turned ? opposite(x, y) : strcmp(x, y) == 0;
    }
    return good;
}

// The literal in which two clauses differ, if it says f >= 0 in one of them and -f >= 0 in the other; or -1.
static int turned_literal(const Trellis *t, const Clause *a, const Clause *b)
{
    int turned = -1;
    if (a->literals != b->literals)
        return -1;
    for (int l = 0; l < a->literals; l++) {
        const Literal *x = &t->literal[a->first + l], *y = &t->literal[b->first + l];
        if (alike(t, x, y, false))
            continue;
        if (turned >= 0 || !alike(t, x, y, true))
            return -1;
        turned = l;
    }
    return turned;
}

static void print_term(bool *first, bool minus, const char *size, const char *name)
{
    printf("%s", minus ? *first ? "-" : " - " : *first ? "" : " + ");
    if (!name || strcmp(size, "1") != 0)
        printf(name ? "%s " : "%s", size);
    printf("%s", name ? name : "");
    *first = false;
}

// Terms of a literal but one: those with a negative coefficient, with the sign changed, or the others; in full, the
// rest with a minus behind them.
static void print_sum(const Trellis *t, const Literal *x, int but, bool negative, bool full)
{
    bool first = true;
    for (int rest = 0; rest <= full; rest++)
        for (int k = 0; k <= t->quantities; k++) {
            bool last = k == t->quantities;
            const char *c = last ? x->constant : x->coefficient[k];
            if (c && *c != '0' && k != but && (is_negative(c) != negative) == rest)
                print_term(&first, rest, size_of(c), last ? NULL : t->quantity[k].name);
        }
    printf(first ? "0" : "");
}

// The quantity that stands in the answer and counts once; -1 if there is none.
static int answer_of(const Trellis *t, const Literal *x)
{
    for (int k = 0; k < t->quantities; k++) {
        bool answered = x->coefficient[k] && strcmp(size_of(x->coefficient[k]), "1") == 0;
        for (int i = 0; i < t->quantity[k].digits; i++)
            answered &= t->quantity[k].position[i] >= t->prompt;
        if (answered)
            return k;
    }
    return -1;
}

static void print_equation(const Trellis *t, const Literal *x)
{
    int left = answer_of(t, x);
    if (left >= 0) {
        printf("%s = ", t->quantity[left].name);
        print_sum(t, x, left, !is_negative(x->coefficient[left]), true);
    } else {
        print_sum(t, x, -1, false, false);
        printf(" = ");
        print_sum(t, x, -1, true, false);
    }
}

// Whether a literal speaks of one choice only; then for which of its tokens it, or the equation f = 0, holds.
static const Quantity *only_choice(const Trellis *t, const Literal *x, bool equation,
                                   bool *ret_chosen)
{
    int only = -1, terms = 0;
    mpz_t sum, step;
    for (int k = 0; k < t->quantities; k++)
        if (x->coefficient[k]) {
            only = k;
            terms++;
        }
    if (terms != 1 || t->quantity[only].choices == 0)
        return NULL;
    mpz_init_set_str(sum, x->constant, 10);
    mpz_init_set_str(step, x->coefficient[only], 10);
    for (int j = 0; j < t->quantity[only].choices; j++) {
        ret_chosen[j] = equation ? mpz_sgn(sum) == 0 : mpz_sgn(sum) >= 0;
        mpz_add(sum, sum, step);
    }
    mpz_clears(sum, step, NULL);
    return &t->quantity[only];
}

static void print_literal(const Trellis *t, const Literal *x, bool equation, bool *chosen)
{
    const Quantity *choice = only_choice(t, x, equation, chosen);
    if (choice && memchr(chosen, true, (size_t)choice->choices)) {
        printf("%s = ", choice->name);
        print_tokens(t, choice, chosen);
    } else if (equation)
        print_equation(t, x);
    else {
        print_sum(t, x, -1, false, false);
        printf(" >= ");
        print_sum(t, x, -1, true, false);
    }
}

static void print_clause(const Trellis *t, const Clause *clause, int equation, bool *chosen)
{
    for (int l = 0; l < clause->literals; l++) {
        printf(l ? " or " : "");
        print_literal(t, &t->literal[clause->first + l], l == equation, chosen);
    }
    printf("\n");
}

// Two clauses f >= 0 and -f >= 0, whatever else there is in both, become f = 0. chosen: room for a flag a token.
static void print_claim(const Trellis *t, bool *chosen)
{
    for (int k = 0; k < t->clauses; k++) {
        const Clause *clause = &t->clause[k];
        int equation = k + 1 < t->clauses ? turned_literal(t, clause, clause + 1) : -1;
        printf(clause == t->clause ? "claim    " : "and      ");
        print_clause(t, clause, equation, chosen);
        k += equation >= 0;
    }
}

// ---- the inputs ---------------------------------------------------------------------------------

// The first quantity that speaks of a position, or null.
static const Quantity *speaks_of(const Trellis *t, int position)
{
    for (int n = 0; n < t->quantities; n++)
        for (int i = 0; i < t->quantity[n].digits; i++)
            if (t->quantity[n].position[i] == position)
                return &t->quantity[n];
    return NULL;
}

// Their number, as m 10^k; and whether the prompt has room for no other ones.
static void print_inputs(const Trellis *t)
{
    mpz_t rest, room;
    int k = 0;
    mpz_init_set(rest, t->inputs);
    mpz_init_set_ui(room, 1);
    for (; mpz_divisible_ui_p(rest, 10); k++)
        mpz_divexact_ui(rest, rest, 10);
    bool digits = false, choices = false;
    for (int i = 0; i < t->prompt; i++)
        if (t->spot[i].column >= 0) {
            const Quantity *x = speaks_of(t, i);
            mpz_mul_ui(room, room, !x ? 0 : x->choices ? (unsigned long)x->choices : 10);
            digits |= !x || !x->choices;
            choices |= x && x->choices;
        }
    gmp_printf("%Zd", t->inputs);
    if (k > 0 && mpz_cmp_ui(rest, 1) == 0)
        printf(" = 10^%d", k);
    else if (k > 0 && mpz_cmp_ui(rest, 10) < 0)
        gmp_printf(" = %Zd * 10^%d", rest, k);
    printf(mpz_cmp(room, t->inputs) != 0 ? ", those that task.txt admits\n"
           : !choices                    ? ", all digits\n"
           : digits                      ? ", all digits and choices\n"
                                         : ", all choices\n");
    mpz_clears(rest, room, NULL);
}

// ---- the verdict --------------------------------------------------------------------------------

// A positive number of units of 2^-50, rounded down to four decimals.
static void print_margin(Wide margin)
{
    Wide whole = margin >> FIXED_BITS, rest = (margin & (FIXED_ONE - 1)) * 10000 >> FIXED_BITS;
    printf("%lld.%04lld", (long long)whole, (long long)rest);
}

// Memory is taken before the first word: whoever runs out of it has accepted nothing.
void theorem_print(const Problem *p, const PositionVerdict *positions, const char *root)
{
    const Trellis *t = p->task;
    const Model *m = p->model;
    int answer = t->length - t->prompt, cases = 0;
    Wide worst = positions[0].margin;
    bool *shown = POOL_TAKE(bool, t->quantities), *chosen = POOL_TAKE(bool, t->tokens);
    for (int i = 0; i < answer; i++) {
        cases += positions[i].cases;
        worst = positions[i].margin < worst ? positions[i].margin : worst;
    }
    printf("ACCEPTED\n\n");
    printf("model    model.safetensors: %d layer%s, %d heads, width %d, %d tokens\n", m->layers,
           m->layers == 1 ? "" : "s", m->heads, m->d, m->vocabulary);
    printf("prompt   ");
    print_layout(t, 0, t->prompt, shown);
    printf("answer   ");
    print_layout(t, t->prompt, t->length, shown);
    printf("inputs   ");
    print_inputs(t);
    print_claim(t, chosen);
    for (int n = 0; n < t->quantities; n++)
        print_details(t, &t->quantity[n], shown[n]);
    printf("scan     %d column%s of up to %d symbols, %d state%s between them\n", t->columns,
           t->columns == 1 ? "" : "s", t->symbols, t->states, t->states == 1 ? "" : "s");
    printf("\nOn every input, greedy decoding of this model gives the answer of the task, token by "
           "token:\n\n");
    printf("level A  the answer of the task satisfies the claim\n");
    printf("level C  %d edge cases leave no input out, at each of %d answer positions\n", cases,
           answer);
    printf("level N  in exact arithmetic the right token is ahead of every other one\n");
    printf("level F  and so it is in every evaluation in binary32, in any order of summation\n\n");
    printf("It is ahead by at least ");
    print_margin(worst);
    printf("; at position");
    for (int i = 0; i < answer; i++) {
        printf("%s %d: ", i ? "," : "", t->prompt + i);
        print_margin(positions[i].margin);
        printf(" (%d)", positions[i].cases);
    }
    printf("; in brackets, edge cases.\n\n");
    printf("Axioms: the exponential of the program errs by at most 2^-23 relatively and 2^-149 "
           "besides;\n");
    printf("the program is one of those that docs/certificate-format.md describes in K6.\n\n");
    printf("Of spec.spec, obligations.txt, audit.md and the solver's scripts only hashes were "
           "compared.\n\n");
    printf("root %s\n", root);
}
