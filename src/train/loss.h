// Cross-entropy of the logits, its gradient, and what progress reports show.
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
// right), where the right token's entry is minus the sum of the others', so that it keeps its
// precision when the others are tiny. targets[answer * 16]: right tokens. Requires: V >= 2.
void loss_backward(int V, int answer, const int *targets, float weight, float *logits,
                   LossReport *ret_report);

void loss_merge(LossReport *sum, const LossReport *part);
