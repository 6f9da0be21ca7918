#include "report_text.h"

#include <string.h>

#include "number_text.h"
#include "settings.h"
#include "table.h"

enum { ALSO_WRONG = 3 }; // further wrong answers that are shown

void report_claim(Text *text, const Spec *spec)
{
    text_add(text, "%s", spec->path);
    for (int i = 0; i < spec->n_params; i++)
        text_add(text, "%s%s = %lld", i == 0 ? " (" : ", ", spec->params[i].name,
                 spec->params[i].value);
    text_add(text, "%s", spec->n_params > 0 ? ")" : "");
}

void report_heading(Text *text, const Proof *proof)
{
    report_claim(text, proof->spec);
    text_add(text, ", %s\n", proof->model_path);
}

// ---- the table ----------------------------------------------------------------------------------

enum { COLUMN_NAME, COLUMN_CASES, COLUMN_OPEN, COLUMN_BY, COLUMN_MARGIN, COLUMN_INPUTS, COLUMNS };

static void add_header(Table *table)
{
    static const char *const titles[COLUMNS] = {"obligation", "cases",        "open",
                                                "proved by",  "worst margin", "inputs open"};
    table_row(table);
    for (int c = 0; c < COLUMNS; c++)
        table_cell(table, c, "%s", titles[c]);
}

static void add_algorithm(Table *table, const AlgorithmVerdict *algorithm)
{
    for (int i = 0; i < algorithm->n_obligations; i++) {
        const Obligation *o = &algorithm->obligations[i];
        bool holds = o->answer == SMT_UNSAT;
        table_row(table);
        table_cell(table, COLUMN_NAME, "%s", o->name);
        table_cell(table, COLUMN_CASES, "1");
        table_cell(table, COLUMN_OPEN, "%d", !holds);
        table_cell(table, COLUMN_BY, "%s", holds ? "Z3" : "-");
    }
}

static void add_cover_row(Table *table, const char *name, bool holds, const char *by)
{
    table_row(table);
    table_cell(table, COLUMN_NAME, "%s", name);
    table_cell(table, COLUMN_CASES, "1");
    table_cell(table, COLUMN_OPEN, "%d", !holds);
    table_cell(table, COLUMN_BY, "%s", holds ? by : "-");
}

static void add_cover(Table *table, const CoverVerdict *cover)
{
    add_cover_row(table, cover->tables.name, cover->tables.answer == SMT_UNSAT, "Z3");
    for (int a = 0; a < cover->answer; a++)
        if (cover->position[a].selected)
            add_cover_row(table, cover->position[a].obligation.name,
                          cover->position[a].verdict == VERDICT_PROVED, "Z3 and counting");
}

static void count_open(const PositionProof *position, mpz_t ret_count)
{
    mpz_t one;
    mpz_init(one);
    mpz_set_ui(ret_count, 0);
    for (int i = 0; i < position->n_cases; i++)
        if (!position->cases[i].proved) {
            region_count(position->cases[i].node.region, one);
            mpz_add(ret_count, ret_count, one);
        }
    mpz_clear(one);
}

static void add_position(Table *table, const PositionProof *position)
{
    Text margin = {0}, inputs = {0};
    mpz_t open;
    mpz_init(open);
    count_open(position, open);
    number_add_count(&inputs, open);
    if (position->margin < FIX_MAX)
        number_add_margin(&margin, position->margin, 2);
    table_row(table);
    table_cell(table, COLUMN_NAME, "N.%s", position->name);
    table_cell(table, COLUMN_CASES, "%d", position->n_cases);
    table_cell(table, COLUMN_OPEN, "%d", position->n_cases - position->n_proved);
    table_cell(table, COLUMN_BY, "%s",
               position->n_proved > 0 ? "bounds and Z3"
               : position->supported  ? "-"
                                      : "- (attention too dense below the last layer)");
    table_cell(table, COLUMN_MARGIN, "%s", margin.length ? text_chars(&margin) : "-");
    table_cell(table, COLUMN_INPUTS, "%s", text_chars(&inputs));
    mpz_clear(open);
    text_free(&margin);
    text_free(&inputs);
}

void report_table(Arena *arena, Text *text, const Proof *proof)
{
    Table table = table_new(arena, COLUMNS,
                            1u << COLUMN_CASES | 1u << COLUMN_OPEN | 1u << COLUMN_MARGIN |
                                1u << COLUMN_INPUTS);
    add_header(&table);
    add_algorithm(&table, &proof->algorithm);
    if (proof->bounded)
        add_cover(&table, &proof->cover);
    for (int a = 0; proof->bounded && a < proof->network.answer; a++)
        if (proof->network.position[a].selected)
            add_position(&table, &proof->network.position[a]);
    table_render(&table, text);
}

