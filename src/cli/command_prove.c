// `verify SPEC...`: the whole of it.
//
//   find and parse the spec        find_spec.h, spec.h
//   prove it for its model         proof.h: spec -> task and trellis -> edge cases -> bounds -> SMT
//   write the proof, have it checked   prove_bundle.h
//   print what came out            report_text.h, report_json.h
//
// An exit code of 0 is given in one place, verdict_code, to a proof alone.
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "exitcode.h"
#include "find_spec.h"
#include "prove_bundle.h"
#include "prove_cache.h"
#include "prove_progress.h"
#include "report_json.h"
#include "report_rows.h"
#include "report_text.h"

enum { WORD_PROVED, WORD_SELECTION, WORD_REFUTED, WORD_UNKNOWN, WORD_VACUOUS, WORD_ERROR, WORDS };

// A spec of the command line, for one model.
typedef struct Claimed {
    const char *name;
    SpecSetting *settings; // those of the command line, and what the spec's list says
    int n_settings;
} Claimed;

typedef struct Run { // of all that is claimed
    Arena *arena;
    const Options *options;
    WorkPool *pool;
    Claimed *claimed; // [n_claimed]
    int n_claimed;
    json_t **json;   // [n_claimed], with --json
    ReportRows rows; // one for each
    int done;
    int tally[WORDS]; // of these
    int code;         // the worst so far
} Run;

typedef struct Target { // one spec
    Arena *arena;
    Spec *spec;
    const char *model;
    Proof proof;
    ReportRun run;
} Target;

// ---- proving ------------------------------------------------------------------------------------

static Status find_model(const Options *options, const Spec *spec, const char **ret_model,
                         Diag *diag)
{
    const char *model = options->model ? options->model : spec->model;
    if (!model) {
        diag_set(diag, STATUS_USAGE, "O013", "the spec names no model");
        diag_path(diag, spec->path);
        diag_hint(diag, "name one with --model FILE");
        return STATUS_USAGE;
    }
    *ret_model = model;
    return STATUS_OK;
}

static Status find_and_parse(Arena *arena, const Claimed *claimed, Spec **ret_spec, Diag *diag)
{
    char *path;
    TRY(cli_find_spec(arena, claimed->name, &path, diag));
    Status status =
        spec_parse_file(arena, path, claimed->settings, claimed->n_settings, ret_spec, diag);
    const char *extension = strrchr(path, '.');
    if (status != STATUS_OK && extension && strcmp(extension, ".safetensors") == 0)
        diag_hint(diag, "name the spec, and the model with --model");
    return status;
}

static Status load(const Run *run, const Claimed *claimed, Target *target, Diag *diag)
{
    TRY(find_and_parse(target->arena, claimed, &target->spec, diag));
    return find_model(run->options, target->spec, &target->model, diag);
}

static Status prove_loaded(const Run *run, Target *target, Diag *diag)
{
    const Options *options = run->options;
    ProveProgress progress = prove_progress_new(options);
    ProofOptions how = {.budget = (unsigned long)options->budget,
                        .only = options->only,
                        .progress = prove_progress_show,
                        .context = &progress};
    ProveBundle bundle;
    TRY(prove_bundle_begin(target->arena, options, target->spec, target->model, &bundle, diag));
    Status status = proof_run(target->arena, run->pool, target->spec, target->model, &how,
                              &target->proof, diag);
    prove_progress_say(&progress, "writing the proof, and having it checked");
    if (status == STATUS_OK)
        status = prove_bundle_end(&bundle, &target->proof, &target->run, diag);
    else
        prove_bundle_drop(&bundle, status);
    prove_progress_end(&progress);
    return status;
}

static Status prove(const Run *run, const Claimed *claimed, Target *target, Diag *diag)
{
    double start = work_seconds();
    unsigned long cached = smt_cache_hits();
    TRY(load(run, claimed, target, diag));
    TRY(prove_loaded(run, target, diag));
    target->run.seconds = work_seconds() - start;
    target->run.cached = smt_cache_hits() - cached;
    return STATUS_OK;
}

// ---- printing -----------------------------------------------------------------------------------

