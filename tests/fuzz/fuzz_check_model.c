// The checker's reader of models on any bytes at all. What it takes has vocabulary and edges.
#include "checking.h"
#include "fuzz.h"
#include "status.h"
#include "weights.h"

typedef struct Bytes {
    const uint8_t *data;
    size_t size;
} Bytes;

static void check(void *context)
{
    const Bytes *bytes = context;
    Model model;
    ProofFile file = checking_file("model.safetensors", bytes->data, bytes->size);
    model_read(&model, &file);
    CHECK(model.layers > 0 && model.scale > 0);
    for (int t = 0; t < model.vocabulary; t++)
        CHECK(model.text[t] != NULL);
    for (int l = 0; l < model.layers; l++)
        CHECK(!model_edge(&model, l, model.heads - 1, 0, model.context - 1) || model.context == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Bytes bytes = {data, size};
    checking_try(check, &bytes);
    return 0;
}
