// The claim (K4, level A): one that is no claim, one that does not hold, and other ones that do. Those are accepted,
// but as another theorem.
#include "attack_edits.h"

#include <stdio.h>

#define T                    FORGE_TASK
#define NUMBERS              "number a 0 1\nnumber b 3 4\nnumber s 6 7 8\n"
#define FIRST                "clause\nliteral 0 1 a 1 b -1 s\n"
#define SECOND               "clause\nliteral 0 -1 a -1 b 1 s\n"
#define CLAIM                FIRST SECOND
#define EQUATION(f, minus_f) "clause\nliteral " f "\nclause\nliteral " minus_f "\n"
#define TEN(x)               x x x x x x x x x x
#define DIGITS_100           TEN(TEN("0"))
#define NINES_100            TEN(TEN("9"))
#define FIRST_FAILS          "task.txt:0: clause 0 of the claim does not hold on every path (K4, level A)"
#define SECOND_FAILS         "task.txt:0: clause 1 of the claim does not hold on every path (K4, level A)"

// ---- what is no claim ---------------------------------------------------------------------------

EDIT(literals_too_many)
{
    for (int n = 0; n < 4097 - 2; n++)
        text_add(&f->file[T], "literal 1 1 a\n");
}
// Two hundred numbers of nine digits each, on 400 edges: 720 000 steps a literal.
EDIT(claim_too_long)
{
    Text numbers = {0}, literal = {0};
    for (int n = 0; n < 200; n++) {
        text_add(&numbers, "number z%d 0 0 0 0 0 0 0 0 0\n", n);
        text_add(&literal, " 1 z%d", n);
    }
    text_add(&numbers, "number a 0 1\n");
    edit_replace(f, T, "number a 0 1\n", numbers.chars, 1);
    for (int n = 0; n < 3000; n++)
        text_add(&f->file[T], "literal 1%s\n", literal.chars);
    text_free(&numbers);
    text_free(&literal);
}

// ---- what does not hold -------------------------------------------------------------------------

EDIT(transition_wrong)
{
    edit_put_word(f, T, 7, 2 + 57, "0");
}
EDIT(output_wrong)
{
    edit_put_word(f, T, 29, 3 + 57, "3");
}
EDIT(carry_out_wrong)
{
    edit_put_word(f, T, 27, 3 + 57, "0");
}
EDIT(fixed_digit_in_claim)
{
    edit_replace(f, T, "fixed 2 10", "fixed 2 1", 1);
    edit_replace(f, T, "number s", "number x 2\nnumber s", 1);
    edit_replace(f, T, "literal 0 1 a", "literal 0 1 x 1 a", 1);
    edit_replace(f, T, "literal 0 -1 a", "literal 0 -1 x -1 a", 1);
}

// ---- another theorem ----------------------------------------------------------------------------

static void add_choice(Forge *f, const char *clause)
{
    edit_replace(f, T, "number s 6 7 8\n", "number s 6 7 8\nchoice lead 6 0 1\n", 1);
    text_add(&f->file[T], "%s", clause);
}
EDIT(claim_of_choice)
{
    add_choice(f, "clause\nliteral 99 -1 a -1 b\nliteral -1 1 lead\n");
}
EDIT(claim_of_choice_wrong)
{
    add_choice(f, "clause\nliteral 98 -1 a -1 b\nliteral -1 1 lead\n");
}
EDIT(claim_of_choice_alone)
{
    add_choice(f, "");
    edit_replace(f, T, "number s 6 7 8\n", "number u 7 8\n", 1);
    edit_replace(f, T, "-1 s", "-1 u -100 lead", 1);
    edit_replace(f, T, "1 s", "1 u 100 lead", 1);
}
// The sign in the prompt is always the one between the others.
EDIT(claim_of_a_token)
{
    edit_insert(f, T, edit_line_starting(f, T, "clause", 1), "choice sign 2 11 10 0\n");
    text_add(&f->file[T], "clause\nliteral -1 1 sign\nclause\nliteral 1 -1 sign\n");
}
// Letters for digits, ten of them.
EDIT(letters)
{
    static const char *const choices = " 0 1 2 3 4 5 6 7 8 9\n";
    char old[16], new[16];
    for (int k = 0; k < 10; k++) {
        snprintf(old, sizeof old, "token %d %d\n", k, k);
        snprintf(new, sizeof new, "token %d %c\n", k, 'A' + k);
        edit_replace(f, T, old, new, 1);
        snprintf(old, sizeof old, "\\\"%d\\\"", k);
        snprintf(new, sizeof new, "\\\"%c\\\"", 'A' + k);
        edit_replace(f, FORGE_MODEL, old, new, 1);
    }
    edit_cut_from(f, T, "number ", 1);
    for (int i = 0; i < 9; i++)
        if ("au+bv=xyz"[i] >= 'a')
            text_add(&f->file[T], "choice %c %d%s", "au+bv=xyz"[i], i, choices);
    text_add(&f->file[T], "clause\nliteral 0 10 a 1 u 10 b 1 v -100 x -10 y -1 z\n");
}

