/* See histogram.h. */
#include "histogram.h"

static unsigned doublings_of(uint64_t value)
{
    return value < STEPS ? 0 : 63 - (unsigned)__builtin_clzll(value) - STEPS_LOG2;
}

static unsigned bucket_of(uint64_t value)
{
    unsigned doublings = doublings_of(value);
    uint64_t bucket = ((uint64_t)doublings << STEPS_LOG2) + (value >> doublings);
    return bucket < BUCKETS ? (unsigned)bucket : BUCKETS - 1;
}

/* The largest value of a bucket. */
static uint64_t last_of(unsigned bucket)
{
    if (bucket < 2 * STEPS)
        return bucket;
    unsigned doublings = bucket / STEPS - 1;
    return (((uint64_t)(bucket % STEPS + STEPS) + 1) << doublings) - 1;
}

void histogram_add(struct histogram *histogram, uint64_t value)
{
    histogram->counts[bucket_of(value)]++;
    histogram->count++;
    if (value > histogram->max)
        histogram->max = value;
}

uint64_t histogram_percentile(const struct histogram *histogram, double share)
{
    double wanted = share * (double)histogram->count;
    uint64_t seen = 0;
    for (unsigned i = 0; i < BUCKETS; i++) {
        seen += histogram->counts[i];
        if (seen > 0 && (double)seen >= wanted)
            return last_of(i) < histogram->max ? last_of(i) : histogram->max;
    }
    return histogram->max;
}
