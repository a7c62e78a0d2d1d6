/* HTTP requests on the two wires of a session, one at a time on each, over connections that are
 * kept: what all kinds without WebSocket have in common. */
#ifndef REQUESTS_H
#define REQUESTS_H

#include "http.h"
#include "session.h"

/* The wires. One holds the request that waits for messages, so that the other is free to send. */
enum lane { DOWN = 0, UP = 1 };

enum { MOST_TEXT_BYTES = 512, MOST_PATH_BYTES = 512 };

/* The first member of the state of each such speech; all zero at first. */
struct requests {
    bool is_asking[2]; /* an answer is awaited */
    struct http_reader readers[2];
    size_t text_size[2];
    char texts[2][MOST_TEXT_BYTES + 1]; /* of the latest answer but a 200, as far as it fits */
    char headers[MOST_PATH_BYTES];      /* that go with each request, each ended by \r\n */
};

/* The headers that every request has. To be called first. */
void requests_open(struct session *session);

/* Begins a request, on a lane that is not asking, and returns where its body goes, of `size` bytes.
 * `requests_send` sends it. NULL when the session has failed. */
char *requests_begin(
    struct session *session, enum lane lane, const char *method, const char *path, size_t size);
void requests_send(struct session *session, enum lane lane);

/* Both at once, for a request without a body. */
void requests_ask(struct session *session, enum lane lane, const char *method, const char *path);

/* What a kind does of itself. All return false when the session is done, and nothing more of what
 * came may be looked at. */
struct requests_kind {
    bool (*headed)(struct session *session, enum lane lane); /* of a 200; may be NULL */
    bool (*body)(struct session *session, enum lane lane, struct span piece); /* of a 200 */
    bool (*answered)(struct session *session, enum lane lane, int status);
};

void requests_receive(struct session *session, const struct requests_kind *kind, struct wire *wire,
    const char *bytes, size_t size);

/* The speech's `may_end`: a connection not in use may be closed; the next request opens it. */
bool requests_may_end(struct session *session, struct wire *wire);

/* Fails the session with this answer's status and text. Returns false. */
bool requests_refuse(struct session *session, enum lane lane, int status);

#endif
