#include "fixed.h"

#include "reject.h"

int64_t fixed_within(Wide x)
{
    if (x > FIXED_LIMIT || x < -FIXED_LIMIT)
        reject(place_model, "a number is beyond 2^12, which this checker does not reckon with");
    return (int64_t)x;
}

int64_t fixed_radius(Wide rad)
{
    if (rad > FIXED_RADIUS_LIMIT)
        reject(place_model, "an exact value is not known to within 2^-10");
    return (int64_t)rad;
}

void fixed_sizes(const int64_t *x, int64_t rad, const int64_t *more, int n, int64_t *ret)
{
    for (int i = 0; i < n; i++)
        ret[i] = fixed_within((Wide)fixed_abs(x[i]) + rad + (more ? more[i] : 0));
}

// The sum of products, below 2^76 in units of 2^-50, and its radius.
static Wide dot(const int64_t *x, int64_t rx, const int64_t *y, int64_t ry, int n, int64_t *ret_rad)
{
    Wide sum = 0, size_x = 0, size_y = 0;
    for (int i = 0; i < n; i++) {
        size_x += fixed_abs(x[i]);
        size_y += fixed_abs(y[i]);
    }
    if (size_y > FIXED_NORM_LIMIT || size_x > FIXED_NORM_LIMIT << 10)
        reject(place_model,
               "a sum of sizes is beyond 2^12, which this checker does not reckon with");
    for (int i = 0; i < n; i++)
        sum += (Wide)x[i] * y[i];
    Wide rad = size_x * ry + size_y * rx + (Wide)n * rx * ry;
    *ret_rad = fixed_radius(wide_up(rad) + 1);
    return wide_near(sum);
}

Ball fixed_dot(const int64_t *x, int64_t rx, const int64_t *y, int64_t ry, int n)
{
    int64_t rad;
    Wide sum = dot(x, rx, y, ry, n, &rad);
    return (Ball){fixed_within(sum), rad};
}

Ball fixed_dot_times(int64_t factor, const int64_t *x, int64_t rx, const int64_t *y, int64_t ry,
                     int n)
{
    const Wide most = (Wide)FIXED_LIMIT << 2;
    int64_t rad;
    Wide sum = dot(x, rx, y, ry, n, &rad);
    if (sum > most || sum < -most)
        reject(place_model, "a sum is beyond 2^14, which this checker does not reckon with");
    return (Ball){fixed_within(wide_near(sum * factor)),
                  fixed_radius(wide_up((Wide)rad * factor) + 1)};
}

int64_t fixed_dot_up(const int64_t *x, const int64_t *y, int n)
{
    Wide sum = 0;
    for (int i = 0; i < n; i++) {
        sum += (Wide)x[i] * y[i];
        if (sum >> 124)
            reject(place_model, "a bound is beyond what this checker reckons with");
    }
    return fixed_within(wide_up(sum));
}

Wide wide_gamma_up(Wide x, int k)
{
    int64_t rest = (INT64_C(1) << 24) - k;
    return (x * k + rest - 1) / rest;
}

int64_t fixed_gamma_up(int64_t x, int k)
{
    return fixed_within(wide_gamma_up(x, k));
}

int64_t fixed_ulp_up(int64_t x)
{
    return (x + (INT64_C(1) << 24) - 1) >> 24;
}
