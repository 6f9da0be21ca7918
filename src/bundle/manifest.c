#include "manifest.h"

#include <string.h>

#include "json_text.h"
#include "number_text.h"

#define SCHEMA "ripple-bundle 1"

// ---- writing ------------------------------------------------------------------------------------

static void add_string(Text *text, const char *key, const char *value)
{
    text_add(text, "\"%s\": ", key);
    json_text_add_string(text, value);
    text_add(text, ",\n");
}

static void add_margin(Text *text, Fix margin)
{
    text_add(text, "\"worst_margin\": \"");
    number_add_margin(text, margin, 4);
    text_add(text, "\"");
}

static void add_head(Text *text, const char *state, const char *root)
{
    text_add(text, "{\n");
    add_string(text, "schema", SCHEMA);
    add_string(text, "state", state);
    if (root)
        add_string(text, "root", root);
}

static void add_claim(Text *text, const BundleClaim *claim)
{
    const Spec *spec = claim->spec;
    add_string(text, "claim_sha256", claim->sha256);
    add_string(text, "spec", claim->spec_name);
    add_string(text, "spec_sha256", claim->spec_sha256);
    text_add(text, "\"settings\": {");
    for (int i = 0; i < spec->n_params; i++)
        text_add(text, "%s\"%s\": %lld", i > 0 ? ", " : "", spec->params[i].name,
                 spec->params[i].value);
    text_add(text, "},\n");
    add_string(text, "model_sha256", claim->model_sha256);
}

static void add_tools(Text *text)
{
    add_string(text, "ripple", RIPPLE_VERSION);
    text_add(text, "\"solver\": \"%s\"\n}\n", smt_version());
}

static void add_positions(Text *text, const NetworkProof *network)
{
    text_add(text, "\"positions\": [\n");
    for (int a = 0; a < network->answer; a++) {
        const PositionProof *position = &network->position[a];
        text_add(text, "{\"name\": ");
        json_text_add_string(text, position->name);
        text_add(text, ", \"edge_cases\": %d, ", position->n_cases);
        add_margin(text, position->margin);
        text_add(text, "}%s\n", a + 1 < network->answer ? "," : "");
    }
    text_add(text, "],\n");
}

void manifest_write_incomplete(Text *text, const BundleClaim *claim)
{
    add_head(text, "incomplete", NULL);
    add_claim(text, claim);
    add_tools(text);
}

void manifest_write(Text *text, const Proof *proof, const BundleClaim *claim, const char *root)
{
    long cases = 0;
    for (int a = 0; a < proof->network.answer; a++)
        cases += proof->network.position[a].n_cases;
    add_head(text, "complete", root);
    add_claim(text, claim);
    text_add(text, "\"inputs\": \"");
    number_add_count(text, proof->counts->total);
    text_add(text, "\",\n\"obligations\": %d,\n\"edge_cases\": %ld,\n\"smt_queries\": %lu,\n",
             proof->obligations, cases, proof->queries);
    add_margin(text, proof_worst_margin(proof));
    text_add(text, ",\n");
    add_positions(text, &proof->network);
    add_tools(text);
}

// ---- reading ------------------------------------------------------------------------------------

static Status refuse(Diag *diag, const char *why)
{
    return diag_set(diag, STATUS_MALFORMED, "C003", "this is no manifest of a proof bundle: %s",
                    why);
}

// NULL when there is no such string.
static const char *string_of(Arena *arena, const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value ? arena_strdup(arena, value) : NULL;
}

static bool read_settings(Arena *arena, json_t *settings, Manifest *manifest)
{
    const char *name;
    json_t *value;
    manifest->settings = ARENA_NEW(arena, SpecSetting, json_object_size(settings) + 1);
    json_object_foreach(settings, name, value)
    {
        if (!json_is_integer(value))
            return false;
        manifest->settings[manifest->n_settings++] =
            (SpecSetting){arena_strdup(arena, name), json_integer_value(value)};
    }
    return json_is_object(settings);
}

static Status read_manifest(Arena *arena, const json_t *object, Manifest *ret_manifest, Diag *diag)
{
    Manifest manifest = {0};
    const char *schema = string_of(arena, object, "schema");
    const char *state = string_of(arena, object, "state");
    if (!schema || strcmp(schema, SCHEMA) != 0)
        return refuse(diag, "its `schema` is not \"" SCHEMA "\"");
    if (!state || (strcmp(state, "complete") != 0 && strcmp(state, "incomplete") != 0))
        return refuse(diag, "its `state` is neither complete nor incomplete");
    manifest.complete = strcmp(state, "complete") == 0;
    manifest.claim = string_of(arena, object, "claim_sha256");
    manifest.spec = string_of(arena, object, "spec");
    manifest.root = manifest.complete ? string_of(arena, object, "root") : "";
    const char *ripple = string_of(arena, object, "ripple");
    const char *solver = string_of(arena, object, "solver");
    if (!manifest.claim || !manifest.spec || !manifest.root)
        return refuse(diag, "it does not say what it is about");
    if (!ripple || !solver)
        return refuse(diag, "it does not say what wrote it");
    manifest.same_ripple = strcmp(ripple, RIPPLE_VERSION) == 0;
    manifest.same_solver = strcmp(solver, smt_version()) == 0;
    if (!read_settings(arena, json_object_get(object, "settings"), &manifest))
        return refuse(diag, "its `settings` are not whole numbers");
    *ret_manifest = manifest;
    return STATUS_OK;
}

Status manifest_parse(Arena *arena, const char *text, size_t size, Manifest *ret_manifest,
                      Diag *diag)
{
    json_t *object;
    Diag why;
    while (size > 0 && text[size - 1] == '\n')
        size--;
    if (json_text_parse("manifest", text, size, &object, &why) != STATUS_OK)
        return refuse(diag, "it is not JSON");
    Status status = read_manifest(arena, object, ret_manifest, diag);
    json_decref(object);
    return status;
}
