// The text of a spec, quoted in a sentence.
#pragma once

#include "spec.h"

// The source text of a span on one line: without comments, and with single spaces but in tokens.
char *quote_span(Arena *arena, const Spec *spec, SpecSpan span);
