#include "rng.h"

static uint64_t splitmix(uint64_t *x)
{
    uint64_t z = (*x += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint64_t rotl(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

Rng rng_new(uint64_t seed, uint64_t stream)
{
    uint64_t mixed = stream + 0x632be59bd9b4e019u;
    uint64_t x = seed ^ splitmix(&mixed);
    Rng rng;
    for (int i = 0; i < 4; i++)
        rng.s[i] = splitmix(&x);
    return rng;
}

uint64_t rng_next(Rng *rng)
{
    uint64_t *s = rng->s;
    uint64_t result = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
}

uint32_t rng_below(Rng *rng, uint32_t bound)
{
    // Lemire (2019): multiply, and reject the few low products that would be counted twice.
    uint32_t threshold = -bound % bound;
    for (;;) {
        uint64_t product = (rng_next(rng) >> 32) * bound;
        if ((uint32_t)product >= threshold)
            return (uint32_t)(product >> 32);
    }
}

float rng_unit(Rng *rng)
{
    return (float)(rng_next(rng) >> 40) * 0x1p-24f;
}

float rng_normal(Rng *rng)
{
    int32_t sum = 0; // exact: twelve 24-bit integers
    for (int i = 0; i < 12; i++)
        sum += (int32_t)(rng_next(rng) >> 40);
    return (float)(sum - 6 * (1 << 24)) * 0x1p-24f;
}
