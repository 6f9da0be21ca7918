// Lanes (path_kernel.h, dot_kernel.h) as plain loops, for the compiler to make vectors of.

typedef struct Lanes {
    int64_t x[FUNCTIONAL_LANES];
} Lanes;
typedef Lanes Mask; // all ones or zero

#define EACH_LANE(expression)                                                                      \
    Lanes y;                                                                                       \
    for (int i = 0; i < FUNCTIONAL_LANES; i++)                                                     \
        y.x[i] = (expression);                                                                     \
    return y

static inline Lanes lanes_splat(int64_t x)
{
    EACH_LANE(x);
}

static inline Lanes lanes_load(const int32_t *x)
{
    EACH_LANE(x[i]);
}

static inline void lanes_store(int64_t *ret, Lanes x)
{
    for (int i = 0; i < FUNCTIONAL_LANES; i++)
        ret[i] = x.x[i];
}

static inline Lanes lanes_load_wide(const int64_t *x)
{
    EACH_LANE(x[i]);
}

static inline Lanes lanes_add(Lanes a, Lanes b)
{
    EACH_LANE(a.x[i] + b.x[i]);
}

static inline Lanes lanes_subtract(Lanes a, Lanes b)
{
    EACH_LANE(a.x[i] - b.x[i]);
}

static inline Lanes lanes_multiply(Lanes a, Lanes b)
{
    EACH_LANE((int64_t)(int32_t)a.x[i] * (int32_t)b.x[i]);
}

static inline Lanes lanes_least(Lanes a, Lanes b)
{
    EACH_LANE(a.x[i] < b.x[i] ? a.x[i] : b.x[i]);
}

// x / 2^places, rounded down; places >= 0, however large.
static inline Lanes lanes_shift_down(Lanes x, Lanes places)
{
    EACH_LANE(x.x[i] >> (places.x[i] < 63 ? places.x[i] : 63));
}

static inline Mask lanes_larger(Lanes a, Lanes b)
{
    EACH_LANE(-(int64_t)(a.x[i] > b.x[i]));
}

static inline Lanes lanes_select(Mask mask, Lanes yes, Lanes no)
{
    EACH_LANE((mask.x[i] & yes.x[i]) | (~mask.x[i] & no.x[i]));
}

#undef EACH_LANE
