#include "checking.h"

#include <gmp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "pool.h"
#include "reject.h"

static jmp_buf end_of_attempt;

// ---- instead of src/check/reject.c --------------------------------------------------------------

void stop(int code, Place place, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if ((code != EXIT_REJECTED && code != EXIT_MALFORMED) || !place.file || place.line < 0 ||
        !text[0])
        abort();
    longjmp(end_of_attempt, 1);
}

void fail(int code, const char *format, ...)
{
    (void)code, (void)format;
    abort();
}

// ---- GMP's memory, all of it known --------------------------------------------------------------

typedef struct Limbs {
    struct Limbs *before, *after;
} Limbs;

static Limbs known = {&known, &known};

static void *take(size_t size)
{
    Limbs *limbs = malloc(sizeof *limbs + size);
    if (!limbs)
        abort();
    *limbs = (Limbs){&known, known.after};
    known.after->before = limbs;
    known.after = limbs;
    return limbs + 1;
}

static void give_back(void *memory, size_t size)
{
    Limbs *limbs = (Limbs *)memory - 1;
    (void)size;
    limbs->before->after = limbs->after;
    limbs->after->before = limbs->before;
    free(limbs);
}

static void *take_again(void *memory, size_t old, size_t size)
{
    void *other = take(size);
    memcpy(other, memory, old < size ? old : size);
    give_back(memory, old);
    return other;
}

// ---- attempts -----------------------------------------------------------------------------------

bool checking_try(void (*check)(void *), void *context)
{
    PoolMark mark = pool_mark();
    mp_set_memory_functions(take, take_again, give_back);
    bool ended = setjmp(end_of_attempt) != 0;
    if (!ended)
        check(context);
    while (known.after != &known)
        give_back(known.after + 1, 0);
    pool_release(mark);
    return !ended;
}

ProofFile checking_file(const char *name, const uint8_t *data, size_t size)
{
    ProofFile file = {name, POOL_TAKE(char, size + 1), size};
    if (size > 0)
        memcpy(file.bytes, data, size);
    return file;
}
