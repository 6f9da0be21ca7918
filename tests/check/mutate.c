// Random small changes of the good bundle: mutate PROOFCHECK BUNDLE COUNT PROCESSES
//
// One byte or one number of task.txt, certificate.txt or the model is changed, and the bundle hashed again. It must be
// rejected, or the change must do no harm, which is decided here without the checker:
//
//   certificate   the theorem reads as before: another choice, which is as good
//   task          the theorem reads as before or tells of the change: other inputs, names or claim
//   model         the theorem reads as before, and the model answers every input rightly
//
// and, unless the inputs or the claim are others, no margin is printed that is greater than the least one among all
// inputs, by the logits of the shipped inference.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "forge.h"
#include "inference.h"
#include "rng.h"
#include "safetensors.h"

enum { SEED = 20250117, DIGITS = 2, PROMPT = 6, ANSWER = 3, INPUTS = 10000, BATCH = 400 };
enum { PROCESSES_MAX = 16, REASON = 48 };

typedef enum Kind {
    CERTIFICATE_NUMBER,
    CERTIFICATE_BYTE,
    TASK_NUMBER,
    TASK_BYTE,
    MODEL_HEADER,
    MODEL_WEIGHT,
    KINDS
} Kind;

static const char *const kind_names[KINDS] = {
    "a number of certificate.txt", "a byte of certificate.txt", "a number of task.txt",
    "a byte of task.txt",          "a byte of the header",      "a weight"};

// Of each twenty changes.
static const int shares[KINDS] = {10, 2, 2, 2, 1, 3};

typedef enum Outcome { REFUSED, HARMLESS, TOLD, HARMFUL, FAULTY } Outcome;

typedef struct Result {
    Kind kind;
    Outcome outcome;
    char reason[REASON]; // the rule that rejected it
} Result;

typedef struct Setting {
    const char *proofcheck;
    Forge good;
    char theorem[8192];
    double margin[ANSWER]; // the least one among all inputs
} Setting;

// ---- what is true -------------------------------------------------------------------------------

static void input_tokens(const Model *model, int a, int b, int *ret)
{
    const int numbers[3] = {a, b, a + b}, places[3] = {1, 4, 8}, digits[3] = {2, 2, 3};
    ret[2] = model_token(model, "+");
    ret[5] = model_token(model, "=");
    for (int n = 0; n < 3; n++)
        for (int i = 0, x = numbers[n]; i < digits[n]; i++, x /= 10)
            ret[places[n] - i] = model_token(model, (const char[]){(char)('0' + x % 10), 0});
}

static double margin_of(const float *logits, int V, int right)
{
    double least = INFINITY;
    for (int t = 0; t < V; t++)
        if (t != right)
            least = fmin(least, (double)logits[right] - (double)logits[t]);
    return isnan(least) ? -INFINITY : least;
}

// The least margin of each answer position. False if the model has not the shape that is expected.
static bool true_margins(const Text *bytes, double ret[ANSWER])
{
    static const char *const texts[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "+", "="};
    Arena *arena = arena_new();
    Model *model;
    Diag diag;
    bool good =
        model_parse(arena, "model", bytes->chars, bytes->length, &model, &diag) == STATUS_OK &&
        model->shape.n_ctx >= PROMPT + ANSWER;
    for (int t = 0; good && t < 12; t++)
        good = model_token(model, texts[t]) >= 0;
    if (good) {
        int V = model->shape.d_vocab, length = PROMPT + ANSWER;
        Inference *inference = inference_new(arena, model, length);
        int *tokens = ARENA_NEW(arena, int, (size_t)(BATCH * length));
        float *logits = ARENA_NEW(arena, float, (size_t)(BATCH * (ANSWER + 1) * V));
        for (int i = 0; i < ANSWER; i++)
            ret[i] = INFINITY;
        for (int first = 0; first < INPUTS; first += BATCH) {
            for (int n = 0; n < BATCH; n++)
                input_tokens(model, (first + n) / 100, (first + n) % 100, tokens + n * length);
            inference_logits(inference, tokens, BATCH, length, PROMPT - 1, logits);
            for (int n = 0; n < BATCH; n++)
                for (int i = 0; i < ANSWER; i++)
                    ret[i] = fmin(ret[i], margin_of(logits + (n * (ANSWER + 1) + i) * V, V,
                                                    tokens[n * length + PROMPT + i]));
        }
    }
    arena_free(arena);
    return good;
}

// ---- changes ------------------------------------------------------------------------------------

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Some number of a text: where it begins and how long it is.
static size_t pick_number(const Text *text, size_t from, Rng *rng, size_t *ret_size)
{
    size_t at;
    do
        at = from + rng_below(rng, (uint32_t)(text->length - from));
    while (!is_digit(text->chars[at]));
    while (at > 0 && is_digit(text->chars[at - 1]))
        at--;
    *ret_size = strspn(text->chars + at, "0123456789");
    return at;
}

