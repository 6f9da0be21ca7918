// The certificate as a whole (K10): its positions and keys, and trees of splits that must leave no input out.
#include "attack_edits.h"

#define C FORGE_CERTIFICATE

EDIT(certificate_cut)
{
    edit_cut_from(f, C, "position 8", 1);
}
EDIT(certificate_cut_in_case)
{
    edit_cut_from(f, C, "wrong 3", 1);
}
EDIT(position_missing)
{
    int first = edit_line_starting(f, C, "position 7", 1);
    edit_cut_lines(f, C, first, edit_line_starting(f, C, "position 8", 1) - first);
}
EDIT(positions_swapped)
{
    edit_replace(f, C, "position 6", "position x", 1);
    edit_replace(f, C, "position 7", "position 6", 1);
    edit_replace(f, C, "position x", "position 7", 1);
}
EDIT(last_part_removed)
{
    edit_cut_lines(f, C, 1158, 1244 - 1158);
}
EDIT(inner_part_removed)
{
    edit_cut_lines(f, C, 274, 86);
}
EDIT(region_twice)
{
    edit_put_line(f, C, 274, "part 10-59");
}
// The numbers of inputs would add up.
EDIT(hole_hidden_by_other_region)
{
    edit_put_line(f, C, 188, "part 10-58");
    edit_put_line(f, C, 274, "part 60-99");
}
EDIT(part_of_no_inputs)
{
    edit_put_line(f, C, 12, "part 1");
    edit_put_line(f, C, 10, "part 0-8");
    edit_put_line(f, C, 11, "split token 6");
}
// No path leads to state 1 when column 0 carries nothing.
EDIT(part_without_path)
{
    edit_put_line(f, C, 9, "split symbol 0");
    edit_put_line(f, C, 10, "part 0-9");
    edit_put_line(f, C, 12, "part 1");
}
EDIT(case_of_two_tokens)
{
    edit_put_line(f, C, 10, "part 0-80");
    edit_put_line(f, C, 11, "split state 1");
    edit_put_line(f, C, 7, "split symbol 0");
    edit_put_line(f, C, 8, "part 0-99");
}
EDIT(one_part_of_all_tokens)
{
    edit_cut_lines(f, C, 98, 1248 - 98);
    edit_cut_lines(f, C, 9, 4);
    edit_put_line(f, C, 8, "part 0-1");
}
EDIT(splits_too_deep)
{
    Text deep = {0};
    for (int i = 0; i < 258; i++)
        text_add(&deep, "split symbol 0\npart 0-99\n");
    edit_insert(f, C, 7, deep.chars);
    text_free(&deep);
}
EDIT(certificate_without_end)
{
    edit_cut_lines(f, C, 5120, 1);
}
EDIT(certificate_goes_on)
{
    text_add(&f->file[C], "end\n");
}
EDIT(certificate_only_head)
{
    edit_cut_from(f, C, "position 6", 1);
}

