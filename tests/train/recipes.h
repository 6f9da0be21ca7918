// Recipes for tests, as text.
#pragma once

#define RECIPE_TEXT(shape, steps, batch)                                                           \
    "spec " SPECS_DIR "/addition.spec\nset n=2\n" shape                                            \
    "edges 0 column fixed self\nedges 1 columns-below fixed self\n"                                \
    "steps " #steps "\nbatch " #batch "\n"                                                         \
    "replayed 0.25\nchained 0.6\nrate 0.004\nwarm_up 5\nschedule smooth\n"                         \
    "beta1 0.9\nbeta2 0.98\nepsilon 0.00000001\ndecay 0.01\nseed 1\n"

#define RECIPE_ROUNDS(rate) "rounds 2\nround_steps 10\nround_regions 100\nround_rate " #rate "\n"

// Two digits: a network that learns them in a few seconds, and one that is soon computed.
#define RECIPE_LEARNS(steps)                                                                       \
    RECIPE_TEXT("layers 2\nheads 3\nd_model 32\nd_head 8\nd_mlp 64\n", steps, 128)
#define RECIPE_SMALL(steps)                                                                        \
    RECIPE_TEXT("layers 2\nheads 2\nd_model 8\nd_head 4\nd_mlp 16\n", steps, 48)
