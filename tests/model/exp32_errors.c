#include "exp32_errors.h"

#include <math.h>
#include <mpfr.h>
#include <string.h>

#include "exp32.h"

enum { PRECISION = 64, QUIET_NAN = 0x7fc00000 };

const Exp32Errors exp32_errors_none = {.relative = {-1, 0}, .absolute = {-1, 0}, .axiom = {-1, 0}};

static float from_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

Exp32Kind exp32_piece_kind(int piece)
{
    float x = from_bits((uint32_t)piece << 16);
    if ((piece & 0x7f80) == 0x7f80)
        return EXP32_NAN;
    if (x <= -104.0f)
        return EXP32_BELOW;
    return x >= 89.0f ? EXP32_ABOVE : EXP32_INSIDE;
}

void exp32_piece_results(int piece, uint32_t ret_bits[EXP32_PIECE])
{
    static _Thread_local float y[EXP32_PIECE];
    for (uint32_t i = 0; i < EXP32_PIECE; i++)
        y[i] = from_bits((uint32_t)piece << 16 | i);
    exp32_array(y, y, EXP32_PIECE);
    memcpy(ret_bits, y, sizeof y);
    for (uint32_t i = 0; i < EXP32_PIECE; i++)
        if (isnan(y[i]))
            ret_bits[i] = QUIET_NAN;
}

static void worse(Exp32Worst *worst, double error, float at)
{
    if (error > worst->error)
        *worst = (Exp32Worst){error, at};
}

// The results that the clamps and the format determine; true if y is that of x.
static bool is_determined(Exp32Kind kind, float x, float y)
{
    if (isnan(x))
        return isnan(y);
    bool below = kind == EXP32_BELOW || (kind == EXP32_NAN && x < 0.0f);
    return below ? y == 0.0f && !signbit(y) : isinf(y) && y > 0.0f;
}

// `exact` is e^x, `error` scratch. The difference of the two close numbers is exact.
static void compare(Exp32Errors *errors, float x, float y, mpfr_t exact, mpfr_t error)
{
    double value = mpfr_get_d(exact, MPFR_RNDN), off;
    if (isinf(y)) {
        errors->infinite++;
        errors->wrong += value < 0x1.fffffcp127;
        return;
    }
    mpfr_sub_d(error, exact, (double)y, MPFR_RNDN);
    off = fabs(mpfr_get_d(error, MPFR_RNDN));
    errors->wrong += isnan(y) || signbit(y);
    if (y >= 0x1p-126f)
        worse(&errors->relative, off / value * 0x1p24, x);
    else
        worse(&errors->absolute, off * 0x1p149, x);
    if (x <= 0.0f)
        worse(&errors->axiom, off / (0x1p-23 * value + 0x1p-149), x);
}

// The arguments that are looked at; returns how many.
static uint32_t gather(int piece, int stride, float ret_x[EXP32_PIECE])
{
    uint32_t count = 0;
    for (uint32_t i = (uint32_t)(piece % stride); i < EXP32_PIECE; i += (uint32_t)stride)
        ret_x[count++] = from_bits((uint32_t)piece << 16 | i);
    return count;
}

Exp32Errors exp32_errors(int piece, int stride)
{
    static _Thread_local float x[EXP32_PIECE], y[EXP32_PIECE];
    Exp32Errors errors = exp32_errors_none;
    Exp32Kind kind = exp32_piece_kind(piece);
    mpfr_t exact, error;
    mpfr_inits2(PRECISION, exact, error, (mpfr_ptr)NULL);
    errors.count = gather(piece, stride, x);
    exp32_array(x, y, errors.count);
    for (uint32_t i = 0; i < errors.count; i++)
        if (kind == EXP32_INSIDE) {
            mpfr_set_flt(exact, x[i], MPFR_RNDN);
            mpfr_exp(exact, exact, MPFR_RNDN);
            compare(&errors, x[i], y[i], exact, error);
        } else {
            errors.wrong += !is_determined(kind, x[i], y[i]);
        }
    mpfr_clears(exact, error, (mpfr_ptr)NULL);
    return errors;
}

void exp32_errors_add(Exp32Errors *errors, const Exp32Errors *more)
{
    errors->count += more->count;
    errors->infinite += more->infinite;
    errors->wrong += more->wrong;
    worse(&errors->relative, more->relative.error, more->relative.at);
    worse(&errors->absolute, more->absolute.error, more->absolute.at);
    worse(&errors->axiom, more->axiom.error, more->axiom.at);
}
