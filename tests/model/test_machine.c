// The start-up check of the machine: passes as it is, refuses each mode that is switched on.
#include "machine.h"

#include <fenv.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "isa.h"

#if ISA_X86_64
#include <xmmintrin.h>
#endif

typedef void Mode(int argument);

static void flush(int bits) // of the control register: 0x8000 flushes results, 0x0040 operands
{
#if ISA_X86_64
    _mm_setcsr(_mm_getcsr() | (unsigned)bits);
#endif
    (void)bits;
}

static void round_otherwise(int mode)
{
    CHECK(fesetround(mode) == 0);
}

// In a child: the mode, then the check. True if it refuses with a message that holds `words`.
static bool is_refused(Mode *mode, int argument, const char *words)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        Diag diag = {0};
        mode(argument);
        Status checked = machine_check(&diag);
        bool refused = checked == STATUS_INTERNAL && diag.status == STATUS_INTERNAL &&
                       strcmp(diag.code, "H001") == 0 && strstr(diag.text, words);
        _exit(refused ? 0 : 1);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static void this_machine_passes_on_every_instruction_set(void)
{
    Diag diag = {0};
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (!isa_available((Isa)isa))
            continue;
        isa_use((Isa)isa);
        CU_ASSERT(machine_check(&diag) == STATUS_OK);
    }
    CU_ASSERT(diag.status == STATUS_OK);
}

static void flushing_to_zero_is_refused(void)
{
    if (!ISA_X86_64)
        return;
    CU_ASSERT(is_refused(flush, 0x8000, "subnormal numbers kept"));
    CU_ASSERT(is_refused(flush, 0x0040, "subnormal numbers kept"));
    CU_ASSERT(is_refused(flush, 0x8040, "subnormal numbers kept"));
}

static void other_rounding_modes_are_refused(void)
{
    CU_ASSERT(is_refused(round_otherwise, FE_UPWARD, "rounding to nearest"));
    CU_ASSERT(is_refused(round_otherwise, FE_DOWNWARD, "rounding to nearest"));
    CU_ASSERT(is_refused(round_otherwise, FE_TOWARDZERO, "rounding to nearest"));
}

#define TESTS(X)                                                                                   \
    X(this_machine_passes_on_every_instruction_set)                                                \
    X(flushing_to_zero_is_refused)                                                                 \
    X(other_rounding_modes_are_refused)
RUN_TESTS("machine", TESTS)