static int verdict_code(const Proof *proof)
{
    switch (proof->verdict) {
    case VERDICT_PROVED:
        return EXIT_PROVED;
    case VERDICT_REFUTED:
        return EXIT_REFUTED;
    case VERDICT_VACUOUS:
        return EXIT_VACUOUS;
    case VERDICT_UNKNOWN:
        break;
    }
    return EXIT_UNKNOWN;
}

static int line_of(const Spec *spec, SpecSpan span)
{
    int line = 1;
    for (size_t i = 0; i < span.offset; i++)
        line += spec->text[i] == '\n';
    return line;
}

// The assumptions that leave no input: the first with a caret, the others by their lines.
static void explain_vacuous(const Run *run, const Proof *proof)
{
    const Spec *spec = proof->spec;
    Diag diag;
    Text lines = {0};
    if (proof->n_blamed == 0)
        return;
    spec_diag(spec, spec->assumes[proof->blamed[0]]->span, &diag, (Status)EXIT_VACUOUS, "P020",
              "no input meets the precondition");
    for (int i = 1; i < proof->n_blamed; i++)
        text_add(&lines, "%s%d",
                 i == 1                    ? ""
                 : i < proof->n_blamed - 1 ? ", "
                                           : " and ",
                 line_of(spec, spec->assumes[proof->blamed[i]]->span));
    if (proof->n_blamed > 1)
        diag_hint(&diag, "it contradicts line%s %s", proof->n_blamed > 2 ? "s" : "",
                  text_chars(&lines));
    diag_print(&diag, stderr, options_color(run->options, stderr));
    text_free(&lines);
}

static void print_text(const Run *run, const Target *target)
{
    const Options *options = run->options;
    Text text = {0};
    if (!options->quiet) {
        report_heading(&text, &target->proof);
        report_table(target->arena, &text, &target->proof);
        report_findings(&text, &target->proof, options->trace);
        report_run(&text, &target->run);
    } else if (run->n_claimed > 1) {
        report_claim(&text, target->spec);
        text_add(&text, ": ");
    }
    report_verdict(&text, &target->proof, &target->run, options_color(options, stdout));
    fputs(text_chars(&text), stdout);
    text_free(&text);
}

static void print_result(Run *run, const Target *target)
{
    if (run->options->json)
        run->json[run->done] = report_json(&target->proof, &target->run);
    else
        print_text(run, target);
    if (target->proof.verdict == VERDICT_VACUOUS)
        explain_vacuous(run, &target->proof);
}

static void print_error(Run *run, const char *name, const Diag *diag)
{
    diag_print(diag, stderr, options_color(run->options, stderr));
    if (run->options->json)
        run->json[run->done] = report_json_error(name, diag);
}

// ---- all specs ----------------------------------------------------------------------------------

static int word_of(const Run *run, int code)
{
    switch (code) {
    case EXIT_PROVED:
        return run->options->only ? WORD_SELECTION : WORD_PROVED;
    case EXIT_REFUTED:
        return WORD_REFUTED;
    case EXIT_UNKNOWN:
        return WORD_UNKNOWN;
    case EXIT_VACUOUS:
        return WORD_VACUOUS;
    default:
        return WORD_ERROR;
    }
}

static void run_claimed(Run *run, const Claimed *claimed)
{
    Target target = {.arena = arena_new()};
    Diag diag;
    int code = prove(run, claimed, &target, &diag);
    if (code == STATUS_OK) {
        print_result(run, &target);
        report_rows_add(&run->rows, &target.proof, &target.run);
        code = verdict_code(&target.proof);
    } else {
        print_error(run, claimed->name, &diag);
        report_rows_add_error(&run->rows, claimed->name);
    }
    run->tally[word_of(run, code)]++;
    run->code = run->done == 0 ? code : exit_worst(run->code, code);
    run->done++;
    arena_free(target.arena);
}

static const char *const words[WORDS] = {"proved",  "selection proved", "refuted",
                                         "unknown", "vacuous",          "error"};

