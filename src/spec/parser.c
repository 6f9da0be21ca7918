// Statements, by recursive descent, one function a rule of the grammar.
#include "parser.h"

#include "nearest.h"

enum { STATEMENTS_MAX = 1000, ITEMS_MAX = 512 };

// --- words ---

Status parser_advance(Parser *parser)
{
    parser->behind = parser->here.span;
    return lexer_next(&parser->lexer, &parser->here, parser->diag);
}

Status parser_accept(Parser *parser, LexKind kind, bool *ret_taken)
{
    bool taken = parser_at(parser, kind);
    if (taken)
        TRY(parser_advance(parser));
    *ret_taken = taken;
    return STATUS_OK;
}

Status parser_unexpected(Parser *parser, const char *wanted)
{
    Lexeme here = parser->here;
    if (here.kind == LEX_NAME || here.kind == LEX_INTEGER)
        return spec_fault(parser->spec, here.span, parser->diag, FAULT_SYNTAX,
                          "expected %s, found `%.*s`", wanted, SPEC_SHOW(parser->spec, here.span));
    return spec_fault(parser->spec, here.span, parser->diag, FAULT_SYNTAX, "expected %s, found %s",
                      wanted, lex_describe(here.kind));
}

static Status reserved_word(Parser *p)
{
    return spec_fault(p->spec, p->here.span, p->diag, FAULT_RESERVED,
                      "%s is a word of the language and cannot be a name",
                      lex_describe(p->here.kind));
}

Status parser_expect(Parser *parser, LexKind kind)
{
    if (parser_at(parser, kind))
        return parser_advance(parser);
    if (kind == LEX_NAME && lex_is_word(parser->here.kind))
        return reserved_word(parser);
    return parser_unexpected(parser, lex_describe(kind));
}

Status parser_expect_close(Parser *parser, LexKind kind, SpecSpan opened)
{
    if (parser_at(parser, kind))
        return parser_advance(parser);
    parser_unexpected(parser, lex_describe(kind));
    diag_hint(parser->diag, "the bracket opened in line %d is still open",
              spec_line(parser->spec, opened));
    return STATUS_MALFORMED;
}

// --- pieces of statements ---

static Status too_many(Parser *p, SpecSpan span, int most, const char *what)
{
    return spec_fault(p->spec, span, p->diag, FAULT_SIZE, "more than %d %s", most, what);
}

// Puts the statement, complete but for its span, at the end of the list.
static Status finish(Parser *p, Statement statement)
{
    statement.span = spec_span_join(statement.word, p->behind);
    if (p->statements == STATEMENTS_MAX)
        return too_many(p, statement.span, STATEMENTS_MAX, "statements");
    p->statements++;
    *p->tail = ARENA_NEW(p->arena, Statement, 1);
    **p->tail = statement;
    p->tail = &(*p->tail)->next;
    return STATUS_OK;
}

static Status begin(Parser *p, Statement *ret_statement)
{
    *ret_statement = (Statement){.kind = p->here.kind, .word = p->here.span};
    return parser_advance(p);
}

static Status parse_name(Parser *p, SpecSpan *ret_name)
{
    SpecSpan name = p->here.span;
    TRY(parser_expect(p, LEX_NAME));
    *ret_name = name;
    return STATUS_OK;
}

// integer = [ "-" ] INTEGER
static Status parse_integer(Parser *p, long long *ret_value)
{
    bool negative;
    TRY(parser_accept(p, LEX_MINUS, &negative));
    long long value = p->here.value;
    TRY(parser_expect(p, LEX_INTEGER));
    *ret_value = negative ? -value : value;
    return STATUS_OK;
}

// list = TEXT { "," TEXT }
static Status parse_list(Parser *p, SyntaxToken **ret_first)
{
    SyntaxToken **tail = ret_first;
    bool more;
    int count = 0;
    do {
        SpecSpan span = p->here.span;
        TRY(parser_expect(p, LEX_TEXT));
        if (++count > SPEC_CHOICES_MAX)
            return too_many(p, span, SPEC_CHOICES_MAX, "tokens in a list");
        *tail = ARENA_NEW(p->arena, SyntaxToken, 1);
        (*tail)->span = span;
        tail = &(*tail)->next;
        TRY(parser_accept(p, LEX_COMMA, &more));
    } while (more);
    return STATUS_OK;
}

// kind = "number" "of" sum "digits" | "one" "of" list
static Status parse_kind(Parser *p, SyntaxKind *ret_kind)
{
    bool choice;
    *ret_kind = (SyntaxKind){NULL, NULL};
    TRY(parser_accept(p, LEX_ONE, &choice));
    if (!choice)
        TRY(parser_expect(p, LEX_NUMBER));
    TRY(parser_expect(p, LEX_OF));
    if (choice)
        return parse_list(p, &ret_kind->tokens);
    TRY(parse_sum(p, &ret_kind->length));
    return parser_expect(p, LEX_DIGITS);
}

// --- declarations ---

