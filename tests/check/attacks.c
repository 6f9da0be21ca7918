// What is done to the good bundle, and what proofcheck must say to it.
#include "attack_edits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hash.h"

#define SCRIPT_HASH                                                                                \
    "4bd88edc5bae352b7d38704bcaa4aec6f0b2d2365e206dfe898cb2b561ab87fa" // of (check-sat)
#define NO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

// ---- edits --------------------------------------------------------------------------------------

static void scale_tensor(Forge *f, const char *tensor, size_t count, float by)
{
    for (size_t i = 0; i < count; i++)
        forge_set_weight(f, tensor, i, by * forge_weight(f, tensor, i));
}

static void set_edge(Forge *f, int layer, int head, int query, int key, char value)
{
    char name[40];
    snprintf(name, sizeof name, "blocks.%d.attn.edges", layer);
    f->file[FORGE_MODEL]
        .chars[forge_weight_at(f, name, 0) + (size_t)((head * 9 + query) * 9 + key)] = value;
}

EDIT(empty_task)
{
    edit_cut_from(f, FORGE_TASK, "ripple-task", 1);
}
EDIT(task_without_newline)
{
    f->file[FORGE_TASK].length--;
}
EDIT(task_zero_byte)
{
    *edit_line_of(f, FORGE_TASK, 3) = 0;
}
EDIT(task_ends_early)
{
    edit_cut_from(f, FORGE_TASK, "literal", 2);
}
EDIT(task_too_many_columns)
{
    edit_replace(f, FORGE_TASK, "columns 2", "columns 256", 1);
    edit_replace(f, FORGE_TASK, "states 2", "states 64", 1);
    edit_replace(f, FORGE_TASK, "symbols 100", "symbols 1000", 1);
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
    edit_cut_lines(f, FORGE_TASK, 23, 2);
    edit_insert(f, FORGE_TASK, 23, all.chars);
    text_free(&all);
}
EDIT(numbers_too_many)
{
    char line[60];
    for (int n = 0; n < 254; n++) {
        snprintf(line, sizeof line, "number z%d 0\nnumber a 0 1\n", n);
        edit_replace(f, FORGE_TASK, "number a 0 1\n", line, 1);
    }
}
EDIT(tokens_too_many)
{
    Text all = {0};
    for (int k = 12; k < 65537; k++)
        text_add(&all, "token %d t%d\n", k, k);
    edit_insert(f, FORGE_TASK, 23, all.chars);
    text_free(&all);
}
EDIT(no_edge)
{
    edit_put_word(f, FORGE_TASK, 7, 2 + 57, "-");
}
EDIT(no_token)
{
    edit_put_word(f, FORGE_TASK, 28, 3 + 57, "-");
}
EDIT(prompt_tells_state)
{
    edit_put_word(f, FORGE_TASK, 26, 3 + 57, "8");
}
EDIT(prompt_not_injective)
{
    edit_put_word(f, FORGE_TASK, 25, 3 + 57, "6");
    edit_put_word(f, FORGE_TASK, 26, 3 + 57, "6");
}
EDIT(transition_wrong)
{
    edit_put_word(f, FORGE_TASK, 7, 2 + 57, "0");
}
EDIT(output_wrong)
{
    edit_put_word(f, FORGE_TASK, 29, 3 + 57, "3");
}
EDIT(carry_out_wrong)
{
    edit_put_word(f, FORGE_TASK, 27, 3 + 57, "0");
}
EDIT(digit_is_plus)
{
    edit_put_word(f, FORGE_TASK, 29, 3 + 57, "10");
}

EDIT(literals_too_many)
{
    for (int n = 0; n < 4097 - 2; n++)
        text_add(&f->file[FORGE_TASK], "literal 1 1 a\n");
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
    edit_replace(f, FORGE_TASK, "number a 0 1\n", numbers.chars, 1);
    for (int n = 0; n < 3000; n++)
        text_add(&f->file[FORGE_TASK], "literal 1%s\n", literal.chars);
    text_free(&numbers);
    text_free(&literal);
}
EDIT(fixed_digit_in_claim)
{
    edit_replace(f, FORGE_TASK, "fixed 2 10", "fixed 2 1", 1);
    edit_replace(f, FORGE_TASK, "number s", "number x 2\nnumber s", 1);
    edit_replace(f, FORGE_TASK, "literal 0 1 a", "literal 0 1 x 1 a", 1);
    edit_replace(f, FORGE_TASK, "literal 0 -1 a", "literal 0 -1 x -1 a", 1);
}
static void add_choice(Forge *f, const char *clause)
{
    edit_replace(f, FORGE_TASK, "number s 6 7 8\n", "number s 6 7 8\nchoice lead 6 0 1\n", 1);
    text_add(&f->file[FORGE_TASK], "%s", clause);
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
    edit_replace(f, FORGE_TASK, "number s 6 7 8\n", "number u 7 8\n", 1);
    edit_replace(f, FORGE_TASK, "-1 s", "-1 u -100 lead", 1);
    edit_replace(f, FORGE_TASK, "1 s", "1 u 100 lead", 1);
}
// Letters for digits, ten of them.
EDIT(letters)
{
    static const char *const choices = " 0 1 2 3 4 5 6 7 8 9\n";
    char old[16], new[16];
    for (int k = 0; k < 10; k++) {
        snprintf(old, sizeof old, "token %d %d\n", k, k);
        snprintf(new, sizeof new, "token %d %c\n", k, 'A' + k);
        edit_replace(f, FORGE_TASK, old, new, 1);
        snprintf(old, sizeof old, "\\\"%d\\\"", k);
        snprintf(new, sizeof new, "\\\"%c\\\"", 'A' + k);
        edit_replace(f, FORGE_MODEL, old, new, 1);
    }
    edit_cut_from(f, FORGE_TASK, "number ", 1);
    for (int i = 0; i < 9; i++)
        if ("au+bv=xyz"[i] >= 'a')
            text_add(&f->file[FORGE_TASK], "choice %c %d%s", "au+bv=xyz"[i], i, choices);
    text_add(&f->file[FORGE_TASK], "clause\nliteral 0 10 a 1 u 10 b 1 v -100 x -10 y -1 z\n");
}

// ---- two branches -------------------------------------------------------------------------------

// A line of numbers after two first words, each increased.
static void add_increased(Text *to, const char *start, const char *numbers, int by)
{
    text_add(to, "%s", start);
    for (const char *at = numbers; *at == ' ';) {
        char *end;
        text_add(to, " %ld", strtol(at + 1, &end, 10) + by);
        at = end;
    }
    text_add(to, "\n");
}

// States 2 and 3 as 0 and 1.
static void double_states(Forge *f)
{
    char *rows[2] = {NULL, NULL}, start[40];
    Text task = {0};
    for (const char *at = f->file[FORGE_TASK].chars; *at; at = strchr(at, '\n') + 1) {
        int t = 0, q, size = 0;
        bool next = sscanf(at, "next %d%n", &q, &size) == 1;
        text_add_bytes(&task, at, strcspn(at, "\n") + 1);
        if (!next && sscanf(at, "table %d %d%n", &t, &q, &size) != 2)
            continue;
        rows[q] = (char *)at + size;
        for (int k = 0; k < 2 && q == 1; k++) {
            snprintf(start, sizeof start, next ? "next %d" : "table %d %d", next ? k + 2 : t,
                     k + 2);
            add_increased(&task, start, rows[k], next ? 2 : 0);
        }
    }
    text_free(&f->file[FORGE_TASK]);
    f->file[FORGE_TASK] = task;
}

