// `verify eval MODEL`: how well a model answers sampled questions, and how fast. `verify eval MODEL
// QUESTION`: its answer to one. Nothing is proved here.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "decimal32.h"
#include "exitcode.h"
#include "find_spec.h"
#include "inference.h"
#include "json_text.h"
#include "measure.h"
#include "safetensors.h"
#include "settings.h"

typedef struct Eval {
    Arena *arena;
    const Options *options;
    const char *path; // of the model
    Model *model;
    Task *task;
    Claim *claim;
} Eval;

typedef struct Reply { // to one question
    char *question, *answer, *right_answer;
    bool right;
    float margin; // of the right answer's tokens, each after the right ones before it
} Reply;

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// What the trainer notes.
static Status parse_settings(Arena *arena, const char *note, SpecSetting **ret_settings,
                             int *ret_count, Diag *diag)
{
    SpecSetting *settings = ARENA_NEW(arena, SpecSetting, strlen(note) / 2 + 1);
    const char *at = note;
    SettingWord word;
    int count = 0;
    while (setting_read(&at, &word))
        settings[count++] = (SpecSetting){arena_strndup(arena, word.name, word.length), word.value};
    if (*at)
        return diag_set(diag, STATUS_MALFORMED, "M032",
                        "the model's note spec_set is \"%.60s\", not of the form n=5", note);
    *ret_settings = settings;
    *ret_count = count;
    return STATUS_OK;
}

// The model's settings, then those of the command line in place of equal names.
static Status all_settings(const Eval *eval, const char *note, SpecSetting **ret_settings,
                           int *ret_count, Diag *diag)
{
    const Options *options = eval->options;
    SpecSetting *noted = NULL;
    int n_noted, count = 0;
    TRY(parse_settings(eval->arena, note, &noted, &n_noted, diag));
    SpecSetting *settings =
        ARENA_NEW(eval->arena, SpecSetting, (size_t)(n_noted + options->n_settings + 1));
    for (int i = 0; i < options->n_settings; i++)
        settings[count++] = options->settings[i];
    for (int i = 0; i < n_noted; i++) {
        bool replaced = false;
        for (int k = 0; k < count; k++)
            replaced = replaced || strcmp(settings[k].name, noted[i].name) == 0;
        if (!replaced)
            settings[count++] = noted[i];
    }
    *ret_settings = settings;
    *ret_count = count;
    return STATUS_OK;
}

// --spec, or the spec that the model says it was trained for.
static Status load_spec(const Eval *eval, Spec **ret_spec, Diag *diag)
{
    const char *noted = model_note(eval->model, "spec"), *set = model_note(eval->model, "spec_set");
    const char *wanted = eval->options->spec ? eval->options->spec : noted;
    if (!wanted || (wanted == noted && (!*noted || strchr(noted, '/')))) {
        diag_set(diag, STATUS_MALFORMED, "M031", "the model does not say which spec it answers");
        diag_hint(diag, "name it with --spec FILE");
        return STATUS_MALFORMED;
    }
    bool same = noted && strcmp(file_name(wanted), noted) == 0;
    char *path;
    SpecSetting *settings;
    int n_settings;
    TRY(all_settings(eval, same && set ? set : "", &settings, &n_settings, diag));
    TRY(wanted == noted ? cli_find_spec_of(eval->arena, eval->path, noted, &path, diag)
                        : cli_find_spec(eval->arena, wanted, &path, diag));
    return spec_parse_file(eval->arena, path, settings, n_settings, ret_spec, diag);
}

// A message that names no file is about the model.
static Status load(Eval *eval, Diag *diag)
{
    Spec *spec = NULL;
    TRY(model_read(eval->arena, eval->path, &eval->model, diag));
    Status status = load_spec(eval, &spec, diag);
    if (status == STATUS_OK)
        status = task_new(eval->arena, spec, &eval->task, diag);
    if (status == STATUS_OK)
        status = claim_new(eval->arena, eval->task, eval->model, &eval->claim, diag);
    if (status != STATUS_OK && !diag->path[0])
        diag_path(diag, eval->path);
    return status;
}

