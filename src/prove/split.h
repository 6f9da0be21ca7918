// How regions are split, and what the parts are called.
//
// A split sorts the edges of one column by a label; each part keeps the edges of one label. Parts
// are disjoint and leave nothing out by construction (docs/lemmas/cover.md, Lemma C2). Labels come
// from the trellis alone: the token at a position, the state before a column, what a column does to
// the state, a digit. For addition the third makes the carry chains: a column always carries, never
// carries, or passes the carry on.
#pragma once

#include "region.h"
#include "text.h"

typedef enum SplitKind { SPLIT_TOKEN, SPLIT_STATE, SPLIT_MOVE, SPLIT_DIGIT } SplitKind;

typedef struct Split {
    SplitKind kind;
    int column;
    int which; // SPLIT_TOKEN: position in the sequence; SPLIT_DIGIT: which input number
} Split;

enum { SPLIT_LABELS_MAX = 128 };

typedef struct LabelSet {
    uint64_t bits[SPLIT_LABELS_MAX / 64];
} LabelSet;

typedef struct Condition { // edges of the split's column have one of these labels
    Split split;
    LabelSet labels;
} Condition;

static inline bool label_set_has(const LabelSet *set, int label)
{
    return set->bits[label / 64] >> (label % 64) & 1;
}

static inline void label_set_add(LabelSet *set, int label)
{
    set->bits[label / 64] |= (uint64_t)1 << (label % 64);
}

static inline bool condition_has(const Condition *condition, int label)
{
    return label_set_has(&condition->labels, label);
}

// The split by the token at a position that is not fixed.
Split split_by_token(const Task *task, int position);

int split_label(const Task *task, const Split *split, int edge); // below SPLIT_LABELS_MAX

// Labels on the region's edges, ascending; returns how many.
// Requires: a trimmed region.
int split_labels(const Region *region, const Split *split, int *ret_labels);

// The part of the region that meets the condition, trimmed; NULL if it is empty.
Region *split_part(Arena *arena, const Region *region, const Condition *condition);

// "s3 is 7", "s3 is 0, 1 or 2", "c = 1 before column 2", "column 1 passes the state on", "a2 is 5".
void condition_say(Text *text, const Task *task, const Condition *condition);

// Name of what stands at a position: "s3", or the token itself in quotes.
void position_say(Text *text, const Task *task, int position);
