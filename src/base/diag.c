#include "diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void check_failed(const char *file, int line, const char *condition)
{
    fprintf(stderr, "%s:%d: internal error: %s does not hold\n", file, line, condition);
    abort();
}

Status diag_set(Diag *diag, Status status, const char *code, const char *format, ...)
{
    va_list args;
    memset(diag, 0, sizeof *diag);
    diag->status = status;
    snprintf(diag->code, sizeof diag->code, "%s", code);
    va_start(args, format);
    vsnprintf(diag->text, sizeof diag->text, format, args);
    va_end(args);
    return status;
}

void diag_path(Diag *diag, const char *path)
{
    snprintf(diag->path, sizeof diag->path, "%s", path);
}

void diag_hint(Diag *diag, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(diag->hint, sizeof diag->hint, format, args);
    va_end(args);
}

static char shown(char c)
{
    return c == '\t' ? ' ' : ((unsigned char)c < 32 || c == 127) ? '?' : c;
}

static void copy_source_line(Diag *diag, const char *line, size_t width, size_t column)
{
    size_t room = sizeof diag->source - 1;
    size_t skip = column > room / 2 && width > room ? column - room / 2 : 0;
    size_t count = width - skip < room ? width - skip : room;
    for (size_t i = 0; i < count; i++)
        diag->source[i] = shown(line[skip + i]);
    diag->source[count] = '\0';
    diag->caret = (int)(column - skip);
    if (diag->length > (int)count - diag->caret)
        diag->length = (int)count > diag->caret ? (int)count - diag->caret : 1;
}

void diag_place(Diag *diag, const char *text, size_t size, size_t offset, size_t length)
{
    size_t start = 0, end;
    if (offset > size)
        offset = size;
    diag->line = 1;
    for (size_t i = 0; i < offset; i++)
        if (text[i] == '\n') {
            diag->line++;
            start = i + 1;
        }
    for (end = offset; end < size && text[end] != '\n'; end++)
        continue;
    if (length > end - offset)
        length = end - offset;
    diag->column = (int)(offset - start) + 1;
    diag->length = length > 0 ? (int)length : 1;
    copy_source_line(diag, text + start, end - start, offset - start);
}

static void print_shown(const char *text, FILE *out)
{
    for (; *text; text++)
        fputc(shown(*text), out);
}

static void print_caret(const Diag *diag, FILE *out)
{
    fprintf(out, "    %s\n    %*s^", diag->source, diag->caret, "");
    for (int i = 1; i < diag->length; i++)
        fputc('~', out);
    fputc('\n', out);
}

void diag_print(const Diag *diag, FILE *out, int color)
{
    if (diag->path[0]) {
        print_shown(diag->path, out);
        fputc(':', out);
    }
    if (diag->line > 0)
        fprintf(out, "%d:%d:", diag->line, diag->column);
    if (diag->path[0] || diag->line > 0)
        fputc(' ', out);
    fprintf(out, "%serror[%s]:%s ", color ? "\033[1;31m" : "", diag->code, color ? "\033[0m" : "");
    print_shown(diag->text, out);
    fputc('\n', out);
    if (diag->line > 0 && diag->source[0])
        print_caret(diag, out);
    if (diag->hint[0]) {
        fputs("  hint: ", out);
        print_shown(diag->hint, out);
        fputc('\n', out);
    }
}
