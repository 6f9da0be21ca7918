// The checker's reader of task.txt on any bytes at all. In a task that is taken every position has a token.
#include "checking.h"
#include "fuzz.h"
#include "status.h"
#include "trellis.h"

typedef struct Bytes {
    const uint8_t *data;
    size_t size;
} Bytes;

static void check(void *context)
{
    const Bytes *bytes = context;
    Trellis task;
    ProofFile file = checking_file("task.txt", bytes->data, bytes->size);
    trellis_read(&task, &file);
    CHECK(mpz_sgn(task.inputs) > 0);
    for (int i = 0; i < task.length; i++)
        CHECK(task.options[i] > 0);
    trellis_clear(&task);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Bytes bytes = {data, size};
    checking_try(check, &bytes);
    return 0;
}
