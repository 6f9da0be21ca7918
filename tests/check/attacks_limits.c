// Beyond what the checker reckons with: each on a small model of its own, all of whose weights are zero but a few, and
// whose answer is always 0. As it stands, that is proved.
#include "attack_edits.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define M FORGE_MODEL

typedef struct Sizes {
    int layers, heads, d, width, hidden;
    int tokens; // of the vocabulary, and so many symbols
    int prompt; // all its tokens are the same one
} Sizes;

// ---- the bundle ---------------------------------------------------------------------------------

// Adds " 0 1 2" and so on, from a first number on, or the same one again and again.
static void add_numbers(Text *text, int count, int first, int step)
{
    for (int i = 0; i < count; i++)
        text_add(text, " %d", first + i * step);
}

static void make_task(Forge *f, const Sizes *s)
{
    Text *task = &f->file[FORGE_TASK];
    text_free(task);
    text_add(task, "ripple-task 2\ncolumns 1\nstates 1\nsymbols %d\nstart 0\naccept 0\nnext 0",
             s->tokens);
    add_numbers(task, s->tokens, 0, 0);
    text_add(task, "\nallow 0 0-%d\n", s->tokens - 1);
    for (int t = 0; t < s->tokens; t++)
        text_add(task, "token %d %d\n", t, t);
    text_add(task, "table 0 0");
    add_numbers(task, s->tokens, 0, 1);
    text_add(task, "\nprompt %d\nanswer 1\n", s->prompt);
    for (int i = 0; i < s->prompt; i++)
        text_add(task, "column %d 0 0\n", i);
    text_add(task, "fixed %d 0\nnumber s %d\nclause\nliteral 0 1 s\n", s->prompt, s->prompt);
}

static void make_certificate(Forge *f, const Sizes *s)
{
    Text *certificate = &f->file[FORGE_CERTIFICATE];
    text_free(certificate);
    text_add(certificate, "ripple-certificate 1\nposition %d\n", s->prompt);
    for (int k = 0; k < s->prompt; k++)
        text_add(certificate, "key %d -\n", k);
    text_add(certificate, "case\ninput 0\n");
    for (int i = 0; i < s->hidden; i++) {
        text_add(certificate, "open %d 0", i);
        add_numbers(certificate, 2 * s->heads, 4, 0);
        text_add(certificate, "\n");
    }
    for (int t = 1; t < s->tokens; t++) {
        text_add(certificate, "wrong %d", t);
        add_numbers(certificate, s->heads, 4, 0);
        text_add(certificate, "\n");
    }
    text_add(certificate, "done\nend\n");
}

// A tensor behind those that end at *end. Shapes end in zeros.
static void add_tensor(Text *header, size_t *end, const char *name, int a, int b, int c)
{
    const int shape[] = {a, b, c};
    size_t size = 4;
    text_add(header, ",\"%s\":{\"dtype\":\"F32\",\"shape\":", name);
    for (int i = 0; i < 3 && shape[i]; i++) {
        text_add(header, "%c%d", i ? ',' : '[', shape[i]);
        size *= (size_t)shape[i];
    }
    text_add(header, "],\"data_offsets\":[%zu,%zu]}", *end, *end + size);
    *end += size;
}

static void add_layer(Text *header, size_t *end, const Sizes *s, int layer)
{
    const struct {
        const char *name;
        int a, b, c;
    } tensors[] = {{"attn.W_Q", s->heads, s->d, s->width}, {"attn.b_Q", s->heads, s->width, 0},
                   {"attn.W_K", s->heads, s->d, s->width}, {"attn.b_K", s->heads, s->width, 0},
                   {"attn.W_V", s->heads, s->d, s->width}, {"attn.b_V", s->heads, s->width, 0},
                   {"attn.W_O", s->heads, s->width, s->d}, {"mlp.W_in", s->d, s->hidden, 0},
                   {"mlp.W_out", s->hidden, s->d, 0}};
    char name[40];
    for (size_t i = 0; i < sizeof tensors / sizeof *tensors; i++) {
        snprintf(name, sizeof name, "blocks.%d.%s", layer, tensors[i].name);
        add_tensor(header, end, name, tensors[i].a, tensors[i].b, tensors[i].c);
    }
}

