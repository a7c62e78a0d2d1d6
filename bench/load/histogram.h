/* How often which value came, in buckets whose width grows with the value: up to 64 nanoseconds
 * exact, above that 64 buckets for each doubling, so a percentile is at most 1/64 too high. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

enum {
    STEPS_LOG2 = 6,
    STEPS = 1 << STEPS_LOG2,
    DOUBLINGS = 42, /* 64 ns times 2 to this is three days */
    BUCKETS = STEPS * (DOUBLINGS + 1)
};

/* All zero is empty. */
struct histogram {
    uint64_t counts[BUCKETS];
    uint64_t count;
    uint64_t max;
};

void histogram_add(struct histogram *histogram, uint64_t value);

/* The smallest value known to be at or above this share of all, 0 < share <= 1; 0 when empty. */
uint64_t histogram_percentile(const struct histogram *histogram, double share);

#endif