// Parts of splits by state have both states with a carry.
static void double_parts(Forge *f)
{
    bool by_state[256];
    int depth = 0;
    Text certificate = {0};
    for (const char *at = f->file[FORGE_CERTIFICATE].chars; *at; at = strchr(at, '\n') + 1) {
        if (strncmp(at, "split ", 6) == 0)
            by_state[depth++] = strncmp(at, "split state", 11) == 0;
        depth -= strncmp(at, "end\n", 4) == 0 && depth > 0;
        bool state = depth > 0 && by_state[depth - 1];
        if (state && strncmp(at, "part 0\n", 7) == 0)
            text_add(&certificate, "part 0,2\n");
        else if (state && strncmp(at, "part 1\n", 7) == 0)
            text_add(&certificate, "part 1,3\n");
        else
            text_add_bytes(&certificate, at, strcspn(at, "\n") + 1);
    }
    text_free(&f->file[FORGE_CERTIFICATE]);
    f->file[FORGE_CERTIFICATE] = certificate;
}

// States 0 and 1 guess that the last carry is 0, states 2 and 3 that it is 1.
EDIT(two_branches)
{
    double_states(f);
    double_parts(f);
    edit_replace(f, FORGE_TASK, "states 2\n", "states 4\n", 1);
    edit_replace(f, FORGE_TASK, "start 0\naccept 0-1\n", "start 0,2\naccept 0,3\n", 1);
}
EDIT(two_branches_accept_too_wide)
{
    two_branches(f);
    edit_replace(f, FORGE_TASK, "accept 0,3", "accept 0-3", 1);
}
EDIT(two_branches_accept_one)
{
    two_branches(f);
    edit_replace(f, FORGE_TASK, "accept 0,3", "accept 0", 1);
}
EDIT(two_branches_start_one)
{
    two_branches(f);
    edit_replace(f, FORGE_TASK, "start 0,2", "start 0", 1);
}
EDIT(two_branches_crossed)
{
    two_branches(f);
    edit_replace(f, FORGE_TASK, "accept 0,3", "accept 0,2", 1);
}
static void change_entry(Forge *f, const char *row, const char *entry)
{
    two_branches(f);
    edit_put_word(f, FORGE_TASK, edit_line_starting(f, FORGE_TASK, row, 1), 3 + 57, entry);
}
EDIT(two_branches_claim_false_in_one)
{
    change_entry(f, "table 3 2 ", "1");
}
EDIT(two_branches_prompt_tells)
{
    change_entry(f, "table 1 2 ", "8");
}
EDIT(two_branches_token_missing_in_one)
{
    change_entry(f, "table 2 2 ", "-");
}
EDIT(two_branches_one_left_out)
{
    two_branches(f);
    edit_replace(f, FORGE_CERTIFICATE, "part 1,3", "part 1", 5);
}

// ---- edits of the certificate -------------------------------------------------------------------

EDIT(certificate_cut)
{
    edit_cut_from(f, FORGE_CERTIFICATE, "position 8", 1);
}
EDIT(certificate_cut_in_case)
{
    edit_cut_from(f, FORGE_CERTIFICATE, "wrong 3", 1);
}
EDIT(position_missing)
{
    int first = edit_line_starting(f, FORGE_CERTIFICATE, "position 7", 1);
    edit_cut_lines(f, FORGE_CERTIFICATE, first,
                   edit_line_starting(f, FORGE_CERTIFICATE, "position 8", 1) - first);
}
EDIT(positions_swapped)
{
    edit_replace(f, FORGE_CERTIFICATE, "position 6", "position x", 1);
    edit_replace(f, FORGE_CERTIFICATE, "position 7", "position 6", 1);
    edit_replace(f, FORGE_CERTIFICATE, "position x", "position 7", 1);
}
EDIT(last_part_removed)
{
    edit_cut_lines(f, FORGE_CERTIFICATE, 1158, 1244 - 1158);
}
EDIT(inner_part_removed)
{
    edit_cut_lines(f, FORGE_CERTIFICATE, 274, 86);
}
EDIT(region_twice)
{
    edit_put_line(f, FORGE_CERTIFICATE, 274, "part 10-59");
}
// The numbers of inputs would add up.
EDIT(hole_hidden_by_other_region)
{
    edit_put_line(f, FORGE_CERTIFICATE, 188, "part 10-58");
    edit_put_line(f, FORGE_CERTIFICATE, 274, "part 60-99");
}
EDIT(part_of_no_inputs)
{
    edit_put_line(f, FORGE_CERTIFICATE, 12, "part 1");
    edit_put_line(f, FORGE_CERTIFICATE, 10, "part 0-8");
    edit_put_line(f, FORGE_CERTIFICATE, 11, "split token 6");
}
// No path leads to state 1 when column 0 carries nothing.
EDIT(part_without_path)
{
    edit_put_line(f, FORGE_CERTIFICATE, 9, "split symbol 0");
    edit_put_line(f, FORGE_CERTIFICATE, 10, "part 0-9");
    edit_put_line(f, FORGE_CERTIFICATE, 12, "part 1");
}
EDIT(case_of_two_tokens)
{
    edit_put_line(f, FORGE_CERTIFICATE, 10, "part 0-80");
    edit_put_line(f, FORGE_CERTIFICATE, 11, "split state 1");
    edit_put_line(f, FORGE_CERTIFICATE, 7, "split symbol 0");
    edit_put_line(f, FORGE_CERTIFICATE, 8, "part 0-99");
}
EDIT(one_part_of_all_tokens)
{
    edit_cut_lines(f, FORGE_CERTIFICATE, 98, 1248 - 98);
    edit_cut_lines(f, FORGE_CERTIFICATE, 9, 4);
    edit_put_line(f, FORGE_CERTIFICATE, 8, "part 0-1");
}
EDIT(splits_too_deep)
{
    Text deep = {0};
    for (int i = 0; i < 258; i++)
        text_add(&deep, "split symbol 0\npart 0-99\n");
    edit_insert(f, FORGE_CERTIFICATE, 7, deep.chars);
    text_free(&deep);
}
EDIT(no_input_line)
{
    edit_cut_lines(f, FORGE_CERTIFICATE, 14, 8);
}
EDIT(neuron_missing)
{
    edit_cut_lines(f, FORGE_CERTIFICATE, edit_line_starting(f, FORGE_CERTIFICATE, "off 9 ", 1), 1);
}
EDIT(wrong_missing)
{
    edit_cut_lines(f, FORGE_CERTIFICATE, edit_line_starting(f, FORGE_CERTIFICATE, "wrong 9 ", 1),
                   1);
}
EDIT(wrong_last_missing)
{
    edit_cut_lines(f, FORGE_CERTIFICATE, edit_line_starting(f, FORGE_CERTIFICATE, "wrong 11 ", 1),
                   1);
}
EDIT(certificate_without_end)
{
    edit_cut_lines(f, FORGE_CERTIFICATE, 5120, 1);
}
EDIT(certificate_goes_on)
{
    text_add(&f->file[FORGE_CERTIFICATE], "end\n");
}
EDIT(certificate_only_head)
{
    edit_cut_from(f, FORGE_CERTIFICATE, "position 6", 1);
}

