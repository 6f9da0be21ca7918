#include "path_pass.h"

#define NEVER     PATH_NEVER
#define PATH_PASS path_pass_generic
#include "lanes_generic.h"

#include "path_kernel.h"
