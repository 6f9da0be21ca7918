// The error of exp32 over every binary32 argument: exp32_exhaustive [THREADS]
//
// MPFR computes e^x for each x between the clamps; a clamped result is compared with the end's. The
// log on stdout is the same on every machine, progress is on stderr. docs/exp32.log is such a log.
// Exit code 0 only if the error is within the axiom of level F (docs/certificate-format.md, K6).
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "exp32.h"
#include "exp32_errors.h"
#include "hash.h"
#include "isa.h"
#include "work.h"

typedef struct Run {
    WorkPool *pool;
    Exp32Errors errors[EXP32_PIECES];
    char hashes[EXP32_PIECES][HASH_HEX_SIZE - 1];
} Run;

static void hash_piece(void *context, size_t piece, int worker)
{
    static _Thread_local uint32_t bits[EXP32_PIECE];
    static _Thread_local unsigned char bytes[EXP32_PIECE * 4];
    Run *run = context;
    char hex[HASH_HEX_SIZE];
    (void)worker;
    exp32_piece_results((int)piece, bits);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(bits[i / 4] >> 8 * (i % 4));
    hash_sha256(bytes, sizeof bytes, hex);
    memcpy(run->hashes[piece], hex, sizeof run->hashes[piece]);
}

static void compare_piece(void *context, size_t piece, int worker)
{
    Run *run = context;
    (void)worker;
    run->errors[piece] = exp32_errors((int)piece, 1);
    mpfr_free_cache();
    if (piece % 2048 == 0)
        fprintf(stderr, "piece %zu of %d\n", piece, EXP32_PIECES);
}

// One hash of all results, which no instruction set may change.
static bool hash_results(Run *run, char ret_hex[HASH_HEX_SIZE])
{
    bool same = true;
    ret_hex[0] = '\0';
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        char hex[HASH_HEX_SIZE];
        if (!isa_available((Isa)isa))
            continue;
        isa_use((Isa)isa);
        work_run(run->pool, EXP32_PIECES, hash_piece, run);
        hash_sha256(run->hashes, sizeof run->hashes, hex);
        fprintf(stderr, "%s: %s\n", isa_name((Isa)isa), hex);
        same = same && (ret_hex[0] == '\0' || strcmp(ret_hex, hex) == 0);
        memcpy(ret_hex, hex, sizeof hex);
    }
    return same;
}

// ---- the log ------------------------------------------------------------------------------------

static double argument(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return (double)x;
}

static void print_worst(const Exp32Worst *worst)
{
    if (worst->error >= 0)
        printf("  %9.7f %16a", worst->error, (double)worst->at);
    else
        printf("  %9s %16s", "-", "-");
}

// The range that starts at this piece: same kind, sign and exponent. Returns the piece after it.
static int print_range(const Run *run, int first, Exp32Errors *total)
{
    static const char *const what[] = {"", " clamped to 0", " clamped to infinity",
                                       " infinity and NaN"};
    Exp32Kind kind = exp32_piece_kind(first);
    Exp32Errors sum = exp32_errors_none;
    int piece = first;
    for (; piece < EXP32_PIECES; piece++) {
        bool joined = kind == EXP32_INSIDE ? piece >> 7 == first >> 7 : piece >> 15 == first >> 15;
        if (!joined || exp32_piece_kind(piece) != kind)
            break;
        exp32_errors_add(&sum, &run->errors[piece]);
    }
    printf("%-16a %9llu", argument((uint32_t)first << 16), (unsigned long long)sum.count);
    if (kind == EXP32_INSIDE) {
        print_worst(&sum.relative);
        print_worst(&sum.absolute);
    }
    if (sum.infinite > 0)
        printf("  %llu infinite", (unsigned long long)sum.infinite);
    printf("%s%s\n", what[kind], sum.wrong > 0 ? "  WRONG" : "");
    exp32_errors_add(total, &sum);
    return piece;
}

static Exp32Errors print_ranges(const Run *run)
{
    Exp32Errors total = exp32_errors_none;
    printf(
        "exp32 and e^x by MPFR on every binary32 argument\n\n"
        "One line for each sign and exponent, named by its argument next to zero: arguments;\n"
        "worst relative error where exp32(x) is normal, in units of 2^-24, and where;\n"
        "worst absolute error where exp32(x) is subnormal or zero, in units of 2^-149, and where.\n"
        "Errors are right to 2^-38 of their units.\n\n");
    for (int piece = 0; piece < EXP32_PIECES;)
        piece = print_range(run, piece, &total);
    return total;
}

// exp32 is 0 at -104 and everywhere below; there e^x lies between 0 and e^-104.
static double error_below(void)
{
    mpfr_t end;
    mpfr_init2(end, 64);
    mpfr_set_si(end, -104, MPFR_RNDU);
    mpfr_exp(end, end, MPFR_RNDU);
    double error = mpfr_get_d(end, MPFR_RNDU) * 0x1p149;
    mpfr_clear(end);
    mpfr_free_cache();
    return error;
}

static bool print_verdict(const Exp32Errors *total, bool same, const char *hash)
{
    double below = error_below();
    bool pass = same && total->count == UINT64_C(1) << 32 && total->wrong == 0 &&
                total->axiom.error < 1 - 0x1p-30 && below < 1;
    printf("\n%llu arguments, %llu wrong\n", (unsigned long long)total->count,
           (unsigned long long)total->wrong);
    printf("sha256 of the results' hashes: %s%s\n", hash, same ? "" : "  NOT OF EVERY SET");
    printf("worst relative error: %.7f * 2^-24 at %a\n", total->relative.error,
           (double)total->relative.at);
    printf("worst absolute error: %.7f * 2^-149 at %a\n", total->absolute.error,
           (double)total->absolute.at);
    printf("clamped to 0 for x <= -104, where 0 < e^x <= %.7f * 2^-149\n", below);
    printf("for x <= 0, |exp32(x) - e^x| / (2^-23 e^x + 2^-149) is at most %.7f, at %a\n",
           total->axiom.error, (double)total->axiom.at);
    printf("%s: |exp32(x) - e^x| <= 2^-23 e^x + 2^-149 for every x <= 0\n", pass ? "PASS" : "FAIL");
    return pass;
}

int main(int argc, char **argv)
{
    Arena *arena = arena_new();
    Run *run = ARENA_NEW(arena, Run, 1);
    char hash[HASH_HEX_SIZE];
    run->pool = work_pool_new(argc > 1 ? atoi(argv[1]) : work_default_threads());
    bool same = hash_results(run, hash);
    work_run(run->pool, EXP32_PIECES, compare_piece, run);
    Exp32Errors total = print_ranges(run);
    bool pass = print_verdict(&total, same, hash);
    work_pool_free(run->pool);
    arena_free(arena);
    return pass ? EXIT_SUCCESS : EXIT_FAILURE;
}