// ---- edits of the model -------------------------------------------------------------------------

EDIT(model_short)
{
    f->file[FORGE_MODEL].length = 7;
}
EDIT(model_header_longer_than_file)
{
    f->file[FORGE_MODEL].chars[3] = 1;
}
EDIT(model_header_of_2_64)
{
    memset(f->file[FORGE_MODEL].chars, 0xff, 8);
}
EDIT(model_header_empty)
{
    memset(f->file[FORGE_MODEL].chars, 0, 8);
}
EDIT(model_truncated)
{
    f->file[FORGE_MODEL].length -= 1;
}
EDIT(model_longer)
{
    text_add_bytes(&f->file[FORGE_MODEL], "\1", 1);
}
EDIT(weight_nan)
{
    forge_set_weight(f, "blocks.0.mlp.W_in", 77, NAN);
}
EDIT(weight_infinite)
{
    forge_set_weight(f, "unembed.W_U", 383, -INFINITY);
}
EDIT(weight_huge)
{
    forge_set_weight(f, "embed.W_E", 5, 512.0f);
}
EDIT(row_huge)
{
    for (size_t i = 0; i < 32; i++)
        forge_set_weight(f, "blocks.0.attn.W_Q", i * 16, 500.0f);
}
EDIT(residual_huge)
{
    for (size_t i = 0; i < 7; i++) {
        forge_set_weight(f, "embed.W_E", i, 500.0f);
        forge_set_weight(f, "blocks.0.attn.W_Q", i * 16, 100.0f);
    }
}
EDIT(head_moves_neuron_far)
{
    forge_set_weight(f, "blocks.1.attn.W_O", 0, 8.0f);
    forge_set_weight(f, "blocks.1.attn.b_V", 0, 400.0f);
    forge_set_weight(f, "blocks.1.mlp.W_in", 0, 1.0f);
}
// Every score is zero, but as a sum of large products.
static void cancel_scores(Forge *f, int layer)
{
    static const char *const names[] = {"W_Q", "W_K", "b_Q", "b_K"};
    for (int n = 0; n < 4; n++) {
        char name[40];
        snprintf(name, sizeof name, "blocks.%d.attn.%s", layer, names[n]);
        scale_tensor(f, name, n < 2 ? 1024 : 32, 0.0f);
        for (size_t i = 0; n >= 2 && i < 8; i++)
            forge_set_weight(f, name, i, n == 3 && i % 2 ? -500.0f : 500.0f);
    }
}

EDIT(scores_spread)
{
    cancel_scores(f, 1);
}
EDIT(scores_spread_below)
{
    cancel_scores(f, 0);
}
EDIT(edge_ahead)
{
    set_edge(f, 1, 0, 3, 4, 1);
}
EDIT(edge_ahead_below)
{
    set_edge(f, 0, 1, 0, 8, 1);
}
EDIT(edge_two)
{
    set_edge(f, 0, 0, 3, 0, 2);
}
EDIT(edge_more)
{
    set_edge(f, 1, 0, 5, 1, 1);
}
EDIT(edge_fewer)
{
    set_edge(f, 1, 0, 5, 3, 0);
    set_edge(f, 1, 1, 5, 3, 0);
}
EDIT(bias_lowered)
{
    forge_set_weight(f, "unembed.b_U", 0, forge_weight(f, "unembed.b_U", 0) - 0.5f);
}
EDIT(embedding_swapped)
{
    for (size_t i = 0; i < 32; i++) {
        float two = forge_weight(f, "embed.W_E", 64 + i),
              three = forge_weight(f, "embed.W_E", 96 + i);
        forge_set_weight(f, "embed.W_E", 64 + i, three);
        forge_set_weight(f, "embed.W_E", 96 + i, two);
    }
}
EDIT(unembedding_swapped)
{
    for (size_t i = 0; i < 32; i++) {
        float two = forge_weight(f, "unembed.W_U", 12 * i + 2);
        forge_set_weight(f, "unembed.W_U", 12 * i + 2, forge_weight(f, "unembed.W_U", 12 * i + 7));
        forge_set_weight(f, "unembed.W_U", 12 * i + 7, two);
    }
}
EDIT(head_cut)
{
    scale_tensor(f, "blocks.1.attn.W_O", 512, 0.0f);
}
EDIT(all_weights_zero)
{
    size_t first = forge_weight_at(f, "embed.W_E", 0), last = forge_weight_at(f, "unembed.b_U", 11);
    memset(f->file[FORGE_MODEL].chars + first, 0, last + 4 - first);
}
EDIT(last_bias_turned)
{
    scale_tensor(f, "blocks.1.mlp.b_out", 32, -20.0f);
}
EDIT(first_bias_cut)
{
    scale_tensor(f, "blocks.0.attn.b_V", 32, 0.0f);
}
EDIT(head_without_keys)
{
    for (int k = 0; k <= 5; k++)
        set_edge(f, 1, 0, 5, k, 0);
}
EDIT(gains_huge)
{
    for (size_t i = 0; i < 64; i++)
        forge_set_weight(f, "blocks.0.mlp.W_in", i, 40.0f);
}
EDIT(product_huge)
{
    for (size_t i = 0; i < 32; i++) {
        forge_set_weight(f, "blocks.0.mlp.W_out", i, 6.0f);
        forge_set_weight(f, "blocks.1.attn.W_Q", 16 * i, 6.0f);
    }
}
EDIT(metadata_of_many_keys)
{
    Text notes = {0};
    for (int k = 0; k < 1100; k++)
        text_add(&notes, "\"k%d\":\"\",", k);
    text_add(&notes, "\"recipe\":");
    edit_replace(f, FORGE_MODEL, "\"recipe\":", notes.chars, 1);
    text_free(&notes);
}
EDIT(tensors_many)
{
    Text more = {0};
    for (int k = 0; k < 4100; k++)
        text_add(&more, "\"t%d\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},", k);
    text_add(&more, "\"embed.W_E\":");
    edit_replace(f, FORGE_MODEL, "\"embed.W_E\":", more.chars, 1);
    text_free(&more);
}
// One position less, in the header and in the tensors; all that comes later is nearer to the front.
EDIT(context_shorter)
{
    char edges[2 * 64], old[80], new[80];
    for (int layer = 1; layer >= 0; layer--) {
        snprintf(old, sizeof old, "blocks.%d.attn.edges", layer);
        size_t at = forge_weight_at(f, old, 0);
        for (int h = 0; h < 2; h++)
            for (int q = 0; q < 8; q++)
                memcpy(edges + 64 * h + 8 * q, f->file[FORGE_MODEL].chars + at + 81 * h + 9 * q, 8);
        forge_splice(f, FORGE_MODEL, at, 162, edges, 128);
    }
    forge_splice(f, FORGE_MODEL, forge_weight_at(f, "pos_embed.W_pos", 256), 128, "", 0);
    edit_replace(f, FORGE_MODEL, "\"n_ctx\":\"9\"", "\"n_ctx\":\"8\"", 1);
    edit_replace(f, FORGE_MODEL, "[9, 32]", "[8, 32]", 1);
    edit_replace(f, FORGE_MODEL, "[2, 9, 9],\"data_offsets\":[71600,71762]",
                 "[2, 8, 8],\"data_offsets\":[71472,71600]", 1);
    edit_replace(f, FORGE_MODEL, "[2, 9, 9],\"data_offsets\":[71762,71924]",
                 "[2, 8, 8],\"data_offsets\":[71600,71728]", 1);
    // The ends of the tensors between them.
    const char *header = f->file[FORGE_MODEL].chars + 8;
    long ends[40], count = 0;
    for (const char *at = header; (at = strstr(at, "\"data_offsets\":[")) && count < 40; at += 16) {
        char *comma;
        strtol(at + 16, &comma, 10);
        ends[count++] = strtol(comma + 1, NULL, 10);
    }
    for (int i = 1; i < count - 2; i++) {
        snprintf(old, sizeof old, ",%ld]", ends[i]);
        snprintf(new, sizeof new, ",%ld]", ends[i] - 128);
        edit_replace(f, FORGE_MODEL, old, new, 1);
        snprintf(old, sizeof old, "[%ld,", ends[i]);
        snprintf(new, sizeof new, "[%ld,", ends[i] - 128);
        if (i < count - 3)
            edit_replace(f, FORGE_MODEL, old, new, 1);
    }
}