// param = "param" NAME "=" integer
static Status parse_param(Parser *p)
{
    Statement param;
    TRY(begin(p, &param));
    TRY(parse_name(p, &param.name));
    TRY(parser_expect(p, LEX_EQ));
    TRY(parse_integer(p, &param.low));
    return finish(p, param);
}

// values = integer { "," integer }
static Status parse_values(Parser *p, SyntaxValue **ret_first)
{
    SyntaxValue **tail = ret_first;
    bool more;
    int count = 0;
    do {
        SpecSpan first = p->here.span;
        SyntaxValue *value = *tail = ARENA_NEW(p->arena, SyntaxValue, 1);
        TRY(parse_integer(p, &value->value));
        value->span = spec_span_join(first, p->behind);
        if (++count > SPEC_MODELS_MAX)
            return too_many(p, value->span, SPEC_MODELS_MAX, "models");
        tail = &value->next;
        TRY(parser_accept(p, LEX_COMMA, &more));
    } while (more);
    return STATUS_OK;
}

// model = "model" TEXT [ "for" NAME "=" values ]
static Status parse_model(Parser *p)
{
    Statement model;
    bool several;
    TRY(begin(p, &model));
    model.name = p->here.span;
    TRY(parser_expect(p, LEX_TEXT));
    TRY(parser_accept(p, LEX_FOR, &several));
    if (several) {
        model.range = p->here.span;
        TRY(parser_expect(p, LEX_NAME));
        TRY(parser_expect(p, LEX_EQ));
        TRY(parse_values(p, &model.values));
    }
    return finish(p, model);
}

// input = "input" NAME { "," NAME } ":" kind
static Status parse_input(Parser *p)
{
    Statement input;
    Statement **first = p->tail;
    bool more;
    TRY(begin(p, &input));
    do {
        TRY(parse_name(p, &input.name));
        TRY(finish(p, input));
        TRY(parser_accept(p, LEX_COMMA, &more));
    } while (more);
    TRY(parser_expect(p, LEX_COLON));
    TRY(parse_kind(p, &input.what));
    for (Statement *one = *first; one; one = one->next) {
        one->what = input.what;
        one->span = spec_span_join(one->word, p->behind);
    }
    return STATUS_OK;
}

// item = TEXT | NAME [ ":" kind ]
static Status parse_item(Parser *p, bool declares, SyntaxItem *ret_item)
{
    SyntaxItem item = {.span = p->here.span, .is_text = parser_at(p, LEX_TEXT)};
    TRY(item.is_text ? parser_advance(p) : parser_expect(p, LEX_NAME));
    if (!item.is_text && declares)
        TRY(parser_accept(p, LEX_COLON, &item.is_new));
    if (item.is_new)
        TRY(parse_kind(p, &item.kind));
    *ret_item = item;
    return STATUS_OK;
}

// prompt = "prompt" item { item }       (no item of a prompt has a kind)
// answer = "answer" item { item }
static Status parse_items(Parser *p)
{
    Statement list;
    SyntaxItem item, **tail = &list.items;
    int count = 0;
    TRY(begin(p, &list));
    do {
        TRY(parse_item(p, list.kind == LEX_ANSWER, &item));
        if (++count > ITEMS_MAX)
            return too_many(p, item.span, ITEMS_MAX, "items");
        *tail = ARENA_NEW(p->arena, SyntaxItem, 1);
        **tail = item;
        tail = &(*tail)->next;
    } while (!parser_at(p, LEX_LINE));
    return finish(p, list);
}

// assume    = "assume" expr
// require   = "require" expr
// invariant = "invariant" expr
static Status parse_claim(Parser *p)
{
    Statement claim;
    TRY(begin(p, &claim));
    TRY(parse_expr(p, &claim.expr));
    return finish(p, claim);
}

// --- the algorithm ---

// state = "state" NAME "in" integer ".." integer "," "initially" integer
static Status parse_state(Parser *p)
{
    Statement state;
    TRY(begin(p, &state));
    TRY(parse_name(p, &state.name));
    TRY(parser_expect(p, LEX_IN));
    SpecSpan first = p->here.span;
    TRY(parse_integer(p, &state.low));
    TRY(parser_expect(p, LEX_DOTS));
    TRY(parse_integer(p, &state.high));
    state.range = spec_span_join(first, p->behind);
    TRY(parser_expect(p, LEX_COMMA));
    TRY(parser_expect(p, LEX_INITIALLY));
    first = p->here.span;
    TRY(parse_integer(p, &state.initial));
    state.start = spec_span_join(first, p->behind);
    return finish(p, state);
}

