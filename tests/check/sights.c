#include "sights.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Of layer 1.
static bool in_cone(const Model *model, int j, int p)
{
    bool within = p == j;
    for (int h = 0; h < model->shape.heads; h++)
        within |= model_edge(model, 0, h, j, p);
    return within;
}

// Which tokens the open positions of a key's cone have is counted by *choice; false if there are no more.
static bool assign(const Model *model, const Few *few, int j, const Key *key,
                   const FewInput *symbols, const int *kappa, int choice, int *token)
{
    memcpy(token, kappa, FEW_POSITIONS * sizeof *token);
    for (int p = 0; p < FEW_POSITIONS; p++) {
        if (!in_cone(model, key->position, p) || few->options[p] == 0 || in_cone(model, j, p))
            continue;
        if (p < FEW_PROMPT && (few_column(p) < 0 || few_column(p) == key->column)) {
            token[p] = symbols->token[p];
            continue;
        }
        token[p] = few->option[p][choice % few->options[p]];
        choice /= few->options[p];
    }
    return choice == 0;
}

static void look(const Model *model, const Few *few, int j, const Key *key, const FewInput *symbols,
                 const int *kappa, const double *x, int h, At *at, int *ret_count)
{
    ModelShape s = model->shape;
    const ModelLayer *layer = &model->layer[1];
    double q[DOUBLES_MAX], k[DOUBLES_MAX], v[DOUBLES_MAX], y[DOUBLES_MAX];
    int token[FEW_POSITIONS];
    doubles_project(model, x, layer->W_Q, layer->b_Q, h, q);
    for (*ret_count = 0; assign(model, few, j, key, symbols, kappa, *ret_count, token);
         ++*ret_count) {
        At *a = &at[*ret_count];
        doubles_residual(model, token, key->position, y);
        doubles_project(model, y, layer->W_K, layer->b_K, h, k);
        doubles_project(model, y, layer->W_V, layer->b_V, h, v);
        a->weight = exp(doubles_score(model, q, k));
        doubles_start(a->out, NULL, s.d_model);
        doubles_add(v, layer->W_O + h * s.d_head * s.d_model, s.d_head, s.d_model, a->out);
        if (*ret_count == SIGHT_CONFIGURATIONS_MAX - 1) {
            fprintf(stderr, "squeeze: too many configurations\n");
            exit(EXIT_FAILURE);
        }
    }
}

static void see(const Few *few, const Case *k, int j, const FewInput *symbols, const int *kappa,
                const double *x, int h, Sight *ret)
{
    for (int n = 0; n < k->keys; n++) {
        ret->count[n] = 0;
        if (model_edge(k->model, 1, h, j, k->key[n].position))
            look(k->model, few, j, &k->key[n], symbols, kappa, x, h, ret->at[n], &ret->count[n]);
    }
}

static bool agrees(const Model *model, int j, const FewInput *a, const int *kappa)
{
    for (int p = 0; p < FEW_POSITIONS; p++)
        if (in_cone(model, j, p) && a->token[p] != kappa[p])
            return false;
    return true;
}

// The symbol of a reference input, or the least one that the restriction has there.
static int symbol_there(const Case *k, int j, const int *kappa, int column, int symbol)
{
    int least = 1000;
    for (int n = 0; n < k->inputs; n++)
        if (agrees(k->model, j, &k->input[n], kappa)) {
            if (k->input[n].symbol[column] == symbol)
                return symbol;
            least = least < k->input[n].symbol[column] ? least : k->input[n].symbol[column];
        }
    return least;
}

static void make_query(const Few *few, Case *k, int j, const int *kappa)
{
    Query *q = &k->query[k->queries++];
    q->paths = 0;
    doubles_residual(k->model, kappa, j, q->x);
    for (int h = 0; h < k->model->shape.heads; h++) {
        int paths = 0;
        for (int n = 0; n < k->inputs; n++)
            if (agrees(k->model, j, &k->input[n], kappa))
                see(few, k, j, &k->input[n], kappa, q->x, h, &q->path[paths++][h]);
        q->paths = paths;
        for (int r = 0; r < SIGHT_REFERENCES; r++) {
            FewInput there = few_input(symbol_there(k, j, kappa, 0, k->reference[r][0]),
                                       symbol_there(k, j, kappa, 1, k->reference[r][1]));
            see(few, k, j, &there, kappa, q->x, h, &q->reference[r][h]);
        }
    }
}

void case_init(Case *k, const Model *model, const Few *few, int position, int right, bool columns)
{
    static Query room[FEW_INPUTS_MAX];
    int j = position - 1;
    k->model = model;
    k->query = room;
    k->right = right;
    k->inputs = k->keys = k->queries = 0;
    for (int n = 0; n < few->inputs; n++)
        if (few->input[n].token[position] == right)
            k->input[k->inputs++] = few->input[n];
    for (int p = 0; p <= j; p++) {
        bool read = false;
        for (int h = 0; h < model->shape.heads; h++)
            read |= model_edge(model, 1, h, j, p);
        if (!read)
            continue;
        int column = -1;
        for (int n = 0; columns && n < FEW_PROMPT; n++)
            if (in_cone(model, p, n) && !in_cone(model, j, n) && few_column(n) >= 0)
                column = few_column(n);
        k->key[k->keys++] = (Key){p, column};
    }
    // One reference is an input, the other perhaps none at all.
    memcpy(k->reference[0], k->input[k->inputs / 2].symbol, sizeof k->reference[0]);
    k->reference[1][0] = 99;
    k->reference[1][1] = k->input[0].symbol[1];
    for (int n = 0; n < k->inputs; n++) {
        bool before = false;
        for (int m = 0; m < n; m++)
            before |= agrees(model, j, &k->input[m], k->input[n].token);
        if (!before)
            make_query(few, k, j, k->input[n].token);
    }
}
