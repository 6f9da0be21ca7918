#include "table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

Table table_new(Arena *arena, int columns, unsigned right)
{
    CHECK(columns >= 1 && columns <= TABLE_COLUMNS_MAX);
    return (Table){.arena = arena, .columns = columns, .right = right};
}

void table_row(Table *table)
{
    size_t columns = (size_t)table->columns;
    if (table->rows == table->capacity) {
        const char **old = table->cell;
        table->capacity = table->capacity ? 2 * table->capacity : 16;
        table->cell = ARENA_NEW(table->arena, const char *, (size_t)table->capacity *columns);
        if (old)
            memcpy(table->cell, old, (size_t)table->rows * columns * sizeof *old);
    }
    table->rows++;
    for (int c = 0; c < table->columns; c++)
        table_cell(table, c, "%s", "");
}

void table_cell(Table *table, int column, const char *format, ...)
{
    char buffer[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    table->cell[(table->rows - 1) * table->columns + column] = arena_strdup(table->arena, buffer);
}

static const char *cell_at(const Table *table, int row, int column)
{
    return table->cell[row * table->columns + column];
}

static void render_row(const Table *table, int row, const int *width, Text *text)
{
    int last = table->columns - 1;
    while (last > 0 && !cell_at(table, row, last)[0])
        last--;
    for (int c = 0; c <= last; c++) {
        unsigned right = table->right >> c & 1;
        text_add(text, "  %*s",
                 right      ? width[c]
                 : c < last ? -width[c]
                            : 0,
                 cell_at(table, row, c));
    }
    text_add(text, "\n");
}

void table_render(const Table *table, Text *text)
{
    int width[TABLE_COLUMNS_MAX] = {0};
    for (int r = 0; r < table->rows; r++)
        for (int c = 0; c < table->columns; c++) {
            int length = (int)strlen(cell_at(table, r, c));
            width[c] = length > width[c] ? length : width[c];
        }
    for (int r = 0; r < table->rows; r++)
        render_row(table, r, width, text);
}