static void change_number(Forge *f, ForgeFile file, size_t from, Rng *rng)
{
    size_t size, at = pick_number(&f->file[file], from, rng, &size);
    long long value = atoll(f->file[file].chars + at), other = value;
    while (other == value)
        switch (rng_below(rng, 6)) {
        case 0:
            other = value + 1;
            break;
        case 1:
            other = value - 1;
            break;
        case 2:
            other = value + (int)rng_below(rng, 21) - 10;
            break;
        case 3:
            other = value * (int)rng_below(rng, 4) / 2;
            break;
        case 4:
            other = -value;
            break;
        default:
            other = rng_below(rng, 100);
        }
    char text[40];
    int length = snprintf(text, sizeof text, "%lld", other);
    forge_splice(f, file, at, size, text, (size_t)length);
}

static void change_byte(Forge *f, ForgeFile file, size_t from, size_t count, Rng *rng)
{
    char *at = f->file[file].chars + from + rng_below(rng, (uint32_t)count), other = *at;
    while (other == *at)
        other =
            rng_below(rng, 8) ? (char)(' ' + (int)rng_below(rng, 95)) : (char)rng_below(rng, 256);
    *at = other;
}

static void change_weight(Forge *f, size_t first, Rng *rng)
{
    size_t weights = 71600 / 4, at = first + 4 * rng_below(rng, (uint32_t)weights);
    float value;
    memcpy(&value, f->file[FORGE_MODEL].chars + at, sizeof value);
    switch (rng_below(rng, 5)) {
    case 0:
        f->file[FORGE_MODEL].chars[at + rng_below(rng, 4)] ^= (char)(1 + rng_below(rng, 255));
        return;
    case 1:
        value = 0;
        break;
    case 2:
        value = -value;
        break;
    case 3:
        value *= 1 + rng_normal(rng) / 256;
        break;
    default:
        value += rng_normal(rng);
    }
    memcpy(f->file[FORGE_MODEL].chars + at, &value, sizeof value);
}

// Half of the changes of the task are where its positions and its claim are, beyond all the tables.
static size_t task_from(const Forge *f, Rng *rng)
{
    const char *chars = f->file[FORGE_TASK].chars;
    return rng_below(rng, 2) ? 0 : (size_t)(strstr(chars, "prompt ") - chars);
}

static Kind pick_kind(Rng *rng)
{
    int at = (int)rng_below(rng, 20), kind = 0;
    while (at >= shares[kind])
        at -= shares[kind++];
    return (Kind)kind;
}

static Kind change(Forge *f, uint64_t which)
{
    Rng rng = rng_new(SEED, which);
    Kind kind = pick_kind(&rng);
    size_t data = forge_weight_at(f, "embed.W_E", 0), from;
    switch (kind) {
    case CERTIFICATE_NUMBER:
        change_number(f, FORGE_CERTIFICATE, 0, &rng);
        break;
    case CERTIFICATE_BYTE:
        change_byte(f, FORGE_CERTIFICATE, 0, f->file[FORGE_CERTIFICATE].length, &rng);
        break;
    case TASK_NUMBER:
        change_number(f, FORGE_TASK, task_from(f, &rng), &rng);
        break;
    case TASK_BYTE:
        from = task_from(f, &rng);
        change_byte(f, FORGE_TASK, from, f->file[FORGE_TASK].length - from, &rng);
        break;
    case MODEL_HEADER:
        change_byte(f, FORGE_MODEL, 0, data, &rng);
        break;
    default:
        change_weight(f, data, &rng);
    }
    return kind;
}

// ---- judgement ----------------------------------------------------------------------------------

// The section, or what there is no section for.
static void find_reason(const ForgeVerdict *verdict, char ret[REASON])
{
    const char *at = strstr(verdict->text, "(K");
    if (at)
        snprintf(ret, REASON, "%.*s", (int)strcspn(at + 1, " ,)"), at + 1);
    else if (strstr(verdict->text, " is not in "))
        snprintf(ret, REASON, "a number out of its range");
    else if (strstr(verdict->text, " is expected"))
        snprintf(ret, REASON, "another word");
    else
        snprintf(ret, REASON, "a limit of the checker");
}

static bool margins_hold(const ForgeVerdict *verdict, const double margin[ANSWER])
{
    for (int i = 0; i < ANSWER; i++)
        if (!(forge_margin(verdict, i) <= margin[i] + 1e-4) || !(margin[i] > 0))
            return false;
    return true;
}

// What the theorem says of the task: its lines "model" to "claim" and after.
static bool tells(const char *before, const char *now)
{
    const char *a = strstr(before, "\nprompt "), *b = strstr(now, "\nprompt ");
    return a && b && strcmp(a, b) != 0;
}

