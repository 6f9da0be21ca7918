#include "questions.h"

#include "safetensors.h"

static Status open_all(Arena *arena, int digits, Questions *ret, Diag *diag)
{
    SpecSetting set = {"n", digits};
    const char *path = arena_printf(arena, MODELS_DIR "/add_d%d.safetensors", digits);
    Spec *spec;
    Task *task;
    Model *model;
    TRY(spec_parse_file(arena, SPECS_DIR "/addition.spec", &set, 1, &spec, diag));
    TRY(task_new(arena, spec, &task, diag));
    TRY(model_read(arena, path, &model, diag));
    TRY(task_bind(task, model->vocab, model->shape.d_vocab, ret->ids, diag));
    ret->task = task;
    ret->model = model;
    return STATUS_OK;
}

Questions questions_open(Arena *arena, int digits)
{
    Questions questions = {0};
    Diag diag = {0};
    Status status = open_all(arena, digits, &questions, &diag);
    if (status != STATUS_OK)
        diag_print(&diag, stderr, 0);
    CHECK(status == STATUS_OK);
    questions.prompt = questions.task->prompt;
    questions.answer = questions.task->answer;
    questions.length = questions.prompt + questions.answer - 1;
    return questions;
}

void questions_tokens(const Questions *questions, uint64_t i, int *ret_tokens)
{
    uint8_t symbols[TASK_COLUMNS_MAX];
    Rng rng = rng_new(2026, i);
    if (i % 2 == 0)
        task_sample_uniform(questions->task, &rng, symbols);
    else
        task_sample_chained(questions->task, &rng, symbols);
    task_tokens(questions->task, questions->ids, symbols, ret_tokens);
}
