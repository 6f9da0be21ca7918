// What is no text of the format (K3): bytes, lines, words, numbers and sets.
#include "attack_edits.h"

#define T FORGE_TASK
#define C FORGE_CERTIFICATE

EDIT(empty_task)
{
    edit_cut_from(f, T, "ripple-task", 1);
}
EDIT(task_without_newline)
{
    f->file[T].length--;
}
EDIT(task_zero_byte)
{
    *edit_line_of(f, T, 3) = 0;
}
EDIT(task_ends_early)
{
    edit_cut_from(f, T, "literal", 2);
}

static const Attack attacks[] = {
    R(task_tab, MALFORMED, T, 1, "states 2", "states\t2",
      "task.txt:3: a byte that is not printable ASCII (K3)"),
    R(task_return, MALFORMED, T, 1, "states 2", "states 2\r",
      "task.txt:3: a byte that is not printable ASCII (K3)"),
    R(task_not_ascii, MALFORMED, T, 1, "token 3 3", "token 3 \xc2\xb3",
      "task.txt:14: a byte that is not printable ASCII (K3)"),
    R(task_delete, MALFORMED, T, 1, "token 3 3", "token 3 \x7f",
      "task.txt:14: a byte that is not printable ASCII (K3)"),
    R(certificate_not_ascii, MALFORMED, C, 1, "done", "d\xf6ne",
      "certificate.txt:97: a byte that is not printable ASCII (K3)"),
    E(task_zero_byte, MALFORMED, "task.txt:3: a byte that is not printable ASCII (K3)"),
    E(empty_task, MALFORMED, "task.txt:1: the last line does not end in a newline (K3)"),
    E(task_without_newline, MALFORMED, "task.txt:48: the last line does not end in a newline (K3)"),
    E(task_ends_early, MALFORMED, "task.txt:48: the file ends too early (K3)"),
    R(two_spaces, MALFORMED, T, 1, "columns 2", "columns  2", "task.txt:2: an empty word (K3)"),
    R(space_first, MALFORMED, T, 1, "columns", " columns", "task.txt:2: an empty word (K3)"),
    R(space_last, MALFORMED, T, 1, "columns 2", "columns 2 ",
      "task.txt:2: the line goes on where it should end (K3)"),
    R(empty_line, MALFORMED, T, 1, "columns 2", "\ncolumns 2", "task.txt:2: an empty word (K3)"),
    R(line_too_short, MALFORMED, T, 1, "columns 2", "columns",
      "task.txt:2: the line ends too early (K3)"),
    R(line_too_long, MALFORMED, T, 1, "columns 2", "columns 2 2",
      "task.txt:2: the line goes on where it should end (K3)"),
    R(other_word, MALFORMED, T, 1, "columns", "colums",
      "task.txt:2: \"colums\" where \"columns\" is expected"),
    R(other_version, MALFORMED, T, 1, "ripple-task 2", "ripple-task 1",
      "task.txt:1: 1 is not in 2 to 2"),
    R(leading_zero, MALFORMED, T, 1, "columns 2", "columns 02",
      "task.txt:2: \"02\" is not a number (K3)"),
    R(plus_sign, MALFORMED, T, 1, "columns 2", "columns +2",
      "task.txt:2: \"+2\" is not a number (K3)"),
    R(minus_zero, MALFORMED, T, 1, "next 0 0", "next 0 -0",
      "task.txt:7: \"-0\" is not a number (K3)"),
    R(fraction, MALFORMED, T, 1, "columns 2", "columns 2.0",
      "task.txt:2: \"2.0\" is not a number (K3)"),
    R(nineteen_digits, MALFORMED, C, 1, "on 0 8 36", "on 0 8 1000000000000000000",
      "certificate.txt:22: \"1000000000000000000\" is not a number (K3)"),
    R(set_with_space, MALFORMED, T, 1, "0-99", "0-9, 10-99",
      "task.txt:9: \"\" is not a number (K3)"),
    R(set_semicolon, MALFORMED, T, 1, "0-99", "0-9;10-99",
      "task.txt:9: a set is numbers and ranges, with commas between them (K3)"),
    R(set_not_ascending, MALFORMED, T, 1, "0-99", "50-99,0-49",
      "task.txt:9: 0 is not in 100 to 99"),
    R(set_overlaps, MALFORMED, T, 1, "0-99", "0-50,50-99", "task.txt:9: 50 is not in 51 to 99"),
    R(set_range_of_one, MALFORMED, T, 1, "0-99", "0-98,99-99",
      "task.txt:9: 99 is not in 100 to 99"),
    R(set_backward, MALFORMED, T, 1, "0-99", "99-0", "task.txt:9: 0 is not in 100 to 99"),
    R(set_open, MALFORMED, T, 1, "0-99", "0-", "task.txt:9: \"\" is not a number (K3)"),
    R(set_ends_in_comma, MALFORMED, T, 1, "0-99", "0-99,", "task.txt:9: \"\" is not a number (K3)"),
    R(set_too_large, MALFORMED, T, 1, "0-99", "0-100", "task.txt:9: 100 is not in 1 to 99"),
    R(set_negative, MALFORMED, T, 1, "0-99", "-1-99", "task.txt:9: \"\" is not a number (K3)"),
};

const AttackTable attacks_text = {attacks, sizeof attacks / sizeof *attacks};