// ---- SHA256SUMS, after the files were hashed --------------------------------------------------------

static char *sum_line(Forge *f, const char *name)
{
    char *at = strstr(f->file[FORGE_SUMS].chars, name);
    edit_must(at, name);
    return at - 66;
}

static void cut_sum(Forge *f, const char *name)
{
    forge_splice(f, FORGE_SUMS, (size_t)(sum_line(f, name) - f->file[FORGE_SUMS].chars),
                 67 + strlen(name), "", 0);
}

static void add_sum(Forge *f, const char *before, const char *line)
{
    forge_splice(f, FORGE_SUMS, (size_t)(sum_line(f, before) - f->file[FORGE_SUMS].chars), 0, line,
                 strlen(line));
}

static void spoil_sum(Forge *f, const char *name)
{
    char *c = sum_line(f, name) + 7;
    *c = *c == '0' ? '1' : '0';
}

EDIT(sums_upper_case)
{
    char *c = strpbrk(f->file[FORGE_SUMS].chars, "abcdef");
    *c = (char)(*c - 32);
}
EDIT(sums_one_space)
{
    edit_replace(f, FORGE_SUMS, "  audit", " audit", 1);
}
EDIT(sums_slash)
{
    edit_replace(f, FORGE_SUMS, "audit.md", "a/audit.md", 1);
}
EDIT(sums_hidden)
{
    edit_replace(f, FORGE_SUMS, "audit.md", ".audit.md", 1);
}
EDIT(sums_zero_byte)
{
    *strstr(f->file[FORGE_SUMS].chars, ".md") = 0;
}
EDIT(sums_short_line)
{
    edit_put_line(f, FORGE_SUMS, 2, "00  audit.md");
}
EDIT(sums_no_newline)
{
    f->file[FORGE_SUMS].length--;
}
EDIT(sums_unsorted)
{
    cut_sum(f, "audit.md");
    add_sum(f, "model.safetensors", NO_HASH "  audit.md\n");
}
EDIT(sums_twice)
{
    add_sum(f, "audit.md", NO_HASH "  audit.md\n");
}
EDIT(sums_wrong_for_model)
{
    spoil_sum(f, "model.safetensors");
    forge_hash_root(f);
}
EDIT(sums_wrong_for_spec)
{
    spoil_sum(f, "spec.spec");
    forge_hash_root(f);
}
EDIT(sums_wrong_for_manifest)
{
    spoil_sum(f, "MANIFEST.json");
}
EDIT(root_of_other_lines)
{
    char *root = strstr(f->file[FORGE_MANIFEST].chars, "\"root\": \"") + 9, line[80];
    char *sums = f->file[FORGE_SUMS].chars;
    *root = *root == '0' ? '1' : '0';
    hash_sha256(f->file[FORGE_MANIFEST].chars, f->file[FORGE_MANIFEST].length, line);
    memcpy(sums, line, 64);
}
EDIT(sums_without_audit)
{
    cut_sum(f, "audit.md");
    forge_hash_root(f);
}
EDIT(sums_without_task)
{
    cut_sum(f, "task.txt");
    forge_hash_root(f);
}
EDIT(sums_without_model)
{
    cut_sum(f, "model.safetensors");
    forge_hash_root(f);
}
EDIT(sums_without_manifest)
{
    cut_sum(f, "MANIFEST.json");
}
EDIT(sums_list_themselves)
{
    add_sum(f, "audit.md", NO_HASH "  SHA256SUMS\n");
    forge_hash_root(f);
}
EDIT(sums_list_one_more)
{
    add_sum(f, "task.txt", NO_HASH "  table.txt\n");
    forge_hash_root(f);
}
EDIT(sums_list_one_more_at_the_end)
{
    text_add(&f->file[FORGE_SUMS], NO_HASH "  zero.txt\n");
}
EDIT(script_listed)
{
    edit_put_line(f, FORGE_SMT, 1, SCRIPT_HASH "  smt/A.base.smt2");
}
EDIT(script_listed_behind_something)
{
    edit_put_line(f, FORGE_SMT, 1, "0" SCRIPT_HASH "  smt/A.base.smt2");
}
EDIT(script_listed_elsewhere)
{
    edit_put_line(f, FORGE_SMT, 1, SCRIPT_HASH "  A.base.smt2");
}
EDIT(script_listed_by_another_name)
{
    edit_put_line(f, FORGE_SMT, 1, SCRIPT_HASH "  smt/A.base.smt2.old");
}

// ---- the folder ---------------------------------------------------------------------------------

static void in_folder(char path[600], const char *dir, const char *name)
{
    snprintf(path, 600, "%s/%s", dir, name);
}

static void write_file(const char *dir, const char *name, const char *bytes)
{
    char path[600];
    in_folder(path, dir, name);
    FILE *out = fopen(path, "wb");
    edit_must(out && fputs(bytes, out) >= 0 && fclose(out) == 0, path);
}

static void remove_file(const char *dir, const char *name)
{
    char path[600];
    in_folder(path, dir, name);
    edit_must(unlink(path) == 0, path);
}

static void make_folder(const char *dir, const char *name)
{
    char path[600];
    in_folder(path, dir, name);
    edit_must(mkdir(path, 0777) == 0, path);
}

static void append(const char *dir, const char *name, const char *bytes)
{
    char path[600];
    in_folder(path, dir, name);
    FILE *out = fopen(path, "ab");
    edit_must(out && fputs(bytes, out) >= 0 && fclose(out) == 0, path);
}

#define TAMPER(name) static void name(const char *dir)

