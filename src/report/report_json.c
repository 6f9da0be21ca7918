#include "report_json.h"

#include <stdlib.h>
#include <string.h>

#include "number_text.h"
#include "report_text.h"

static const char *const verdict_words[] = {
    [VERDICT_UNKNOWN] = "unknown",
    [VERDICT_PROVED] = "proved",
    [VERDICT_REFUTED] = "refuted",
    [VERDICT_VACUOUS] = "vacuous",
};

static void put(json_t *object, const char *key, json_t *value)
{
    CHECK(value && json_object_set_new(object, key, value) == 0);
}

// '?' for what is not ASCII, where the text, a path say, is not UTF-8.
static void put_text(json_t *object, const char *key, const char *text)
{
    json_t *value = json_string(text);
    if (!value) {
        Text ascii = {0};
        for (const char *c = text; *c; c++)
            text_add(&ascii, "%c", (unsigned char)*c < 128 ? *c : '?');
        value = json_string(text_chars(&ascii));
        text_free(&ascii);
    }
    put(object, key, value);
}

static void put_integer(json_t *object, const char *key, long long value)
{
    put(object, key, json_integer(value));
}

static void put_truth(json_t *object, const char *key, bool value)
{
    put(object, key, json_boolean(value));
}

// Rounded down to three digits behind the point; null when there is none.
static void put_margin(json_t *object, const char *key, Fix margin)
{
    Text text = {0};
    if (margin >= FIX_MAX || margin <= -FIX_MAX) {
        put(object, key, json_null());
        return;
    }
    number_add_margin(&text, margin, 3);
    put(object, key, json_real(strtod(text_chars(&text), NULL)));
    text_free(&text);
}

static void put_count(json_t *object, const char *key, const mpz_t count)
{
    Text text = {0};
    number_add_count(&text, count);
    put_text(object, key, text_chars(&text));
    text_free(&text);
}

// Without a task there is no number of inputs.
static void put_inputs(json_t *object, const Counts *counts)
{
    if (!counts) {
        put(object, "inputs", json_null());
        return;
    }
    json_t *inputs = json_object();
    put_count(inputs, "total", counts->total);
    put_count(inputs, "proved", counts->proved);
    put_count(inputs, "refuted", counts->refuted);
    put_count(inputs, "open", counts->open);
    put_truth(inputs, "proved_exact", counts->proved_exact);
    put_truth(inputs, "refuted_exact", counts->refuted_exact || mpz_sgn(counts->open) == 0);
    put(object, "inputs", inputs);
}

static json_t *settings_json(const Spec *spec)
{
    json_t *settings = json_object();
    for (int i = 0; i < spec->n_params; i++)
        put_integer(settings, spec->params[i].name, spec->params[i].value);
    return settings;
}

static json_t *levels_json(const Proof *proof, const ReportRun *run)
{
    json_t *levels = json_object();
    put_text(levels, "A", verdict_words[proof->algorithm.verdict]);
    if (proof->bounded)
        put_text(levels, "C", verdict_words[proof->cover.verdict]);
    if (proof->claim)
        put_text(levels, "N", verdict_words[proof_network_verdict(proof)]);
    if (proof->claim) // bounds are for every run, so it stands or falls with N
        put_text(levels, "F", verdict_words[proof_network_verdict(proof)]);
    if (run->checked)
        put_text(levels, "K", verdict_words[VERDICT_PROVED]);
    return levels;
}

static void add_obligation(json_t *array, const Obligation *obligation, bool holds,
                           const char *explanation)
{
    json_t *row = json_object();
    put_text(row, "name", obligation->name);
    put_text(row, "statement", obligation->statement);
    put_truth(row, "holds", holds);
    put_text(row, "explanation", explanation);
    CHECK(json_array_append_new(array, row) == 0);
}

static json_t *algorithm_json(const AlgorithmVerdict *algorithm)
{
    json_t *object = json_object(), *obligations = json_array();
    put_text(object, "text", algorithm->text);
    put_truth(object, "every_width", algorithm->every_width);
    for (int i = 0; i < algorithm->n_obligations; i++) {
        const Obligation *o = &algorithm->obligations[i];
        add_obligation(obligations, o, o->answer == SMT_UNSAT, o->explanation);
    }
    put(object, "obligations", obligations);
    return object;
}

static json_t *cover_json(const CoverVerdict *cover)
{
    json_t *object = json_object(), *obligations = json_array();
    put_text(object, "text", cover->text);
    add_obligation(obligations, &cover->tables, cover->tables.answer == SMT_UNSAT,
                   cover->tables.explanation);
    for (int a = 0; a < cover->answer; a++) {
        const CoverPosition *position = &cover->position[a];
        bool holds = position->verdict == VERDICT_PROVED;
        if (position->selected)
            add_obligation(obligations, &position->obligation, holds, holds ? "" : position->text);
    }
    put(object, "obligations", obligations);
    return object;
}