static const Attack attacks[] = {
    R(certificate_version, MALFORMED, C, 1, "certificate 1", "certificate 2",
      "certificate.txt:1: 2 is not in 1 to 1"),
    E(certificate_cut, MALFORMED, "certificate.txt:3541: the file ends too early (K3)"),
    E(certificate_cut_in_case, MALFORMED, "certificate.txt:88: the file ends too early (K3)"),
    E(certificate_only_head, MALFORMED, "certificate.txt:2: the file ends too early (K3)"),
    E(certificate_without_end, MALFORMED, "certificate.txt:5120: the file ends too early (K3)"),
    E(certificate_goes_on, MALFORMED,
      "certificate.txt:5121: the certificate goes on after its end (K10)"),
    E(position_missing, MALFORMED, "certificate.txt:1249: 8 is not in 7 to 7"),
    E(positions_swapped, MALFORMED, "certificate.txt:2: 7 is not in 6 to 6"),
    R(position_of_prompt, MALFORMED, C, 1, "position 6", "position 5",
      "certificate.txt:2: 5 is not in 6 to 6"),
    R(key_missing, MALFORMED, C, 1, "key 2 -\n", "", "certificate.txt:3: 3 is not in 2 to 2"),
    R(key_out_of_order, MALFORMED, C, 1, "key 3 1\nkey 4 0", "key 4 0\nkey 3 1",
      "certificate.txt:4: 4 is not in 3 to 3"),
    R(key_not_read, MALFORMED, C, 1, "key 2 -", "key 1 -\nkey 2 -",
      "certificate.txt:3: 1 is not in 2 to 2"),
    R(key_column_not_there, MALFORMED, C, 1, "key 3 1", "key 3 2",
      "certificate.txt:4: 2 is not in 0 to 1"),
    R(key_of_other_column, REJECTED, C, 1, "key 3 1", "key 3 0",
      "certificate.txt:13: the bound of head "),
    R(key_without_column, REJECTED, C, 1, "key 3 1", "key 3 -",
      "certificate.txt:13: the bound of head "),
    R(key_columns_exchanged, REJECTED, C, 1, "key 3 1\nkey 4 0", "key 3 0\nkey 4 1",
      "certificate.txt:13: the bound of head "),
    R(split_of_nothing, MALFORMED, C, 1, "split token 6", "split digit 6",
      "certificate.txt:7: \"digit\" where \"symbol\" is expected"),
    R(split_of_fixed_token, REJECTED, C, 1, "split token 6", "split token 5",
      "certificate.txt:7: position 5 has a fixed token (K10)"),
    R(split_position_not_there, MALFORMED, C, 1, "split token 6", "split token 9",
      "certificate.txt:7: 9 is not in 0 to 8"),
    R(split_column_not_there, MALFORMED, C, 1, "split symbol 1", "split symbol 2",
      "certificate.txt:9: 2 is not in 0 to 1"),
    R(split_without_parts, MALFORMED, C, 1, "part 0\n", "",
      "certificate.txt:8: \"split\" where \"part\" is expected"),
    R(label_not_there, MALFORMED, C, 1, "part 0\n", "part 12\n",
      "certificate.txt:8: 12 is not in 0 to 11"),
    E(last_part_removed, REJECTED,
      "certificate.txt:1071: label 66 of the split is in none of its parts (K10)"),
    E(inner_part_removed, REJECTED,
      "certificate.txt:187: label 66 of the split is in none of its parts (K10)"),
    E(region_twice, REJECTED,
      "certificate.txt:274: a label of the split is in two of its parts (K10)"),
    R(part_overlaps, REJECTED, C, 1, "part 60-99", "part 59-99",
      "certificate.txt:274: a label of the split is in two of its parts (K10)"),
    R(part_smaller, REJECTED, C, 1, "part 60-99", "part 60-98",
      "certificate.txt:187: label 99 of the split is in none of its parts (K10)"),
    R(label_without_edge_left_out, ACCEPTED, C, 1, "part 60-99", "part 66-99",
      "inputs   10000 = 10^4, all digits\n"),
    E(hole_hidden_by_other_region, REJECTED,
      "certificate.txt:187: label 59 of the split is in none of its parts (K10)"),
    R(tree_not_closed, MALFORMED, C, 1, "done\nend\nend\nend\npart", "done\nend\nend\npart",
      "certificate.txt:362: "),
    E(part_of_no_inputs, REJECTED, "certificate.txt:12: a part without inputs (K10)"),
    E(part_without_path, REJECTED, "certificate.txt:12: a part without inputs (K10)"),
    E(splits_too_deep, REJECTED,
      "certificate.txt:521: more splits within splits than this checker reckons with"),
    E(case_of_two_tokens, REJECTED,
      "certificate.txt:13: the right token is not the same on all of the region (K11)"),
    E(one_part_of_all_tokens, REJECTED,
      "certificate.txt:9: the right token is not the same on all of the region (K11)"),
};

const AttackTable attacks_certificate = {attacks, sizeof attacks / sizeof *attacks};
