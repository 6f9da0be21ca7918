// The task (K4) but for its claim: sizes, the trellis, tables of tokens, positions and quantities.
#include "attack_edits.h"

#include <stdio.h>

#define T           FORGE_TASK
#define NOT_AS_MANY "task.txt:0: there are not as many paths as sequences of allowed symbols (K4)"

EDIT(task_too_many_columns)
{
    edit_replace(f, T, "columns 2", "columns 256", 1);
    edit_replace(f, T, "states 2", "states 64", 1);
    edit_replace(f, T, "symbols 100", "symbols 1000", 1);
}
EDIT(tables_too_many)
{
    Text all = {0};
    for (int t = 0; t < 256; t++)
        for (int q = 0; q < 2; q++) {
            text_add(&all, "table %d %d", t, q);
            for (int s = 0; s < 100; s++)
                text_add(&all, " 0");
            text_add(&all, "\n");
        }
    text_add(&all, "table 256 0\n");
    edit_cut_lines(f, T, 23, 2);
    edit_insert(f, T, 23, all.chars);
    text_free(&all);
}
EDIT(numbers_too_many)
{
    char line[60];
    for (int n = 0; n < 254; n++) {
        snprintf(line, sizeof line, "number z%d 0\nnumber a 0 1\n", n);
        edit_replace(f, T, "number a 0 1\n", line, 1);
    }
}
EDIT(tokens_too_many)
{
    Text all = {0};
    for (int k = 12; k < 65537; k++)
        text_add(&all, "token %d t%d\n", k, k);
    edit_insert(f, T, 23, all.chars);
    text_free(&all);
}
EDIT(no_edge)
{
    edit_put_word(f, T, 7, 2 + 57, "-");
}
EDIT(no_token)
{
    edit_put_word(f, T, 28, 3 + 57, "-");
}
EDIT(prompt_tells_state)
{
    edit_put_word(f, T, 26, 3 + 57, "8");
}
EDIT(prompt_not_injective)
{
    edit_put_word(f, T, 25, 3 + 57, "6");
    edit_put_word(f, T, 26, 3 + 57, "6");
}
EDIT(digit_is_plus)
{
    edit_put_word(f, T, 29, 3 + 57, "10");
}

