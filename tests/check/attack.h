// Attacks on proofcheck: a change of the good bundle, and what must be said to it.
#pragma once

#include <stdint.h>

#include "forge.h"

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
    const char
        *expect; // FILE:LINE: and the beginning of the reason; for code 0, a piece of the theorem
} Attack;

extern const Attack attacks[];
extern const size_t attack_count;
