// Linked with a model library whose compiler may contract a * b + c: the start-up check notices.
#include <stdio.h>
#include <string.h>

#include "isa.h"
#include "machine.h"

enum { OK, FAILED, SKIPPED = 77 };

int main(void)
{
    Diag diag = {0};
    if (!ISA_X86_64 || !isa_available(ISA_AVX2))
        return SKIPPED; // where there may be no instruction to contract to
    Status status = machine_check(&diag);
    puts(diag.text);
    return status == STATUS_INTERNAL && strstr(diag.text, "a * b + c that rounds twice") ? OK
                                                                                         : FAILED;
}