// ---- what was found -----------------------------------------------------------------------------

static void add_answer(Text *text, const Witness *witness)
{
    text_add(text, "%s %s", witness->question, witness->answer);
    if (witness->wrong)
        text_add(text, ", should be %s", witness->right);
}

static void add_wrong(Text *text, const Proof *proof)
{
    int shown = proof->n_wrong < 1 + ALSO_WRONG ? proof->n_wrong : 1 + ALSO_WRONG;
    for (int i = 0; i < shown; i++) {
        text_add(text, i == 0 ? "wrong       " : "            ");
        add_answer(text, &proof->wrong[i]);
        text_add(text, "\n");
    }
    if (proof->n_wrong > shown)
        text_add(text, "            and %s%d more\n",
                 proof->counts->refuted_exact ? "" : "at least ", proof->n_wrong - shown);
}

static void add_trace(Text *text, const Proof *proof)
{
    const Witness *witness = &proof->wrong[0];
    const Task *task = proof->claim->task;
    char *const *vocab = proof->claim->model->vocab;
    text_add(text, "trace       reads");
    for (int p = 0; p < task->prompt; p++)
        text_add(text, " %s", vocab[witness->prompt[p]]);
    text_add(text, "\n");
    for (int a = 0; a < task->answer; a++) {
        const WitnessToken *token = &witness->token[a];
        text_add(text, "            %s: writes %s, logit %.6g", token->name, token->chosen,
                 (double)token->chosen_logit);
        if (token->chosen != token->right)
            text_add(text, "; right is %s, logit %.6g", token->right, (double)token->right_logit);
        text_add(text, "\n");
    }
}

static const SpecParam *find_param(const Spec *spec, const SettingWord *word)
{
    for (int k = 0; k < spec->n_params; k++)
        if (strlen(spec->params[k].name) == word->length &&
            memcmp(spec->params[k].name, word->name, word->length) == 0)
            return &spec->params[k];
    return NULL;
}

// A model that is asked for other numbers of digits than it was trained for is wrong almost everywhere.
static void add_trained_for(Text *text, const Proof *proof)
{
    const char *note = model_note(proof->claim->model, "spec_set");
    SettingWord word;
    while (note && setting_read(&note, &word)) {
        const SpecParam *param = find_param(proof->spec, &word);
        if (param && param->value != word.value)
            text_add(text, "trained     for %s = %lld, as the model notes\n", param->name,
                     word.value);
    }
}

static void add_open_case(Text *text, const OpenCase *open)
{
    Fix margin = open->edge_case->node.margin;
    bool single = open->inputs[0] == '1' && !open->inputs[1];
    text_add(text, "%s: %s%s ", open->sentence, single ? "a single input," : open->inputs,
             single ? "" : " inputs, such as");
    add_answer(text, &open->sample);
    if (single && !open->sample.wrong) {
        text_add(text, "; the program answers it right, but ");
        if (margin > -FIX_MAX) {
            text_add(text, "the certified margin is only ");
            number_add_margin(text, margin, 4);
        } else {
            text_add(text, "no margin is certified");
        }
    }
    text_add(text, "\n");
}

static void add_open(Text *text, const Proof *proof)
{
    int shown = proof->n_open < PROOF_SHOWN ? proof->n_open : PROOF_SHOWN;
    for (int i = 0; i < shown; i++) {
        text_add(text, i == 0 ? "not proved  " : "            ");
        add_open_case(text, &proof->open[i]);
    }
    if (proof->n_open > shown)
        text_add(text, "            and %d more\n", proof->n_open - shown);
}

static void add_rounding(Text *text, const NetworkProof *network)
{
    Fix taken = 0, ratio = FIX_MAX;
    for (int a = 0; a < network->answer; a++) {
        const PositionProof *p = &network->position[a];
        taken = p->rounding > taken ? p->rounding : taken;
        ratio = p->ratio < ratio ? p->ratio : ratio;
    }
    text_add(text, "level F     errors of binary32 take at most ");
    number_add_margin(text, taken + FIX_ONE / 100, 2);
    text_add(text, " of a margin, and each margin is at least ");
    number_add_margin(text, ratio, 1);
    text_add(text, " times what they take\n");
}

