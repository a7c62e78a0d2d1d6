/* See sockets.h. */
#define _GNU_SOURCE /* accept4 */
#include "sockets.h"

#include "fatal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Messages are small and answered one by one: Nagle's algorithm would hold them back. */
static void send_at_once(int fd)
{
    int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

struct address address_of(const char *host_and_port)
{
    char host[256];
    const char *colon = strrchr(host_and_port, ':');
    if (colon == NULL || (size_t)(colon - host_and_port) >= sizeof host)
        fatal("%s is not HOST:PORT", host_and_port);
    snprintf(host, sizeof host, "%.*s", (int)(colon - host_and_port), host_and_port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    int error = getaddrinfo(host, colon + 1, &hints, &found);
    if (error != 0)
        fatal("%s: %s", host_and_port, gai_strerror(error));
    struct address address = {.size = found->ai_addrlen};
    memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return address;
}

int socket_listen(int backlog, unsigned *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, backlog) < 0
        || getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        fatal("cannot listen: %s", strerror(errno));
    *port = ntohs(address.sin_port);
    return fd;
}

int socket_accept(int listening)
{
    int fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0)
        send_at_once(fd);
    else if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR)
        fatal("cannot accept: %s", strerror(errno));
    return fd;
}

int socket_connect(const struct address *address)
{
    int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    send_at_once(fd);
    if (connect(fd, (const struct sockaddr *)&address->storage, address->size) < 0
        && errno != EINPROGRESS) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

int socket_error(int fd)
{
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}