// ---- the table ----------------------------------------------------------------------------------

static const Attack attacks[] = {
    R(claim_missing, MALFORMED, T, 1, CLAIM, "", "task.txt:45: the file ends too early (K3)"),
    R(clause_missing, MALFORMED, T, 1, "clause\nliteral", "literal",
      "task.txt:45: \"literal\" where \"clause\" is expected"),
    R(clause_without_literal, MALFORMED, T, 1, "clause\n", "clause\nclause\n",
      "task.txt:46: \"clause\" where \"literal\" is expected"),
    R(clause_last_without_literal, MALFORMED, T, 1, SECOND, "clause\n",
      "task.txt:48: the file ends too early (K3)"),
    R(clause_with_more, MALFORMED, T, 1, "clause\n", "clause 1\n",
      "task.txt:45: the line goes on where it should end (K3)"),
    R(literal_without_quantity, MALFORMED, T, 1, "literal 0 1 a 1 b -1 s", "literal 0",
      "task.txt:46: the line ends too early (K3)"),
    R(literal_without_name, MALFORMED, T, 1, "-1 s", "-1",
      "task.txt:46: the line ends too early (K3)"),
    R(literal_of_unknown_name, MALFORMED, T, 1, "-1 s", "-1 t",
      "task.txt:46: a literal names what is neither number nor choice (K4)"),
    R(literal_names_twice, MALFORMED, T, 1, "1 b", "1 a",
      "task.txt:46: a quantity that counts nothing, or twice (K4)"),
    R(literal_times_zero, MALFORMED, T, 1, "1 b", "0 b",
      "task.txt:46: a quantity that counts nothing, or twice (K4)"),
    R(literal_leading_zero, MALFORMED, T, 1, "1 b", "01 b",
      "task.txt:46: \"01\" is not a number (K4)"),
    R(literal_minus_zero, MALFORMED, T, 1, "literal 0", "literal -0",
      "task.txt:46: \"-0\" is not a number (K4)"),
    R(literal_minus, MALFORMED, T, 1, "1 b", "- b", "task.txt:46: \"-\" is not a number (K4)"),
    R(literal_fraction, MALFORMED, T, 1, "1 b", "1.0 b",
      "task.txt:46: \"1.0\" is not a number (K4)"),
    R(literal_of_101_digits, MALFORMED, T, 1, "literal 0", "literal 1" DIGITS_100,
      "task.txt:46: \"1000000000000000000000000000000000000000\" is not a number (K4)"),
    R(task_goes_on, MALFORMED, T, 1, SECOND, SECOND "claim sum is zero\n",
      "task.txt:49: \"claim\" where \"clause\" is expected"),
    R(number_after_clause, MALFORMED, T, 1, SECOND, SECOND "number x 0\n",
      "task.txt:49: \"number\" where \"clause\" is expected"),
    E(literals_too_many, REJECTED, "task.txt:4143: more literals than this checker reckons with"),
    E(claim_too_long, REJECTED, "task.txt:0: a longer claim than this checker reckons with"),
    R(answer_not_in_claim, REJECTED, T, 1, "number s 6 7 8", "number s 7 8",
      "task.txt:0: position 6 of the answer belongs to nothing that the claim names (K4)"),
    R(answer_not_named, REJECTED, T, 1, CLAIM, "clause\nliteral 0 1 a 1 b\n",
      "task.txt:0: position 6 of the answer belongs to nothing that the claim names (K4)"),

    E(transition_wrong, REJECTED, SECOND_FAILS),
    E(output_wrong, REJECTED, FIRST_FAILS),
    E(carry_out_wrong, REJECTED, SECOND_FAILS),
    R(start_wrong, REJECTED, T, 1, "start 0", "start 1", FIRST_FAILS),
    R(claim_doubled, REJECTED, T, 1, CLAIM, EQUATION("0 1 a 2 b -1 s", "0 -1 a -2 b 1 s"),
      SECOND_FAILS),
    R(claim_of_difference, REJECTED, T, 1, CLAIM, EQUATION("0 1 a -1 b -1 s", "0 -1 a 1 b 1 s"),
      FIRST_FAILS),
    R(claim_without_b, REJECTED, T, 1, CLAIM, EQUATION("0 1 a -1 s", "0 -1 a 1 s"), FIRST_FAILS),
    R(claim_of_one_more, REJECTED, T, 1, CLAIM, EQUATION("1 1 a 1 b -1 s", "-1 -1 a -1 b 1 s"),
      SECOND_FAILS),
    R(claim_more_than, REJECTED, T, 1, CLAIM, "clause\nliteral -1 1 a 1 b -1 s\n", FIRST_FAILS),
    R(claim_b_is_a, REJECTED, T, 1, "number b 3 4", "number b 0 1", FIRST_FAILS),
    R(digits_reversed, REJECTED, T, 1, "number s 6 7 8", "number s 8 7 6", FIRST_FAILS),
    R(digits_of_a_reversed, REJECTED, T, 1, "number a 0 1", "number a 1 0", FIRST_FAILS),
    R(columns_reversed, REJECTED, T, 1, "column 0 1 0\ncolumn 1 0 0", "column 0 0 0\ncolumn 1 1 0",
      FIRST_FAILS),
    E(fixed_digit_in_claim, REJECTED, SECOND_FAILS),
    // Each input has a literal that holds, but no literal holds on all paths to a state.
    R(claim_true_but_not_shown, REJECTED, T, 1, SECOND,
      SECOND "clause\nliteral -50 1 a\nliteral 49 -1 a\n",
      "task.txt:0: clause 2 of the claim does not hold on every path (K4, level A)"),
    R(claim_of_100_digits, REJECTED, T, 1, "literal 0 1 a 1 b -1 s",
      "literal -" NINES_100 " " NINES_100 " a " NINES_100 " b -" NINES_100 " s", FIRST_FAILS),

    // The good bundle as it is.
    {.name = "nothing", .code = ACCEPTED, .expect = "inputs   10000 = 10^4, all digits\n"},
    {.name = "nothing_but_the_margin", .code = ACCEPTED, .expect = "It is ahead by at least 0.2"},

    // Fewer inputs, or another claim, is another theorem, and says so.
    R(number_in_other_order, ACCEPTED, T, 1, "number b 3 4", "number b 3 4\nnumber c 1 0",
      "where    c has its digits at the positions 1 0\n"),
    R(number_of_one_position_twice, ACCEPTED, T, 1, "number b 3 4", "number b 3 4\nnumber c 0 0",
      "where    c has its digits at the positions 0 0\n"),
    R(claim_of_two_clauses, ACCEPTED, T, 1, SECOND,
      "clause\nliteral 0 -1 a -1 b 1 s\nliteral -5 1 a\n",
      "claim    a + b >= s\nand      s >= a + b or a >= 5\n"),
    R(claims_turned_in_two_literals, ACCEPTED, T, 1, CLAIM,
      "clause\nliteral 0 -1 a 1 s\nliteral 0 1 b -1 s\n"
      "clause\nliteral 0 1 a -1 s\nliteral 0 -1 b 1 s\n",
      "claim    s >= a or b >= s\nand      a >= s or s >= b\n"),
    R(claims_turned_in_part, ACCEPTED, T, 1, SECOND, "clause\nliteral 0 1 a -1 b 1 s\n",
      "claim    a + b >= s\nand      a + s >= b\n"),
    R(claim_of_sizes_alike, ACCEPTED, T, 1, CLAIM,
      "clause\nliteral 0 1 a 1 s\nclause\nliteral 0 -1 a 1 s\n",
      "claim    a + s >= 0\nand      s >= a\n"),
    R(claim_turned_twice, ACCEPTED, T, 1, CLAIM,
      "clause\nliteral 0 1 a 1 b -1 s\nliteral 5 -1 a\n"
      "clause\nliteral 0 -1 a -1 b 1 s\nliteral -5 1 a\n",
      "claim    a + b >= s or 5 >= a\nand      s >= a + b or a >= 5\n"),
    R(claim_times_seven, ACCEPTED, T, 1, CLAIM, EQUATION("0 7 a 7 b -7 s", "0 -7 a -7 b 7 s"),
      "claim    7 a + 7 b = 7 s\n"),
    R(claim_turned, ACCEPTED, T, 1, CLAIM, EQUATION("0 -1 a -1 b 1 s", "0 1 a 1 b -1 s"),
      "claim    s = a + b\n"),
    R(claim_at_least, ACCEPTED, T, 1, CLAIM, "clause\nliteral 3 1 a 1 b -1 s\n",
      "claim    a + b + 3 >= s\n"),
    R(claim_at_most, ACCEPTED, T, 1, CLAIM, "clause\nliteral 198 -1 s\n", "claim    198 >= s\n"),
    R(claim_of_signs_alike, ACCEPTED, T, 1, CLAIM, "clause\nliteral 0 1 a 1 s\n",
      "claim    a + s >= 0\n"),
    E(claim_of_choice, ACCEPTED,
      "claim    s = a + b\nand      99 >= a + b or lead = \"1\"\n"
      "where    lead is 0 for \"0\", 1 for \"1\", the token at position 6\n"),
    E(claim_of_choice_alone, ACCEPTED,
      "answer   lead (\"0\" or \"1\") u (2 digits)\ninputs   10000 = 10^4, all digits\n"
      "claim    u = a + b - 100 lead\nwhere    lead is 0 for \"0\", 1 for \"1\"\n"),
    E(claim_of_a_token, ACCEPTED, "and      sign = \"+\"\n"),
    E(letters, ACCEPTED, ", all choices\nclaim    10 a + u + 10 b + v >= 100 x + 10 y + z\n"),
    E(claim_of_choice_wrong, REJECTED,
      "task.txt:0: clause 2 of the claim does not hold on every path (K4, level A)"),
    R(fewer_inputs, ACCEPTED, T, 1, "allow 0 0-99", "allow 0 0-98",
      "inputs   9900, those that task.txt admits\n"),
    R(other_prompt, REJECTED, T, 1, "fixed 2 10", "fixed 2 1", "certificate.txt:13: "),
    R(other_names, ACCEPTED, T, 1, NUMBERS CLAIM,
      "number b 0 1\nnumber x 3 4\nnumber s 6 7 8\n" EQUATION("0 1 b 1 x -1 s", "0 -1 b -1 x 1 s"),
      "prompt   b (2 digits) \"+\" x (2 digits) \"=\"\nanswer   s (3 digits)\n"
      "inputs   10000 = 10^4, all digits\nclaim    s = b + x\n"),
};

const AttackTable attacks_claim = {attacks, sizeof attacks / sizeof *attacks};
