#include "state.h"

#include <stdio.h>
#include <string.h>

#include "file.h"
#include "text.h"

static const char magic[] = "ripple train state 2\n";

enum { MAGIC = sizeof magic - 1, HEX = HASH_HEX_SIZE - 1 };

char *state_path(Arena *arena, const char *output)
{
    return arena_printf(arena, "%s.train-state", output);
}

void state_identity(Arena *arena, const Recipe *recipe, const Spec *spec,
                    char ret_hex[HASH_HEX_SIZE])
{
    char part[HASH_HEX_SIZE];
    Text all = {0};
    recipe_identity(arena, recipe, part);
    text_add(&all, "%s ", part);
    hash_sha256(spec->text, spec->size, part);
    text_add(&all, "%s %llu %d %d %d %a", part, (unsigned long long)recipe->seed, recipe->steps,
             recipe->round_steps, recipe->round_regions, (double)recipe->round_rate);
    hash_sha256(text_chars(&all), all.length, ret_hex);
    text_free(&all);
}

Status state_save(const char *path, const char *identity, const Model *model, Trainer *trainer,
                  Diag *diag)
{
    TrainerState state = trainer_state(trainer);
    size_t size = model->n_parameters * sizeof(float);
    char hex[HASH_HEX_SIZE];
    Text file = {0};
    text_add_bytes(&file, magic, MAGIC);
    text_add_bytes(&file, identity, HEX);
    text_add_bytes(&file, state.steps_done, sizeof *state.steps_done);
    text_add_bytes(&file, model->parameters, size);
    text_add_bytes(&file, state.m, size);
    text_add_bytes(&file, state.v, size);
    text_add_bytes(&file, state.replay, sizeof *state.replay);
    hash_sha256(file.chars, file.length, hex);
    text_add_bytes(&file, hex, HEX);
    Status status = file_write(path, file.chars, file.length, diag);
    text_free(&file);
    return status;
}

static Status rejected(Diag *diag, const char *path, const char *code, const char *text)
{
    diag_set(diag, STATUS_MALFORMED, code, "%s", text);
    diag_path(diag, path);
    diag_hint(diag, "start again without --resume; --force then overwrites this file");
    return STATUS_MALFORMED;
}

static Status check(const char *path, const char *content, size_t size, size_t expected,
                    const char *identity, Diag *diag)
{
    char hex[HASH_HEX_SIZE];
    if (size < MAGIC + HEX || memcmp(content, magic, MAGIC) != 0)
        return rejected(diag, path, "R020", "this is no interrupted training");
    if (memcmp(content + MAGIC, identity, HEX) != 0)
        return rejected(diag, path, "R021",
                        "the interrupted training was of another recipe, spec, seed or number of "
                        "steps");
    if (size != expected)
        return rejected(diag, path, "R020", "the interrupted training is damaged");
    hash_sha256(content, size - HEX, hex);
    if (memcmp(content + size - HEX, hex, HEX) != 0)
        return rejected(diag, path, "R020", "the interrupted training is damaged");
    return STATUS_OK;
}

Status state_load(Arena *arena, const char *path, const char *identity, Model *model,
                  Trainer *trainer, Diag *diag)
{
    TrainerState state = trainer_state(trainer);
    size_t bytes = model->n_parameters * sizeof(float), size;
    size_t expected = MAGIC + HEX + sizeof *state.steps_done + 3 * bytes + sizeof(Replay) + HEX;
    char *content;
    TRY(file_read(arena, path, expected, &content, &size, diag));
    TRY(check(path, content, size, expected, identity, diag));
    const char *at = content + MAGIC + HEX;
    memcpy(state.steps_done, at, sizeof *state.steps_done);
    at += sizeof *state.steps_done;
    memcpy(model->parameters, at, bytes);
    memcpy(state.m, at + bytes, bytes);
    memcpy(state.v, at + 2 * bytes, bytes);
    memcpy(state.replay, at + 3 * bytes, sizeof *state.replay);
    return STATUS_OK;
}
