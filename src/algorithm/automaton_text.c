// States and transitions of the automaton in words.
#include "automaton.h"

#include "text.h"

static const char *comma(const Text *text)
{
    return text->length > 0 ? ", " : "";
}

static void add_choices(Text *text, const Automaton *automaton, int state)
{
    const Spec *spec = automaton->spec;
    const int *place = automaton->branches.branch[automaton->branch[state]].choices;
    for (int k = 0; k < spec->n_numbers; k++)
        if (!spec->numbers[k].answer && spec_is_choice(&spec->numbers[k]))
            text_add(text, "%s%s = \"%s\"", comma(text), spec->numbers[k].name,
                     spec->numbers[k].choices[place[k]]);
}

static void add_values(Text *text, const Automaton *automaton, int state)
{
    const SpecScan *scan = &automaton->spec->scan;
    for (int k = 0; k < scan->n_states; k++)
        text_add(text, "%s%s = %lld", comma(text), scan->states[k].name,
                 automaton->state[state][k]);
}

static void add_guess(Text *text, const Automaton *automaton, int state)
{
    const SpecScan *scan = &automaton->spec->scan;
    const long long *last = automaton->branches.branch[automaton->branch[state]].last;
    const char *link = ", and ";
    for (int k = 0; automaton->guesses && k < scan->n_states; k++) {
        if (!automaton->branches.guessed[k])
            continue;
        text_add(text, "%s%s = %lld", link, scan->states[k].name, last[k]);
        link = ", ";
    }
    text_add(text, automaton->guesses ? " at the end" : "");
}

static void add_inputs(Text *text, const Spec *spec, const uint8_t *digits)
{
    for (int k = 0; k < spec->n_numbers; k++)
        if (!spec->numbers[k].answer && !spec_is_choice(&spec->numbers[k]))
            text_add(text, "%s%s = %d", comma(text), spec->numbers[k].name, digits[k]);
}

static void add_scanned(Text *text, const Spec *spec, const uint8_t *digits)
{
    const SpecScan *scan = &spec->scan;
    for (int number = 0; number < spec->n_numbers; number++)
        for (int k = 0; k < scan->n_digits; k++)
            if (scan->digits[k].number == number)
                text_add(text, "%s%s = %d", comma(text), spec->numbers[number].name,
                         digits[number]);
}

static char *keep(Arena *arena, Text *text)
{
    char *copy = arena_strdup(arena, text_chars(text));
    text_free(text);
    return copy;
}

char *automaton_show_end(Arena *arena, const Automaton *automaton, int state)
{
    Text text = {0};
    add_choices(&text, automaton, state);
    add_values(&text, automaton, state);
    return keep(arena, &text);
}

char *automaton_show_state(Arena *arena, const Automaton *automaton, int state)
{
    Text text = {0};
    text_add(&text, "%s", automaton_show_end(arena, automaton, state));
    add_guess(&text, automaton, state);
    return keep(arena, &text);
}

char *automaton_show_before(Arena *arena, const Automaton *automaton, int from,
                            const uint8_t *digits)
{
    Text in = {0}, with = {0};
    add_inputs(&in, automaton->spec, digits);
    add_choices(&in, automaton, from);
    add_values(&with, automaton, from);
    add_guess(&with, automaton, from);
    char *before = arena_printf(arena, "%s with %s%s", text_chars(&in), text_chars(&with),
                                automaton->guesses ? "," : "");
    text_free(&in);
    text_free(&with);
    return before;
}

char *automaton_show_transition(Arena *arena, const Automaton *automaton, const Transition *t)
{
    Text out = {0};
    add_scanned(&out, automaton->spec, t->digits);
    add_values(&out, automaton, t->to);
    char *before = automaton_show_before(arena, automaton, t->from, t->digits);
    char *shown = arena_printf(arena, "%s give %s", before, text_chars(&out));
    text_free(&out);
    return shown;
}
