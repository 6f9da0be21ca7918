// Forged bundles: a good one is loaded, changed, hashed again so that no checksum gives the change away, written to
// a folder, and shown to proofcheck.
#pragma once

#include <stdbool.h>

#include "arena.h"
#include "text.h"

typedef enum ForgeFile {
    FORGE_AUDIT,
    FORGE_CERTIFICATE,
    FORGE_MANIFEST,
    FORGE_MODEL,
    FORGE_OBLIGATIONS,
    FORGE_SMT,
    FORGE_SPEC,
    FORGE_SUMS, // made when the bundle is written
    FORGE_TASK,
    FORGE_FILES,
} ForgeFile;

extern const char *const forge_names[FORGE_FILES];

typedef struct Forge {
    Text file[FORGE_FILES];
} Forge;

// Reads the bundle in a folder; ends the program if it cannot.
void forge_load(Forge *forge, const char *folder);
void forge_free(Forge *forge);

// Makes *to a copy of *from; it is freed first, so it must be empty or a forge.
void forge_copy(Forge *to, const Forge *from);

// The n-th occurrence (from 1) of `old` in a file becomes `new`; false if there are fewer. In the model's file that is
// to be in the header, whose size is put right.
bool forge_replace(Forge *forge, ForgeFile file, const char *old, const char *new, int n);

void forge_splice(Forge *forge, ForgeFile file, size_t at, size_t cut, const void *bytes,
                  size_t count);

// Where an entry of a tensor of float numbers lies in the model's file; ends the program if there is no such tensor.
size_t forge_weight_at(const Forge *forge, const char *tensor, size_t index);
float forge_weight(const Forge *forge, const char *tensor, size_t index);
void forge_set_weight(Forge *forge, const char *tensor, size_t index, float value);

// SHA256SUMS and the root anew, from the other files.
void forge_hash(Forge *forge);

// The root, and the hash of MANIFEST.json, from the other lines of SHA256SUMS as they are.
void forge_hash_root(Forge *forge);

// Writes all files; the folder is made if it is missing.
void forge_write(const Forge *forge, const char *folder);

// What proofcheck says.
typedef struct ForgeVerdict {
    int code; // of its exit; -1 if a signal ended it
    size_t length;
    char text[8192]; // what it printed, both streams
} ForgeVerdict;

void forge_ask(const char *proofcheck, const char *folder, ForgeVerdict *ret);

// Hashes, writes and asks.
void forge_try(Forge *forge, const char *proofcheck, const char *folder, ForgeVerdict *ret);

// What an accepted bundle is said to prove: the text without the lines of the margins and the root.
void forge_theorem(const ForgeVerdict *verdict, char ret[8192]);

// The margin that is printed for the n-th answer position (from 0), or for all of them (-1).
double forge_margin(const ForgeVerdict *verdict, int n);

// A new folder for forged bundles; ends the program if it cannot be made.
char *forge_folder(Arena *arena);
void forge_remove(const char *folder);
