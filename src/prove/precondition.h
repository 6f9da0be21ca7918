// Which assumptions of a spec leave it no input.
#pragma once

#include "spec.h"

// Some assumptions that together admit no input, while without any one of them there is one:
// indices into spec->assumes, ascending; returns how many. Requires: no input meets all of them.
int precondition_core(Arena *arena, const Spec *spec, int *ret_assumes);
