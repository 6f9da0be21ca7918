#include "lexer.h"

#include <stdio.h>
#include <string.h>

#include "fault.h"

typedef struct Spelling {
    LexKind kind;
    const char *text;
} Spelling;

#define SPELLING(name, text) {LEX_##name, text},
static const Spelling words[] = {LEX_WORDS(SPELLING)};
static const Spelling signs[] = {LEX_SIGNS(SPELLING)};
#undef SPELLING

#define DESCRIPTION(name, text) "`" text "`",
static const char *const descriptions[] = {
    "the end of the line", "the end of the file", "a name",
    "an integer",          "a text in quotes",    LEX_WORDS(DESCRIPTION) LEX_SIGNS(DESCRIPTION)};
#undef DESCRIPTION

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *lex_describe(LexKind kind)
{
    return descriptions[kind];
}

bool lex_is_word(LexKind kind)
{
    return kind >= words[0].kind && kind <= words[COUNT(words) - 1].kind;
}

Lexer lexer_new(const Spec *spec)
{
    return (Lexer){.spec = spec, .last = {.kind = LEX_LINE}};
}

// --- characters; the same in every locale ---

static int peek(const Lexer *lexer, size_t ahead)
{
    size_t at = lexer->position + ahead;
    return at < lexer->spec->size ? (unsigned char)lexer->spec->text[at] : -1;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_control(int c)
{
    return (c >= 0 && c < 32) || c == 127;
}

// Bytes of the well-formed UTF-8 character at `ahead` (RFC 3629); 0 if there is none.
static size_t utf8_length(const Lexer *lexer, size_t ahead)
{
    int c = peek(lexer, ahead), second = peek(lexer, ahead + 1);
    size_t length = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    if (c < 0 || (c == 0xe0 && second < 0xa0) || (c == 0xed && second >= 0xa0) ||
        (c == 0xf0 && second < 0x90) || (c == 0xf4 && second >= 0x90))
        return 0;
    for (size_t k = 1; k < length; k++)
        if (peek(lexer, ahead + k) < 0x80 || peek(lexer, ahead + k) >= 0xc0)
            return 0;
    return length;
}

static void skip_blanks(Lexer *lexer)
{
    int c = peek(lexer, 0);
    while (c == ' ' || c == '\t' || c == '\r') {
        lexer->position++;
        c = peek(lexer, 0);
    }
    if (c == '#')
        while (c != '\n' && c >= 0) {
            lexer->position++;
            c = peek(lexer, 0);
        }
}

// --- one lexeme; each reader is called at its first character ---

static void take(Lexer *lexer, LexKind kind, size_t length, Lexeme *ret_lexeme)
{
    *ret_lexeme = (Lexeme){.kind = kind, .span = {lexer->position, length}};
    lexer->position += length;
}

static const char *hint_for(int c)
{
    switch (c) {
    case '/':
        return "division is written `div`, and rounds down";
    case '%':
        return "the rest of a division is written `mod`";
    case '&':
        return "write `and`";
    case '|':
        return "write `or`";
    case '!':
        return "write `not`, or `!=`";
    case '\'':
        return "texts stand in double quotes";
    case '.':
        return "a range is written `..`";
    case '{':
    case '}':
        return "braces belong into the path of the model";
    default:
        return c >= 128 ? "characters beyond ASCII may stand in texts and comments" : NULL;
    }
}

static Status bad_byte(const Lexer *lexer, Diag *diag)
{
    int c = peek(lexer, 0);
    size_t length = utf8_length(lexer, 0);
    SpecSpan span = {lexer->position, length};
    if (c > 32 && c < 127)
        spec_fault(lexer->spec, span, diag, FAULT_BYTE, "the character `%c` has no meaning here",
                   c);
    else
        spec_fault(lexer->spec, span, diag, FAULT_BYTE, "the byte 0x%02X has no meaning here",
                   (unsigned)c);
    if (hint_for(c))
        diag_hint(diag, "%s", hint_for(c));
    return STATUS_MALFORMED;
}

static Status read_integer(Lexer *lexer, Lexeme *ret_lexeme, Diag *diag)
{
    size_t length = 0;
    long long value = 0;
    bool fits = true;
    for (; is_digit(peek(lexer, length)); length++)
        fits = fits && !__builtin_mul_overflow(value, 10, &value) &&
               !__builtin_add_overflow(value, peek(lexer, length) - '0', &value);
    if (!fits)
        return spec_fault(lexer->spec, (SpecSpan){lexer->position, length}, diag, FAULT_INTEGER,
                          "an integer of 2^63 or more");
    take(lexer, LEX_INTEGER, length, ret_lexeme);
    ret_lexeme->value = value;
    return STATUS_OK;
}

static LexKind find_word(const char *text, size_t length)
{
    for (size_t k = 0; k < COUNT(words); k++)
        if (strlen(words[k].text) == length && memcmp(words[k].text, text, length) == 0)
            return words[k].kind;
    return LEX_NAME;
}

static Status read_word(Lexer *lexer, Lexeme *ret_lexeme, Diag *diag)
{
    size_t length = 0;
    while (is_letter(peek(lexer, length)) || is_digit(peek(lexer, length)))
        length++;
    if (length > SPEC_NAME_MAX)
        return spec_fault(lexer->spec, (SpecSpan){lexer->position, length}, diag, FAULT_NAME,
                          "a name of %zu characters; at most %d are allowed", length,
                          SPEC_NAME_MAX);
    take(lexer, find_word(lexer->spec->text + lexer->position, length), length, ret_lexeme);
    return STATUS_OK;
}

static Status read_text(Lexer *lexer, Lexeme *ret_lexeme, Diag *diag)
{
    size_t length = 1;
    while (peek(lexer, length) != '"') {
        int c = peek(lexer, length);
        size_t bytes = utf8_length(lexer, length);
        if (c < 0 || c == '\n')
            return spec_fault(lexer->spec, (SpecSpan){lexer->position, length}, diag, FAULT_STRING,
                              "a text without closing quote");
        if (bytes == 0 || is_control(c))
            return spec_fault(lexer->spec, (SpecSpan){lexer->position + length, 1}, diag,
                              FAULT_BYTE, "the byte 0x%02X may not stand in a text", (unsigned)c);
        length += bytes;
    }
    take(lexer, LEX_TEXT, length + 1, ret_lexeme);
    return STATUS_OK;
}

static Status read_sign(Lexer *lexer, Lexeme *ret_lexeme, Diag *diag)
{
    for (size_t k = 0; k < COUNT(signs); k++) {
        const char *text = signs[k].text;
        if (peek(lexer, 0) == text[0] && (!text[1] || peek(lexer, 1) == text[1])) {
            take(lexer, signs[k].kind, strlen(text), ret_lexeme);
            return STATUS_OK;
        }
    }
    return bad_byte(lexer, diag);
}

// The next lexeme; every end of a line is one.
static Status read_any(Lexer *lexer, Lexeme *ret_lexeme, Diag *diag)
{
    skip_blanks(lexer);
    int c = peek(lexer, 0);
    if (c < 0)
        take(lexer, LEX_END, 0, ret_lexeme);
    else if (c == '\n')
        take(lexer, LEX_LINE, 1, ret_lexeme);
    else if (c == '"')
        return read_text(lexer, ret_lexeme, diag);
    else if (is_digit(c))
        return read_integer(lexer, ret_lexeme, diag);
    else if (is_letter(c))
        return read_word(lexer, ret_lexeme, diag);
    else
        return read_sign(lexer, ret_lexeme, diag);
    return STATUS_OK;
}

// --- where statements end ---

// Signs and words between two operands: neither a line that ends in one nor a line that begins with
// one is complete.
static bool is_infix(LexKind kind)
{
    switch (kind) {
    case LEX_AND:
    case LEX_OR:
    case LEX_IMPLIES:
    case LEX_DIV:
    case LEX_MOD:
    case LEX_THEN:
    case LEX_ELSE:
    case LEX_NE:
    case LEX_LE:
    case LEX_GE:
    case LEX_LT:
    case LEX_GT:
    case LEX_EQ:
    case LEX_DOTS:
    case LEX_PLUS:
    case LEX_MINUS:
    case LEX_TIMES:
    case LEX_POWER:
    case LEX_COMMA:
    case LEX_COLON:
        return true;
    default:
        return false;
    }
}

static bool wants_more(LexKind kind)
{
    return is_infix(kind) || kind == LEX_NOT || kind == LEX_IF || kind == LEX_LINE;
}

static Status read_past_lines(Lexer *lexer, Lexeme *ret_lexeme, Diag *diag)
{
    do
        TRY(read_any(lexer, ret_lexeme, diag));
    while (ret_lexeme->kind == LEX_LINE);
    return STATUS_OK;
}

// Called when a line has ended that may be complete: decides by what comes first in the next one.
static Status end_line(Lexer *lexer, Lexeme *ret_lexeme, Diag *diag)
{
    TRY(read_past_lines(lexer, &lexer->waiting, diag));
    lexer->has_waiting = !is_infix(lexer->waiting.kind);
    *ret_lexeme = lexer->has_waiting ? (Lexeme){.kind = LEX_LINE} : lexer->waiting;
    return STATUS_OK;
}

static Status read_next(Lexer *lexer, Lexeme *ret_lexeme, Diag *diag)
{
    if (lexer->has_waiting) {
        lexer->has_waiting = false;
        *ret_lexeme = lexer->waiting;
        return STATUS_OK;
    }
    if (lexer->brackets > 0 || wants_more(lexer->last.kind))
        return read_past_lines(lexer, ret_lexeme, diag);
    TRY(read_any(lexer, ret_lexeme, diag));
    bool ends = ret_lexeme->kind == LEX_LINE || ret_lexeme->kind == LEX_END;
    return ends ? end_line(lexer, ret_lexeme, diag) : STATUS_OK;
}

static void count_brackets(Lexer *lexer, LexKind kind)
{
    if (kind == LEX_OPEN || kind == LEX_OPEN_INDEX)
        lexer->brackets++;
    else if ((kind == LEX_CLOSE || kind == LEX_CLOSE_INDEX) && lexer->brackets > 0)
        lexer->brackets--;
}

Status lexer_next(Lexer *lexer, Lexeme *ret_lexeme, Diag *diag)
{
    Lexeme lexeme;
    size_t behind = lexer->last.span.offset + lexer->last.span.length;
    TRY(read_next(lexer, &lexeme, diag));
    if (lexeme.kind == LEX_LINE || lexeme.kind == LEX_END)
        lexeme.span = (SpecSpan){behind, 0};
    count_brackets(lexer, lexeme.kind);
    lexer->last = *ret_lexeme = lexeme;
    return STATUS_OK;
}
