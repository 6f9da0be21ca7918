#include "theorem.h"

#include <stdio.h>
#include <string.h>

// How many positions from i on are those of a number, in order; 0 unless these are all of them. In the prompt,
// a number with a digit that is the same on every input is not shown as a whole.
static int run_of(const Trellis *t, const Number *x, int i)
{
    for (int n = 0; n < x->digits; n++)
        if (x->position[n] != i + n || (i + n < t->prompt && t->spot[i + n].column < 0))
            return 0;
    return x->digits;
}

// The first number that stands at i as a whole, and ends before `to`; -1 if there is none.
static int number_at(const Trellis *t, int i, int to)
{
    for (int n = 0; n < t->numbers; n++)
        if (run_of(t, &t->number[n], i) > 0 && i + t->number[n].digits <= to)
            return n;
    return -1;
}

static void print_text(const char *text)
{
    putchar('"');
    for (; *text; text++)
        printf(*text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    putchar('"');
}

// Sets the bits of the numbers that it shows.
static void print_layout(const Trellis *t, int from, int to, uint64_t *shown)
{
    for (int i = from; i < to; i++) {
        int n = number_at(t, i, to);
        printf(i == from ? "" : " ");
        if (n >= 0) {
            int digits = t->number[n].digits;
            printf("%s (%d digit%s)", t->number[n].name, digits, digits == 1 ? "" : "s");
            *shown |= UINT64_C(1) << n;
            i += digits - 1;
        } else if (t->spot[i].column < 0)
            print_text(t->text[t->spot[i].source]);
        else
            printf("[token %d]", i);
    }
    printf("\n");
}

static void print_other_numbers(const Trellis *t, uint64_t shown)
{
    for (int n = 0; n < t->numbers; n++) {
        if (shown >> n & 1)
            continue;
        printf("where    %s has its digits at the positions", t->number[n].name);
        for (int i = 0; i < t->number[n].digits; i++)
            printf(" %d", t->number[n].position[i]);
        printf("\n");
    }
}

// Whether all digits of a number stand in the answer.
static bool answered(const Trellis *t, const Number *x)
{
    for (int i = 0; i < x->digits; i++)
        if (x->position[i] < t->prompt)
            return false;
    return true;
}

static void print_term(const Number *x, int64_t coefficient, bool first)
{
    uint64_t size = coefficient < 0 ? -(uint64_t)coefficient : (uint64_t)coefficient;
    printf("%s", coefficient < 0 ? first ? "-" : " - " : first ? "" : " + ");
    if (size != 1)
        printf("%llu ", (unsigned long long)size);
    printf("%s", x->name);
}

// number = sum of the others, if one number is the answer and counts once; else sum = 0.
static void print_claim(const Trellis *t)
{
    const Number *left = NULL;
    for (int n = 0; n < t->numbers; n++)
        if (answered(t, &t->number[n]) &&
            (t->number[n].coefficient == 1 || t->number[n].coefficient == -1))
            left = left ? left : &t->number[n];
    if (left)
        printf("%s = ", left->name);
    bool first = true;
    for (int n = 0; n < t->numbers; n++) {
        const Number *x = &t->number[n];
        if (x == left)
            continue;
        print_term(x, left && left->coefficient > 0 ? -x->coefficient : x->coefficient, first);
        first = false;
    }
    printf("%s%s", first ? "0" : "", left ? "\n" : " = 0\n");
}

static bool belongs_to_number(const Trellis *t, int position)
{
    for (int n = 0; n < t->numbers; n++)
        for (int i = 0; i < t->number[n].digits; i++)
            if (t->number[n].position[i] == position)
                return true;
    return false;
}

// Whether 10^k inputs are all that there can be: the prompt has k digits that are not fixed, and nothing else.
static bool all_digits(const Trellis *t, int k)
{
    for (int i = 0; i < t->prompt; i++)
        if (t->spot[i].column >= 0 && (k-- == 0 || !belongs_to_number(t, i)))
            return false;
    return k == 0;
}

static void print_inputs(const Trellis *t)
{
    mpz_t power;
    int k = 0;
    mpz_init_set_ui(power, 1);
    for (; mpz_cmp(power, t->inputs) < 0; k++)
        mpz_mul_ui(power, power, 10);
    gmp_printf("%Zd", t->inputs);
    bool round = mpz_cmp(power, t->inputs) == 0;
    if (k > 0 && round)
        printf(" = 10^%d", k);
    printf(round && all_digits(t, k) ? ", all digits\n" : ", those that task.txt admits\n");
    mpz_clear(power);
}

// A positive number of units of 2^-50, rounded down to four decimals.
static void print_margin(Wide margin)
{
    Wide whole = margin >> FIXED_BITS, rest = (margin & (FIXED_ONE - 1)) * 10000 >> FIXED_BITS;
    printf("%lld.%04lld", (long long)whole, (long long)rest);
}

void theorem_print(const Problem *p, const PositionVerdict *positions, const char *root)
{
    const Trellis *t = p->task;
    const Model *m = p->model;
    int answer = t->length - t->prompt, cases = 0;
    Wide worst = positions[0].margin;
    uint64_t shown = 0; // there are at most 64 numbers
    for (int i = 0; i < answer; i++) {
        cases += positions[i].cases;
        worst = positions[i].margin < worst ? positions[i].margin : worst;
    }
    printf("ACCEPTED\n\n");
    printf("model    model.safetensors: %d layer%s, %d heads, width %d, %d tokens\n", m->layers,
           m->layers == 1 ? "" : "s", m->heads, m->d, m->vocabulary);
    printf("prompt   ");
    print_layout(t, 0, t->prompt, &shown);
    printf("answer   ");
    print_layout(t, t->prompt, t->length, &shown);
    printf("inputs   ");
    print_inputs(t);
    printf("claim    ");
    print_claim(t);
    print_other_numbers(t, shown);
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
    printf("root %s\n", root);
}
