// Small random models of digit tasks, and all that the bounds make of them.
//
// Bounds must hold whether or not a model is right, so none of these has learned anything. All have
// biases in every tensor, a vocabulary in an order of its own with tokens that the task does not
// know, and weights of which some are not multiples of 2^-50.
#pragma once

#include "margin.h"

typedef enum FixtureTask {
    FIXTURE_ADDITION,
    FIXTURE_DIFFERENCE,
    FIXTURE_SIGNED, // of two branches (task_samples.h)
} FixtureTask;

typedef enum FixtureEdges {
    FIXTURE_RECIPE, // the patterns of the shipped recipes
    FIXTURE_RANDOM, // some edges, some heads without any
    FIXTURE_SINGLE, // random below; in the last layer at most one key a head
} FixtureEdges;

typedef struct FixtureOptions {
    FixtureTask task;
    int digits, layers, heads, d_model, d_head, d_mlp;
    FixtureEdges edges;
    float size;  // of weights, about
    float sharp; // of W_Q and W_K; large: attention to one key
    float score_scale;
    uint64_t seed;
} FixtureOptions;

typedef struct Fixture {
    Arena *arena;
    Task *task;
    Model *model;
    int ids[TASK_TOKENS_MAX];
    FixModel *fix;
    TokenOptions options;
    Cone *cones;
    ResidualTables *tables;
    Query **query; // [answer]
} Fixture;

extern const FixtureOptions fixture_small; // of two digits, layers and heads

Fixture fixture_new(FixtureOptions options);
Fixture fixture_read(const char *path, int digits); // a model that adds
void fixture_free(Fixture *fixture);

// What fixture_new does, for those who change things in between: the task and the model, the
// fixed-point model, the tables, the queries.
Fixture fixture_model(FixtureOptions options);
void fixture_prepare(Fixture *fixture); // all that follows
void fixture_fix(Fixture *fixture);
void fixture_tables(Fixture *fixture);
void fixture_queries(Fixture *fixture);

// The model ids of an input and its right answer, and the configuration of a cone that they make.
void fixture_tokens(const Fixture *fixture, const uint8_t *symbols, int *ret_tokens);
int fixture_config(const Fixture *fixture, const Cone *cone, const int *tokens);

// The group of a complete bound that an input of its region is in.
const GroupBound *fixture_group(const Fixture *fixture, int answer, const MarginBound *bound,
                                const uint8_t *symbols);

// Moves midpoints by up to `by` and makes up for it in the radius: what was enclosed still is.
void tamper_fixes(Rng *rng, Fix *mid, int n, Fix *rad, Fix by);
void tamper_matrix(Rng *rng, FixMatrix *matrix, Fix by);
void tamper_vector(Rng *rng, FixVector *vector, Fix by);
