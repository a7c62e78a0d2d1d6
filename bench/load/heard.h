/* Which message how many clients have got. */
#ifndef HEARD_H
#define HEARD_H

#include <stddef.h>
#include <stdint.h>

/* All zero before the first message. */
struct heard {
    unsigned *counts; /* by number */
    size_t capacity;
};

/* One more client has got this message. When that are `all`, says so on stdout, with the time:
 * `all NUMBER NANOSECONDS`. */
void heard_add(struct heard *heard, uint64_t number, unsigned all);

#endif
