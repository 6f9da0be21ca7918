// A library that changes the arithmetic of the program it is loaded into, as those built with
// -ffast-math do. MODE names the change.
#include <fenv.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

__attribute__((constructor)) static void switch_mode(void)
{
    const char *mode = getenv("MODE");
    if (mode && strcmp(mode, "up") == 0)
        fesetround(FE_UPWARD);
#if defined(__x86_64__)
    if (mode && strcmp(mode, "flush") == 0)
        _mm_setcsr(_mm_getcsr() | 0x8040);
#endif
}