TAMPER(unlisted_file)
{
    write_file(dir, "extra.txt", "more\n");
}
TAMPER(unlisted_folder)
{
    make_folder(dir, "more");
}
TAMPER(task_missing)
{
    remove_file(dir, "task.txt");
}
TAMPER(sums_missing)
{
    remove_file(dir, "SHA256SUMS");
}
TAMPER(manifest_missing)
{
    remove_file(dir, "MANIFEST.json");
}
TAMPER(audit_missing)
{
    remove_file(dir, "audit.md");
}
TAMPER(smt_list_missing)
{
    remove_file(dir, "smt.sha256");
}
TAMPER(task_is_folder)
{
    remove_file(dir, "task.txt");
    make_folder(dir, "task.txt");
}
TAMPER(audit_too_large)
{
    char path[600];
    in_folder(path, dir, "audit.md");
    edit_must(truncate(path, ((off_t)1 << 30) + 1) == 0, path);
}
TAMPER(audit_changed)
{
    append(dir, "audit.md", "And more.\n");
}
TAMPER(manifest_changed)
{
    append(dir, "MANIFEST.json", "\n");
}
TAMPER(script_changed)
{
    make_folder(dir, "smt");
    write_file(dir, "smt/A.base.smt2", "(check-sat)\n");
}
TAMPER(script_not_listed)
{
    make_folder(dir, "smt");
    write_file(dir, "smt/Z.smt2", "(check-sat)\n");
}
TAMPER(scripts_are_a_file)
{
    write_file(dir, "smt", "(check-sat)\n");
}

// ---- the table ----------------------------------------------------------------------------------

#define T                    FORGE_TASK
#define NUMBERS              "number a 0 1\nnumber b 3 4\nnumber s 6 7 8\n"
#define FIRST                "clause\nliteral 0 1 a 1 b -1 s\n"
#define SECOND               "clause\nliteral 0 -1 a -1 b 1 s\n"
#define CLAIM                FIRST SECOND
#define EQUATION(f, minus_f) "clause\nliteral " f "\nclause\nliteral " minus_f "\n"
#define DIGITS_100                                                                                 \
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" \
    "00"                                                                                           \
    "000000"
#define NINES_100                                                                                  \
    "99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999" \
    "99"                                                                                           \
    "999999"
#define SCRIPT_WRONG "smt:0: a file in it is not listed in smt.sha256, or has another hash (K2)"
#define NOT_AS_MANY  "task.txt:0: there are not as many paths as sequences of allowed symbols (K4)"
#define FIRST_FAILS  "task.txt:0: clause 0 of the claim does not hold on every path (K4, level A)"
#define SECOND_FAILS "task.txt:0: clause 1 of the claim does not hold on every path (K4, level A)"
#define C            FORGE_CERTIFICATE
#define M            FORGE_MODEL
#define J            FORGE_MANIFEST

enum { ACCEPTED = 0, REJECTED = 13, MALFORMED = 65, MISSING = 66 };

// A replacement, an edit, an edit of SHA256SUMS, something done to the folder.
#define R(name, code, file, n, old, new, expect)                                                   \
    {                                                                                              \
#name, file, old, new, n, NULL, NULL, NULL, code, expect                                   \
    }
#define E(name, code, expect)                                                                      \
    {                                                                                              \
#name, FORGE_TASK, NULL, NULL, 0, name, NULL, NULL, code, expect                           \
    }
#define S(name, code, expect)                                                                      \
    {                                                                                              \
#name, FORGE_TASK, NULL, NULL, 0, NULL, name, NULL, code, expect                           \
    }
#define F(name, code, expect)                                                                      \
    {                                                                                              \
#name, FORGE_TASK, NULL, NULL, 0, NULL, NULL, name, code, expect                           \
    }

