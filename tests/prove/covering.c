#include "covering.h"

#include <string.h>

#include "harness.h"
#include "split.h"

enum { CASES_MAX = 4000 };

const char covering_addition[] = "param n = 3\n"
                                 "input a, b : number of n digits\n"
                                 "prompt a \"+\" b \"=\"\n"
                                 "answer s : number of n+1 digits\n"
                                 "require s = a + b\n"
                                 "algorithm\n"
                                 "  scan from least significant\n"
                                 "    state c in 0..1, initially 0\n"
                                 "    digit s[i] = (a[i] + b[i] + c) mod 10\n"
                                 "    next c = (a[i] + b[i] + c) div 10\n"
                                 "  finally s[n] = c\n";

const char covering_difference[] =
    "param n = 2\n"
    "input let, exists : number of n digits\n"
    "prompt let \"-\" exists \"=\"\n"
    "answer w : number of 1 digits \"|\" d : number of n digits\n"
    "require d = let - exists + w * 10^n\n"
    "algorithm\n"
    "  scan from least significant\n"
    "    state c in 0..1, initially 0\n"
    "    state z in -2..0, initially 0\n"
    "    digit d[i] = (let[i] - exists[i] - c) mod 10\n"
    "    next c = -((let[i] - exists[i] - c) div 10)\n"
    "    next z = if (let[i] - exists[i] - c) mod 10 = 0 then z else -1\n"
    "  finally w[0] = c\n";

const char covering_half[] = "input a : number of 3 digits\n"
                             "prompt \"half\" a\n"
                             "answer h : number of 4 digits\n"
                             "assume a[i] mod 2 = 0\n"
                             "require 2 * h = a\n"
                             "algorithm\n"
                             "  scan from least significant\n"
                             "    state none in 0..0, initially 0\n"
                             "    digit h[i] = a[i] div 2\n"
                             "    next none = 0\n"
                             "  finally h[3] = 0\n";

const char covering_either[] =
    "param n = 2\n"
    "input a, b : number of n digits\n"
    "input op : one of \"+\", \"-\", \"~\"\n"
    "prompt a op b \"=\"\n"
    "answer sign : one of \"-\", \"+\" d : number of n+1 digits\n"
    "require d >= 0\n"
    "algorithm\n"
    "  scan from least significant\n"
    "    state c in 0..1, initially 0\n"
    "    next c = if op = \"+\" then (a[i] + b[i] + c) div 10 else 0\n"
    "    state order in -1..1, initially 0\n"
    "    next order = if op = \"+\" then 0\n"
    "                 else if a[i] < b[i] then -1 else if a[i] > b[i] then 1 else order\n"
    "    digit d[i] = if op = \"+\" then (a[i] + b[i] + c) mod 10\n"
    "                 else if sign = \"+\" then (a[i] - b[i] + (if order < 0 then 9 else 10)) mod "
    "10\n"
    "                 else (b[i] - a[i] + (if order > 0 then 9 else 10)) mod 10\n"
    "  finally sign = if order < 0 then \"-\" else \"+\"\n"
    "  finally d[n] = c\n";

// ---- random trees of splits ---------------------------------------------------------------------

static bool varies(const Region *region, Split split)
{
    int labels[SPLIT_LABELS_MAX];
    return split_labels(region, &split, labels) > 1;
}

// Some split that tells inputs of the region apart: the token at `position` first.
static bool choose_split(const Covering *c, Rng *rng, const Region *region, int position,
                         Split *ret_split)
{
    int length = c->task->prompt + c->task->answer;
    if (c->task->source[position].kind != TOKEN_FIXED) {
        *ret_split = split_by_token(c->task, position);
        if (varies(region, *ret_split))
            return true;
    }
    for (int i = 0; i < 200; i++) {
        int p = (int)rng_below(rng, (uint32_t)length);
        ret_split->kind = (SplitKind)rng_below(rng, 4);
        ret_split->column =
            c->task->lead + (int)rng_below(rng, (uint32_t)(c->task->columns - c->task->lead));
        ret_split->which = (int)rng_below(rng, (uint32_t)c->task->inputs);
        if (ret_split->kind == SPLIT_TOKEN && c->task->source[p].kind == TOKEN_FIXED)
            continue;
        if (ret_split->kind == SPLIT_TOKEN)
            *ret_split = split_by_token(c->task, p);
        if (varies(region, *ret_split))
            return true;
    }
    return false;
}

