// Interval arithmetic for the oracle: pairs of MPFR numbers, every operation rounded outwards.
//
// Made for reading, not for speed, and from MPFR alone: bounds of num/ and bound/ are compared with
// what comes out of here. `t` is scratch, two numbers; results must not overlap other arguments.
#pragma once

#include <mpfr.h>

#include "arena.h"

typedef struct Enclosure {
    mpfr_t lo, hi; // lo <= x <= hi
} Enclosure;

// Numbers of this precision, zero, that live as long as the arena.
mpfr_ptr enclosure_numbers(Arena *arena, size_t count, mpfr_prec_t precision);
Enclosure *enclosure_vector(Arena *arena, size_t count, mpfr_prec_t precision);

void enclosure_zero(Enclosure *y);
void enclosure_set(Enclosure *y, const Enclosure *x);

double enclosure_width(const Enclosure *x); // rounded up

void enclosure_add(Enclosure *y, const Enclosure *x);      // y += x
void enclosure_add_exact(Enclosure *y, mpfr_srcptr x);     // y += x
void enclosure_subtract(Enclosure *y, const Enclosure *x); // y -= x
void enclosure_divide(Enclosure *y, const Enclosure *x);   // y /= x; requires 0 < x
void enclosure_exp(Enclosure *y);                          // y = e^y
void enclosure_relu(Enclosure *y);                         // y = max(0, y)

// y += w x and y += a b
void enclosure_add_scaled(Enclosure *y, mpfr_srcptr w, const Enclosure *x, mpfr_ptr t);
void enclosure_add_product(Enclosure *y, const Enclosure *a, const Enclosure *b, mpfr_ptr t);
