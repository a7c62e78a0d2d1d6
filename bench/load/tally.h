/* What a run has measured, and the errors it has met. */
#ifndef TALLY_H
#define TALLY_H

#include "histogram.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

enum { LONGEST_ERROR = 400 };

/* All zero at first. */
struct tally {
    bool is_measuring;        /* only then are messages, round trips and opens counted */
    uint64_t messages;        /* that came back as they should */
    struct histogram batches; /* round trips, in nanoseconds */
    struct histogram opens;   /* from connecting to the end of closing, in nanoseconds */
    unsigned errors;
    char first_error[LONGEST_ERROR];
};

void tally_batch(struct tally *tally, uint64_t began_ns, uint64_t ended_ns);
void tally_open(struct tally *tally, uint64_t began_ns, uint64_t ended_ns);

/* Counts an error, and keeps its words if it is the first. */
void tally_error(struct tally *tally, unsigned client, const char *format, va_list values)
    __attribute__((format(printf, 3, 0)));

#endif
