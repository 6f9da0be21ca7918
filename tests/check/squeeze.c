// Certificates without any room, for a few inputs: squeeze PROOFCHECK BUNDLE ROUNDS
//
// For a few symbols a column, this program evaluates the model in double on every input and writes a certificate of
// its own, each d the least that K11 allows and one more. proofcheck must accept it exactly if the margins, computed
// here by the formulas of K11 without the noise, are positive, and print these margins. Then one unit too few of
// a d, a bias that makes a margin just negative, or a neuron not quite off or on must be rejected, for that reason.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forge.h"
#include "rng.h"
#include "safetensors.h"
#include "tight.h"

static Model *model;

// ---- all cases of a few inputs ------------------------------------------------------------------

enum { CASES_MAX = 30 };

typedef struct Whole {
    Few few;
    bool columns; // keys have columns
    int cases, first[4];
    Case *k;   // [case]
    Answer *a; // [case]
} Whole;

static void make_cases(Whole *w)
{
    w->cases = 0;
    for (int i = FEW_PROMPT; i < FEW_POSITIONS; i++) {
        w->first[i - FEW_PROMPT] = w->cases;
        for (int o = 0; o < w->few.options[i]; o++) {
            case_init(&w->k[w->cases], model, &w->few, i, w->few.option[i][o], w->columns);
            answer_settle(&w->k[w->cases], &w->a[w->cases]);
            w->cases++;
        }
    }
    w->first[3] = w->cases;
}

static void add_numbers(Text *text, const long *d)
{
    for (int h = 0; h < model->shape.heads; h++)
        text_add(text, " %ld", d[h]);
}

static void add_case(Text *text, const Case *k, const Answer *a)
{
    static const char *const kinds[] = {"off", "on", "open"};
    text_add(text, "case\n");
    for (int r = 0; r < SIGHT_REFERENCES; r++)
        text_add(text, "input %d %d\n", k->reference[r][0], k->reference[r][1]);
    for (int i = 0; i < model->shape.d_mlp; i++) {
        const Neuron *n = &a->neuron[i];
        text_add(text, "%s %d", kinds[n->kind], i);
        if (n->kind == OPEN)
            text_add(text, " %d", n->m);
        add_numbers(text, n->kind == ON ? n->below.d : n->above.d);
        if (n->kind == OPEN)
            add_numbers(text, n->below.d);
        text_add(text, "\n");
    }
    for (int t = 0; t < model->shape.d_vocab; t++)
        if (t != k->right) {
            text_add(text, "wrong %d", t);
            add_numbers(text, a->wrong[t].d);
            text_add(text, "\n");
        }
    text_add(text, "done\n");
}

static void write_certificate(const Whole *w, Text *text)
{
    text_free(text);
    text_add(text, "ripple-certificate 1\n");
    for (int i = FEW_PROMPT; i < FEW_POSITIONS; i++) {
        int first = w->first[i - FEW_PROMPT], end = w->first[i - FEW_PROMPT + 1];
        text_add(text, "position %d\n", i);
        for (int n = 0; n < w->k[first].keys; n++) {
            Key key = w->k[first].key[n];
            if (key.column < 0)
                text_add(text, "key %d -\n", key.position);
            else
                text_add(text, "key %d %d\n", key.position, key.column);
        }
        text_add(text, "split token %d\n", i);
        for (int c = first; c < end; c++) {
            text_add(text, "part %d\n", w->k[c].right);
            add_case(text, &w->k[c], &w->a[c]);
        }
        text_add(text, "end\n");
    }
    text_add(text, "end\n");
}

static void allow(Forge *f, const Few *few)
{
    for (int c = 0; c < 2; c++) {
        char old[40], new[80];
        int at = snprintf(new, sizeof new, "allow %d ", c);
        snprintf(old, sizeof old, "allow %d 0-99", c);
        for (int i = 0; i < few->count[c]; i++)
            at += snprintf(new + at, sizeof new - (size_t)at, "%s%d", i ? "," : "",
                           few->symbol[c][i]);
        if (!forge_replace(f, FORGE_TASK, old, new, 1))
            exit(EXIT_FAILURE);
    }
}

// ---- tests --------------------------------------------------------------------------------------

static struct {
    const char *proofcheck, *folder;
    Forge good;
    Text first; // the certificate before it is spoilt
    long asked, bad, accepted;
} test;