static Outcome judge_accepted(const Setting *s, const Forge *f, Kind kind,
                              const ForgeVerdict *verdict)
{
    char theorem[8192];
    double margin[ANSWER];
    forge_theorem(verdict, theorem);
    bool same = strcmp(theorem, s->theorem) == 0;
    if (kind == CERTIFICATE_NUMBER || kind == CERTIFICATE_BYTE)
        return same && margins_hold(verdict, s->margin) ? HARMLESS : HARMFUL;
    if (kind == TASK_NUMBER || kind == TASK_BYTE)
        return !same                              ? tells(s->theorem, theorem) ? TOLD : HARMFUL
               : margins_hold(verdict, s->margin) ? HARMLESS
                                                  : HARMFUL;
    return same && true_margins(&f->file[FORGE_MODEL], margin) && margins_hold(verdict, margin)
               ? HARMLESS
               : HARMFUL;
}

static void try(const Setting *s, uint64_t which, const char *folder, Result *ret)
{
    static ForgeVerdict verdict;
    static Forge f;
    forge_copy(&f, &s->good);
    ret->kind = change(&f, which);
    forge_try(&f, s->proofcheck, folder, &verdict);
    if (verdict.code == 13 || verdict.code == 65) {
        ret->outcome = strncmp(verdict.text, "REJECTED: ", 10) == 0 ? REFUSED : FAULTY;
        find_reason(&verdict, ret->reason);
    } else
        ret->outcome = verdict.code == 0 ? judge_accepted(s, &f, ret->kind, &verdict) : FAULTY;
    if (ret->outcome >= HARMFUL)
        printf("change %llu, %s: exit %d\n%.600s\n", (unsigned long long)which,
               kind_names[ret->kind], verdict.code, verdict.text);
}

// ---- all ----------------------------------------------------------------------------------------

static void run(const Setting *s, int count, int first, int step, Result *results)
{
    Arena *arena = arena_new();
    const char *folder = forge_folder(arena);
    for (int i = first; i < count; i += step)
        try(s, (uint64_t)i, folder, &results[i]);
    forge_remove(folder);
    arena_free(arena);
}

static void run_in_processes(const Setting *s, int count, int processes, Result *results)
{
    pid_t child[PROCESSES_MAX];
    fflush(stdout);
    for (int p = 0; p < processes; p++) {
        child[p] = fork();
        if (child[p] == 0) {
            run(s, count, p, processes, results);
            fflush(stdout);
            _exit(0);
        }
    }
    for (int p = 0; p < processes; p++)
        waitpid(child[p], NULL, 0);
}

static void print_reasons(const Result *results, int count)
{
    printf("rejected by\n");
    for (int i = 0; i < count; i++) {
        int same = 0, before = 0;
        for (int k = 0; results[i].outcome == REFUSED && k < count; k++)
            if (results[k].outcome == REFUSED &&
                strcmp(results[k].reason, results[i].reason) == 0) {
                same++;
                before += k < i;
            }
        if (same > 0 && before == 0)
            printf("%8d  %s\n", same, results[i].reason);
    }
}

// Returns how many did harm.
static int summary(const Result *results, int count)
{
    int bad = 0;
    printf("%8s%10s%10s%10s\n", "tried", "rejected", "harmless", "told");
    for (int kind = 0; kind < KINDS; kind++) {
        int tally[FAULTY + 1] = {0}, all = 0;
        for (int i = 0; i < count; i++)
            if ((int)results[i].kind == kind) {
                tally[results[i].outcome]++;
                all++;
            }
        bad += tally[HARMFUL] + tally[FAULTY];
        printf("%8d%10d%10d%10d  %s\n", all, tally[REFUSED], tally[HARMLESS], tally[TOLD],
               kind_names[kind]);
    }
    print_reasons(results, count);
    printf("%d changes, %d of them did harm\n", count, bad);
    return bad;
}

static Setting setting_new(const char *proofcheck, const char *bundle)
{
    static ForgeVerdict verdict;
    Setting s = {.proofcheck = proofcheck};
    forge_load(&s.good, bundle);
    forge_ask(proofcheck, bundle, &verdict);
    forge_theorem(&verdict, s.theorem);
    if (verdict.code != 0 || !true_margins(&s.good.file[FORGE_MODEL], s.margin) ||
        !margins_hold(&verdict, s.margin)) {
        fprintf(stderr, "mutate: without any change: %s\n", verdict.text);
        exit(EXIT_FAILURE);
    }
    return s;
}

int main(int argc, char **argv)
{
    int count = argc == 5 ? atoi(argv[3]) : 0, processes = argc == 5 ? atoi(argv[4]) : 0;
    if (count < 1 || processes < 1 || processes > PROCESSES_MAX) {
        fprintf(stderr, "usage: mutate PROOFCHECK BUNDLE COUNT PROCESSES\n");
        return EXIT_FAILURE;
    }
    Setting s = setting_new(argv[1], argv[2]);
    Result *results = mmap(NULL, (size_t)count * sizeof *results, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (results == MAP_FAILED)
        return EXIT_FAILURE;
    for (int i = 0; i < count; i++)
        results[i].outcome = FAULTY; // unless it is tried
    run_in_processes(&s, count, processes, results);
    int bad = summary(results, count);
    forge_free(&s.good);
    return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}
