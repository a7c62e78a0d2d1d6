/* See tally.h. */
#include "tally.h"

#include <stdio.h>
#include <string.h>

void tally_batch(struct tally *tally, uint64_t began_ns, uint64_t ended_ns)
{
    if (tally->is_measuring)
        histogram_add(&tally->batches, ended_ns - began_ns);
}

void tally_open(struct tally *tally, uint64_t began_ns, uint64_t ended_ns)
{
    if (tally->is_measuring)
        histogram_add(&tally->opens, ended_ns - began_ns);
}

void tally_error(struct tally *tally, unsigned client, const char *format, va_list values)
{
    if (tally->errors++ > 0)
        return;
    int n = snprintf(tally->first_error, LONGEST_ERROR, "client %u: ", client);
    vsnprintf(tally->first_error + n, LONGEST_ERROR - (size_t)n, format, values);
}