static const ForgeVerdict *ask(Forge *f)
{
    static ForgeVerdict verdict;
    forge_try(f, test.proofcheck, test.folder, &verdict);
    test.asked++;
    return &verdict;
}

static void expect(bool holds, const char *what, const ForgeVerdict *verdict)
{
    if (holds)
        return;
    test.bad++;
    printf("%s: exit %d\n%.300s\n", what, verdict->code, verdict->text);
}

// It is rejected, and for this reason.
static void expect_reason(Forge *f, const char *reason)
{
    const ForgeVerdict *verdict = ask(f);
    expect(verdict->code == 13 && strstr(verdict->text, reason), reason, verdict);
}

// One d is less than the least possible, and put back afterwards.
static void shorten(Whole *w, Forge *f, Bound *b, int h, const char *what, int number)
{
    char reason[120];
    snprintf(reason, sizeof reason, "the bound of head %d on %s", h, what);
    if (number >= 0)
        snprintf(reason + strlen(reason), 20, " %d", number);
    snprintf(reason + strlen(reason), 40, " does not hold (K11)");
    long d = b->d[h];
    b->d[h] = b->least[h] - 1;
    write_certificate(w, &f->file[FORGE_CERTIFICATE]);
    expect_reason(f, reason);
    b->d[h] = d;
}

static void shorten_some(Whole *w, Forge *f, Rng *rng)
{
    int c = (int)rng_below(rng, (uint32_t)w->cases), h = (int)rng_below(rng, 2);
    Answer *a = &w->a[c];
    int i = (int)rng_below(rng, (uint32_t)model->shape.d_mlp);
    int t = (int)rng_below(rng, (uint32_t)model->shape.d_vocab);
    Neuron *n = &a->neuron[i];
    Bound *first = n->kind == ON ? &n->below : &n->above;
    if (first->sharp[h])
        shorten(w, f, first, h, "neuron", i);
    if (n->kind == OPEN && n->below.sharp[h])
        shorten(w, f, &n->below, h, "the lower side of an open neuron", -1);
    if (t != w->k[c].right && a->wrong[t].sharp[h])
        shorten(w, f, &a->wrong[t], h, "wrong token", t);
}

static double least_of(const Whole *w, int from, int end)
{
    double least = INFINITY;
    for (int c = from; c < end; c++)
        least = fmin(least, w->a[c].least);
    return least;
}

// The noise takes something off; a mean next to a multiple of the unit may add a unit a head.
static void compare_margins(const Whole *w, const ForgeVerdict *verdict)
{
    for (int i = 0; i < 3; i++) {
        double exact = least_of(w, w->first[i], w->first[i + 1]),
               printed = forge_margin(verdict, i);
        char what[100];
        snprintf(what, sizeof what, "margin of position %d: %.5f, and not %.5f", FEW_PROMPT + i,
                 exact, printed);
        expect(printed < exact + 0.003 && printed > exact - 0.1, what, verdict);
    }
}

// The bias of a wrong token is raised until its margin is just, or just not, positive.
static void tilt_bias(Whole *w, Forge *f, const ForgeVerdict *verdict)
{
    int c = 0;
    double printed = forge_margin(verdict, -1);
    while (w->a[c].least > least_of(w, 0, w->cases))
        c++;
    for (int t = 0; t < model->shape.d_vocab; t++) {
        if (t == w->k[c].right || w->a[c].margin[t] > w->a[c].least)
            continue;
        char reason[80];
        float bias = forge_weight(f, "unembed.b_U", (size_t)t);
        snprintf(reason, sizeof reason, "the margin of token %d is not shown to be positive", t);
        forge_set_weight(f, "unembed.b_U", (size_t)t, bias + (float)printed + 0.0005f);
        expect_reason(f, reason);
        forge_set_weight(f, "unembed.b_U", (size_t)t, bias + (float)printed - 0.0005f);
        const ForgeVerdict *just = ask(f);
        expect(just->code == 0 || !strstr(just->text, reason), "a margin just positive", just);
        forge_set_weight(f, "unembed.b_U", (size_t)t, bias);
    }
}

