// Expressions, one function a rule of the grammar, the loosest binding first.
#include "parser.h"

// --- nodes ---

static int height_of(const Node *node)
{
    return node ? node->height : 0;
}

static int max_int(int a, int b)
{
    return a > b ? a : b;
}

static Status too_deep(Parser *p, SpecSpan span)
{
    return spec_fault(p->spec, span, p->diag, FAULT_NESTING, "an expression of more than %d levels",
                      SPEC_HEIGHT_MAX);
}

static Status make_node(Parser *p, Node node, Node **ret_node)
{
    node.height = 1 + max_int(height_of(node.a), max_int(height_of(node.b), height_of(node.c)));
    if (node.height > SPEC_HEIGHT_MAX)
        return too_deep(p, p->here.span);
    if (++p->nodes > SPEC_NODES_MAX)
        return spec_fault(p->spec, node.span, p->diag, FAULT_SIZE,
                          "more than %d operations, names and integers in all expressions",
                          SPEC_NODES_MAX);
    *ret_node = ARENA_NEW(p->arena, Node, 1);
    **ret_node = node;
    return STATUS_OK;
}

static Status make_binary(Parser *p, ExprKind operation, Node *a, Node *b, Node **ret_node)
{
    Node node = {.kind = NODE_OPERATION, .operation = operation, .a = a, .b = b};
    node.span = spec_span_join(a->span, b->span);
    return make_node(p, node, ret_node);
}

static Status make_unary(Parser *p, ExprKind operation, SpecSpan sign, Node *a, Node **ret_node)
{
    Node node = {.kind = NODE_OPERATION, .operation = operation, .a = a};
    node.span = spec_span_join(sign, a->span);
    return make_node(p, node, ret_node);
}

// Every recursion passes through here, so hostile input cannot fill the stack.
static Status nested(Parser *p, Status (*parse)(Parser *, Node **), Node **ret_node)
{
    if (p->depth == SPEC_HEIGHT_MAX)
        return too_deep(p, p->here.span);
    p->depth++;
    TRY(parse(p, ret_node));
    p->depth--;
    return STATUS_OK;
}

// --- primaries ---

// if = "if" expr "then" expr "else" expr
static Status parse_if(Parser *p, Node **ret_node)
{
    Node node = {.kind = NODE_OPERATION, .operation = EXPR_IF};
    SpecSpan first = p->here.span;
    TRY(parser_expect(p, LEX_IF));
    TRY(nested(p, parse_expr, &node.a));
    TRY(parser_expect(p, LEX_THEN));
    TRY(nested(p, parse_expr, &node.b));
    TRY(parser_expect(p, LEX_ELSE));
    TRY(nested(p, parse_expr, &node.c));
    node.span = spec_span_join(first, node.c->span);
    return make_node(p, node, ret_node);
}

// value = "value" "(" NAME [ "[" ".." sum "]" ] ")"
static Status parse_value(Parser *p, Node **ret_node)
{
    Node node = {.kind = NODE_VALUE};
    SpecSpan first = p->here.span, opened, index = {0};
    bool is_prefix;
    TRY(parser_expect(p, LEX_VALUE));
    opened = p->here.span;
    TRY(parser_expect(p, LEX_OPEN));
    node.name = p->here.span;
    TRY(parser_expect(p, LEX_NAME));
    index = p->here.span;
    TRY(parser_accept(p, LEX_OPEN_INDEX, &is_prefix));
    if (is_prefix) {
        node.kind = NODE_PREFIX;
        TRY(parser_expect(p, LEX_DOTS));
        TRY(nested(p, parse_sum, &node.a));
        TRY(parser_expect_close(p, LEX_CLOSE_INDEX, index));
    }
    TRY(parser_expect_close(p, LEX_CLOSE, opened));
    node.span = spec_span_join(first, p->behind);
    return make_node(p, node, ret_node);
}

