#include "isa.h"

#if ISA_X86_64
#pragma GCC target("avx512f,avx512vl,avx512dq,avx512bw")
#include "dot_pass.h"

#define DOT_PASS dot_avx512
#include "lanes_avx512.h"

#include "dot_kernel.h"
#endif
