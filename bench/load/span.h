/* Bytes that belong to somebody else. */
#ifndef SPAN_H
#define SPAN_H

#include <stddef.h>

struct span {
    const char *bytes;
    size_t size;
};

static inline size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

#endif
