// The model's file and its header (K5): JSON, metadata, the vocabulary, the scale, and the entries of tensors.
#include "attack_edits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define M FORGE_MODEL

// ---- the file and its JSON ----------------------------------------------------------------------

EDIT(model_short)
{
    f->file[M].length = 7;
}
EDIT(model_header_longer_than_file)
{
    f->file[M].chars[3] = 1;
}
EDIT(model_header_of_2_64)
{
    memset(f->file[M].chars, 0xff, 8);
}
EDIT(model_header_empty)
{
    memset(f->file[M].chars, 0, 8);
}
EDIT(model_truncated)
{
    f->file[M].length -= 1;
}
EDIT(model_longer)
{
    text_add_bytes(&f->file[M], "\1", 1);
}
EDIT(metadata_of_many_keys)
{
    Text notes = {0};
    for (int k = 0; k < 1100; k++)
        text_add(&notes, "\"k%d\":\"\",", k);
    text_add(&notes, "\"recipe\":");
    edit_replace(f, M, "\"recipe\":", notes.chars, 1);
    text_free(&notes);
}
EDIT(tensors_many)
{
    Text more = {0};
    for (int k = 0; k < 4100; k++)
        text_add(&more, "\"t%d\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},", k);
    text_add(&more, "\"embed.W_E\":");
    edit_replace(f, M, "\"embed.W_E\":", more.chars, 1);
    text_free(&more);
}

// ---- a shorter context --------------------------------------------------------------------------

// Of the edges of both layers, the last row and column of each head go.
static void shorten_edges(Forge *f)
{
    char edges[2 * 64], name[80];
    for (int layer = 1; layer >= 0; layer--) {
        snprintf(name, sizeof name, "blocks.%d.attn.edges", layer);
        size_t at = forge_weight_at(f, name, 0);
        for (int h = 0; h < 2; h++)
            for (int q = 0; q < 8; q++)
                memcpy(edges + 64 * h + 8 * q, f->file[M].chars + at + 81 * h + 9 * q, 8);
        forge_splice(f, M, at, 162, edges, 128);
    }
}

// Where tensors end, by the header.
static int ends_of_tensors(const Forge *f, long ends[40])
{
    int count = 0;
    const char *at = f->file[M].chars + 8;
    for (; (at = strstr(at, "\"data_offsets\":[")) && count < 40; at += 16) {
        char *comma;
        strtol(at + 16, &comma, 10);
        ends[count++] = strtol(comma + 1, NULL, 10);
    }
    return count;
}

// The tensors between W_pos and the edges are nearer to the front.
static void move_tensors(Forge *f)
{
    char old[80], new[80];
    long ends[40];
    int count = ends_of_tensors(f, ends);
    for (int i = 1; i < count - 2; i++) {
        snprintf(old, sizeof old, ",%ld]", ends[i]);
        snprintf(new, sizeof new, ",%ld]", ends[i] - 128);
        edit_replace(f, M, old, new, 1);
        snprintf(old, sizeof old, "[%ld,", ends[i]);
        snprintf(new, sizeof new, "[%ld,", ends[i] - 128);
        if (i < count - 3)
            edit_replace(f, M, old, new, 1);
    }
}

// One position less, in the header and in the tensors.
EDIT(context_shorter)
{
    shorten_edges(f);
    forge_splice(f, M, forge_weight_at(f, "pos_embed.W_pos", 256), 128, "", 0);
    edit_replace(f, M, "\"n_ctx\":\"9\"", "\"n_ctx\":\"8\"", 1);
    edit_replace(f, M, "[9, 32]", "[8, 32]", 1);
    edit_replace(f, M, "[2, 9, 9],\"data_offsets\":[71600,71762]",
                 "[2, 8, 8],\"data_offsets\":[71472,71600]", 1);
    edit_replace(f, M, "[2, 9, 9],\"data_offsets\":[71762,71924]",
                 "[2, 8, 8],\"data_offsets\":[71600,71728]", 1);
    move_tensors(f);
}

// ---- the table ----------------------------------------------------------------------------------

static const Attack attacks[] = {
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
    R(one_token, REJECTED, M, 1, "\"d_vocab\":\"12\"", "\"d_vocab\":\"1\"",
      "model.safetensors:0: the vocabulary has one token, which is ahead of no other (K5)"),
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
};

const AttackTable attacks_header = {attacks, sizeof attacks / sizeof *attacks};