static void add_metadata(Text *header, const Sizes *s)
{
    text_add(header,
             "{\"__metadata__\":{\"format\":\"ripple-1\",\"activation\":\"relu\","
             "\"normalization\":\"none\",\"positions\":\"learned\",\"score_scale\":\"1\","
             "\"layers\":\"%d\",\"heads\":\"%d\",\"d_model\":\"%d\",\"d_head\":\"%d\","
             "\"d_mlp\":\"%d\",\"d_vocab\":\"%d\",\"n_ctx\":\"%d\",\"vocab\":\"",
             s->layers, s->heads, s->d, s->width, s->hidden, s->tokens, s->prompt + 1);
    for (int t = 0; t < s->tokens; t++)
        text_add(header, "%c\\\"%d\\\"", t ? ',' : '[', t);
    text_add(header, "]\"}");
}

static void make_model(Forge *f, const Sizes *s)
{
    Text header = {0}, *model = &f->file[M];
    size_t end = 0;
    add_metadata(&header, s);
    add_tensor(&header, &end, "embed.W_E", s->tokens, s->d, 0);
    add_tensor(&header, &end, "pos_embed.W_pos", s->prompt + 1, s->d, 0);
    for (int l = 0; l < s->layers; l++)
        add_layer(&header, &end, s, l);
    add_tensor(&header, &end, "unembed.W_U", s->d, s->tokens, 0);
    add_tensor(&header, &end, "unembed.b_U", s->tokens, 0, 0);
    text_add(&header, "}");
    text_free(model);
    for (int i = 0; i < 8; i++)
        text_add_bytes(model, &(char){(char)((uint64_t)header.length >> 8 * i)}, 1);
    text_add_bytes(model, header.chars, header.length);
    char *zeros = calloc(1, end);
    text_add_bytes(model, zeros, end);
    free(zeros);
    text_free(&header);
}

static void make(Forge *f, Sizes s)
{
    make_task(f, &s);
    make_certificate(f, &s);
    make_model(f, &s);
    forge_set_weight(f, "unembed.b_U", 0, 1.0f);
}

// So many weights of a tensor, a step apart; every other one of them times `turn`.
static void set(Forge *f, const char *tensor, size_t first, size_t step, size_t count, float value,
                float turn)
{
    for (size_t i = 0; i < count; i++)
        forge_set_weight(f, tensor, first + i * step, i % 2 ? value * turn : value);
}

// ---- what is too much ---------------------------------------------------------------------------

