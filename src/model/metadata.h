// The entry `__metadata__` of a model file: architecture, vocabulary and notes, all as strings.
// docs/model-format.md lists the keys.
#pragma once

#include <jansson.h>

#include "model.h"
#include "text.h"

typedef struct Metadata {
    ModelShape shape; // within the bounds of model_check_shape
    char **vocab;     // [V]
    ModelNote *notes; // in the order of the file
    int n_notes;
} Metadata;

// `header` is the whole header. Errors: STATUS_MALFORMED.
MUST_USE Status metadata_parse(Arena *arena, const json_t *header, Metadata *ret_metadata,
                               Diag *diag);

// Appends `"__metadata__":{...}`. Requires: texts in valid UTF-8; no note under a key of the
// format.
void metadata_render(const Model *model, Text *text);