// Where the verdict is about the model, what is open about the spec would not be seen.
static void add_algorithm_text(Text *text, const Proof *proof)
{
    Verdict a = proof->algorithm.verdict;
    if (a == VERDICT_PROVED && proof->verdict != VERDICT_VACUOUS)
        text_add(text, "level A     %s\n", proof->algorithm.text);
    if (a == VERDICT_UNKNOWN && proof->verdict == VERDICT_REFUTED)
        text_add(text, "level A     not proved: %s\n", proof->algorithm.text);
}

void report_findings(Text *text, const Proof *proof, bool trace)
{
    add_algorithm_text(text, proof);
    if (proof_network_verdict(proof) == VERDICT_PROVED)
        add_rounding(text, &proof->network);
    if (proof->n_wrong > 0)
        add_wrong(text, proof);
    if (proof->n_wrong > 0)
        add_trained_for(text, proof);
    if (proof->n_wrong > 0 && trace)
        add_trace(text, proof);
    add_open(text, proof);
}

// ---- the verdict --------------------------------------------------------------------------------

const char *report_verdict_word(const Proof *proof)
{
    switch (proof->verdict) {
    case VERDICT_PROVED:
        return proof->whole ? "proved" : "selection proved";
    case VERDICT_REFUTED:
        return "refuted";
    case VERDICT_VACUOUS:
        return "vacuous";
    case VERDICT_UNKNOWN:
        break;
    }
    return "unknown";
}

static void add_word(Text *text, const Proof *proof, bool color)
{
    const char *paint = proof->verdict == VERDICT_PROVED    ? "32"
                        : proof->verdict == VERDICT_REFUTED ? "31"
                                                            : "33";
    if (color)
        text_add(text, "\033[1;%sm%s\033[0m", paint, report_verdict_word(proof));
    else
        text_add(text, "%s", report_verdict_word(proof));
}

static void add_selection(Text *text, const Proof *proof)
{
    bool first = true;
    text_add(text, "selected obligations only (");
    for (int a = 0; a < proof->network.answer; a++)
        if (proof->network.position[a].selected) {
            text_add(text, "%s%s", first ? "" : ", ", proof->network.position[a].name);
            first = false;
        }
    text_add(text, "): ");
}

static void add_counts(Text *text, const Counts *counts)
{
    if (!counts->proved_exact)
        text_add(text, "at least ");
    number_add_count(text, counts->proved);
    text_add(text, " of ");
    number_add_count(text, counts->total);
    text_add(text, " inputs proved, ");
    if (!counts->refuted_exact && mpz_sgn(counts->open) > 0 && mpz_sgn(counts->refuted) > 0)
        text_add(text, "at least ");
    number_add_count(text, counts->refuted);
    text_add(text, " refuted, ");
    if (!counts_open_exact(counts) && mpz_sgn(counts->open) > 0)
        text_add(text, "at most ");
    number_add_count(text, counts->open);
    text_add(text, " open");
}

static void add_proved(Text *text, const Proof *proof)
{
    unsigned long cases = 0;
    for (int a = 0; a < proof->network.answer; a++)
        cases += (unsigned long)proof->network.position[a].n_cases;
    number_add_count(text, proof->counts->proved);
    text_add(text, " of ");
    number_add_count(text, proof->counts->total);
    text_add(text, " inputs");
    number_add_power(text, proof->counts->total);
    text_add(text, ", worst margin ");
    number_add_margin(text, proof_worst_margin(proof), 2);
    text_add(text, ", ");
    number_add_plural(text, cases, "edge case");
}

void report_run(Text *text, const ReportRun *run)
{
    if (run->cached > 0)
        text_add(text, "reused      %lu answer%s of the solver, from earlier runs\n", run->cached,
                 run->cached == 1 ? "" : "s");
    if (run->bundle)
        text_add(text, "bundle      %s (%s)\n", run->bundle, run->note);
    else if (run->note)
        text_add(text, "bundle      %s\n", run->note);
}

void report_verdict(Text *text, const Proof *proof, const ReportRun *run, bool color)
{
    const char *levels = run->checked ? "A C N F, checked K" : "A C N F";
    bool counted = proof->counts && proof->verdict != VERDICT_VACUOUS &&
                   proof->algorithm.verdict != VERDICT_REFUTED; // no model was looked at then
    add_word(text, proof, color);
    text_add(text, ": %s", proof->verdict == VERDICT_PROVED ? levels : proof->reason);
    if (counted)
        text_add(text, "   ");
    if (proof->bounded && !proof->whole)
        add_selection(text, proof);
    if (proof->verdict == VERDICT_PROVED)
        add_proved(text, proof);
    else if (counted)
        add_counts(text, proof->counts);
    text_add(text, "\n");
}
