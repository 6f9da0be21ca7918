// exp32 against MPFR, argument by argument: what test_exp32 samples and exp32_exhaustive does whole.
//
// The 2^32 binary32 numbers are cut in pieces of 2^16 with the same upper half of their bits; a
// piece lies within one sign and exponent, and wholly on one side of -104 and of 89.
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { EXP32_PIECES = 1 << 16, EXP32_PIECE = 1 << 16 };

typedef enum Exp32Kind {
    EXP32_INSIDE, // -104 < x < 89: compared with e^x
    EXP32_BELOW,  // x <= -104, where exp32 clamps
    EXP32_ABOVE,  // x >= 89, where exp32 clamps
    EXP32_NAN,    // and infinity, which begins the piece
} Exp32Kind;

typedef struct Exp32Worst {
    double error; // below zero if there was nothing to look at
    float at;     // the argument, the first one with this error
} Exp32Worst;

typedef struct Exp32Errors {
    uint64_t count;      // arguments looked at
    uint64_t infinite;   // of those between -104 and 89, with an infinite result
    Exp32Worst relative; // where the result is normal, in units of 2^-24 e^x
    Exp32Worst absolute; // where it is subnormal or zero, in units of 2^-149
    Exp32Worst axiom;    // for x <= 0, in units of 2^-23 e^x + 2^-149
    uint64_t wrong;      // clamped, infinite or NaN otherwise than exp32.h says, or negative
} Exp32Errors;

extern const Exp32Errors exp32_errors_none;

Exp32Kind exp32_piece_kind(int piece);

// Every stride-th argument of the piece, by the instruction set in use. MPFR rounds each e^x to 64
// bits, so errors are right to 2^-38 of their units. Leaves MPFR's caches to be freed.
Exp32Errors exp32_errors(int piece, int stride);

// As if both had been looked at together, `more` after `errors`.
void exp32_errors_add(Exp32Errors *errors, const Exp32Errors *more);

// All results of a piece, by the instruction set in use; every NaN as the same one.
void exp32_piece_results(int piece, uint32_t ret_bits[EXP32_PIECE]);