static const Attack attacks[] = {
    R(no_columns, MALFORMED, T, 1, "columns 2", "columns 0", "task.txt:2: 0 is not in 1 to 256"),
    R(too_many_states, MALFORMED, T, 1, "states 2", "states 65",
      "task.txt:3: 65 is not in 1 to 64"),
    R(no_states, MALFORMED, T, 1, "states 2", "states 0", "task.txt:3: 0 is not in 1 to 64"),
    R(too_many_symbols, MALFORMED, T, 1, "symbols 100", "symbols 1001",
      "task.txt:4: 1001 is not in 1 to 1000"),
    R(start_not_there, MALFORMED, T, 1, "start 0", "start 2", "task.txt:5: 2 is not in 0 to 1"),
    R(start_nowhere, MALFORMED, T, 1, "start 0", "start",
      "task.txt:5: the line ends too early (K3)"),
    R(accept_not_there, MALFORMED, T, 1, "accept 0-1", "accept 0-2",
      "task.txt:6: 2 is not in 1 to 1"),
    R(accept_missing, MALFORMED, T, 1, "accept 0-1\n", "",
      "task.txt:6: \"next\" where \"accept\" is expected"),
    R(next_not_there, MALFORMED, T, 1, "next 0 0 0", "next 0 0 2",
      "task.txt:7: 2 is not in 0 to 1"),
    R(next_out_of_order, MALFORMED, T, 1, "next 1", "next 0", "task.txt:8: 0 is not in 1 to 1"),
    R(next_too_short, MALFORMED, T, 1, "next 0 0", "next 0",
      "task.txt:7: the line ends too early (K3)"),
    R(allow_out_of_order, MALFORMED, T, 1, "allow 1", "allow 0", "task.txt:10: 0 is not in 1 to 1"),
    R(token_out_of_order, MALFORMED, T, 1, "token 3 3", "token 4 3",
      "task.txt:14: 4 is not in 3 to 3"),
    R(token_without_text, MALFORMED, T, 1, "token 3 3", "token 3 ",
      "task.txt:14: the line ends too early (K3)"),
    R(token_twice, REJECTED, T, 1, "token 3 3", "token 3 2",
      "task.txt:14: the text of token 2 again (K4)"),
    R(table_out_of_order, MALFORMED, T, 1, "table 1 0", "table 2 0",
      "task.txt:25: 2 is not in 1 to 1"),
    R(table_state_missing, MALFORMED, T, 1, "table 0 1", "table 0 0",
      "task.txt:24: 0 is not in 1 to 1"),
    R(table_token_not_there, MALFORMED, T, 1, "table 0 0 0", "table 0 0 12",
      "task.txt:23: 12 is not in 0 to 11"),
    R(no_prompt, MALFORMED, T, 1, "prompt 6", "prompt 0", "task.txt:31: 0 is not in 1 to 1024"),
    R(no_answer, MALFORMED, T, 1, "answer 3", "answer 0", "task.txt:32: 0 is not in 1 to 1024"),
    R(position_out_of_order, MALFORMED, T, 1, "column 3 1 1", "column 4 1 1",
      "task.txt:36: 4 is not in 3 to 3"),
    R(column_not_there, MALFORMED, T, 1, "column 3 1 1", "column 3 2 1",
      "task.txt:36: 2 is not in 0 to 1"),
    R(table_not_there, MALFORMED, T, 1, "column 3 1 1", "column 3 1 4",
      "task.txt:36: 4 is not in 0 to 3"),
    R(fixed_not_there, MALFORMED, T, 1, "fixed 2 10", "fixed 2 12",
      "task.txt:35: 12 is not in 0 to 11"),
    R(neither_fixed_nor_column, MALFORMED, T, 1, "fixed 2 10", "token 2 10",
      "task.txt:35: \"token\" where \"column\" is expected"),
    R(number_without_positions, MALFORMED, T, 1, "number a 0 1", "number a",
      "task.txt:42: the line ends too early (K3)"),
    R(number_position_not_there, MALFORMED, T, 1, "number a 0 1", "number a 0 9",
      "task.txt:42: 9 is not in 0 to 8"),
    R(number_too_long, REJECTED, T, 1, "number a 0 1", "number a 0 1 0 1 0 1 0 1 0 1",
      "task.txt:42: a number with more digits than there are positions"),
    R(name_with_digit_first, MALFORMED, T, 1, "number a", "number 1a",
      "task.txt:42: the name of a quantity is no name (K4)"),
    R(name_with_sign, MALFORMED, T, 1, "number a", "number a+b",
      "task.txt:42: the name of a quantity is no name (K4)"),
    R(name_twice, REJECTED, T, 1, "number b", "number a",
      "task.txt:43: two quantities have the same name (K4)"),
    R(name_and, MALFORMED, T, 1, "number a", "number and",
      "task.txt:42: the name of a quantity is no name (K4)"),
    R(name_or, MALFORMED, T, 1, "number a", "number or",
      "task.txt:42: the name of a quantity is no name (K4)"),
    R(choice_without_tokens, MALFORMED, T, 1, "number a 0 1", "choice a 0",
      "task.txt:42: the line ends too early (K3)"),
    R(choice_position_not_there, MALFORMED, T, 1, "number a 0 1", "choice a 9 0",
      "task.txt:42: 9 is not in 0 to 8"),
    R(choice_token_not_there, MALFORMED, T, 1, "number a 0 1", "choice a 0 12",
      "task.txt:42: 12 is not in 0 to 11"),
    R(choice_token_twice, MALFORMED, T, 1, "number a 0 1", "choice a 0 3 4 3",
      "task.txt:42: token 3 is listed twice (K4)"),
    E(task_too_many_columns, REJECTED, "task.txt:5: more edges than this checker reckons with"),
    E(tables_too_many, REJECTED, "task.txt:535: more tables than this checker reckons with"),
    E(numbers_too_many, REJECTED, "task.txt:298: more quantities than this checker reckons with"),
    E(tokens_too_many, REJECTED, "task.txt:65547: more tokens than this checker reckons with"),
    E(no_edge, REJECTED, NOT_AS_MANY),
    R(start_too_wide, REJECTED, T, 1, "start 0", "start 0-1", NOT_AS_MANY),
    R(accept_too_narrow, REJECTED, T, 1, "accept 0-1", "accept 0", NOT_AS_MANY),
    // As many paths as there should be, but with carries of 0 and 1 before column 0.
    R(two_paths_alike, REJECTED, T, 1, "start 0\naccept 0-1", "start 0-1\naccept 0",
      "task.txt:0: two paths have the same symbols (K4)"),
    E(no_token, REJECTED, "task.txt:0: no token at position 6 in state 1 for symbol 57 (K4)"),
    E(prompt_tells_state, REJECTED,
      "task.txt:0: the token at position 3 of the prompt depends on the state (K4)"),
    E(prompt_not_injective, REJECTED,
      "task.txt:0: symbol 57 of column 0 has the prompt of one before it (K4)"),
    R(column_not_in_prompt, REJECTED, T, 1, "column 4 0 1", "column 4 1 1",
      "task.txt:0: symbol 1 of column 0 has the prompt of one before it (K4)"),
    E(digit_is_plus, REJECTED, "task.txt:0: \"+\" stands where s has a digit (K4)"),
    R(plus_in_number, REJECTED, T, 1, "number a 0 1", "number a 0 1 2",
      "task.txt:0: \"+\" stands where a has a digit (K4)"),
    R(choice_token_not_listed, REJECTED, T, 1, "number a 0 1", "number a 0 1\nchoice x 6 0",
      "task.txt:0: \"1\" stands where x has one of its tokens (K4)"),
    R(choice_of_fixed_token_not_listed, REJECTED, T, 1, "number a 0 1",
      "number a 0 1\nchoice x 2 11", "task.txt:0: \"+\" stands where x has one of its tokens (K4)"),
};

const AttackTable attacks_task = {attacks, sizeof attacks / sizeof *attacks};