static Reply reply(const Eval *eval, const uint8_t *symbols)
{
    const Task *task = eval->task;
    int length = claim_length(eval->claim), V = eval->model->shape.d_vocab;
    int tokens[TASK_POSITIONS_MAX], answer[TASK_POSITIONS_MAX];
    const char *texts[TASK_POSITIONS_MAX];
    float *logits = ARENA_NEW(eval->arena, float, (size_t)task->answer *(size_t)V);
    Inference *inference = inference_new(eval->arena, eval->model, length);
    task_tokens(task, eval->claim->ids, symbols, tokens);
    inference_decode(inference, tokens, 1, task->prompt, task->answer, answer);
    inference_logits(inference, tokens, 1, length, task->prompt - 1, logits);
    Reply reply = {.right = true, .margin = INFINITY};
    for (int p = 0; p < task->answer; p++) {
        float margin = measure_margin(logits + p * V, V, tokens[task->prompt + p]);
        reply.margin = margin < reply.margin ? margin : reply.margin;
        reply.right = reply.right && answer[p] == tokens[task->prompt + p];
        texts[p] = eval->model->vocab[answer[p]];
    }
    reply.question = task_show_prompt(eval->arena, task, symbols);
    reply.answer = task_show_answer(eval->arena, task, texts);
    reply.right_answer = task_show_right(eval->arena, task, symbols);
    return reply;
}

static void print_reply(const Reply *reply, const char *indent)
{
    printf("%s%s %s", indent, reply->question, reply->answer);
    if (!reply->right)
        printf(", should be %s", reply->right_answer);
    printf("\n");
}

static void add_string(Text *json, const char *key, const char *value)
{
    json_text_add_string(json, key);
    text_add(json, ": ");
    json_text_add_string(json, value);
}

// JSON has no infinity: such a margin is null.
static void add_margin(Text *json, const char *key, float margin)
{
    char text[DECIMAL32_SIZE];
    decimal32_print(margin, text);
    text_add(json, "\"%s\": %s", key, isfinite(margin) ? text : "null");
}

static void add_reply(Text *json, const Reply *reply)
{
    text_add(json, "{");
    add_string(json, "question", reply->question);
    text_add(json, ", ");
    add_string(json, "answer", reply->answer);
    text_add(json, ", ");
    add_string(json, "right_answer", reply->right_answer);
    text_add(json, ", \"right\": %s, ", reply->right ? "true" : "false");
    add_margin(json, "margin", reply->margin);
    text_add(json, "}");
}

static Status answer_one(const Eval *eval, Diag *diag)
{
    uint8_t symbols[TASK_COLUMNS_MAX];
    const char *question = options_words(eval->arena, eval->options, 1);
    TRY(task_read_prompt(eval->task, question, symbols, diag));
    Reply answer = reply(eval, symbols);
    if (eval->options->json) {
        Text json = {0};
        add_reply(&json, &answer);
        printf("%s\n", text_chars(&json));
        text_free(&json);
    } else {
        print_reply(&answer, "");
    }
    return answer.right ? STATUS_OK : (Status)EXIT_REFUTED;
}

typedef struct Progress {
    bool shown;
    long long questions;
    double last;
} Progress;

static bool progress(void *context, long long done)
{
    Progress *progress = context;
    double now = work_seconds();
    if (progress->shown && now - progress->last >= 0.2) {
        fprintf(stderr, "\r%lld of %lld questions\033[K", done, progress->questions);
        fflush(stderr);
        progress->last = now;
    }
    return !work_interrupted();
}

static Measure measure(const Eval *eval, double *ret_seconds)
{
    const Options *options = eval->options;
    Progress state = {.questions = options->samples, .last = work_seconds()};
    state.shown = !options->quiet && !options->no_progress && isatty(STDERR_FILENO);
    WorkPool *pool = work_pool_new((int)options->threads);
    work_catch_interrupt();
    double start = work_seconds();
    Measure measure = measure_samples(eval->claim, pool, (uint64_t)options->seed, options->samples,
                                      progress, &state);
    *ret_seconds = work_seconds() - start;
    work_pool_free(pool);
    if (state.shown)
        fprintf(stderr, "\r\033[K");
    return measure;
}

