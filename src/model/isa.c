#include "isa.h"

#include <stdatomic.h>

#include "status.h"

static atomic_int chosen = -1;

bool isa_available(Isa isa)
{
#if ISA_X86_64
    if (isa == ISA_AVX2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (isa == ISA_AVX512)
        return isa_available(ISA_AVX2) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512bw");
#endif
    return isa == ISA_GENERIC;
}

Isa isa_current(void)
{
    int isa = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (isa >= 0)
        return (Isa)isa;
    for (isa = ISA_COUNT - 1; !isa_available((Isa)isa); isa--)
        continue;
    atomic_store_explicit(&chosen, isa, memory_order_relaxed);
    return (Isa)isa;
}

void isa_use(Isa isa)
{
    CHECK(isa_available(isa));
    atomic_store(&chosen, (int)isa);
}

const char *isa_name(Isa isa)
{
    static const char *const names[ISA_COUNT] = {"generic", "avx2", "avx512"};
    return names[isa];
}
