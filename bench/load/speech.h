/* A kind of client: how it opens its session, sends and receives messages, and closes. It is told
 * what happens and answers by the calls of session.h.
 *
 * Every speech reduces what comes to one stream of messages, each with its zero byte, whatever
 * stood between them on the way; session.h compares that stream. */
#ifndef SPEECH_H
#define SPEECH_H

#include "wire.h"

#include <stddef.h>

struct session;

struct speech {
    const char *name;
    const char *path;   /* unless the command line has another */
    size_t state_bytes; /* of what it keeps for each session, all zero when that begins */

    /* The first wire is about to connect. What is written now goes out as soon as it has. Ends in
     * `session_opened`. */
    void (*open)(struct session *session);

    /* The first wire is connected. NULL if that means nothing. */
    void (*connected)(struct session *session);

    /* There are messages to send, up to the session's goal. */
    void (*send)(struct session *session);

    void (*receive)(struct session *session, struct wire *wire, const char *bytes, size_t size);

    /* The server has closed a wire, and that is not the end of the session. True if this may be;
     * NULL if it never may. */
    bool (*may_end)(struct session *session, struct wire *wire);

    /* Say farewell. Ends in `session_over`. */
    void (*close)(struct session *session);

    /* Half a second has passed. NULL if that means nothing. */
    void (*tick)(struct session *session);
};

/* All there are; NULL behind the last. */
extern const struct speech *const SPEECHES[];

/* Fatal when there is no such kind. */
const struct speech *speech_named(const char *name);

#endif