// last = "last" "(" NAME ")"
static Status parse_last(Parser *p, Node **ret_node)
{
    Node node = {.kind = NODE_LAST};
    SpecSpan first = p->here.span, opened;
    TRY(parser_expect(p, LEX_LAST));
    opened = p->here.span;
    TRY(parser_expect(p, LEX_OPEN));
    node.name = p->here.span;
    TRY(parser_expect(p, LEX_NAME));
    TRY(parser_expect_close(p, LEX_CLOSE, opened));
    node.span = spec_span_join(first, p->behind);
    return make_node(p, node, ret_node);
}

// name = NAME [ "[" sum "]" ]
static Status parse_name(Parser *p, Node **ret_node)
{
    Node node = {.kind = NODE_NAME, .name = p->here.span};
    bool is_digit;
    TRY(parser_expect(p, LEX_NAME));
    SpecSpan opened = p->here.span;
    TRY(parser_accept(p, LEX_OPEN_INDEX, &is_digit));
    if (is_digit) {
        node.kind = NODE_DIGIT;
        TRY(nested(p, parse_sum, &node.a));
        TRY(parser_expect_close(p, LEX_CLOSE_INDEX, opened));
    }
    node.span = spec_span_join(node.name, p->behind);
    return make_node(p, node, ret_node);
}

// group = "(" expr ")"
static Status parse_group(Parser *p, Node **ret_node)
{
    SpecSpan opened = p->here.span;
    TRY(parser_expect(p, LEX_OPEN));
    TRY(nested(p, parse_expr, ret_node));
    TRY(parser_expect_close(p, LEX_CLOSE, opened));
    (*ret_node)->span = spec_span_join(opened, p->behind);
    return STATUS_OK;
}

static Status no_expression(Parser *p)
{
    int before = spec_line(p->spec, p->behind);
    parser_unexpected(p, "an expression");
    if (parser_at(p, LEX_EQ))
        diag_hint(p->diag, "equality is written with one `=`");
    else if (before != spec_line(p->spec, p->here.span))
        diag_hint(p->diag, "line %d ends in `%.*s`, so it goes on here", before,
                  SPEC_SHOW(p->spec, p->behind));
    return STATUS_MALFORMED;
}

// primary = INTEGER | TEXT | group | if | value | last | name
static Status parse_primary(Parser *p, Node **ret_node)
{
    Lexeme first = p->here;
    switch (first.kind) {
    case LEX_INTEGER:
        TRY(parser_advance(p));
        return make_node(p, (Node){.kind = NODE_INTEGER, .value = first.value, .span = first.span},
                         ret_node);
    case LEX_TEXT:
        TRY(parser_advance(p));
        return make_node(p, (Node){.kind = NODE_TEXT, .name = first.span, .span = first.span},
                         ret_node);
    case LEX_OPEN:
        return parse_group(p, ret_node);
    case LEX_IF:
        return parse_if(p, ret_node);
    case LEX_VALUE:
        return parse_value(p, ret_node);
    case LEX_LAST:
        return parse_last(p, ret_node);
    case LEX_NAME:
        return parse_name(p, ret_node);
    default:
        return no_expression(p);
    }
}

// --- arithmetic ---

static Status parse_unary(Parser *p, Node **ret_node);

// power = primary [ "^" unary ]
static Status parse_power(Parser *p, Node **ret_node)
{
    Node *base, *exponent;
    bool taken;
    TRY(parse_primary(p, &base));
    TRY(parser_accept(p, LEX_POWER, &taken));
    *ret_node = base;
    if (!taken)
        return STATUS_OK;
    TRY(nested(p, parse_unary, &exponent));
    return make_binary(p, EXPR_POW, base, exponent, ret_node);
}

// unary = "-" unary | power
static Status parse_unary(Parser *p, Node **ret_node)
{
    SpecSpan sign = p->here.span;
    Node *operand;
    bool taken;
    TRY(parser_accept(p, LEX_MINUS, &taken));
    if (!taken)
        return parse_power(p, ret_node);
    TRY(nested(p, parse_unary, &operand));
    return make_unary(p, EXPR_NEG, sign, operand, ret_node);
}

typedef struct Operator {
    LexKind sign;
    ExprKind operation;
} Operator;

// The operator at `here`, or NULL. A table ends with a LEX_END.
static const Operator *find_operator(const Parser *p, const Operator *table)
{
    for (; table->sign != LEX_END; table++)
        if (parser_at(p, table->sign))
            return table;
    return NULL;
}