// digit   = "digit" NAME "[" sum "]" "=" expr
// finally = "finally" NAME [ "[" sum "]" ] "=" expr
static Status parse_digit_rule(Parser *p)
{
    Statement rule;
    bool indexed = true;
    TRY(begin(p, &rule));
    TRY(parse_name(p, &rule.name));
    SpecSpan opened = p->here.span;
    if (rule.kind == LEX_FINALLY)
        TRY(parser_accept(p, LEX_OPEN_INDEX, &indexed));
    else
        TRY(parser_expect(p, LEX_OPEN_INDEX));
    if (indexed) {
        TRY(parse_sum(p, &rule.index));
        TRY(parser_expect_close(p, LEX_CLOSE_INDEX, opened));
    }
    TRY(parser_expect(p, LEX_EQ));
    TRY(parse_expr(p, &rule.expr));
    return finish(p, rule);
}

// next = "next" NAME "=" expr
static Status parse_next(Parser *p)
{
    Statement rule;
    TRY(begin(p, &rule));
    TRY(parse_name(p, &rule.name));
    TRY(parser_expect(p, LEX_EQ));
    TRY(parse_expr(p, &rule.expr));
    return finish(p, rule);
}

typedef struct Rule {
    LexKind word;
    Status (*parse)(Parser *);
} Rule;

static const Rule scan_rules[] = {{LEX_STATE, parse_state},
                                  {LEX_DIGIT, parse_digit_rule},
                                  {LEX_NEXT, parse_next},
                                  {LEX_INVARIANT, parse_claim},
                                  {LEX_END, NULL}};
static const Rule final_rules[] = {{LEX_FINALLY, parse_digit_rule}, {LEX_END, NULL}};

static const Rule *find_rule(const Parser *p, const Rule *table)
{
    for (; table->word != LEX_END; table++)
        if (parser_at(p, table->word))
            return table;
    return NULL;
}

// { rule end-of-line }
static Status parse_rules(Parser *p, const Rule *table)
{
    const Rule *rule;
    while ((rule = find_rule(p, table))) {
        TRY(rule->parse(p));
        TRY(parser_expect(p, LEX_LINE));
    }
    return STATUS_OK;
}

// algorithm = "algorithm" LINE
//             "scan" "from" "least" "significant" LINE
//             { ( state | digit | next | invariant ) LINE }
//             { finally LINE }
static Status parse_algorithm(Parser *p)
{
    static const LexKind opening[] = {LEX_LINE,  LEX_SCAN,        LEX_FROM,
                                      LEX_LEAST, LEX_SIGNIFICANT, LEX_LINE};
    Statement algorithm;
    TRY(begin(p, &algorithm));
    TRY(finish(p, algorithm));
    for (size_t k = 0; k < sizeof opening / sizeof opening[0]; k++)
        TRY(parser_expect(p, opening[k]));
    TRY(parse_rules(p, scan_rules));
    return parse_rules(p, final_rules);
}

// --- the whole ---

static const Rule statements[] = {
    {LEX_PARAM, parse_param},   {LEX_MODEL, parse_model},         {LEX_INPUT, parse_input},
    {LEX_PROMPT, parse_items},  {LEX_ANSWER, parse_items},        {LEX_ASSUME, parse_claim},
    {LEX_REQUIRE, parse_claim}, {LEX_ALGORITHM, parse_algorithm}, {LEX_END, NULL}};

// What may have been meant by a word that begins no statement.
static void hint_statement(const Parser *p)
{
    static const char *const words[] = {"param",  "model",   "input",     "prompt", "answer",
                                        "assume", "require", "algorithm", "scan",   "state",
                                        "digit",  "next",    "invariant", "finally"};
    const char *word = nearest_word(
        arena_strndup(p->arena, p->spec->text + p->here.span.offset, p->here.span.length), words,
        sizeof words / sizeof *words);
    if (word)
        diag_hint(p->diag, "did you mean `%s`?", word);
    else
        diag_hint(p->diag,
                  "statements are param, model, input, prompt, answer, assume, require and "
                  "algorithm; those of an algorithm scan, state, digit, next, invariant and "
                  "finally");
}

static Status no_statement(Parser *p)
{
    parser_unexpected(p, "a statement");
    if (find_rule(p, scan_rules))
        diag_hint(p->diag, "it belongs into the scan, before any `finally`");
    else if (find_rule(p, final_rules))
        diag_hint(p->diag, "it belongs behind the scan of `algorithm`");
    else
        hint_statement(p);
    return STATUS_MALFORMED;
}

// spec = { statement LINE }             (the lines of an algorithm are its own)
static Status parse_spec(Parser *p)
{
    while (!parser_at(p, LEX_END)) {
        const Rule *rule = find_rule(p, statements);
        if (!rule)
            return no_statement(p);
        TRY(rule->parse(p));
        if (rule->word != LEX_ALGORITHM)
            TRY(parser_expect(p, LEX_LINE));
    }
    return STATUS_OK;
}

Status syntax_parse(Arena *arena, const Spec *spec, Statement **ret_first, Diag *diag)
{
    Statement *first = NULL;
    Parser parser = {.arena = arena, .spec = spec, .diag = diag, .lexer = lexer_new(spec)};
    parser.tail = &first;
    TRY(parser_advance(&parser));
    TRY(parse_spec(&parser));
    *ret_first = first;
    return STATUS_OK;
}
