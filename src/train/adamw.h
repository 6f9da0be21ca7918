// AdamW (Loshchilov and Hutter, 2019): Adam with decoupled weight decay, and the learning rate over
// time. Only +, -, *, / and square roots: the same bits on every machine.
#pragma once

#include <stddef.h>

typedef struct AdamW {
    float beta1, beta2, epsilon, decay;
} AdamW;

// What one step multiplies with.
typedef struct AdamWStep {
    float rate;                     // learning rate
    float correction1, correction2; // 1 / (1 - beta^t)
} AdamWStep;

// The numbers of step t, counted from 1, under a learning rate. Cost: t multiplications.
AdamWStep adamw_step(AdamW adam, int t, float rate);

// For count parameters p with gradient g and moments m and v:
//     m = beta1 m + (1 - beta1) g        v = beta2 v + (1 - beta2) g^2
//     p = p - rate (m c1 / (sqrt(v c2) + epsilon) + decay p)
void adamw_update(AdamW adam, AdamWStep step, const float *g, size_t count, float *p, float *m,
                  float *v);

typedef enum Schedule {
    SCHEDULE_CONSTANT,
    SCHEDULE_SMOOTH, // 1 - 3u^2 + 2u^3, within 0.011 of the half cosine, without a cosine
} Schedule;

// Learning rate of step t (from 1) of `steps`, as a share of the peak: rises linearly over the
// first `warm_up` steps, then follows the schedule down to 0.
float schedule_share(Schedule schedule, int warm_up, int steps, int t);
