#include "split.h"

Split split_by_token(const Task *task, int position)
{
    const TokenSource *source = &task->source[position];
    CHECK(source->kind != TOKEN_FIXED);
    return (Split){SPLIT_TOKEN, task_source_column(task, source), position};
}

int split_label(const Task *task, const Split *split, int edge)
{
    int symbol = edge % task->symbols;
    switch (split->kind) {
    case SPLIT_TOKEN:
        return task_edge_token(task, &task->source[split->which], edge);
    case SPLIT_STATE:
        return edge / task->symbols;
    case SPLIT_MOVE:
        return task->move[symbol];
    case SPLIT_DIGIT:
        break;
    }
    return task_symbol_digit(task, symbol, split->which);
}

int split_labels(const Region *region, const Split *split, int *ret_labels)
{
    bool seen[SPLIT_LABELS_MAX] = {false};
    int count = 0;
    for (int e = 0; e < region_edges(region); e++)
        if (region_has(region, split->column, e))
            seen[split_label(region->task, split, e)] = true;
    for (int label = 0; label < SPLIT_LABELS_MAX; label++)
        if (seen[label])
            ret_labels[count++] = label;
    return count;
}

Region *split_part(Arena *arena, const Region *region, const Condition *condition)
{
    Region *part = region_copy(arena, region);
    for (int e = 0; e < region_edges(part); e++)
        if (region_has(part, condition->split.column, e) &&
            !condition_has(condition, split_label(part->task, &condition->split, e)))
            region_drop(part, condition->split.column, e);
    return region_trim(part) ? part : NULL;
}
