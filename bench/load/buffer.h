/* Bytes that wait: a queue that is filled at its end and emptied at its beginning. It keeps its
 * memory when it is empty, so that a run soon allocates nothing any more. */
#ifndef BUFFER_H
#define BUFFER_H

#include <stddef.h>

/* All zero is an empty buffer. What waits is bytes[begin .. end). */
struct buffer {
    char *bytes;
    size_t begin;
    size_t end;
    size_t capacity;
};

static inline size_t buffer_size(const struct buffer *buffer)
{
    return buffer->end - buffer->begin;
}

static inline const char *buffer_bytes(const struct buffer *buffer)
{
    return buffer->bytes + buffer->begin;
}

/* Room for `size` more bytes, until the next call; `buffer_grow` tells how many were written. */
char *buffer_room(struct buffer *buffer, size_t size);
void buffer_grow(struct buffer *buffer, size_t size);

void buffer_append(struct buffer *buffer, const void *bytes, size_t size);

/* Drops so many bytes from the beginning. */
void buffer_consume(struct buffer *buffer, size_t size);
void buffer_clear(struct buffer *buffer);

#endif
