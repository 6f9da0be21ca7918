// Runs a fuzz target as an ordinary test: `fuzz_NAME FOLDER [ROUNDS]`.
//
// Every file of the folder goes through the target once as it is. Then, in rounds, every file goes
// through it again with a few random changes; change r of file f is the same on every machine.
// Rounds end after two seconds. The input is always in a block of exactly its size, so that
// AddressSanitizer sees a read past the end.
//
// A target is built for libFuzzer without this file (it brings its own main):
//
//     clang -std=c17 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined -Isrc/base -Isrc/spec
//         tests/fuzz/fuzz_spec.c src/base/*.c src/spec/*.c -lgmp -lnettle -lpthread -o fuzz_spec
//     mkdir found && ./fuzz_spec -max_total_time=120 -max_len=4096 found tests/fuzz/corpus/spec
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "file.h"
#include "fuzz.h"
#include "rng.h"
#include "work.h"

enum { SEED = 20240229, ROUNDS = 10000, CHANGES_MAX = 4, INPUT_MAX = 1 << 20 };
static const double SECONDS_MAX = 2.0;

typedef struct Input {
    char *name, *bytes;
    size_t size;
} Input;

typedef struct Corpus {
    Arena *arena;
    Input *inputs;
    uint32_t count;
} Corpus;

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

// All files of the folder, by name. Returns 0, or 1 after a message.
static int corpus_load(Corpus *corpus, const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_visible, alphasort);
    if (count <= 0) {
        fprintf(stderr, "%s: no corpus there\n", folder);
        return 1;
    }
    corpus->inputs = ARENA_NEW(corpus->arena, Input, (size_t)count);
    corpus->count = (uint32_t)count;
    for (int i = 0; i < count; i++) {
        Input *input = &corpus->inputs[i];
        Diag diag;
        input->name = arena_printf(corpus->arena, "%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
        if (file_read(corpus->arena, input->name, INPUT_MAX, &input->bytes, &input->size, &diag) !=
            STATUS_OK) {
            diag_print(&diag, stderr, 0);
            return 1;
        }
    }
    free(entries);
    return 0;
}

static void run(const void *bytes, size_t size)
{
    uint8_t *copy = heap_alloc(size, 1);
    if (size > 0)
        memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static size_t pick(Rng *rng, size_t bound)
{
    return rng_below(rng, (uint32_t)bound);
}

// Puts `count` bytes at `from` in the place of `bytes[at .. at + cut)`. Requires: capacity for
// them.
static size_t splice(uint8_t *bytes, size_t size, size_t at, size_t cut, const void *from,
                     size_t count)
{
    memmove(bytes + at + count, bytes + at + cut, size - at - cut);
    if (count > 0)
        memcpy(bytes + at, from, count);
    return size + count - cut;
}

// One random change: a bit, a byte, a piece cut out, or a piece of some other input put in.
static size_t change(const Corpus *corpus, Rng *rng, uint8_t *bytes, size_t size, size_t capacity)
{
    size_t at = pick(rng, size + 1), cut = pick(rng, (size - at < 16 ? size - at : 16) + 1);
    const Input *donor = &corpus->inputs[rng_below(rng, corpus->count)];
    size_t start = pick(rng, donor->size + 1), rest = donor->size - start;
    size_t count = pick(rng, (rest < 64 ? rest : 64) + 1);
    uint8_t byte = (uint8_t)rng_next(rng);
    switch (rng_below(rng, 5)) {
    case 0:
        if (at < size)
            bytes[at] ^= (uint8_t)(1u << (byte & 7));
        return size;
    case 1:
        if (at < size)
            bytes[at] = byte;
        return size;
    case 2:
        return splice(bytes, size, at, cut, NULL, 0);
    case 3:
        return size < capacity ? splice(bytes, size, at, 0, &byte, 1) : size;
    default:
        return size - cut + count <= capacity
                   ? splice(bytes, size, at, cut, donor->bytes + start, count)
                   : size;
    }
}

static void run_changed(const Corpus *corpus, uint32_t which, uint64_t round)
{
    const Input *input = &corpus->inputs[which];
    Rng rng = rng_new(SEED + round, which);
    size_t size = input->size, capacity = size + 64 * CHANGES_MAX;
    uint8_t *bytes = heap_alloc(capacity, 1);
    if (size > 0)
        memcpy(bytes, input->bytes, size);
    for (uint32_t left = 1 + rng_below(&rng, CHANGES_MAX); left > 0; left--)
        size = change(corpus, &rng, bytes, size, capacity);
    run(bytes, size);
    free(bytes);
}

static unsigned long run_rounds(const Corpus *corpus, uint64_t rounds)
{
    double start = work_seconds();
    unsigned long runs = 0;
    for (uint64_t round = 0; round < rounds; round++)
        for (uint32_t i = 0; i < corpus->count; i++, runs++) {
            if (work_seconds() - start > SECONDS_MAX)
                return runs;
            run_changed(corpus, i, round);
        }
    return runs;
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: %s FOLDER [ROUNDS]\n", argv[0]);
        return EXIT_FAILURE;
    }
    Corpus corpus = {.arena = arena_new()};
    int failed = corpus_load(&corpus, argv[1]);
    for (uint32_t i = 0; !failed && i < corpus.count; i++)
        run(corpus.inputs[i].bytes, corpus.inputs[i].size);
    if (!failed) {
        unsigned long runs = run_rounds(&corpus, argc > 2 ? strtoull(argv[2], NULL, 10) : ROUNDS);
        printf("%u inputs and %lu changed ones\n", (unsigned)corpus.count, runs);
    }
    arena_free(corpus.arena);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
