// What edits of a forged bundle are made of, and the rows of a table of attacks. An edit that does not apply ends the
// program.
#pragma once

#include "attack.h"

void edit_must(bool done, const char *what);

// The n-th occurrence (from 1) of `old` becomes `new`, see forge_replace.
void edit_replace(Forge *f, ForgeFile file, const char *old, const char *new, int n);

// Lines count from 1. A line that is put ends where the old one did; text that is inserted before a line brings its
// newlines along.
char *edit_line_of(const Forge *f, ForgeFile file, int line);
int edit_line_starting(const Forge *f, ForgeFile file, const char *start, int n);
void edit_put_line(Forge *f, ForgeFile file, int line, const char *text);
void edit_insert(Forge *f, ForgeFile file, int line, const char *text);
void edit_cut_lines(Forge *f, ForgeFile file, int first, int count);

// All from the n-th line on that starts so.
void edit_cut_from(Forge *f, ForgeFile file, const char *start, int n);

// The k-th word (from 0) of a line is replaced.
void edit_put_word(Forge *f, ForgeFile file, int line, int k, const char *word);

#define EDIT(name)   static void name(Forge *f)
#define TAMPER(name) static void name(const char *dir)

// Rows of a table: a replacement; or, of the attack's name, an edit, an edit of SHA256SUMS, or something done to the
// folder.
#define R(attack, exit, in, nth, from, to, reason)                                                 \
    {                                                                                              \
        .name = #attack, .file = in, .old = from, .new = to, .n = nth, .code = exit,               \
        .expect = reason                                                                           \
    }
#define E(attack, exit, reason)                                                                    \
    {                                                                                              \
        .name = #attack, .edit = attack, .code = exit, .expect = reason                            \
    }
#define S(attack, exit, reason)                                                                    \
    {                                                                                              \
        .name = #attack, .sums = attack, .code = exit, .expect = reason                            \
    }
#define F(attack, exit, reason)                                                                    \
    {                                                                                              \
        .name = #attack, .tamper = attack, .code = exit, .expect = reason                          \
    }