// operand { operator operand }, grouped from the left
static Status parse_chain(Parser *p, const Operator *table, Status (*parse)(Parser *, Node **),
                          Node **ret_node)
{
    const Operator *operator;
    Node *right;
    TRY(parse(p, ret_node));
    while ((operator= find_operator(p, table))) {
        TRY(parser_advance(p));
        TRY(parse(p, &right));
        TRY(make_binary(p, operator->operation, *ret_node, right, ret_node));
    }
    return STATUS_OK;
}

// product = unary { ("*" | "div" | "mod") unary }
static Status parse_product(Parser *p, Node **ret_node)
{
    static const Operator table[] = {
        {LEX_TIMES, EXPR_MUL}, {LEX_DIV, EXPR_DIV}, {LEX_MOD, EXPR_MOD}, {LEX_END, EXPR_INT}};
    return parse_chain(p, table, parse_unary, ret_node);
}

// sum = product { ("+" | "-") product }
Status parse_sum(Parser *p, Node **ret_node)
{
    static const Operator table[] = {
        {LEX_PLUS, EXPR_ADD}, {LEX_MINUS, EXPR_SUB}, {LEX_END, EXPR_INT}};
    return parse_chain(p, table, parse_product, ret_node);
}

// --- truth ---

static Status chained_comparison(Parser *p, const Node *left)
{
    spec_fault(p->spec, spec_span_join(left->span, p->here.span), p->diag, FAULT_CHAIN,
               "comparisons do not chain");
    diag_hint(p->diag, "write `x < y and y < z`");
    return STATUS_MALFORMED;
}

// comparison = sum [ ("=" | "!=" | "<" | "<=" | ">" | ">=") sum ]
static Status parse_comparison(Parser *p, Node **ret_node)
{
    static const Operator table[] = {{LEX_EQ, EXPR_EQ},  {LEX_NE, EXPR_NE}, {LEX_LT, EXPR_LT},
                                     {LEX_LE, EXPR_LE},  {LEX_GT, EXPR_GT}, {LEX_GE, EXPR_GE},
                                     {LEX_END, EXPR_INT}};
    Node *left, *right;
    TRY(parse_sum(p, &left));
    const Operator *operator= find_operator(p, table);
    *ret_node = left;
    if (!operator)
        return STATUS_OK;
    TRY(parser_advance(p));
    TRY(parse_sum(p, &right));
    TRY(make_binary(p, operator->operation, left, right, ret_node));
    return find_operator(p, table) ? chained_comparison(p, *ret_node) : STATUS_OK;
}

// negation = "not" negation | comparison
static Status parse_negation(Parser *p, Node **ret_node)
{
    SpecSpan word = p->here.span;
    Node *operand;
    bool taken;
    TRY(parser_accept(p, LEX_NOT, &taken));
    if (!taken)
        return parse_comparison(p, ret_node);
    TRY(nested(p, parse_negation, &operand));
    return make_unary(p, EXPR_NOT, word, operand, ret_node);
}

// conjunction = negation { "and" negation }
static Status parse_conjunction(Parser *p, Node **ret_node)
{
    static const Operator table[] = {{LEX_AND, EXPR_AND}, {LEX_END, EXPR_INT}};
    return parse_chain(p, table, parse_negation, ret_node);
}

// disjunction = conjunction { "or" conjunction }
static Status parse_disjunction(Parser *p, Node **ret_node)
{
    static const Operator table[] = {{LEX_OR, EXPR_OR}, {LEX_END, EXPR_INT}};
    return parse_chain(p, table, parse_conjunction, ret_node);
}

// expr = disjunction [ "implies" expr ]
Status parse_expr(Parser *p, Node **ret_node)
{
    Node *left, *right;
    bool taken;
    TRY(parse_disjunction(p, &left));
    TRY(parser_accept(p, LEX_IMPLIES, &taken));
    *ret_node = left;
    if (!taken)
        return STATUS_OK;
    TRY(nested(p, parse_expr, &right));
    return make_binary(p, EXPR_IMPLIES, left, right, ret_node);
}
