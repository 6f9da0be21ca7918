#include "bundle_compare.h"

#include <string.h>

bool bundle_comparable(const Manifest *recorded, const char *name)
{
    if (strcmp(name, "audit.md") == 0)
        return recorded->same_ripple;
    if (strcmp(name, "MANIFEST.json") == 0 || strcmp(name, "SHA256SUMS") == 0)
        return recorded->same_ripple && recorded->same_solver;
    return true;
}

// The first line, counted from 1, that is not the same.
static int differing_line(const BundleFile *a, const BundleFile *b)
{
    int line = 1;
    for (size_t i = 0; i < a->size && i < b->size && a->bytes[i] == b->bytes[i]; i++)
        line += a->bytes[i] == '\n';
    return line;
}

static Status compare(const BundleRead *recorded, const BundleFile *found, Diag *diag)
{
    const BundleFile *old = bundle_find(&recorded->bundle, found->name);
    if (!bundle_comparable(&recorded->manifest, found->name))
        return STATUS_OK;
    if (!old)
        return diag_set(diag, STATUS_STALE, "C011", "the prover finds %s, which is not listed",
                        found->name);
    if (strcmp(old->sha256, found->sha256) == 0)
        return STATUS_OK;
    diag_set(diag, STATUS_STALE, "C011", "the prover finds something else than %s", found->name);
    if (old->bytes)
        diag_set(diag, STATUS_STALE, "C011",
                 "the prover finds something else than %s, from line %d on", found->name,
                 differing_line(old, found));
    return STATUS_STALE;
}

// The manifest has the hash of all others, and SHA256SUMS has the manifest's: they come last, so that the
// file is named in which the difference is. No other file can be recorded: names are few, and smt.sha256
// lists the scripts.
Status bundle_compare(const BundleRead *recorded, const Bundle *found, Diag *diag)
{
    int last = found->n_files - 1;
    for (int i = 1; i < last; i++)
        TRY(compare(recorded, &found->file[i], diag));
    TRY(compare(recorded, &found->file[0], diag));
    return compare(recorded, &found->file[last], diag);
}
