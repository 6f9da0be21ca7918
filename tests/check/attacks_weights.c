// The model's weights and edges: those that are refused (K5, K8, K9), and those of other models, with a certificate
// that is right for the good one.
#include "attack_edits.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define M FORGE_MODEL

static void scale_tensor(Forge *f, const char *tensor, size_t count, float by)
{
    for (size_t i = 0; i < count; i++)
        forge_set_weight(f, tensor, i, by * forge_weight(f, tensor, i));
}

static void set_edge(Forge *f, int layer, int head, int query, int key, char value)
{
    char name[40];
    snprintf(name, sizeof name, "blocks.%d.attn.edges", layer);
    f->file[M].chars[forge_weight_at(f, name, 0) + (size_t)((head * 9 + query) * 9 + key)] = value;
}

// ---- what is refused ----------------------------------------------------------------------------

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
    edit_replace(f, FORGE_MODEL, "\"0.25\"", "\"16\"", 1);
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

// ---- other models -------------------------------------------------------------------------------

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
    memset(f->file[M].chars + first, 0, last + 4 - first);
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

// ---- the table ----------------------------------------------------------------------------------

static const Attack attacks[] = {
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
    E(scores_spread, REJECTED, "model.safetensors:0: tau at position 5 is greater than 16 (K9)"),
    E(scores_spread_below, REJECTED,
      "model.safetensors:0: tau of layer 0 is greater than 1/4 (K8)"),

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
    E(head_without_keys, REJECTED,
      "certificate.txt:22: a bound other than 0 for head 0, which reads no key (K11)"),
};

const AttackTable attacks_weights = {attacks, sizeof attacks / sizeof *attacks};
