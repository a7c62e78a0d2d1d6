/* See heard.h. */
#include "heard.h"

#include "clock.h"
#include "fatal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make_room(struct heard *heard, uint64_t number)
{
    size_t capacity = heard->capacity > 0 ? heard->capacity : 64;
    while (capacity <= number)
        capacity *= 2;
    heard->counts = realloc(heard->counts, capacity * sizeof *heard->counts);
    if (heard->counts == NULL)
        fatal("no memory to count %zu messages", capacity);
    memset(
        heard->counts + heard->capacity, 0, (capacity - heard->capacity) * sizeof *heard->counts);
    heard->capacity = capacity;
}

void heard_add(struct heard *heard, uint64_t number, unsigned all)
{
    if (number >= heard->capacity)
        make_room(heard, number);
    if (++heard->counts[number] == all) {
        printf("all %" PRIu64 " %" PRIu64 "\n", number, now_ns());
        fflush(stdout);
    }
}
