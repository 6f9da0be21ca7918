// The model reader on any bytes at all. What it accepts, the writer writes, and reading that gives
// the same bytes again.
#include <string.h>

#include "fuzz.h"
#include "safetensors.h"

static void check_round_trip(Arena *arena, const Model *model)
{
    Text once = {0}, twice = {0};
    Model *copy;
    Diag diag;
    model_render(model, &once);
    CHECK(model_parse(arena, "once", once.chars, once.length, &copy, &diag) == STATUS_OK);
    model_render(copy, &twice);
    CHECK(once.length == twice.length && memcmp(once.chars, twice.chars, once.length) == 0);
    text_free(&once);
    text_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new();
    Model *model = NULL;
    Diag diag;
    if (model_parse(arena, "input", data, size, &model, &diag) == STATUS_OK)
        check_round_trip(arena, model);
    arena_free(arena);
    return 0;
}
