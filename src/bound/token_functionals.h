// The linear parts of the wrong tokens' margins, as functionals of the residual stream.
//
// With a slope for each neuron of the last layer's MLP, the linear part of token t's margin is
//
//     C[t] . (x + sum over heads of z W_O + b_O) + constant[t],
//     C[t] = U_right - U_t + sum of a W_in,
//     constant[t] = sum of a b_in + (U_right - U_t) b_out + b_U[right] - b_U[t],
//
// a the token's slopes. Enclosed from the exact weights, and tabulated over the keys of each head for
// path_bound. Which slopes are good ones, and what the neurons add, is up to margin.c.
// docs/lemmas/bounds.md, Lemma B6; radii and sizes in docs/lemmas/numbers.md, Lemmas N2 and N5.
#pragma once

#include "cases.h"
#include "margin.h"

typedef struct TokenFunctionals {
    FixMatrix C;             // [n_tokens][D], sealed
    FixVector constant;      // [n_tokens]
    FixMatrix through;       // [n_tokens][HK] C W_O
    FunctionalTable *tables; // [H] the rows of C through each head
} TokenFunctionals;

// The tables have what the cases, of a supported query, read. Requires: of each wrong token, the token and the slopes.
// Nothing else of it is read.
// False if something grows too large for the rigorous arithmetic; ret_functionals is then untouched.
bool token_functionals_init(Arena *arena, const Cases *cases, int right, const TokenBound *tokens,
                            int n_tokens, TokenFunctionals *ret_functionals);
