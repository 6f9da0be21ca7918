// Query configurations in groups, each of which gets slopes of its own.
//
// A neuron's linear estimate is as loose as the neuron's range is wide. Configurations that leave the neurons in much
// the same place share theirs; others had better not. Which ones share is a choice: any partition is sound.
#pragma once

#include "neurons.h"

enum { GROUPS_MAX = 8 };

// Partitions the `count` cases into at most `most` groups, 1 <= most <= GROUPS_MAX, by what the neurons' places are
// worth to the margin: weight ([F]) is the largest effect that a neuron can have on one. Returns the number of groups;
// the first case is in group 0.
int groups_of(const Neurons *neurons, int count, int most, const Fix *weight,
              uint8_t *ret_group_of);
