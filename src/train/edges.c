#include "edges.h"

const char *edges_pattern_name(EdgePattern pattern)
{
    static const char *const names[EDGE_PATTERNS] = {
        "self", "fixed", "choices", "column", "columns-below", "columns", "dense"};
    return names[pattern];
}

bool edges_predicts(const Task *task, int position)
{
    return position >= task->prompt - 1 && position < task->prompt + task->answer - 1;
}

int edges_column(const Task *task, int position)
{
    bool predicts = edges_predicts(task, position);
    const TokenSource *source = &task->source[position + predicts];
    TokenKind kind = predicts ? TOKEN_OUTPUT : TOKEN_INPUT;
    return source->kind == kind ? source->column : EDGES_NO_COLUMN;
}

static bool column_allows(const Task *task, int query, int key)
{
    int column = edges_column(task, query);
    const TokenSource *source = &task->source[key];
    return column != EDGES_NO_COLUMN && source->kind == TOKEN_INPUT && source->column == column;
}

static bool columns_allow(const Task *task, int query, int key)
{
    const TokenSource *source = &task->source[key];
    return edges_predicts(task, query) && source->kind == TOKEN_INPUT &&
           source->which == task->inputs - 1;
}

static bool columns_below_allow(const Task *task, int query, int key)
{
    int column = edges_column(task, query);
    return columns_allow(task, query, key) &&
           (column == EDGES_NO_COLUMN || task->source[key].column <= column);
}

bool edges_pattern_allows(EdgePattern pattern, const Task *task, int query, int key)
{
    if (key > query)
        return false;
    switch (pattern) {
    case EDGE_SELF:
        return key == query;
    case EDGE_FIXED:
        return task->source[key].kind == TOKEN_FIXED;
    case EDGE_CHOICES:
        return task_is_choice(task, key);
    case EDGE_COLUMN:
        return column_allows(task, query, key);
    case EDGE_COLUMNS_BELOW:
        return columns_below_allow(task, query, key);
    case EDGE_COLUMNS:
        return columns_allow(task, query, key);
    default:
        return pattern == EDGE_DENSE;
    }
}

void edges_set(const Task *task, unsigned patterns, Model *model, int layer, int head)
{
    int C = model->shape.n_ctx;
    uint8_t *edge = model->layer[layer].edges + (size_t)head * (size_t)C * (size_t)C;
    for (int query = 0; query < C; query++)
        for (int key = 0; key < C; key++, edge++) {
            *edge = 0;
            for (EdgePattern pattern = 0; pattern < EDGE_PATTERNS; pattern++)
                if (patterns >> pattern & 1 && edges_pattern_allows(pattern, task, query, key))
                    *edge = 1;
        }
}