static json_t *positions_json(const NetworkProof *network)
{
    json_t *positions = json_array();
    for (int a = 0; a < network->answer; a++) {
        const PositionProof *position = &network->position[a];
        json_t *row = json_object();
        put_text(row, "name", position->name);
        put_truth(row, "selected", position->selected);
        put_truth(row, "supported", position->supported);
        put_integer(row, "cases", position->n_cases);
        put_integer(row, "proved", position->n_proved);
        put_integer(row, "open", position->n_cases - position->n_proved);
        put_margin(row, "worst_margin", position->margin);
        put_margin(row, "rounding",
                   position->n_proved > 0 ? position->rounding + FIX_ONE / 1000 : FIX_MAX);
        put_margin(row, "margin_over_rounding", position->ratio);
        CHECK(json_array_append_new(positions, row) == 0);
    }
    return positions;
}

static json_t *witness_json(const Witness *witness)
{
    json_t *object = json_object();
    put_text(object, "question", witness->question);
    put_text(object, "answer", witness->answer);
    put_text(object, "right", witness->right);
    return object;
}

static json_t *wrong_json(const Proof *proof)
{
    json_t *array = json_array();
    for (int i = 0; i < proof->n_wrong && i < PROOF_SHOWN; i++)
        CHECK(json_array_append_new(array, witness_json(&proof->wrong[i])) == 0);
    return array;
}

static json_t *open_json(const Proof *proof)
{
    json_t *array = json_array();
    for (int i = 0; i < proof->n_open && i < PROOF_SHOWN; i++) {
        json_t *row = json_object();
        put_text(row, "case", proof->open[i].sentence);
        put_text(row, "inputs", proof->open[i].inputs);
        put_margin(row, "margin", proof->open[i].edge_case->node.margin);
        put(row, "sample", witness_json(&proof->open[i].sample));
        CHECK(json_array_append_new(array, row) == 0);
    }
    return array;
}

static void put_network(json_t *object, const Proof *proof)
{
    put_integer(object, "regions_bounded", (long long)proof->network.bounds);
    put_truth(object, "budget_met", proof->network.budget_met);
    put(object, "cover", cover_json(&proof->cover));
    put(object, "positions", positions_json(&proof->network));
}

json_t *report_json(const Proof *proof, const ReportRun *run)
{
    json_t *object = json_object();
    put_text(object, "spec", proof->spec->path);
    put(object, "settings", settings_json(proof->spec));
    put_text(object, "model", proof->model_path);
    put_text(object, "verdict", report_verdict_word(proof));
    put_text(object, "reason", proof->reason);
    put(object, "levels", levels_json(proof, run));
    put_inputs(object, proof->counts);
    put_integer(object, "obligations", proof->obligations);
    put_integer(object, "smt_queries", (long long)proof->queries);
    put_integer(object, "smt_cached", (long long)run->cached);
    put_margin(object, "worst_margin", proof_worst_margin(proof));
    put(object, "algorithm", algorithm_json(&proof->algorithm));
    if (proof->bounded)
        put_network(object, proof);
    put_integer(object, "wrong", proof->n_wrong);
    put(object, "counterexamples", wrong_json(proof));
    put_integer(object, "open_cases", proof->n_open);
    put(object, "open", open_json(proof));
    if (run->bundle)
        put_text(object, "bundle", run->bundle);
    else
        put(object, "bundle", json_null());
    put_text(object, "bundle_note", run->note ? run->note : "");
    put(object, "seconds", json_real(run->seconds));
    return object;
}

json_t *report_json_error(const char *spec, const Diag *diag)
{
    json_t *object = json_object();
    put_text(object, "spec", spec);
    put_text(object, "verdict", "error");
    put_text(object, "code", diag->code);
    put_text(object, "reason", diag->text);
    return object;
}

json_t *report_json_several(json_t *const *results, int count, const char *verdict)
{
    json_t *object = json_object(), *array = json_array();
    put_text(object, "verdict", verdict);
    for (int i = 0; i < count; i++)
        CHECK(json_array_append_new(array, results[i]) == 0);
    put(object, "results", array);
    return object;
}

void report_json_render(json_t *json, Text *text)
{
    char *dump = json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    CHECK(dump);
    text_add(text, "%s\n", dump);
    free(dump);
    json_decref(json);
}
