#include "prove_cache.h"

#include <stdlib.h>

// NULL: there is none.
static char *default_folder(Arena *arena)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && cache[0] == '/')
        return arena_printf(arena, "%s/ripple", cache);
    return home && home[0] == '/' ? arena_printf(arena, "%s/.cache/ripple", home) : NULL;
}

static SmtCacheMode mode_of(const Options *options)
{
    return options->no_cache  ? SMT_CACHE_OFF
           : options->offline ? SMT_CACHE_OFFLINE
           : options->fresh   ? SMT_CACHE_FRESH
                              : SMT_CACHE_USE;
}

Status prove_cache_open(const Options *options, Diag *diag)
{
    Diag ignored;
    Status status = STATUS_OK;
    if (options->offline && (options->fresh || options->no_cache))
        return diag_set(diag, STATUS_USAGE, "O015",
                        "--offline takes every answer from the cache, --%s none",
                        options->fresh ? "fresh" : "no-cache");
    Arena *arena = arena_new();
    const char *folder = options->cache ? options->cache : default_folder(arena);
    bool needed = options->cache || options->offline;
    if (folder)
        status = smt_cache_open(folder, mode_of(options), needed ? diag : &ignored);
    else if (options->offline)
        status = diag_set(diag, STATUS_USAGE, "O015", "--offline needs --cache DIR here");
    arena_free(arena);
    return needed ? status : STATUS_OK;
}