static Node child(const Covering *c, const Node *node, Region *region, Condition condition,
                  int position)
{
    Node part = *node;
    size_t n = (size_t)node->n_conditions;
    part.region = region;
    part.condition = ARENA_NEW(c->arena, Condition, n + 1);
    if (n > 0)
        memcpy(part.condition, node->condition, n * sizeof condition);
    part.condition[part.n_conditions++] = condition;
    part.right = region_token(region, &c->task->source[position]);
    return part;
}

// Replaces case `which` by the parts of a split, the labels dealt to two or to all parts.
static void split_case(const Covering *c, Rng *rng, PositionProof *p, int which, int position)
{
    Split split;
    Node node = p->cases[which].node;
    if (!choose_split(c, rng, node.region, position, &split))
        return;
    int labels[SPLIT_LABELS_MAX], count = split_labels(node.region, &split, labels);
    bool own = split.kind == SPLIT_TOKEN && split.which == position;
    int parts = own || rng_below(rng, 2) ? count : 2;
    for (int part = 0, made = 0; part < parts; part++) {
        Condition condition = {.split = split};
        for (int i = 0; i < count; i++)
            if (i * parts / count == part)
                label_set_add(&condition.labels, labels[i]);
        Region *region = split_part(c->arena, node.region, &condition);
        if (region)
            p->cases[made++ == 0 ? which : p->n_cases++].node =
                child(c, &node, region, condition, position);
    }
}

static void grow(Covering *c, int answer, int target, uint64_t seed)
{
    PositionProof *p = &c->network.position[answer];
    Rng rng = rng_new(seed, (uint64_t)answer);
    int position = c->task->prompt + answer;
    Region *full = region_full(c->arena, c->task);
    *p = (PositionProof){
        .name = arena_printf(c->arena, "t%d", answer), .selected = true, .n_cases = 1};
    p->cases = ARENA_NEW(c->arena, EdgeCase, CASES_MAX);
    p->cases[0].node = (Node){
        .region = full, .answer = answer, .right = region_token(full, &c->task->source[position])};
    for (int round = 0; round < 1000 && p->n_cases < target; round++)
        for (int i = 0, n = p->n_cases; i < n && p->n_cases < target; i++)
            split_case(c, &rng, p, i, position);
}

// ---- coverings ----------------------------------------------------------------------------------

Covering covering_begin(const char *text, long long n)
{
    Covering c = {.arena = arena_new(), .pool = work_pool_new(2)};
    Spec *spec;
    SpecSetting setting = {"n", n};
    CU_ASSERT_EQUAL_FATAL(
        spec_parse(c.arena, "test.spec", text, strlen(text), &setting, n > 0, &spec, &c.diag),
        STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(task_new(c.arena, spec, &c.task, &c.diag), STATUS_OK);
    c.network = (NetworkProof){.answer = c.task->answer};
    c.network.position = ARENA_NEW(c.arena, PositionProof, (size_t)c.task->answer);
    return c;
}

Covering covering_new(const char *text, long long n, int target)
{
    Covering c = covering_begin(text, n);
    for (int a = 0; a < c.task->answer; a++)
        grow(&c, a, target, 1);
    return c;
}

void covering_free(Covering *c)
{
    work_pool_free(c->pool);
    arena_free(c->arena);
    *c = (Covering){.arena = NULL};
}

Status covering_prove_within(Covering *c, unsigned long rlimit)
{
    Claim claim = {.task = c->task};
    c->verdict = (CoverVerdict){0};
    return cover_prove(c->arena, c->pool, &claim, &c->network, rlimit, &c->verdict, &c->diag);
}

void covering_prove(Covering *c)
{
    CU_ASSERT_EQUAL_FATAL(covering_prove_within(c, COVER_RLIMIT), STATUS_OK);
}
