#include "loss.h"

#include <float.h>
#include <math.h>
#include <stddef.h>

#include "clones.h"
#include "exp32.h"

const LossReport loss_nothing = {.margin = INFINITY};

ISA_BODY void exp_lanes(Lanes *x)
{
    float y[LANES];
    *(Lanes *)y = *x;
    for (int i = 0; i < LANES; i++)
        y[i] = exp32(y[i]);
    *x = *(Lanes *)y;
}

// One answer token of sixteen questions: logits become gradients. Row t of `logits` is `width`
// after row t - 1. Puts out the margins and the odds (all wrong tokens to the right one).
ISA_BODY void token_body(int V, size_t width, const int *targets, float weight, float smoothing,
                         float *logits, float *ret_margin, float *ret_odds)
{
    LaneMask target = *(const LaneMask *)targets;
    Lanes right = {0}, best = (Lanes){0} - INFINITY, wrong = {0};
    for (int t = 0; t < V; t++) {
        Lanes logit = *(Lanes *)(logits + (size_t)t * width);
        LaneMask is_right = target == t;
        right = LANES_SELECT(is_right, logit, right);
        best = LANES_SELECT(~is_right & (logit > best), logit, best);
    }
    *(Lanes *)ret_margin = right - best;
    Lanes max = LANES_MAX(right, best), right_exp = right - max;
    exp_lanes(&right_exp);
    for (int t = 0; t < V; t++) {
        Lanes *entry = (Lanes *)(logits + (size_t)t * width);
        *entry -= max;
        exp_lanes(entry);
        *entry = LANES_SELECT(target == t, (Lanes){0}, *entry);
        wrong += *entry;
    }
    Lanes factor = weight / (wrong + right_exp),
          each = (Lanes){0} + smoothing * weight / (float)(V - 1);
    for (int t = 0; t < V; t++) {
        Lanes *entry = (Lanes *)(logits + (size_t)t * width);
        *entry =
            LANES_SELECT(target == t, -wrong * factor + smoothing * weight, *entry * factor - each);
    }
    *(Lanes *)ret_odds = wrong / LANES_MAX(right_exp, (Lanes){0} + FLT_MIN);
}

static CLONES(token,
              (int V, size_t width, const int *targets, float weight, float smoothing,
               float *logits, float *ret_margin, float *ret_odds),
              (V, width, targets, weight, smoothing, logits, ret_margin, ret_odds))

    void loss_backward(int V, int answer, const int *targets, float weight, float smoothing,
                       float *logits, LossReport *ret_report)
{
    LossReport report = loss_nothing;
    float least[LANES];
    for (int i = 0; i < LANES; i++)
        least[i] = INFINITY;
    for (int slot = 0; slot < answer; slot++) {
        float margin[LANES], odds[LANES];
        token(V, (size_t)answer * LANES, targets + slot * LANES, weight, smoothing,
              logits + slot * LANES, margin, odds);
        for (int i = 0; i < LANES; i++) {
            report.loss += log1p((double)odds[i]);
            least[i] = margin[i] >= least[i] ? least[i] : margin[i];
        }
    }
    for (int i = 0; i < LANES; i++) {
        report.right += least[i] > 0.0f;
        report.hardest = least[i] < report.margin ? i : report.hardest;
        report.margin = least[i] >= report.margin ? report.margin : least[i];
    }
    *ret_report = report;
}

void loss_merge(LossReport *sum, const LossReport *part)
{
    sum->loss += part->loss;
    sum->right += part->right;
    sum->margin = part->margin < sum->margin ? part->margin : sum->margin;
}
