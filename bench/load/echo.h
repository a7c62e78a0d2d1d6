/* The daemon's end of one connection: what comes goes back, and what does not go out yet keeps
 * more from coming in. So no more waits here than one read has brought, and what was pushed
 * meanwhile. */
#ifndef ECHO_H
#define ECHO_H

#include "buffer.h"
#include "message.h"

#include <stdbool.h>
#include <stdint.h>

enum { READ_BYTES = 1 << 18 };

struct connection {
    int fd;
    int epoll;
    size_t place;    /* in the daemon's list */
    uint64_t pushed; /* messages */
    struct buffer out;
};

/* Takes the socket over, and has `epoll` report it with the connection as its data. */
struct connection *connection_new(int fd, int epoll);
void connection_free(struct connection *connection);

/* Does what these events allow; `input` has READ_BYTES of room. False when it is over. */
bool connection_serve(struct connection *connection, uint32_t events, char *input);

/* Sends the connection's next message, as client 0. False if too much waits here already. An error
 * is left to `connection_serve`, which is bound to see it. */
bool connection_push(
    struct connection *connection, const struct messages *messages, struct buffer *scratch);

#endif