static Reply reply_to(const Eval *eval, long long i)
{
    uint8_t symbols[TASK_COLUMNS_MAX];
    measure_question(eval->task, (uint64_t)eval->options->seed, i, symbols);
    return reply(eval, symbols);
}

static void print_json(const Eval *eval, const Measure *measure, double seconds)
{
    Text json = {0};
    text_add(&json, "{");
    add_string(&json, "model", eval->path);
    text_add(&json, ", ");
    add_string(&json, "spec", eval->task->spec->path);
    text_add(&json, ", \"questions\": %lld, \"right\": %lld, \"wrong\": %lld, \"accuracy\": %.9g, ",
             measure->questions, measure->right, measure->questions - measure->right,
             (double)measure->right / (double)measure->questions);
    add_margin(&json, "worst_margin", measure->worst_margin);
    text_add(&json, ", ");
    add_string(&json, "worst_question", reply_to(eval, measure->worst).question);
    text_add(&json, ", \"wrong_answers\": [");
    for (int i = 0; i < measure->n_wrong; i++) {
        Reply wrong = reply_to(eval, measure->wrong[i]);
        text_add(&json, "%s", i > 0 ? ", " : "");
        add_reply(&json, &wrong);
    }
    text_add(&json, "], \"seconds\": %.3f, \"questions_per_second\": %.0f}", seconds,
             (double)measure->questions / (seconds > 0.0 ? seconds : 1.0));
    printf("%s\n", text_chars(&json));
    text_free(&json);
}

static const char *grouped(char buffer[32], long long number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", number);
    return text_grouped(buffer, 32, digits);
}

static void print_right(const Measure *measure)
{
    char right[32], questions[32];
    long long share = measure->right * 1000000 / measure->questions;
    printf("right         %s of %s (%lld.%04lld %%)\n", grouped(right, measure->right),
           grouped(questions, measure->questions), share / 10000, share % 10000);
}

static void print_text(const Eval *eval, const Measure *measure, double seconds)
{
    char buffer[32];
    double speed = (double)measure->questions / (seconds > 0.0 ? seconds : 1.0);
    print_right(measure);
    for (int i = 0; i < measure->n_wrong; i++) {
        Reply wrong = reply_to(eval, measure->wrong[i]);
        print_reply(&wrong, "  wrong       ");
    }
    if (measure->questions - measure->right > measure->n_wrong)
        printf("  wrong       and %s more\n",
               grouped(buffer, measure->questions - measure->right - measure->n_wrong));
    if (eval->options->quiet)
        return;
    Reply worst = reply_to(eval, measure->worst);
    printf("worst margin  %.3f in %s %s\n", (double)measure->worst_margin, worst.question,
           worst.right_answer);
    printf("sampled       half uniformly, half with long chains; seed %lld\n", eval->options->seed);
    printf("speed         %s questions a second, threads: %lld\n",
           grouped(buffer, (long long)speed), eval->options->threads);
}

static Status answer_samples(const Eval *eval, Diag *diag)
{
    double seconds;
    if (!task_has_inputs(eval->task)) {
        diag_set(diag, (Status)EXIT_VACUOUS, "M033", "no input meets the precondition");
        diag_path(diag, eval->task->spec->path);
        return (Status)EXIT_VACUOUS;
    }
    Measure result = measure(eval, &seconds);
    if (result.questions < eval->options->samples)
        return diag_set(diag, STATUS_INTERRUPTED, "M030",
                        "interrupted after %lld of %lld questions", result.questions,
                        eval->options->samples);
    if (eval->options->json)
        print_json(eval, &result, seconds);
    else
        print_text(eval, &result, seconds);
    return result.right == result.questions ? STATUS_OK : (Status)EXIT_REFUTED;
}

Status command_eval(const Options *options, Diag *diag)
{
    Eval eval = {.arena = arena_new(), .options = options, .path = options->arguments[0]};
    Status status = load(&eval, diag);
    if (status == STATUS_OK)
        status = options->n_arguments > 1 ? answer_one(&eval, diag) : answer_samples(&eval, diag);
    arena_free(eval.arena);
    return status;
}