EDIT(smallest_model)
{
    make(f, (Sizes){1, 1, 1, 1, 1, 2, 1});
}
EDIT(smallest_model_of_two_layers)
{
    make(f, (Sizes){2, 1, 1, 1, 1, 2, 2});
}
EDIT(smallest_model_of_three_heads)
{
    make(f, (Sizes){1, 3, 1, 1, 1, 2, 2});
}
// A thousand tokens, at each of three positions.
EDIT(configurations_many)
{
    make(f, (Sizes){2, 1, 1, 1, 1, 1000, 3});
}
// Each of 3 heads has a weight for each configuration of the query, a thousand, and each of 63 other keys, as many: 2^32
// bytes are not enough.
EDIT(memory_much)
{
    make(f, (Sizes){1, 3, 1, 1, 1, 1000, 64});
}
EDIT(keys_as_many_as_there_may_be)
{
    make(f, (Sizes){1, 1, 1, 1, 1, 2, 64});
}
EDIT(keys_many)
{
    make(f, (Sizes){1, 1, 1, 1, 1, 2, 65});
}
// A score of 200 * 200.
EDIT(score_large)
{
    make(f, (Sizes){1, 1, 1, 1, 1, 2, 1});
    set(f, "blocks.0.attn.b_Q", 0, 1, 1, 200.0f, 1.0f);
    set(f, "blocks.0.attn.b_K", 0, 1, 1, 200.0f, 1.0f);
}
// A key of 20 components of 500 each, and no query.
EDIT(key_large)
{
    make(f, (Sizes){1, 1, 1, 20, 1, 2, 1});
    set(f, "blocks.0.attn.b_K", 0, 1, 20, 500.0f, 1.0f);
}
// All numbers are zero, but an embedding is off by 2^-50, and each of three matrices makes that 4000 times as much.
EDIT(value_hardly_known)
{
    make(f, (Sizes){2, 1, 9, 8, 8, 2, 1});
    set(f, "embed.W_E", 0, 1, 1, 1e-10f, 1.0f);
    set(f, "blocks.0.attn.W_V", 0, 8, 8, 500.0f, 1.0f);  // to component 0
    set(f, "blocks.0.attn.W_O", 8, 9, 8, 500.0f, 1.0f);  // to the last of the residual
    set(f, "blocks.0.mlp.W_in", 0, 8, 8, 500.0f, -1.0f); // from the others
    set(f, "blocks.0.mlp.W_out", 0, 9, 8, 500.0f, 1.0f);
}
// A head writes 30, which counts 100-fold for the margin.
EDIT(head_moves_margin_far)
{
    make(f, (Sizes){1, 1, 1, 1, 1, 2, 1});
    set(f, "blocks.0.attn.b_V", 0, 1, 1, 30.0f, 1.0f);
    set(f, "blocks.0.attn.W_O", 0, 1, 1, 1.0f, 1.0f);
    set(f, "unembed.W_U", 0, 1, 2, 50.0f, -1.0f);
}
// The query is 500 in each component. The key is 0, but what the MLP adds to two components of the residual are 64
// products of 4000 * 60 of either sign, whose sum may be off by 60; and 30 times that in each component of the key.
EDIT(score_errs_much)
{
    make(f, (Sizes){2, 1, 3, 16, 64, 2, 1});
    set(f, "pos_embed.W_pos", 0, 1, 1, 500.0f, 1.0f);
    set(f, "blocks.0.mlp.W_in", 0, 1, 64, 8.0f, 1.0f);
    set(f, "blocks.0.mlp.W_out", 1, 3, 64, 60.0f, -1.0f);
    set(f, "blocks.0.mlp.W_out", 2, 3, 64, 60.0f, -1.0f);
    set(f, "blocks.1.attn.W_K", 16, 1, 16, 30.0f, 1.0f);
    set(f, "blocks.1.attn.W_K", 32, 1, 16, -30.0f, 1.0f);
    set(f, "blocks.1.attn.b_Q", 0, 1, 16, 500.0f, 1.0f);
}
// Two components of a value, 4000 each, pull at the margin 3200-fold, one up and one down.
EDIT(error_bound_large)
{
    make(f, (Sizes){1, 1, 9, 2, 1, 2, 1});
    set(f, "pos_embed.W_pos", 8, 1, 1, 10.0f, 1.0f);
    set(f, "blocks.0.attn.W_V", 16, 1, 2, 400.0f, 1.0f);
    set(f, "blocks.0.attn.W_O", 0, 1, 4, 1.0f, 1.0f);
    set(f, "blocks.0.attn.W_O", 13, 1, 4, 1.0f, 1.0f);
    set(f, "unembed.W_U", 0, 1, 8, 400.0f, -1.0f);
    set(f, "unembed.W_U", 8, 1, 8, -400.0f, -1.0f);
}

static const Attack attacks[] = {
    E(smallest_model, ACCEPTED, "claim    "),
    E(smallest_model_of_two_layers, ACCEPTED, "claim    "),
    E(smallest_model_of_three_heads, ACCEPTED, "claim    "),
    E(configurations_many, REJECTED,
      "model.safetensors:0: a residual depends on more configurations than this checker"),
    E(memory_much, REJECTED,
      "certificate.txt:0: to check this takes more memory than the checker may use"),
    E(keys_as_many_as_there_may_be, ACCEPTED, "claim    "),
    E(keys_many, REJECTED,
      "model.safetensors:0: a head reads more keys than this checker reckons with"),
    E(score_large, REJECTED, "model.safetensors:0: a sum is beyond 2^14"),
    E(key_large, REJECTED, "model.safetensors:0: a sum of sizes is beyond 2^12"),
    E(value_hardly_known, REJECTED,
      "model.safetensors:0: an exact value is not known to within 2^-10"),
    E(head_moves_margin_far, REJECTED, "certificate.txt:4: a head moves a margin by 2^11 or more"),
    E(score_errs_much, REJECTED,
      "model.safetensors:0: a score is beyond what this checker reckons with"),
    E(error_bound_large, REJECTED,
      "model.safetensors:0: a bound is beyond what this checker reckons with"),
};

const AttackTable attacks_limits = {attacks, sizeof attacks / sizeof *attacks};
