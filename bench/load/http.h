/* HTTP/1.1 answers, read as they come (RFC 9112): the head is kept, the body is handed on where it
 * lies, in pieces. */
#ifndef HTTP_H
#define HTTP_H

#include "buffer.h"
#include "span.h"

#include <stdbool.h>

enum { MOST_HTTP_HEAD_BYTES = 2048 };

enum http_part { IN_HEAD, IN_BODY, IN_CHUNK_SIZE, IN_CHUNK, IN_CHUNK_END, IN_TRAILER, AT_END };

/* All zero before the first answer. */
struct http_reader {
    enum http_part part;
    int status;
    const char *fault; /* why HTTP_BAD */
    size_t left;       /* of the body, or of a chunk of it */
    size_t line_size;  /* of the present line between chunks, as far as it has come */
    size_t head_size;
    char head[MOST_HTTP_HEAD_BYTES + 1]; /* of the latest answer */
};

enum http_event {
    HTTP_MORE,   /* all bytes are taken */
    HTTP_HEADED, /* `status` and `http_header` are those of a new answer */
    HTTP_BODY,   /* a piece of its body */
    HTTP_END,    /* it is over */
    HTTP_BAD
};

/* Takes the next event from the bytes between `*at`, which moves on, and `end`. A 101 is over at
 * once: what follows it is another protocol's. */
enum http_event http_next(
    struct http_reader *reader, const char **at, const char *end, struct span *body);

/* Copies the value of a header of the latest answer; false, and an empty text, when there is none.
 * Too long a value is cut. */
bool http_header(const struct http_reader *reader, const char *name, char *value, size_t capacity);

/* Adds a header to a text of them, unless the value is NULL. */
void http_add_header(char *headers, size_t capacity, const char *name, const char *value);

struct http_request {
    const char *method;
    const char *path; /* with its query */
    const char *host;
    const char *headers; /* more of them, each ended by \r\n */
    size_t body_size;
};

/* Appends the request but for its body, which has to follow. */
void http_ask(struct buffer *to, const struct http_request *request);

#endif
