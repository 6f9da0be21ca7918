#include "dot_pass.h"

#define DOT_PASS dot_generic
#include "lanes_generic.h"

#include "dot_kernel.h"
