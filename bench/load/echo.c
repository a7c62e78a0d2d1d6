/* See echo.h. */
#include "echo.h"

#include "fatal.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Who reads nothing is not pushed to for ever. */
enum { MOST_WAITING_BYTES = 1 << 20 };

static void await(struct connection *connection, int operation)
{
    bool is_stuck = buffer_size(&connection->out) > 0;
    struct epoll_event event = {.events = is_stuck ? EPOLLOUT : EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(connection->epoll, operation, connection->fd, &event) < 0)
        fatal("epoll does not take a connection");
}

struct connection *connection_new(int fd, int epoll)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL)
        fatal("no memory for a connection");
    connection->fd = fd;
    connection->epoll = epoll;
    await(connection, EPOLL_CTL_ADD);
    return connection;
}

void connection_free(struct connection *connection)
{
    close(connection->fd);
    free(connection->out.bytes);
    free(connection);
}

/* How much of it the kernel takes now; -1 when the connection is broken. */
static ssize_t write_now(int fd, const char *bytes, size_t size)
{
    ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL);
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : n;
}

static bool flush(struct connection *connection)
{
    ssize_t n =
        write_now(connection->fd, buffer_bytes(&connection->out), buffer_size(&connection->out));
    if (n < 0)
        return false;
    buffer_consume(&connection->out, (size_t)n);
    if (buffer_size(&connection->out) == 0)
        await(connection, EPOLL_CTL_MOD);
    return true;
}

static bool say(struct connection *connection, const char *bytes, size_t size)
{
    bool was_stuck = buffer_size(&connection->out) > 0;
    ssize_t n = was_stuck ? 0 : write_now(connection->fd, bytes, size);
    if (n < 0)
        return false;
    buffer_append(&connection->out, bytes + n, size - (size_t)n);
    if (!was_stuck && buffer_size(&connection->out) > 0)
        await(connection, EPOLL_CTL_MOD);
    return true;
}

static bool echo(struct connection *connection, char *input)
{
    ssize_t n = read(connection->fd, input, READ_BYTES);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    return n > 0 && say(connection, input, (size_t)n);
}

bool connection_serve(struct connection *connection, uint32_t events, char *input)
{
    if (buffer_size(&connection->out) > 0)
        return flush(connection);
    return (events & ~(uint32_t)EPOLLOUT) == 0 || echo(connection, input);
}

bool connection_push(
    struct connection *connection, const struct messages *messages, struct buffer *scratch)
{
    size_t size = messages->size + 1;
    if (buffer_size(&connection->out) > MOST_WAITING_BYTES)
        return false;
    buffer_clear(scratch);
    stream_write(messages, 0, connection->pushed + 1, 1, buffer_room(scratch, size));
    connection->pushed++;
    say(connection, scratch->bytes, size);
    return true;
}
