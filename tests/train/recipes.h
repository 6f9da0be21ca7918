// Recipes for tests, as text.
#pragma once

// Two digits, a small network; ends with a newline, so that lines can be added.
#define RECIPE_BEFORE_STEPS                                                                        \
    "spec " SPECS_DIR "/addition.spec\nset n=2\n"                                                  \
    "layers 2\nheads 3\nd_model 32\nd_head 8\nd_mlp 64\n"                                          \
    "edges 0 column fixed self\nedges 1 columns-below fixed self\n"
#define RECIPE_AFTER_STEPS                                                                         \
    "batch 128\nreplayed 0.25\nchained 0.6\nrate 0.004\nwarm_up 50\nschedule smooth\n"             \
    "beta1 0.9\nbeta2 0.98\nepsilon 0.00000001\ndecay 0.01\nseed 1\n"

#define RECIPE_SMALL(steps) RECIPE_BEFORE_STEPS "steps " #steps "\n" RECIPE_AFTER_STEPS
