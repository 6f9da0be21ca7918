// What a function that can fail returns. A Status other than STATUS_OK is also the exit code of the
// command that it ends, so no error path can turn into a success on its way to `main`.
#pragma once

typedef enum Status {
    STATUS_OK = 0,
    STATUS_LIMIT = 11,        // a budget or a bound on memory was met: the answer is unknown
    STATUS_STALE = 13,        // what was stored does not match, or is not there
    STATUS_USAGE = 64,        // the command line is wrong
    STATUS_MALFORMED = 65,    // the content of a spec, model or recipe is wrong
    STATUS_MISSING = 66,      // an input file is not there or cannot be read
    STATUS_INTERNAL = 70,     // Ripple contradicts itself
    STATUS_CANNOT_WRITE = 73, // an output file cannot be created
    STATUS_IO = 74,           // reading or writing failed half-way
    STATUS_INTERRUPTED = 130, // Ctrl-C
} Status;

#define MUST_USE                 __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((__format__(__printf__, text, first)))

// Returns from the calling function if `call` fails.
#define TRY(call)                                                                                  \
    do {                                                                                           \
        Status try_status = (call);                                                                \
        if (try_status != STATUS_OK)                                                               \
            return try_status;                                                                     \
    } while (0)

// A broken invariant: prints where and aborts; never compiled out.
#define CHECK(condition) ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, #condition))
_Noreturn void check_failed(const char *file, int line, const char *condition);
