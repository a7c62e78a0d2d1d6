/* See wire.h. */
#include "wire.h"

#include <assert.h>
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

static void await(struct wire *wire, int operation)
{
    bool waits = wire->state == WIRE_CONNECTING || buffer_size(&wire->out) > 0;
    uint32_t events = EPOLLIN | (waits ? EPOLLOUT : 0u);
    struct epoll_event event = {.events = events, .data.ptr = wire};
    epoll_ctl(wire->epoll, operation, wire->fd, &event);
}

bool wire_open(struct wire *wire, const struct address *address, int epoll)
{
    wire->fd = socket_connect(address);
    if (wire->fd < 0)
        return false;
    wire->epoll = epoll;
    wire->state = WIRE_CONNECTING;
    await(wire, EPOLL_CTL_ADD);
    return true;
}

void wire_close(struct wire *wire)
{
    if (wire->state != WIRE_CLOSED)
        close(wire->fd);
    wire->state = WIRE_CLOSED;
    buffer_clear(&wire->out);
}

/* How much of it the kernel takes now. */
static size_t write_now(struct wire *wire, const char *bytes, size_t size)
{
    ssize_t n = send(wire->fd, bytes, size, MSG_NOSIGNAL);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : size;
    wire->bytes_out += (uint64_t)n;
    return (size_t)n;
}

void wire_flush(struct wire *wire)
{
    if (buffer_size(&wire->out) > 0)
        buffer_consume(
            &wire->out, write_now(wire, buffer_bytes(&wire->out), buffer_size(&wire->out)));
    if (buffer_size(&wire->out) == 0)
        await(wire, EPOLL_CTL_MOD);
}

int wire_connected(struct wire *wire)
{
    int error = socket_error(wire->fd);
    if (error == 0) {
        wire->state = WIRE_OPEN;
        wire_flush(wire);
    }
    return error;
}

void wire_write(struct wire *wire, const char *bytes, size_t size)
{
    assert(wire->state != WIRE_CLOSED);
    bool had_waiting = wire->state == WIRE_CONNECTING || buffer_size(&wire->out) > 0;
    size_t n = had_waiting ? 0 : write_now(wire, bytes, size);
    buffer_append(&wire->out, bytes + n, size - n);
    if (!had_waiting && buffer_size(&wire->out) > 0)
        await(wire, EPOLL_CTL_MOD);
}

ssize_t wire_read(struct wire *wire, char *bytes, size_t size)
{
    ssize_t n = read(wire->fd, bytes, size);
    wire->bytes_in += n > 0 ? (uint64_t)n : 0;
    return n;
}
