/* TCP sockets that never block. */
#ifndef SOCKETS_H
#define SOCKETS_H

#include <stdbool.h>
#include <sys/socket.h>

struct address {
    struct sockaddr_storage storage;
    socklen_t size;
};

/* Looks `HOST:PORT` up; fatal if that names nothing. */
struct address address_of(const char *host_and_port);

/* Listens on a free port of 127.0.0.1, which is put into `port`. */
int socket_listen(int backlog, unsigned *port);

/* The next connection that waits, or -1 when none does. */
int socket_accept(int listening);

/* Begins to connect: it is done when the socket is writable and `socket_error` is 0. Returns -1,
 * with errno set, when it cannot even begin. */
int socket_connect(const struct address *address);

/* The error that stands on the socket, 0 for none; as of errno. */
int socket_error(int fd);

/* As many file descriptors as the system lets this process have. */
void raise_descriptor_limit(void);

#endif
