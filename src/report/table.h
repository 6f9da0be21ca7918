// A table of text: columns are as wide as their widest cell.
#pragma once

#include "arena.h"
#include "text.h"

enum { TABLE_COLUMNS_MAX = 8 };

typedef struct Table {
    Arena *arena;
    int columns, rows, capacity;
    const char **cell; // [rows][columns]
    unsigned right;    // bit 1 << column: cells stand at the right
} Table;

Table table_new(Arena *arena, int columns, unsigned right);

// Appends a row of empty cells, and fills a cell of the last row.
void table_row(Table *table);
void table_cell(Table *table, int column, const char *format, ...) PRINTF_LIKE(3, 4);

// Two spaces in front of each row and between cells; nothing behind the last.
void table_render(const Table *table, Text *text);