static void print_tally(const Run *run)
{
    Text text = {0};
    if (!run->options->quiet) {
        report_rows(&run->rows, &text);
        text_add(&text, "\n");
    }
    printf("\n%s%d of %d %s:", text_chars(&text), run->done, run->n_claimed,
           run->options->all ? "models" : "specs");
    text_free(&text);
    for (int w = 0, said = 0; w < WORDS; w++)
        if (run->tally[w] > 0)
            printf("%s %d %s", said++ ? "," : "", run->tally[w], words[w]);
    printf("\n");
}

static void print_json(const Run *run)
{
    Text text = {0};
    json_t *whole = run->n_claimed == 1
                        ? run->json[0]
                        : report_json_several(run->json, run->done, words[word_of(run, run->code)]);
    report_json_render(whole, &text);
    fputs(text_chars(&text), stdout);
    text_free(&text);
}

// Claims that an interruption leaves out are not forgotten in the exit code.
static void run_all(Run *run)
{
    for (int i = 0; i < run->n_claimed && (i == 0 || !work_interrupted()); i++)
        run_claimed(run, &run->claimed[i]);
    if (run->done < run->n_claimed)
        run->code = exit_worst(run->code, STATUS_INTERRUPTED);
}

// ---- what is claimed ----------------------------------------------------------------------------

static void add_claimed(Run *run, const char *name, const char *param, long long value)
{
    const Options *options = run->options;
    Claimed *claimed = &run->claimed[run->n_claimed++];
    *claimed = (Claimed){.name = name, .n_settings = options->n_settings + (param != NULL)};
    claimed->settings = ARENA_NEW(run->arena, SpecSetting, (size_t)claimed->n_settings);
    for (int k = 0; k < options->n_settings; k++)
        claimed->settings[k] = options->settings[k];
    if (param)
        claimed->settings[options->n_settings] = (SpecSetting){param, value};
}

// One claim for each model of the list; a spec that cannot be read is one, too, and will say why.
static void add_listed(Run *run, const char *name)
{
    Claimed whole = {name, (SpecSetting *)run->options->settings, run->options->n_settings};
    Spec *spec;
    Diag ignored;
    if (find_and_parse(run->arena, &whole, &spec, &ignored) != STATUS_OK || spec->n_list == 0) {
        add_claimed(run, name, NULL, 0);
        return;
    }
    for (int k = 0; k < spec->n_list; k++)
        add_claimed(run, name, spec->params[spec->list_param].name, spec->list[k]);
}

static void gather_claims(Run *run)
{
    const Options *options = run->options;
    int most = options->n_arguments * (options->all ? SPEC_MODELS_MAX : 1);
    run->claimed = ARENA_NEW(run->arena, Claimed, (size_t)most);
    for (int i = 0; i < options->n_arguments; i++)
        if (options->all)
            add_listed(run, options->arguments[i]);
        else
            add_claimed(run, options->arguments[i], NULL, 0);
    run->json = ARENA_NEW(run->arena, json_t *, (size_t)run->n_claimed);
}

static Status check_options(const Options *options, Diag *diag)
{
    if (options->output && (options->n_arguments > 1 || options->all))
        return diag_set(diag, STATUS_USAGE, "O014", "--output goes with a single spec");
    if (options->all && options->model)
        return diag_set(diag, STATUS_USAGE, "O015",
                        "--all takes the models that specs list, --model another one");
    if (options->output && (options->no_bundle || options->only))
        return diag_set(diag, STATUS_USAGE, "O015",
                        "with --%s there is nothing to write to --output",
                        options->only ? "only" : "no-bundle");
    return STATUS_OK;
}

// `diag`: of what concerns the whole command; each spec has its own.
Status command_prove(const Options *options, Diag *diag)
{
    TRY(check_options(options, diag));
    TRY(prove_cache_open(options, diag));
    Run run = {
        .arena = arena_new(), .options = options, .pool = work_pool_new((int)options->threads)};
    run.rows = report_rows_new(run.arena);
    gather_claims(&run);
    work_catch_interrupt();
    run_all(&run);
    if (options->json)
        print_json(&run);
    else if (run.n_claimed > 1)
        print_tally(&run);
    work_pool_free(run.pool);
    arena_free(run.arena);
    return (Status)run.code;
}
