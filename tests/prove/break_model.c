// Makes a bad model of a good one:
//
//     break_model GOOD BAD weight TENSOR INDEX CHANGE
//     break_model GOOD BAD head LAYER HEAD
//     break_model GOOD BAD token ID TEXT
//     break_model GOOD BAD edge LAYER HEAD QUERY KEY
//     break_model GOOD BAD trap A B
#include <stdlib.h>
#include <string.h>

#include "damage.h"
#include "safetensors.h"

static Status usage(Diag *diag)
{
    return diag_set(diag, STATUS_USAGE, "X000", "break_model: see the head of break_model.c");
}

static Status break_it(Arena *arena, Model **model, int argc, char **argv, Diag *diag)
{
    const char *how = argv[0];
    if (strcmp(how, "weight") == 0 && argc == 4)
        return damage_weight(arena, *model, argv[1], atol(argv[2]), strtof(argv[3], NULL), diag);
    if (strcmp(how, "trap") == 0 && argc == 3)
        return damage_set_trap(arena, *model, argv[1], argv[2], model, diag);
    if (strcmp(how, "head") == 0 && argc == 3)
        damage_cut_head(*model, atoi(argv[1]), atoi(argv[2]));
    else if (strcmp(how, "token") == 0 && argc == 3)
        damage_rename_token(arena, *model, atoi(argv[1]), argv[2]);
    else if (strcmp(how, "edge") == 0 && argc == 5)
        damage_add_edge(*model, atoi(argv[1]), atoi(argv[2]), atoi(argv[3]), atoi(argv[4]));
    else
        return usage(diag);
    return STATUS_OK;
}

static Status run(Arena *arena, int argc, char **argv, Diag *diag)
{
    Model *model;
    if (argc < 4)
        return usage(diag);
    TRY(model_read(arena, argv[1], &model, diag));
    TRY(break_it(arena, &model, argc - 3, argv + 3, diag));
    return model_write(model, argv[2], diag);
}

int main(int argc, char **argv)
{
    Arena *arena = arena_new();
    Diag diag;
    Status status = run(arena, argc, argv, &diag);
    if (status != STATUS_OK)
        diag_print(&diag, stderr, 0);
    arena_free(arena);
    return status;
}