// The bias of a neuron that is off is raised, of one that is on is lowered, until it is not.
static void tilt_neuron(Whole *w, Forge *f, Rng *rng)
{
    int i;
    double most = -INFINITY, least = INFINITY;
    NeuronKind kind;
    do
        i = (int)rng_below(rng, (uint32_t)model->shape.d_mlp);
    while ((kind = w->a[0].neuron[i].kind) == OPEN);
    for (int c = 0; c < w->cases; c++) {
        const Neuron *n = &w->a[c].neuron[i];
        if (n->kind != kind)
            return;
        most = fmax(most, n->high);
        least = fmin(least, n->low);
    }
    char reason[80];
    float bias = forge_weight(f, "blocks.1.mlp.b_in", (size_t)i);
    float room = (float)(kind == OFF ? -most : -least);
    snprintf(reason, sizeof reason, "neuron %d is not shown to be %s (K11)", i,
             kind == OFF ? "off" : "on");
    forge_set_weight(f, "blocks.1.mlp.b_in", (size_t)i,
                     bias + room + (kind == OFF ? 2e-6f : -2e-6f));
    expect_reason(f, reason);
    forge_set_weight(f, "blocks.1.mlp.b_in", (size_t)i,
                     bias + room - (kind == OFF ? 0.05f : -0.05f));
    const ForgeVerdict *just = ask(f);
    expect(!strstr(just->text, reason), reason, just);
    forge_set_weight(f, "blocks.1.mlp.b_in", (size_t)i, bias);
}

// Head 1 reads nothing before some answer positions.
static void blind_head(Forge *f, int first)
{
    size_t at = forge_weight_at(f, "blocks.1.attn.edges", 0), size = FEW_POSITIONS * FEW_POSITIONS;
    memcpy(model->layer[1].edges, f->file[FORGE_MODEL].chars + at, 2 * size);
    for (size_t i = (size_t)(first * FEW_POSITIONS); first > 0 && i < size; i++)
        model->layer[1].edges[size + i] = 0;
    memcpy(f->file[FORGE_MODEL].chars + at, model->layer[1].edges, 2 * size);
}

static void try_few(Whole *w, Rng *rng)
{
    static Forge f;
    forge_copy(&f, &test.good);
    allow(&f, &w->few);
    blind_head(&f, rng_below(rng, 4) ? 0 : 5 + (int)rng_below(rng, 3));
    make_cases(w);
    write_certificate(w, &f.file[FORGE_CERTIFICATE]);
    const ForgeVerdict *verdict = ask(&f);
    double least = least_of(w, 0, w->cases);
    expect(verdict->code == 0 || (verdict->code == 13 && least < 0.1), "a certificate", verdict);
    expect(verdict->code != 0 || least > -0.003, "a margin that is negative", verdict);
    expect(verdict->code == 0 || strstr(verdict->text, "is not shown to be positive"),
           "another reason", verdict);
    if (verdict->code == 0) {
        static ForgeVerdict first;
        first = *verdict;
        test.accepted++;
        compare_margins(w, &first);
        tilt_bias(w, &f, &first);
        tilt_neuron(w, &f, rng);
        shorten_some(w, &f, rng);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: squeeze PROOFCHECK BUNDLE ROUNDS\n");
        return EXIT_FAILURE;
    }
    Arena *arena = arena_new();
    Model *read;
    Diag diag;
    test.proofcheck = argv[1];
    forge_load(&test.good, argv[2]);
    test.folder = forge_folder(arena);
    const Text *bytes = &test.good.file[FORGE_MODEL];
    if (model_parse(arena, "model", bytes->chars, bytes->length, &read, &diag) != STATUS_OK)
        return EXIT_FAILURE;
    model = read;
    Whole w = {.k = ARENA_NEW(arena, Case, CASES_MAX), .a = ARENA_NEW(arena, Answer, CASES_MAX)};
    for (int round = 0; round < atoi(argv[3]); round++) {
        Rng rng = rng_new(7, (uint64_t)round);
        w.columns = round % 4 != 3;
        w.few = few_new(&rng, round % 4 == 0 ? 1 : round % 4 == 3 ? 2 : 4);
        try_few(&w, &rng);
    }
    printf("%ld bundles, %ld certificates accepted, %ld wrong answers\n", test.asked, test.accepted,
           test.bad);
    forge_remove(test.folder);
    forge_free(&test.good);
    arena_free(arena);
    return test.bad == 0 && test.accepted > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
