// Logits of a shipped model, bit for bit: on every instruction set, in batches of any size, on any
// number of threads, and as recorded. Compiled against the model library as it is, without
// optimisation, and for this processor; the recorded hash makes compilers and machines agree too.
#include <string.h>

#include "harness.h"
#include "hash.h"
#include "inference.h"
#include "isa.h"
#include "questions.h"
#include "work.h"

enum { DIGITS = 5, COUNT = 2000, FEW = 200, PIECE = 100 };

typedef struct Fixture {
    Arena *arena;
    Questions questions;
    int *tokens;   // [COUNT][length]
    size_t size;   // of one question's logits
    float *wanted; // [COUNT][size] by the fastest instruction set
} Fixture;

static Isa fastest(void)
{
    Isa isa = ISA_COUNT - 1;
    while (!isa_available(isa))
        isa--;
    return isa;
}

static void logits(const Fixture *f, int first, int count, int batch, float *ret_logits)
{
    Arena *arena = arena_new();
    int length = f->questions.length;
    Inference *inference = inference_new(arena, f->questions.model, length);
    for (int done = 0; done < count; done += batch) {
        int now = count - done < batch ? count - done : batch;
        inference_logits(inference, f->tokens + (first + done) * length, now, length,
                         f->questions.prompt - 1, ret_logits + (size_t)done * f->size);
    }
    arena_free(arena);
}

static Fixture fixture_new(void)
{
    Fixture f = {.arena = arena_new()};
    f.questions = questions_open(f.arena, DIGITS);
    f.size = (size_t)f.questions.answer * (size_t)f.questions.model->shape.d_vocab;
    f.tokens = ARENA_NEW(f.arena, int, (size_t)(COUNT * f.questions.length));
    f.wanted = ARENA_NEW(f.arena, float, COUNT *f.size);
    for (int i = 0; i < COUNT; i++) {
        int tokens[TASK_POSITIONS_MAX];
        questions_tokens(&f.questions, (uint64_t)i, tokens);
        memcpy(f.tokens + i * f.questions.length, tokens, (size_t)f.questions.length * sizeof(int));
    }
    isa_use(fastest());
    logits(&f, 0, COUNT, 16, f.wanted);
    return f;
}

static void logits_are_as_recorded(void)
{
    static const char recorded[] =
        "6f7dc0496af04bab68c94de52ee2a5072058717f9abde43907567fc01d847b32";
    Fixture f = fixture_new();
    size_t bytes = COUNT * f.size * sizeof(float);
    unsigned char *little = arena_alloc(f.arena, bytes, 1);
    char hash[HASH_HEX_SIZE];
    for (size_t i = 0; i < bytes; i++) {
        uint32_t bits;
        memcpy(&bits, &f.wanted[i / 4], sizeof bits);
        little[i] = (unsigned char)(bits >> 8 * (i % 4));
    }
    hash_sha256(little, bytes, hash);
    CU_ASSERT_STRING_EQUAL(hash, recorded);
    if (strcmp(hash, recorded) != 0)
        printf("the logits' hash is %s\n", hash);
    arena_free(f.arena);
}

static void every_instruction_set_and_batch_gives_the_same_bits(void)
{
    static const int batches[] = {1, 7, 16, 33, FEW};
    Fixture f = fixture_new();
    size_t bytes = FEW * f.size * sizeof(float);
    float *found = ARENA_NEW(f.arena, float, FEW *f.size);
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (!isa_available((Isa)isa))
            continue;
        isa_use((Isa)isa);
        for (size_t b = isa == ISA_GENERIC ? 2 : 0; b < sizeof batches / sizeof *batches; b++) {
            memset(found, 0, bytes);
            logits(&f, 0, FEW, batches[b], found);
            CU_ASSERT(memcmp(found, f.wanted, bytes) == 0);
        }
    }
    isa_use(fastest());
    arena_free(f.arena);
}

typedef struct Shared {
    const Fixture *fixture;
    float *found; // [COUNT][size]
} Shared;

static void run_piece(void *context, size_t piece, int worker)
{
    const Shared *shared = context;
    int first = (int)piece * PIECE;
    (void)worker;
    logits(shared->fixture, first, PIECE, 16 + (int)piece,
           shared->found + (size_t)first * shared->fixture->size);
}

static void threads_give_the_same_bits(void)
{
    Fixture f = fixture_new();
    Shared shared = {&f, ARENA_NEW(f.arena, float, COUNT *f.size)};
    size_t bytes = COUNT * f.size * sizeof(float);
    for (int threads = 2; threads <= 5; threads += 3) {
        WorkPool *pool = work_pool_new(threads);
        memset(shared.found, 0, bytes);
        work_run(pool, COUNT / PIECE, run_piece, &shared);
        CU_ASSERT(memcmp(shared.found, f.wanted, bytes) == 0);
        work_pool_free(pool);
    }
    arena_free(f.arena);
}

#define TESTS(X)                                                                                   \
    X(logits_are_as_recorded)                                                                      \
    X(every_instruction_set_and_batch_gives_the_same_bits)                                         \
    X(threads_give_the_same_bits)
RUN_TESTS("builds", TESTS)
