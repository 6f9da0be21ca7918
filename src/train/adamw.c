#include "adamw.h"

#include "clones.h"

AdamWStep adamw_step(AdamW adam, int t, float rate)
{
    double power1 = 1.0, power2 = 1.0;
    for (int i = 0; i < t; i++) {
        power1 *= (double)adam.beta1;
        power2 *= (double)adam.beta2;
    }
    return (AdamWStep){rate, (float)(1.0 / (1.0 - power1)), (float)(1.0 / (1.0 - power2))};
}

ISA_BODY void adamw_update_body(AdamW adam, AdamWStep step, const float *restrict g, size_t count,
                                float *restrict p, float *restrict m, float *restrict v)
{
    for (size_t i = 0; i < count; i++) {
        m[i] = adam.beta1 * m[i] + (1.0f - adam.beta1) * g[i];
        v[i] = adam.beta2 * v[i] + (1.0f - adam.beta2) * (g[i] * g[i]);
        float scale = __builtin_sqrtf(v[i] * step.correction2) + adam.epsilon;
        p[i] -= step.rate * (m[i] * step.correction1 / scale + adam.decay * p[i]);
    }
}

CLONES(adamw_update,
       (AdamW adam, AdamWStep step, const float *g, size_t count, float *p, float *m, float *v),
       (adam, step, g, count, p, m, v))

float schedule_share(Schedule schedule, int warm_up, int steps, int t)
{
    if (t <= warm_up)
        return (float)t / (float)warm_up;
    if (schedule == SCHEDULE_CONSTANT)
        return 1.0f;
    float u = (float)(t - 1 - warm_up) / (float)(steps - warm_up);
    return 1.0f - u * u * (3.0f - 2.0f * u);
}
