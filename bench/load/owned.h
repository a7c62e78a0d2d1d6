/* A session of the bridge that its client holds by id and key, and sends to by POST: what the kinds
 * that receive by long-poll and by event stream have in common. */
#ifndef OWNED_H
#define OWNED_H

#include "requests.h"

/* The first member of the state of each such speech. */
struct owned {
    struct requests requests;
    bool is_deleting;
    uint64_t accepted; /* the highest number that the bridge has accepted */
    char path[MOST_PATH_BYTES / 2];
};

/* Asks for a session, on DOWN. */
void owned_open(struct session *session);

/* Takes the answer: 201. False when the session has failed. */
bool owned_opened(struct session *session, int status);

/* Sends what the bridge has not accepted yet, on UP, unless that is asking. With `receives` the
 * answer brings messages, too. */
void owned_post(struct session *session, bool receives);

/* Takes the answer: XMLSocket-Ack tells what was accepted, a daemon that was slow is no fault.
 * False when the session is done. */
bool owned_posted(struct session *session, int status);

/* Receives, on this lane; waits for messages as long as the bridge allows, or not at all. */
void owned_poll(struct session *session, enum lane lane, bool waits);

/* Checks that an answer with messages begins with the next one. */
bool owned_continues(struct session *session, enum lane lane);

/* Deletes the session, on UP. */
void owned_close(struct session *session);

#endif
