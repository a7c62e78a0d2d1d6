/* One TCP connection of a client: what it cannot write yet waits, in order. */
#ifndef WIRE_H
#define WIRE_H

#include "buffer.h"
#include "sockets.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum wire_state { WIRE_CLOSED, WIRE_CONNECTING, WIRE_OPEN };

struct wire {
    enum wire_state state;
    int fd;
    int epoll;
    struct buffer out;
    uint64_t bytes_in; /* since the process began */
    uint64_t bytes_out;
    struct session *session;
};

/* Begins to connect, and has `epoll` report the wire. False, with errno, when that cannot be. */
bool wire_open(struct wire *wire, const struct address *address, int epoll);
void wire_close(struct wire *wire);

/* To be called when the wire is reported while it is connecting: 0 once it is open, else an
 * errno. */
int wire_connected(struct wire *wire);

/* Sends on a wire that is not closed, after what waits already. An error is left to `wire_read`, which is bound to meet it. */
void wire_write(struct wire *wire, const char *bytes, size_t size);

/* To be called when the wire is writable: sends what waits. */
void wire_flush(struct wire *wire);

/* As read(2). */
ssize_t wire_read(struct wire *wire, char *bytes, size_t size);

#endif
