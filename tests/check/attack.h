// Attacks on proofcheck: a change of the good bundle, and what must be said to it.
#pragma once

#include <stddef.h>

#include "forge.h"

enum { ACCEPTED = 0, REJECTED = 13, MALFORMED = 65, MISSING = 66 };

typedef void AttackEdit(Forge *forge);
typedef void AttackTamper(const char *folder);

// First comes the replacement of the n-th occurrence of a text, or an edit of the files; then they are hashed; then
// SHA256SUMS may be edited, and, when all is written, the folder tampered with.
typedef struct Attack {
    const char *name;
    ForgeFile file;
    const char *old, *new;
    int n; // 0: no replacement
    AttackEdit *edit, *sums;
    AttackTamper *tamper;
    int code; // of the exit
    // FILE:LINE: and the beginning of the reason; if it is accepted, a piece of the theorem.
    const char *expect;
} Attack;

// The attacks of a file: attacks_NAME.c defines attacks_NAME.
typedef struct AttackTable {
    const Attack *attacks;
    size_t count;
} AttackTable;
