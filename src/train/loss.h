// Cross-entropy of the logits, its gradient, and what progress reports show.
//
// With smoothing e (Szegedy et al., 2016), the probability that is aimed at is 1 - e for the right token
// and e / (V - 1) for each wrong one. All margins are then drawn to the same number,
// log((1 - e) (V - 1) / e), and not only up: what makes no difference to the answer comes to make no
// difference to the logits either, which is room for the bounds of a proof.
#pragma once

#include <stdint.h>

typedef struct LossReport {
    double loss; // summed over questions and answer tokens; for display, by the C library's log1p;
                 // a token counts for at most about 87
    int64_t right; // questions whose every answer token has the largest logit
    float margin;  // least (right logit - best wrong logit)
    int hardest;   // which of the sixteen questions has it; of no meaning after loss_merge
} LossReport;

extern const LossReport loss_nothing; // of no question

// logits[V, answer * 16] become the gradient of `weight` times the summed loss: weight * (softmax -
// aim), where the right token's entry is minus the sum of the others', so that it keeps its precision
// when the others are tiny. targets[answer * 16]: right tokens. The loss that is reported is without
// smoothing. Requires: V >= 2, 0 <= smoothing < 1.
void loss_backward(int V, int answer, const int *targets, float weight, float smoothing,
                   float *logits, LossReport *ret_report);

void loss_merge(LossReport *sum, const LossReport *part);
