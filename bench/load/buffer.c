/* See buffer.h. */
#include "buffer.h"

#include "fatal.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_CAPACITY = 512 };

static void make_room(struct buffer *buffer, size_t size)
{
    if (buffer->begin > 0) {
        memmove(buffer->bytes, buffer_bytes(buffer), buffer_size(buffer));
        buffer->end -= buffer->begin;
        buffer->begin = 0;
    }
    size_t capacity = buffer->capacity > 0 ? buffer->capacity : LEAST_CAPACITY;
    while (capacity - buffer->end < size)
        capacity *= 2;
    if (capacity > buffer->capacity) {
        buffer->bytes = realloc(buffer->bytes, capacity);
        buffer->capacity = capacity;
    }
    if (buffer->bytes == NULL)
        fatal("no memory for a buffer of %zu bytes", capacity);
}

char *buffer_room(struct buffer *buffer, size_t size)
{
    if (buffer->capacity - buffer->end < size)
        make_room(buffer, size);
    return buffer->bytes + buffer->end;
}

void buffer_grow(struct buffer *buffer, size_t size)
{
    buffer->end += size;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t size)
{
    if (size == 0)
        return;
    memcpy(buffer_room(buffer, size), bytes, size);
    buffer_grow(buffer, size);
}

void buffer_consume(struct buffer *buffer, size_t size)
{
    buffer->begin += size;
    if (buffer->begin == buffer->end)
        buffer_clear(buffer);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->begin = 0;
    buffer->end = 0;
}
