#include "isa.h"

#if ISA_X86_64
#pragma GCC target("avx512f,avx512vl,avx512dq,avx512bw")
#include "path_pass.h"

#define NEVER     PATH_NEVER
#define PATH_PASS path_pass_avx512
#include "lanes_avx512.h"

#include "path_kernel.h"
#endif
