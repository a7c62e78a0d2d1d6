/* One client's session with the server: the messages it sends in batches, and the comparison of all
 * that comes back. How both travel is its speech's business. */
#ifndef SESSION_H
#define SESSION_H

#include "buffer.h"
#include "heard.h"
#include "message.h"
#include "options.h"
#include "sockets.h"
#include "speech.h"
#include "tally.h"
#include "wire.h"

#include <stdbool.h>
#include <stdint.h>

enum session_state {
    SESSION_IDLE, /* not begun */
    SESSION_OPENING,
    SESSION_OPEN,
    SESSION_CLOSING,
    SESSION_OVER,
    SESSION_FAILED,
    SESSION_STATES
};

enum { READ_BYTES = 1 << 18 };

/* What all sessions of a run share. */
struct run {
    const struct options *options;
    const struct speech *speech;
    struct address address;
    struct messages messages;
    int epoll;
    bool may_send;                 /* whether new batches begin */
    bool has_moved;                /* set when messages come or a session changes its state */
    unsigned n_in[SESSION_STATES]; /* how many sessions are in this state */
    unsigned n_waiting;            /* how many wait for echoes */
    uint64_t mask_state;           /* see mask_next */
    struct buffer scratch;         /* what is being written; empty between two events */
    struct heard heard;
    struct tally tally;
    char input[READ_BYTES];
};

struct session {
    struct run *run;
    unsigned client;
    enum session_state state;
    bool sends;
    bool is_waiting;   /* for echoes up to the goal */
    uint64_t goal;     /* the number of the last message that it may send by now */
    uint64_t goal_ns;  /* since when */
    uint64_t began_ns; /* to open */
    struct echo echo;
    struct wire wires[2];
    void *speech_state;
};

void session_init(struct session *session, struct run *run, unsigned client);
void session_free(struct session *session);

/* -- what the run asks for */

/* Opens it, from scratch if it was open before. */
void session_begin(struct session *session);
void session_close(struct session *session);

/* Does what epoll reports of one of its wires. */
void session_event(struct wire *wire, uint32_t events);

/* Begins the next batch if nothing stands against it. */
void session_go_on(struct session *session);

/* -- what its speech tells */

void session_opened(struct session *session);

/* The next bytes of the stream of messages. False if they are not what they should be: then the
 * session has failed. */
bool session_take(struct session *session, const char *bytes, size_t size);

/* The end that `session_close` asked for. */
void session_over(struct session *session);

/* Anything that should not be, in the words of printf(3): it is counted, the session is done. */
void session_fail(struct session *session, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The path of the command line, or the speech's own. */
const char *session_path(const struct session *session);

/* Connects a wire, unless it is connected. False when the session has failed. */
bool session_connect(struct session *session, struct wire *wire);

/* Sends what stands in the scratch buffer, and empties that. */
void session_write(struct session *session, struct wire *wire);

#endif
