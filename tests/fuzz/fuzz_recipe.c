// Recipes on any bytes at all. What is taken has patterns for every head.
#include "fuzz.h"
#include "recipe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new();
    Recipe *recipe;
    Diag diag;
    char hex[HASH_HEX_SIZE];
    if (recipe_parse(arena, "fuzz.recipe", (const char *)data, size, &recipe, &diag) == STATUS_OK) {
        for (int layer = 0; layer < recipe->layers; layer++)
            for (int head = 0; head < recipe->heads; head++)
                CHECK(recipe_patterns(recipe, layer, head) != 0);
        recipe_identity(arena, recipe, hex);
    }
    arena_free(arena);
    return 0;
}
