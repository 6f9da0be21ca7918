// A recipe: everything that the weights of a model depend on, in one small text file.
//
// docs/training.md describes the format. A recipe names a spec; the task, its tokens and its right
// answers come from there, and nothing here knows what is being learned.
#pragma once

#include <stdint.h>

#include "adamw.h"
#include "edges.h"
#include "hash.h"
#include "model.h"

typedef struct RecipeEdges { // one line `edges LAYER[.HEAD] PATTERN...`
    int layer, head;         // head -1: all heads
    unsigned patterns;       // bit 1 << EdgePattern each
    SpecSpan span;           // of LAYER[.HEAD]
} RecipeEdges;

typedef struct Recipe {
    const char *path, *text; // as read
    size_t size;
    char *spec; // path, seen from the working directory
    SpecSetting *settings;
    int n_settings;
    char **vocab; // [n_vocab] texts; n_vocab 0 for the alphabet of the task
    int n_vocab;
    int layers, heads, d_model, d_head, d_mlp;
    RecipeEdges *edges; // [n_edges]; of two lines about one head the later one holds
    int n_edges;
    int steps, batch, warm_up;
    Schedule schedule;
    float rate;
    AdamW adam;
    float replayed;  // share of the questions that are asked again, see replay.h
    float chained;   // share of the others that task_sample_chained makes
    float exchange;  // share of the steps, the last ones, in which neurons do, see exchange.h
    float ramp;      // of columns in the first W_pos, see init.h
    float smoothing; // of the right answers, see loss.h
    int rounds; // of training against the proof after the steps, at most; 0: none, nor the next three
    int restarts; // with other weights, at most, when the rounds are over and the model is not proved
    int round_steps, round_regions; // of each: steps, regions bounded before it
    float round_rate;               // learning rate that it starts with
    uint64_t seed;
    char sha256[HASH_HEX_SIZE]; // of the model file; empty when it is not yet known
    SpecSpan sha256_span;
} Recipe;

enum { RECIPE_BATCH_UNIT = 16, RECIPE_SIZE_MAX = 1 << 20 };

// Parses a recipe: known keys only, each once, every number in its range, edges for every head.
// Errors: STATUS_MALFORMED with a placed diagnostic (R001 to R008).
MUST_USE Status recipe_parse(Arena *arena, const char *path, const char *text, size_t size,
                             Recipe **ret_recipe, Diag *diag);

// Reads the file, then recipe_parse. Adds STATUS_MISSING.
MUST_USE Status recipe_read(Arena *arena, const char *path, Recipe **ret_recipe, Diag *diag);

// The patterns of a head. Requires: such a layer and head.
unsigned recipe_patterns(const Recipe *recipe, int layer, int head);

// Steps from first weights to the end of the last round.
static inline int64_t recipe_attempt(const Recipe *recipe)
{
    return recipe->steps + (int64_t)recipe->rounds * recipe->round_steps;
}

// Whether the steps of all attempts can be counted. Errors: STATUS_MALFORMED (R005).
MUST_USE Status recipe_check_length(const Recipe *recipe, Diag *diag);

// A hash of everything in the recipe but the recorded hash of its result.
void recipe_identity(Arena *arena, const Recipe *recipe, char ret_hex[HASH_HEX_SIZE]);
