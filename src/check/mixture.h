// The softmax of heads whose keys' configurations are known (K8), below the last layer.
#pragma once

#include "tables.h"

// z and dz of K8 of all heads of the layer at the position, for a configuration of a cone that holds those of
// the position and its keys. Returns the radius of z.
int64_t heads_mean(const Tables *tables, int layer, int position, const Cone *cone,
                   int64_t configuration, int64_t *ret_z, int64_t *ret_dz);
