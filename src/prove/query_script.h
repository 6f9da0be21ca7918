// The SMT-LIB 2 script of a group of an edge case (margin.h): is there, within the proven bounds of its parts, a way
// for a wrong token to come within mu of the right one?
//
// QF_LRA. Declared are the pre-activation u and the output h of every kept neuron (margin.h) and, for
// each wrong token, its linear part: `direct` plus one number a head. Asserted are the proven bounds
// of these parts, the joint bound of the linear part and the pre-activations, and each ReLU by its two
// phases and the three facets of its triangle. The first check-sat shows that all this can hold
// (`sat`); each further one asks for one wrong token, with the bounds of its own parts, whether its
// margin can be at most mu (`unsat` proves it). Numbers are rounded to short dyadics in the direction
// that makes the hypotheses weaker and the question stronger (docs/lemmas/bounds.md, Lemma B7).
#pragma once

#include "margin.h"
#include "text.h"

// Appends the script. `title` becomes a comment, one line.
void query_script(Text *script, const Query *query, const GroupBound *bound, Fix mu,
                  const char *title);