const Attack attacks[] = {
    {"nothing", T, NULL, NULL, 0, NULL, NULL, NULL, ACCEPTED,
     "inputs   10000 = 10^4, all digits\n"},
    {"nothing_but_the_margin", T, NULL, NULL, 0, NULL, NULL, NULL, ACCEPTED,
     "It is ahead by at least 0.2"},

    // K1, K2
    F(unlisted_file, REJECTED, ".:0: a file in it is not one of a bundle (K1)"),
    F(unlisted_folder, REJECTED, ".:0: a file in it is not one of a bundle (K1)"),
    F(task_missing, MISSING, "task.txt:0: is missing (K1)"),
    F(sums_missing, MISSING, "SHA256SUMS:0: is missing (K1)"),
    F(manifest_missing, MISSING, "MANIFEST.json:0: is missing (K1)"),
    F(audit_missing, MISSING, "audit.md:0: is missing (K1)"),
    F(smt_list_missing, MISSING, "smt.sha256:0: is missing (K1)"),
    F(task_is_folder, MALFORMED, "task.txt:0: is no regular file of at most 2^30 bytes (K1)"),
    F(audit_too_large, MALFORMED, "audit.md:0: is no regular file of at most 2^30 bytes (K1)"),
    F(audit_changed, REJECTED, "audit.md:0: has another hash than is listed (K2)"),
    F(manifest_changed, REJECTED, "MANIFEST.json:0: has another hash than is listed (K2)"),
    F(script_changed, REJECTED, SCRIPT_WRONG),
    F(script_not_listed, REJECTED, SCRIPT_WRONG),
    F(scripts_are_a_file, MISSING, "smt:0: is missing (K1)"),
    S(sums_upper_case, REJECTED, "MANIFEST.json:0: has another hash than is listed (K2)"),
    S(sums_one_space, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_slash, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_hidden, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_zero_byte, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_short_line, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_no_newline, MALFORMED, "SHA256SUMS:8: is not the line of task.txt (K2)"),
    S(sums_unsorted, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_twice, REJECTED, "audit.md:0: has another hash than is listed (K2)"),
    S(sums_wrong_for_model, REJECTED, "model.safetensors:0: has another hash than is listed (K2)"),
    S(sums_wrong_for_spec, REJECTED, "spec.spec:0: has another hash than is listed (K2)"),
    S(sums_wrong_for_manifest, REJECTED, "MANIFEST.json:0: has another hash than is listed (K2)"),
    S(root_of_other_lines, REJECTED,
      "MANIFEST.json:0: the root hash is not that of SHA256SUMS (K2)"),
    S(sums_without_audit, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_without_task, MALFORMED, "SHA256SUMS:8: is not the line of task.txt (K2)"),
    S(sums_without_model, MALFORMED, "SHA256SUMS:4: is not the line of model.safetensors (K2)"),
    S(sums_without_manifest, MALFORMED, "SHA256SUMS:1: is not the line of MANIFEST.json (K2)"),
    {"audit_neither_there_nor_listed", T, NULL, NULL, 0, NULL, sums_without_audit, audit_missing,
     MISSING, "audit.md:0: is missing (K1)"},
    {"task_neither_there_nor_listed", T, NULL, NULL, 0, NULL, sums_without_task, task_missing,
     MISSING, "task.txt:0: is missing (K1)"},
    S(sums_list_themselves, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_list_one_more_at_the_end, MALFORMED,
      "SHA256SUMS:9: more than the files of a bundle (K2)"),
    S(sums_list_one_more, MALFORMED, "SHA256SUMS:8: is not the line of task.txt (K2)"),
    {"script_listed", T, NULL, NULL, 0, script_listed, NULL, script_changed, ACCEPTED, ""},
    {"script_listed_behind_something", T, NULL, NULL, 0, script_listed_behind_something, NULL,
     script_changed, REJECTED, SCRIPT_WRONG},
    {"script_listed_elsewhere", T, NULL, NULL, 0, script_listed_elsewhere, NULL, script_changed,
     REJECTED, SCRIPT_WRONG},
    {"script_listed_by_another_name", T, NULL, NULL, 0, script_listed_by_another_name, NULL,
     script_changed, REJECTED, SCRIPT_WRONG},
    R(run_not_complete, REJECTED, J, 1, "\"complete\"", "\"running\"",
      "MANIFEST.json:0: the state of the run is not complete (K2)"),
    R(state_missing, REJECTED, J, 1, "\"state\"", "\"estate\"",
      "MANIFEST.json:0: the state of the run is not complete (K2)"),
    R(root_missing, REJECTED, J, 1, "\"root\"", "\"roots\"",
      "MANIFEST.json:0: the root hash is not that of SHA256SUMS (K2)"),

    // K3
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

    // K4
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
    E(task_too_many_columns, REJECTED, "task.txt:5: more edges than this checker reckons with"),
    E(tables_too_many, REJECTED, "task.txt:535: more tables than this checker reckons with"),
    E(numbers_too_many, REJECTED, "task.txt:298: more quantities than this checker reckons with"),
    E(tokens_too_many, REJECTED, "task.txt:65547: more tokens than this checker reckons with"),
    E(literals_too_many, REJECTED, "task.txt:4143: more literals than this checker reckons with"),
    E(claim_too_long, REJECTED, "task.txt:0: a longer claim than this checker reckons with"),
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
      "task.txt:0: symbols 56 and 57 of column 0 have the same prompt (K4)"),
    R(column_not_in_prompt, REJECTED, T, 1, "column 4 0 1", "column 4 1 1",
      "task.txt:0: symbols 0 and 1 of column 0 have the same prompt (K4)"),
    E(digit_is_plus, REJECTED, "task.txt:0: \"+\" stands where s has a digit (K4)"),
    R(plus_in_number, REJECTED, T, 1, "number a 0 1", "number a 0 1 2",
      "task.txt:0: \"+\" stands where a has a digit (K4)"),
    R(choice_token_not_listed, REJECTED, T, 1, "number a 0 1", "number a 0 1\nchoice x 6 0",
      "task.txt:0: \"1\" stands where x has one of its tokens (K4)"),
    R(choice_of_fixed_token_not_listed, REJECTED, T, 1, "number a 0 1",
      "number a 0 1\nchoice x 2 11", "task.txt:0: \"+\" stands where x has one of its tokens (K4)"),
    R(answer_not_in_claim, REJECTED, T, 1, "number s 6 7 8", "number s 7 8",
      "task.txt:0: position 6 of the answer belongs to nothing that the claim names (K4)"),
    R(answer_not_named, REJECTED, T, 1, CLAIM, "clause\nliteral 0 1 a 1 b\n",
      "task.txt:0: position 6 of the answer belongs to nothing that the claim names (K4)"),

    // K4, the claim: wrong ones
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

    // Fewer inputs, or another claim, is another theorem, and says so.
    R(number_in_other_order, ACCEPTED, T, 1, "number b 3 4", "number b 3 4\nnumber c 1 0",
      "where    c has its digits at the positions 1 0\n"),
    R(number_of_one_position_twice, ACCEPTED, T, 1, "number b 3 4", "number b 3 4\nnumber c 0 0",
      "where    c has its digits at the positions 0 0\n"),
    R(claim_of_two_clauses, ACCEPTED, T, 1, SECOND,
      "clause\nliteral 0 -1 a -1 b 1 s\nliteral -5 1 a\n",
      "claim    a + b >= s\nand      s >= a + b or a >= 5\n"),
    R(claims_turned_in_two_literals, ACCEPTED, T, 1, CLAIM,
      "clause\nliteral 0 -1 a 1 s\nliteral 0 1 b -1 s\nclause\nliteral 0 1 a -1 s\nliteral 0 -1 b "
      "1 s\n",
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
      "claim    s = a + b\nand      99 >= a + b or lead = \"1\"\nwhere    lead is 0 for \"0\", 1 "
      "for "
      "\"1\", the token at position 6\n"),
    E(claim_of_choice_alone, ACCEPTED,
      "answer   lead (\"0\" or \"1\") u (2 digits)\ninputs   10000 = 10^4, all digits\nclaim    u "
      "= a + b "
      "- 100 lead\nwhere    lead is 0 for \"0\", 1 for \"1\"\n"),
    E(letters, ACCEPTED, ", all choices\nclaim    10 a + u + 10 b + v >= 100 x + 10 y + z\n"),
    E(claim_of_choice_wrong, REJECTED,
      "task.txt:0: clause 2 of the claim does not hold on every path (K4, level A)"),

    // The last carry guessed: two branches.
    E(two_branches, ACCEPTED, "claim    s = a + b\n"),
    E(two_branches_accept_too_wide, REJECTED, NOT_AS_MANY),
    E(two_branches_accept_one, REJECTED, NOT_AS_MANY),
    E(two_branches_start_one, REJECTED, NOT_AS_MANY),
    E(two_branches_crossed, REJECTED, NOT_AS_MANY),
    E(two_branches_claim_false_in_one, REJECTED, SECOND_FAILS),
    E(two_branches_prompt_tells, REJECTED,
      "task.txt:0: the token at position 3 of the prompt depends on the state (K4)"),
    E(two_branches_token_missing_in_one, REJECTED,
      "task.txt:0: no token at position 6 in state 2 for symbol 57 (K4)"),
    E(two_branches_one_left_out, REJECTED,
      "certificate.txt:1785: label 3 of the split is in none of its parts (K10)"),

    R(fewer_inputs, ACCEPTED, T, 1, "allow 0 0-99", "allow 0 0-98",
      "inputs   9900, those that task.txt admits\n"),
    R(other_prompt, REJECTED, T, 1, "fixed 2 10", "fixed 2 1", "certificate.txt:13: "),
    R(other_names, ACCEPTED, T, 1, NUMBERS CLAIM,
      "number b 0 1\nnumber x 3 4\nnumber s 6 7 8\n" EQUATION("0 1 b 1 x -1 s", "0 -1 b -1 x 1 s"),
      "prompt   b (2 digits) \"+\" x (2 digits) \"=\"\nanswer   s (3 digits)\ninputs   10000 = "
      "10^4, all digits\nclaim    s = b + x\n"),

    // K5
    E(model_short, MALFORMED, "model.safetensors:0: the header does not fit the file (K5)"),
    E(model_header_longer_than_file, MALFORMED,
      "model.safetensors:0: the header does not fit the file (K5)"),
    E(model_header_of_2_64, MALFORMED,
      "model.safetensors:0: the header does not fit the file (K5)"),
    E(model_header_empty, MALFORMED,
      "model.safetensors:0: the header is not the JSON that it should be: no '{' where one is due"),
    E(model_truncated, MALFORMED, "model.safetensors:0: the tensors do not cover the data (K5)"),
    E(model_longer, MALFORMED, "model.safetensors:0: the tensors do not cover the data (K5)"),
    R(header_goes_on, MALFORMED, M, 1, "}}    ", "}}  x  ",
      "model.safetensors:0: something follows the header's JSON (K5)"),
    R(header_string_open, MALFORMED, M, 1, "\"recipe\"", "\"\\recipe\\q\"",
      "model.safetensors:0: a string in the header is not JSON (K5)"),
    R(header_surrogate_alone, MALFORMED, M, 1, "\"recipe\":", "\"\\ud800\\u0020\":",
      "model.safetensors:0: a string in the header is not JSON (K5)"),
    R(header_low_surrogate, MALFORMED, M, 1, "\"recipe\":", "\"\\udc00\":",
      "model.safetensors:0: a string in the header is not JSON (K5)"),
    R(header_zero_character, MALFORMED, M, 1, "\"recipe\":", "\"\\u0000\":",
      "model.safetensors:0: a string in the header is not JSON (K5)"),
    R(header_control_character, MALFORMED, M, 1, "\"recipe\":", "\"re\tcipe\":",
      "model.safetensors:0: a string in the header is not JSON (K5)"),
    R(header_escapes_are_read, ACCEPTED, M, 1, "\"relu\"", "\"\\u0072e\\u006Cu\"",
      "claim    s = a + b\n"),
    R(header_number_with_zero, MALFORMED, M, 1, "[12, 32]", "[012, 32]",
      "model.safetensors:0: a number in the header is not one (K5)"),
    R(header_number_negative, MALFORMED, M, 1, "[0,1536]", "[-0,1536]",
      "model.safetensors:0: a number in the header is not one (K5)"),
    R(metadata_twice, MALFORMED, M, 1,
      "\"embed.W_E\":", "\"__metadata__\":{\"a\":\"b\"},\"embed.W_E\":",
      "model.safetensors:0: the header has __metadata__ twice (K5)"),
    R(metadata_key_twice, MALFORMED, M, 1,
      "\"recipe\":", "\"layers\":", "model.safetensors:0: the metadata has \"layers\" twice (K5)"),
    R(metadata_key_missing, MALFORMED, M, 1,
      "\"heads\":", "\"tails\":", "model.safetensors:0: the metadata lacks \"heads\" (K5)"),
    E(metadata_of_many_keys, MALFORMED,
      "model.safetensors:0: more metadata than this checker reckons with"),
    E(tensors_many, MALFORMED, "model.safetensors:0: more tensors than this checker reckons with"),
    R(other_format, MALFORMED, M, 1, "ripple-1", "ripple-2",
      "model.safetensors:0: the metadata's \"format\" is not \"ripple-1\" (K5)"),
    R(other_activation, MALFORMED, M, 1, "\"relu\"", "\"gelu\"",
      "model.safetensors:0: the metadata's \"activation\" is not \"relu\" (K5)"),
    R(other_normalization, MALFORMED, M, 1, "\"none\"", "\"layer\"",
      "model.safetensors:0: the metadata's \"normalization\" is not \"none\" (K5)"),
    R(other_positions, MALFORMED, M, 1, "\"learned\"", "\"rotary\"",
      "model.safetensors:0: the metadata's \"positions\" is not \"learned\" (K5)"),
    R(too_many_layers, MALFORMED, M, 1, "\"layers\":\"2\"", "\"layers\":\"65\"",
      "model.safetensors:0: the metadata's \"layers\" is no number up to 64 (K5)"),
    R(layers_in_words, MALFORMED, M, 1, "\"layers\":\"2\"", "\"layers\":\"two\"",
      "model.safetensors:0: the metadata's \"layers\" is no number up to 64 (K5)"),
    R(layers_negative, MALFORMED, M, 1, "\"layers\":\"2\"", "\"layers\":\"-2\"",
      "model.safetensors:0: the metadata's \"layers\" is no number up to 64 (K5)"),
    R(no_layers, REJECTED, M, 1, "\"layers\":\"2\"", "\"layers\":\"0\"",
      "model.safetensors:0: the metadata's \"layers\" is zero (K5)"),
    R(fewer_layers, MALFORMED, M, 1, "\"layers\":\"2\"", "\"layers\":\"1\"",
      "model.safetensors:0: blocks.1.attn.W_Q is no tensor of a model (K5)"),
    R(more_layers, MALFORMED, M, 1, "\"layers\":\"2\"", "\"layers\":\"3\"",
      "model.safetensors:0: blocks.2.attn.W_Q is missing (K5)"),
    R(other_heads, MALFORMED, M, 1, "\"heads\":\"2\"", "\"heads\":\"1\"",
      "model.safetensors:0: blocks.0.attn.W_Q has another type or shape (K5)"),
    R(model_too_wide, REJECTED, M, 1, "\"d_mlp\":\"64\"", "\"d_mlp\":\"65536\"",
      "model.safetensors:0: the model is wider than this checker reckons with"),
    R(vocabulary_short, MALFORMED, M, 1, ",\\\"=\\\"]", "]",
      "model.safetensors:0: the header is not the JSON that it should be: no ',' where one is due"),
    R(vocabulary_long, MALFORMED, M, 1, ",\\\"=\\\"]", ",\\\"=\\\",\\\"x\\\"]",
      "model.safetensors:0: the header is not the JSON that it should be: no ']' where one is due"),
    R(vocabulary_twice, REJECTED, M, 1, "\\\"9\\\"", "\\\"8\\\"",
      "model.safetensors:0: the vocabulary has \"8\" twice (K5)"),
    R(vocabulary_twice_apart, REJECTED, M, 1, "\\\"9\\\"", "\\\"6\\\"",
      "model.safetensors:0: the vocabulary has \"6\" twice (K5)"),
    R(vocabulary_lacks_token, REJECTED, M, 1, "\\\"+\\\"", "\\\"*\\\"",
      "task.txt:0: \"+\" is not in the model's vocabulary (K5)"),
    R(vocabulary_exchanged, REJECTED, M, 1, "\\\"8\\\",\\\"9\\\"", "\\\"9\\\",\\\"8\\\"",
      "certificate.txt:13: "),
    R(scale_zero, MALFORMED, M, 1, "\"0.25\"", "\"0\"",
      "model.safetensors:0: the score_scale is no positive binary32 number (K5)"),
    R(scale_negative, MALFORMED, M, 1, "\"0.25\"", "\"-0.25\"",
      "model.safetensors:0: the score_scale is no positive binary32 number (K5)"),
    R(scale_infinite, MALFORMED, M, 1, "\"0.25\"", "\"1e39\"",
      "model.safetensors:0: the score_scale is no positive binary32 number (K5)"),
    R(scale_long, MALFORMED, M, 1, "\"0.25\"", "\"0.25000000000000000000000000000000000000000\"",
      "model.safetensors:0: the score_scale is no positive binary32 number (K5)"),
    R(scale_hexadecimal, MALFORMED, M, 1, "\"0.25\"", "\"0x1p-2\"",
      "model.safetensors:0: the score_scale is no positive binary32 number (K5)"),
    R(scale_tiny, REJECTED, M, 1, "\"0.25\"", "\"1e-9\"",
      "model.safetensors:0: the score_scale is not between 2^-27 and 2^9"),
    R(scale_large, REJECTED, M, 1, "\"0.25\"", "\"512\"",
      "model.safetensors:0: the score_scale is not between 2^-27 and 2^9"),
    R(scale_changed, REJECTED, M, 1, "\"0.25\"", "\"0.26\"", "certificate.txt:"),
    R(scale_doubled, REJECTED, M, 1, "\"0.25\"", "\"0.5\"", "certificate.txt:"),
    R(scale_written_otherwise, ACCEPTED, M, 1, "\"0.25\"", "\"2500.00e-4\"",
      "claim    s = a + b\n"),
    R(context_too_short, MALFORMED, M, 1, "\"n_ctx\":\"9\"", "\"n_ctx\":\"8\"",
      "model.safetensors:0: pos_embed.W_pos has another type or shape (K5)"),
    E(context_shorter, REJECTED,
      "task.txt:0: prompt and answer are longer than the model's context (K5)"),
    R(entry_of_four_dimensions, MALFORMED, M, 1, "[12, 32]", "[12, 32, 1, 1]",
      "model.safetensors:0: embed.W_E has more than three dimensions (K5)"),
    R(entry_with_other_field, MALFORMED, M, 1, "\"dtype\":\"F32\"",
      "\"dtype\":\"F32\",\"more\":\"\"",
      "model.safetensors:0: embed.W_E has a field \"more\" (K5)"),
    R(entry_with_field_that_moves_the_cursor, MALFORMED, M, 1, "\"dtype\":\"F32\"",
      "\"dtype\":\"F32\",\"\\u001b[2J\\u007f\\u00e9\":\"\"",
      "model.safetensors:0: embed.W_E has a field \"?[2J???\" (K5)"),
    R(entry_with_type_twice, MALFORMED, M, 1, "\"dtype\":\"F32\"",
      "\"dtype\":\"F32\",\"dtype\":\"F32\"",
      "model.safetensors:0: embed.W_E has a field \"dtype\" (K5)"),
    R(entry_without_type, MALFORMED, M, 1, "\"dtype\":\"F32\",", "",
      "model.safetensors:0: embed.W_E lacks type, shape or offsets (K5)"),
    R(entry_without_shape, MALFORMED, M, 1, "\"shape\":[12, 32],", "",
      "model.safetensors:0: embed.W_E lacks type, shape or offsets (K5)"),
    R(entry_without_offsets, MALFORMED, M, 1, ",\"data_offsets\":[0,1536]", "",
      "model.safetensors:0: embed.W_E lacks type, shape or offsets (K5)"),
    R(entry_of_other_type, MALFORMED, M, 1, "\"F32\"", "\"F16\"",
      "model.safetensors:0: embed.W_E has another type or shape (K5)"),
    R(entry_transposed, MALFORMED, M, 1, "[12, 32]", "[32, 12]",
      "model.safetensors:0: embed.W_E has another type or shape (K5)"),
    R(entry_overlaps, MALFORMED, M, 1, "[1536,2688]", "[1532,2688]",
      "model.safetensors:0: pos_embed.W_pos overlaps another tensor or leaves a hole (K5)"),
    R(entry_leaves_hole, MALFORMED, M, 1, "[1536,2688]", "[1540,2688]",
      "model.safetensors:0: pos_embed.W_pos overlaps another tensor or leaves a hole (K5)"),
    R(entry_of_other_size, MALFORMED, M, 1,
      "[0,1536]},\"pos_embed.W_pos\":{\"dtype\":\"F32\",\"shape\":[9, "
      "32],\"data_offsets\":[1536,2688]",
      "[0,1152]},\"pos_embed.W_pos\":{\"dtype\":\"F32\",\"shape\":[9, "
      "32],\"data_offsets\":[1152,2688]",
      "model.safetensors:0: embed.W_E has another type or shape (K5)"),
    R(tensor_missing, MALFORMED, M, 1, "\"embed.W_E\"", "\"embed.W_X\"",
      "model.safetensors:0: embed.W_E is missing (K5)"),
    R(tensor_twice, MALFORMED, M, 1, "\"blocks.1.mlp.b_out\"", "\"blocks.0.mlp.b_out\"",
      "model.safetensors:0: blocks.0.mlp.b_out is no tensor of a model (K5)"),
    R(tensor_unknown, MALFORMED, M, 1, "\"unembed.b_U\"", "\"unembed.b_V\"",
      "model.safetensors:0: unembed.b_V is no tensor of a model (K5)"),
    R(edges_for_one_layer, MALFORMED, M, 1, "\"blocks.1.attn.edges\"", "\"blocks.1.attn.hedge\"",
      "model.safetensors:0: edges are stored for some layers only (K5)"),
    R(edges_for_the_other_layer, MALFORMED, M, 1, "\"blocks.0.attn.edges\"",
      "\"blocks.0.attn.hedge\"", "model.safetensors:0: edges are stored for some layers only (K5)"),
    E(edge_ahead, REJECTED,
      "model.safetensors:0: blocks.1.attn.edges has an edge to a later position (K5)"),
    E(edge_ahead_below, REJECTED,
      "model.safetensors:0: blocks.0.attn.edges has an edge to a later position (K5)"),
    E(edge_two, MALFORMED,
      "model.safetensors:0: blocks.0.attn.edges has a byte other than 0 and 1 (K5)"),
    E(weight_nan, REJECTED,
      "model.safetensors:0: blocks.0.mlp.W_in has a weight that is not finite (K5)"),
    E(weight_infinite, REJECTED,
      "model.safetensors:0: unembed.W_U has a weight that is not finite (K5)"),
    E(weight_huge, REJECTED, "model.safetensors:0: embed.W_E has a weight beyond 2^9"),
    E(row_huge, REJECTED, "model.safetensors:0: the sizes of a row of weights add up to more"),
    E(residual_huge, REJECTED, "model.safetensors:0: a number is beyond 2^12"),
    E(head_moves_neuron_far, REJECTED,
      "model.safetensors:0: a head moves a neuron by 2^11 or more"),
    E(gains_huge, REJECTED, "model.safetensors:0: the gains of an MLP add up to more than 2^11"),
    E(product_huge, REJECTED, "model.safetensors:0: a product of weights is beyond 2^9"),
    E(scores_spread, REJECTED, "model.safetensors:0: tau at position 5 is greater than 1/4 (K9)"),
    E(scores_spread_below, REJECTED,
      "model.safetensors:0: tau of layer 0 is greater than 1/4 (K8)"),

    // K10
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

    // K11
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
    E(head_without_keys, REJECTED,
      "certificate.txt:22: a bound other than 0 for head 0, which reads no key (K11)"),

    // Other models, with a certificate that is right for the good one.
    E(edge_more, MALFORMED, "certificate.txt:3: 2 is not in 1 to 1"),
    E(edge_fewer, MALFORMED, "certificate.txt:4: 3 is not in 4 to 4"),
    E(bias_lowered, REJECTED, "certificate.txt:"),
    E(embedding_swapped, REJECTED, "certificate.txt:13: "),
    E(unembedding_swapped, REJECTED, "certificate.txt:13: "),
    E(head_cut, REJECTED, "certificate.txt:13: "),
    E(all_weights_zero, REJECTED, "certificate.txt:13: "),
    E(last_bias_turned, REJECTED, "certificate.txt:"),
    E(first_bias_cut, REJECTED, "certificate.txt:"),
};

const size_t attack_count = sizeof attacks / sizeof *attacks;
