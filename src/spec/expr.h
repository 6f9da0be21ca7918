// What resolution does with expressions as such: their shape, and the tokens of lists in them.
#pragma once

#include "resolver.h"

bool has_kind(const Expr *expr, ExprKind kind); // anywhere in it

int expr_count(const Expr *expr); // operations and leaves

// One more than that of its operands. Errors: FAULT_NESTING.
MUST_USE Status expr_set_height(const Resolver *r, Expr *expr);

// The list of one of two expressions of TYPE_CHOICE, or -1 if neither has one yet.
int choice_list(const Expr *a, const Expr *b);

// Finds the tokens of an expression of TYPE_CHOICE in a list. Errors: FAULT_CHOICE; FAULT_TYPE when
// it has another list.
MUST_USE Status choice_settle(const Resolver *r, Expr *expr, int list);
MUST_USE Status choice_settle_both(const Resolver *r, Expr *a, Expr *b); // one has a list

// The rule of a choice of the answer, with each state's last value in place of the state. Errors:
// FAULT_NO_RULE; FAULT_SIZE when copies become too many.
MUST_USE Status choice_in_last_states(const Resolver *r, int choice, SpecSpan span, Expr *ret_expr);
