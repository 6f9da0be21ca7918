// How the checker ends early. There is no way back from any of these: what has been established so far
// is worth nothing unless everything is.
#pragma once

enum {
    EXIT_ACCEPTED = 0,
    EXIT_REJECTED = 13,
    EXIT_USAGE = 64,
    EXIT_MALFORMED = 65,
    EXIT_MISSING = 66,
    EXIT_INTERNAL = 70,
    EXIT_IO = 74
};

// A line of a file of the bundle; line 0 is the file as a whole.
typedef struct Place {
    const char *file;
    int line;
} Place;

static const Place place_model = {"model.safetensors", 0};

// Says where and why, and ends the program with this code.
_Noreturn void stop(int code, Place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Something that the checker cannot establish, or that is not of the form that K3 to K11 give it: place, format, ...
#define reject(...)    stop(EXIT_REJECTED, __VA_ARGS__)
#define malformed(...) stop(EXIT_MALFORMED, __VA_ARGS__)

// Trouble of the checker's own, with an exit code of it.
_Noreturn void fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
