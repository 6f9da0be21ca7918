// Answers of the solver that outlive the process.
//
// A script that was answered before need not be solved again. The key is the SHA-256 of all that an
// answer depends on: the script, the budget, the version of the solver and the options that it is
// given. Only a script whose every question was answered `sat` or `unsat` is kept. An entry that is
// damaged in any way counts as not there.
//
// An entry is believed as the solver would be; whoever does not want that asks afresh.
//
// Threads: any number at once, and any number of processes. Entries appear whole or not at all.
#pragma once

#include "hash.h"
#include "smt.h"
#include "smtscript.h"

typedef enum SmtCacheMode {
    SMT_CACHE_OFF,     // what holds until smt_cache_open is called
    SMT_CACHE_USE,     // look first, and keep what is solved
    SMT_CACHE_FRESH,   // solve everything, and keep it
    SMT_CACHE_OFFLINE, // never solve
} SmtCacheMode;

// For the whole process, before the first smt_run. `folder` is made if it is missing.
// Errors: those of file_make_folder; then the cache is off.
MUST_USE Status smt_cache_open(const char *folder, SmtCacheMode mode, Diag *diag);

unsigned long smt_cache_hits(void); // questions that the cache has answered so far

// ---- for smt.c ----

typedef struct SmtCacheKey {
    char hex[HASH_HEX_SIZE];
} SmtCacheKey;

void smt_cache_key(const char *script, unsigned long rlimit, SmtCacheKey *ret_key);

// True: the reply, whose arrays have room for the script's answers and values, is filled.
bool smt_cache_find(Arena *arena, const SmtCacheKey *key, const SmtScript *script, SmtReply *reply);

// Keeps a reply if all its answers are definite. What cannot be written is not kept.
void smt_cache_keep(const SmtCacheKey *key, const SmtReply *reply);

bool smt_cache_only(void); // SMT_CACHE_OFFLINE
