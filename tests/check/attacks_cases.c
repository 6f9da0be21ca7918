// Edge cases (K11): inputs, neurons and bounds, of which each is as large as it must be and leaves a margin.
#include "attack_edits.h"

#define C FORGE_CERTIFICATE

EDIT(no_input_line)
{
    edit_cut_lines(f, C, 14, 8);
}
EDIT(neuron_missing)
{
    edit_cut_lines(f, C, edit_line_starting(f, C, "off 9 ", 1), 1);
}
EDIT(wrong_missing)
{
    edit_cut_lines(f, C, edit_line_starting(f, C, "wrong 9 ", 1), 1);
}
EDIT(wrong_last_missing)
{
    edit_cut_lines(f, C, edit_line_starting(f, C, "wrong 11 ", 1), 1);
}

static const Attack attacks[] = {
    E(no_input_line, MALFORMED, "certificate.txt:14: \"on\" where \"input\" is expected"),
    R(input_symbol_not_there, MALFORMED, C, 1, "input 0 0", "input 0 100",
      "certificate.txt:14: 100 is not in 0 to 99"),
    R(input_too_short, MALFORMED, C, 1, "input 0 0", "input 0",
      "certificate.txt:14: the line ends too early (K3)"),
    R(input_too_long, MALFORMED, C, 1, "input 0 0", "input 0 0 0",
      "certificate.txt:14: the line goes on where it should end (K3)"),
    E(neuron_missing, MALFORMED, "certificate.txt:31: 10 is not in 9 to 9"),
    R(neuron_twice, MALFORMED, C, 1, "off 10 3 58", "off 9 3 58",
      "certificate.txt:32: 9 is not in 10 to 10"),
    R(neuron_of_no_kind, MALFORMED, C, 1, "off 7", "of 7",
      "certificate.txt:29: \"of\" where \"open\" is expected"),
    R(neuron_open_called_off, MALFORMED, C, 1, "open 1 7 66 3 4 1979", "off 1 7 66 3 4 1979",
      "certificate.txt:23: the line goes on where it should end (K3)"),
    R(neuron_off_to_on, REJECTED, C, 1, "off 7", "on 7", "certificate.txt:13: "),
    R(neuron_on_to_off, REJECTED, C, 1, "on 0", "off 0", "certificate.txt:13: "),
    R(neuron_open_to_off, REJECTED, C, 1, "open 1 7 66 3 4 1979", "off 1 9999 9999",
      "certificate.txt:13: "),
    R(neuron_open_to_on, REJECTED, C, 1, "open 1 7 66 3 4 1979", "on 1 9999 9999",
      "certificate.txt:13: neuron 1 is not shown to be on (K11)"),
    R(neuron_off_too_wide, REJECTED, C, 1, "off 7 13 63", "off 7 9999 63",
      "certificate.txt:13: neuron 7 is not shown to be off (K11)"),
    R(neuron_on_too_wide, REJECTED, C, 1, "on 0 8 36", "on 0 9999 36",
      "certificate.txt:13: neuron 0 is not shown to be on (K11)"),
    R(slope_beyond_64, MALFORMED, C, 1, "open 1 7 ", "open 1 65 ",
      "certificate.txt:23: 65 is not in 0 to 64"),
    R(slope_negative, MALFORMED, C, 1, "open 1 7 ", "open 1 -1 ",
      "certificate.txt:23: -1 is not in 0 to 64"),
    R(bound_missing, MALFORMED, C, 1, "wrong 1 2853 3", "wrong 1 2853",
      "certificate.txt:86: the line ends too early (K3)"),
    E(wrong_missing, MALFORMED, "certificate.txt:94: 10 is not in 9 to 9"),
    E(wrong_last_missing, MALFORMED, "certificate.txt:96: \"done\" where \"wrong\" is expected"),
    R(wrong_is_right, MALFORMED, C, 1, "wrong 1 ", "wrong 0 ",
      "certificate.txt:86: 0 is not in 1 to 1"),
    R(done_missing, MALFORMED, C, 1, "done\n", "",
      "certificate.txt:97: \"part\" where \"done\" is expected"),
    R(bound_of_wrong_too_small, REJECTED, C, 1, "wrong 1 2853 3", "wrong 1 2753 3",
      "certificate.txt:13: the bound of head 0 on wrong token 1 does not hold (K11)"),
    R(bound_of_wrong_negative, REJECTED, C, 1, "wrong 1 2853 3", "wrong 1 2853 -3",
      "certificate.txt:13: the bound of head 1 on wrong token 1 does not hold (K11)"),
    R(bound_of_off_too_small, REJECTED, C, 1, "off 7 13 63", "off 7 13 50",
      "certificate.txt:13: the bound of head 1 on neuron 7 does not hold (K11)"),
    R(bound_of_on_too_small, REJECTED, C, 1, "on 0 8 36", "on 0 4 36",
      "certificate.txt:13: the bound of head 0 on neuron 0 does not hold (K11)"),
    R(bound_above_too_small, REJECTED, C, 1, "open 1 7 66 3 4 1979", "open 1 7 33 3 4 1979",
      "certificate.txt:13: the bound of head 0 on neuron 1 does not hold (K11)"),
    R(bound_below_too_small, REJECTED, C, 1, "open 1 7 66 3 4 1979", "open 1 7 66 3 4 1800",
      "certificate.txt:13: the bound of head 1 on the lower side of an open neuron does not hold "
      "(K11)"),
    R(bound_below_all_values, REJECTED, C, 1, "wrong 1 2853 3", "wrong 1 2853 -999999999999999999",
      "certificate.txt:13: a bound of head 1 is below all values (K11)"),
    R(bound_too_large, REJECTED, C, 1, "wrong 1 2853 3", "wrong 1 2853 999999999999999999",
      "certificate.txt:13: the margin of token 1 is not shown to be positive (K11)"),
    R(margin_not_positive, REJECTED, C, 1, "wrong 4 7303 88", "wrong 4 999999 88",
      "certificate.txt:13: the margin of token 4 is not shown to be positive (K11)"),
    R(reference_missing, REJECTED, C, 1,
      "input 0 0\ninput 26 70\ninput 60 16\ninput 13 43\ninput 6 24\ninput 8 62\ninput 12 "
      "35\ninput 7 61\n",
      "input 0 0\n", "certificate.txt:13: the bound of head "),
};

const AttackTable attacks_cases = {attacks, sizeof attacks / sizeof *attacks};
